using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

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
        return Build(layer, byInput, kinds.MoveToImmutable(), rounding, (function, count) => ClampUnits(function, count, rounding), cancellation);
    }

    /// <summary>
    /// Rays and clamped differences. Each slope is rounded so that the values at the breakpoints, which are sums of all
    /// slopes before them, do not drift away: it makes up for the rounding of those before it, within a few units in its last place.
    /// </summary>
    private static (Rational Point, Rational Height, Rational Weight)[] ClampUnits(PiecewiseLinearFunction function, int count, Rounding rounding)
    {
        var units = new (Rational Point, Rational Height, Rational Weight)[count];
        int k = function.Breakpoints.Length;
        units[0] = (function.AnchorPoint, Rational.Zero, function.Slopes[0]);
        units[count - 1] = (k == 0 ? Rational.Zero : function.Breakpoints[k - 1], Rational.Zero, function.Slopes[k]);
        var drift = Rational.Zero;
        for (int i = 1; i < k; i++)
        {
            var height = function.Breakpoints[i] - function.Breakpoints[i - 1];
            var roundedHeight = Rational.FromDouble(rounding.Round(height));
            var slope = function.Slopes[i];
            var weight = slope;
            if (!slope.IsZero && !roundedHeight.IsZero)
            {
                var reach = Rational.Abs(slope) * rounding.FourUnits;
                weight = (slope * height - drift) / roundedHeight;
                weight = Rational.FromDouble(rounding.Round(Rational.Max(slope - reach, Rational.Min(slope + reach, weight))));
            }

            drift += weight * roundedHeight - slope * height;
            units[i] = (function.Breakpoints[i - 1], height, weight);
        }

        return units;
    }

    public static UnitsForm BuildRelu(KanLayer layer, PiecewiseLinearFunction?[][] byInput, Rounding rounding, CancellationToken cancellation)
    {
        int bends = MaximumBends(layer);
        ImmutableArray<UnitKind> kinds = [UnitKind.LeftRelu, .. Enumerable.Repeat(UnitKind.RightRelu, bends)];
        return Build(layer, byInput, kinds, rounding, ReluUnits, cancellation);
    }

    private static (Rational Point, Rational Height, Rational Weight)[] ReluUnits(PiecewiseLinearFunction function, int count)
    {
        var units = new (Rational Point, Rational Height, Rational Weight)[count];
        int k = function.Breakpoints.Length;
        units[0] = (function.AnchorPoint, Rational.Zero, -function.Slopes[0]);
        units[1] = (function.AnchorPoint, Rational.Zero, function.Slopes[Math.Min(k, 1)]);
        for (int i = 2; i <= k; i++) units[i] = (function.Breakpoints[i - 1], Rational.Zero, function.Slopes[i] - function.Slopes[i - 1]);
        return units;
    }

    private static UnitsForm Build(
        KanLayer layer,
        PiecewiseLinearFunction?[][] byInput,
        ImmutableArray<UnitKind> kinds,
        Rounding rounding,
        Func<PiecewiseLinearFunction, int, (Rational Point, Rational Height, Rational Weight)[]> unitsOf,
        CancellationToken cancellation)
    {
        var biases = layer.Biases.ToArray();
        var units = ImmutableArray.CreateBuilder<UnitTable>(layer.InputCount * kinds.Length);
        bool flatLow = false, flatHigh = false;
        foreach (var functions in byInput)
        {
            cancellation.ThrowIfCancellationRequested();
            var own = new (Rational Point, Rational Height, Rational Weight)[]?[functions.Length];
            for (int q = 0; q < functions.Length; q++)
            {
                if (functions[q] is not { } function) continue;
                biases[q] += function.AnchorValue;
                own[q] = unitsOf(function, kinds.Length);
            }

            for (int unit = 0; unit < kinds.Length; unit++)
            {
                var points = new double[functions.Length];
                var weights = new double[functions.Length];
                var heights = new double[UnitTerm.HasHeight(kinds[unit]) ? functions.Length : 0];
                for (int q = 0; q < functions.Length; q++)
                {
                    if (own[q] is not { } unitsOfEdge) continue;
                    var (point, height, weight) = unitsOfEdge[unit];
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
