using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// Layers as files declare them, the shortest way: matrices, activations and grids where a layer is one, edges otherwise.
/// </summary>
internal static class LayerDescriptions
{
    // Zeros that a matrix or a grid may have for each number.
    private const int MostZeros = 1;

    public static IEnumerable<LayerDescription> Of(KanLayer layer)
    {
        bool isDense = (long)layer.InputCount * layer.OutputCount <= (1 + MostZeros) * (long)layer.Edges.Length;
        if (isDense && layer.IsAffine) return [Affine(layer)];
        if (isDense && !layer.IsAffine && !layer.IsDiagonal
            && Factorization.TryFactor(LayerSize.ByInput(layer), Precision.Single) is { } shapes)
            return [new ActivationDescription(layer.InputCount, shapes.Distinct().Take(2).Count() == 1 ? [shapes[0]] : [.. shapes]),
            Affine(layer, shapes)];
        if (isDense && TryGrid(layer) is { } grid) return [grid];
        return [new EdgesDescription(layer.InputCount, layer.OutputCount, layer.Edges, layer.Biases)];
    }

    private static AffineDescription Affine(KanLayer layer, PiecewiseLinearFunction[]? shapes = null)
    {
        var weights = new Rational[layer.InputCount * layer.OutputCount];
        Rational[] biases = [.. layer.Biases];
        foreach (var edge in layer.Edges)
        {
            // An edge and its shape have one anchor, where the shape is 0.
            weights[(edge.Output * layer.InputCount) + edge.Input] = shapes is null
                ? edge.Function.Slopes[0]
                : Factorization.Weight(edge.Function, shapes[edge.Input]);
            biases[edge.Output] += edge.Function.AnchorValue;
        }

        return new AffineDescription(layer.InputCount, layer.OutputCount, [.. weights], [.. biases]);
    }

    /// <summary>Values at common knots, which enclose all breakpoints; null if that takes more numbers than the edges have.</summary>
    private static GridDescription? TryGrid(KanLayer layer)
    {
        var byInput = layer.Edges.ToLookup(static edge => edge.Input);
        var knots = new ImmutableArray<Rational>[layer.InputCount];
        for (int p = 0; p < knots.Length; p++)
        {
            Rational[] own = [.. byInput[p].SelectMany(static edge => edge.Function.Breakpoints).Distinct().Order()];
            knots[p] = own.Length == 0 ? [Rational.Zero, Rational.One] : [own[0] - Rational.One, .. own, own[^1] + Rational.One];
        }

        if (knots.Sum(own => (long)own.Length) * layer.OutputCount > LayerSize.SegmentsOf(layer) * 2) return null;
        var values = ImmutableArray.CreateBuilder<Rational>();
        for (int p = 0; p < knots.Length; p++)
        {
            var own = new PiecewiseLinearFunction?[layer.OutputCount];
            foreach (var edge in byInput[p]) own[edge.Output] = edge.Function;
            foreach (var knot in knots[p])
            {
                foreach (var function in own) values.Add(function?.Evaluate(knot) ?? Rational.Zero);
            }
        }

        return new GridDescription(layer.OutputCount, [.. knots], values.ToImmutable(), layer.Biases);
    }
}
