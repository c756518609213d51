using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>Forms that sum units, of any <see cref="UnitScheme"/>.</summary>
internal static class UnitFormBuilder
{
    public static UnitsForm Build(KanLayer layer, UnitScheme scheme, PiecewiseLinearFunction?[][] byInput, Rounding rounding,
        CancellationToken cancellation)
    {
        var biases = layer.Biases.ToArray();
        var kinds = scheme.Kinds(MaximumBends(layer));
        var units = ImmutableArray.CreateBuilder<UnitTable>(layer.InputCount * kinds.Length);
        bool flatLow = false, flatHigh = false;
        foreach (var functions in byInput)
        {
            cancellation.ThrowIfCancellationRequested();
            var own = new ExactUnit[]?[functions.Length];
            for (int q = 0; q < functions.Length; q++)
            {
                if (functions[q] is not { } function) continue;
                biases[q] += function.AnchorValue;
                var exact = scheme.Units(function, kinds.Length);
                scheme.Balance(exact, rounding);
                own[q] = exact;
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

                bool isFlat = weights.Contains(0);
                var (below, above) = UnitTerm.FarSlopes(kinds[unit]);
                flatLow |= isFlat && below != 0;
                flatHigh |= isFlat && above != 0;
                units.Add(new UnitTable(ImmutableArray.Create(points), ImmutableArray.Create(heights), ImmutableArray.Create(weights)));
            }
        }

        // Several units that grow without bound on one side cancel each other; infinities would not.
        flatLow |= kinds.Count(static kind => UnitTerm.FarSlopes(kind).Below != 0) > 1;
        flatHigh |= kinds.Count(static kind => UnitTerm.FarSlopes(kind).Above != 0) > 1;
        return new UnitsForm(
            scheme.Lowering, layer.InputCount, layer.OutputCount, rounding.Round(biases), kinds, units.MoveToImmutable(),
            new FiniteEnds(flatLow, flatHigh));
    }

    private static int MaximumBends(KanLayer layer) =>
        layer.Edges.IsEmpty ? 1 : Math.Max(1, layer.Edges.Max(static edge => edge.Function.Breakpoints.Length));
}
