using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>Affine and factored forms.</summary>
internal static class AffineFormBuilder
{
    public static AffineForm BuildAffine(KanLayer layer, PiecewiseLinearFunction?[][] byInput, Rounding rounding,
        CancellationToken cancellation, PiecewiseLinearFunction[]? shapes = null)
    {
        var weights = ImmutableArray.CreateBuilder<double>(layer.InputCount * layer.OutputCount);
        var biases = layer.Biases.ToArray();
        bool absent = false;
        for (int p = 0; p < byInput.Length; p++)
        {
            cancellation.ThrowIfCancellationRequested();
            var functions = byInput[p];
            for (int q = 0; q < functions.Length; q++)
            {
                var function = functions[q];
                double weight = 0;
                if (function is not null)
                {
                    // The anchor of a linear edge is at 0, that of a multiple of a shape at the shape's zero.
                    biases[q] += function.AnchorValue;
                    weight = rounding.Round(Factorization.Weight(function, shapes?[p] ?? PiecewiseLinearFunction.Identity));
                }

                absent |= weight == 0;
                weights.Add(weight);
            }
        }

        return new AffineForm(layer.InputCount, layer.OutputCount, rounding.Round(biases), weights.MoveToImmutable(),
            new FiniteEnds(absent, absent));
    }

    public static FactoredForm BuildFactored(KanLayer layer, PiecewiseLinearFunction?[][] byInput, PiecewiseLinearFunction[] shapes,
        Rounding rounding, CancellationToken cancellation)
    {
        var affine = BuildAffine(layer, byInput, rounding, cancellation, shapes);
        var activation = SegmentFormBuilder.BuildActivation(shapes, rounding);

        // A ReLU is never negative: its low end is finite as it is.
        return new FactoredForm(activation, affine with { Ends = new FiniteEnds(affine.Ends.Low && !activation.IsRelu, affine.Ends.High) });
    }
}
