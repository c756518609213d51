using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Kan.Forms;

/// <summary>
/// Forms that sum units: clamped differences, phi = v_1 + a_0 min(x - b_1, 0) + sum a_i min(max(x - b_i, 0), h_i) + a_k max(x - b_k, 0),
/// whose rounding error grows with the total variation, and Lemma 1 of the paper, whose error grows with its square.
/// </summary>
internal static class UnitFormBuilder
{
    public static UnitsForm BuildClamp(KanLayer layer, PiecewiseLinearFunction?[][] byInput, Rounding rounding, CancellationToken cancellation)
    {
        int bends = MaximumBends(layer);
        var kinds = ImmutableArray.CreateBuilder<UnitKind>(bends + 1);
        kinds.Add(UnitKind.LowRay);
        kinds.AddRange(Enumerable.Repeat(UnitKind.Clamp, bends - 1));
        kinds.Add(UnitKind.HighRay);
        return Build(layer, byInput, kinds.MoveToImmutable(), rounding, static (function, unit, last) =>
        {
            int k = function.Breakpoints.Length;
            if (k == 0) return unit == 0 || unit == last ? (Rational.Zero, Rational.Zero, function.Slopes[0]) : default;
            if (unit == 0) return (function.Breakpoints[0], Rational.Zero, function.Slopes[0]);
            if (unit == last) return (function.Breakpoints[k - 1], Rational.Zero, function.Slopes[k]);
            return unit < k ? (function.Breakpoints[unit - 1], function.Breakpoints[unit] - function.Breakpoints[unit - 1], function.Slopes[unit]) : default;
        }, cancellation);
    }

    public static UnitsForm BuildRelu(KanLayer layer, PiecewiseLinearFunction?[][] byInput, Rounding rounding, CancellationToken cancellation)
    {
        int bends = MaximumBends(layer);
        ImmutableArray<UnitKind> kinds = [UnitKind.LeftRelu, .. Enumerable.Repeat(UnitKind.RightRelu, bends)];
        return Build(layer, byInput, kinds, rounding, static (function, unit, _) =>
        {
            int k = function.Breakpoints.Length;
            var first = function.AnchorPoint;
            if (unit == 0) return (first, Rational.Zero, -function.Slopes[0]);
            if (unit == 1) return (first, Rational.Zero, k == 0 ? function.Slopes[0] : function.Slopes[1]);
            return unit <= k ? (function.Breakpoints[unit - 1], Rational.Zero, function.Slopes[unit] - function.Slopes[unit - 1]) : default;
        }, cancellation);
    }

    private static UnitsForm Build(
        KanLayer layer,
        PiecewiseLinearFunction?[][] byInput,
        ImmutableArray<UnitKind> kinds,
        Rounding rounding,
        Func<PiecewiseLinearFunction, int, int, (Rational Point, Rational Height, Rational Weight)> unitOf,
        CancellationToken cancellation)
    {
        var biases = layer.Biases.ToArray();
        var units = ImmutableArray.CreateBuilder<UnitTable>(layer.InputCount * kinds.Length);
        bool flatLow = false, flatHigh = false;
        foreach (var functions in byInput)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int q = 0; q < functions.Length; q++)
            {
                if (functions[q] is { } function) biases[q] += function.AnchorValue;
            }

            for (int unit = 0; unit < kinds.Length; unit++)
            {
                var points = new double[functions.Length];
                var weights = new double[functions.Length];
                var heights = new double[kinds[unit] == UnitKind.Clamp ? functions.Length : 0];
                for (int q = 0; q < functions.Length; q++)
                {
                    if (functions[q] is not { } function) continue;
                    var (point, height, weight) = unitOf(function, unit, kinds.Length - 1);
                    points[q] = rounding.Round(point);
                    weights[q] = rounding.Round(weight);
                    if (heights.Length > 0) heights[q] = rounding.Round(height);
                }

                bool flat = weights.Contains(0);
                if (unit == 0) flatLow |= flat;
                else if (kinds[unit] != UnitKind.Clamp) flatHigh |= flat;
                units.Add(new UnitTable(ImmutableArray.Create(points), ImmutableArray.Create(heights), ImmutableArray.Create(weights)));
            }
        }

        // Several units of Lemma 1 that all grow without bound cancel each other; infinities would not.
        flatHigh |= kinds.Count(static kind => kind == UnitKind.RightRelu) > 1;
        return new UnitsForm(layer.InputCount, layer.OutputCount, rounding.Round(biases), kinds, units.MoveToImmutable(), new FiniteEnds(flatLow, flatHigh));
    }

    private static int MaximumBends(KanLayer layer) =>
        layer.Edges.IsEmpty ? 1 : Math.Max(1, layer.Edges.Max(static edge => edge.Function.Breakpoints.Length));
}
