using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Kan.Experiments.Training;

/// <summary>Networks to train: new ones, and what an exact network becomes.</summary>
internal static class TrainableNetworks
{
    /// <summary>A ReLU network with weights drawn from a normal distribution of variance 2 / n (He) and biases 0.</summary>
    public static TrainableNetwork<T> Relu<T>(IReadOnlyList<int> widths, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        var layers = new List<TrainableLayer<T>>();
        for (int l = 0; l + 1 < widths.Count; l++)
        {
            if (l > 0) layers.Add(new ReluLayer<T>(widths[l]));
            double deviation = Math.Sqrt(2.0 / widths[l]);
            layers.Add(new AffineLayer<T>(widths[l], widths[l + 1], (_, _) => T.CreateChecked((float)(deviation * Normal(random))),
                static _ => T.Zero));
        }

        return new TrainableNetwork<T>(layers);
    }

    /// <summary>A KAN of random edges on a grid: slopes from a normal distribution of variance 2 / n, biases 0.</summary>
    public static TrainableNetwork<T> Kan<T>(IReadOnlyList<int> widths, IReadOnlyList<Rational> grid, int seed, bool trainBreakpoints)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        var layers = new List<KanLayer>();
        for (int l = 0; l + 1 < widths.Count; l++)
        {
            double deviation = Math.Sqrt(2.0 / widths[l]);
            var edges = new List<KanEdge>();
            for (int p = 0; p < widths[l]; p++)
            {
                for (int q = 0; q < widths[l + 1]; q++)
                {
                    Rational[] slopes = [.. Enumerable.Range(0, grid.Count + 1)
                        .Select(_ => Rational.FromSingle((float)(deviation * Normal(random))))];
                    edges.Add(new KanEdge(p, q, PiecewiseLinearFunction.FromSlopes(grid, slopes, Rational.Zero, Rational.Zero)));
                }
            }

            layers.Add(new KanLayer(widths[l], widths[l + 1], edges));
        }

        return new TrainableNetwork<T>(layers.Select(layer => EdgeLayer<T>.From(layer, grid, trainBreakpoints)));
    }

    /// <summary>A ReLU network to train, from an exact one.</summary>
    public static TrainableNetwork<T> From<T>(ReluNetwork network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(network.Layers.SelectMany(static layer =>
    {
        var affine = new AffineLayer<T>(layer.InputCount, layer.OutputCount, (p, q) => Rounded<T>(layer.Weights[q, p]),
            q => Rounded<T>(layer.Biases[q]));
        return layer.IsRectified ? new TrainableLayer<T>[] { affine, new ReluLayer<T>(layer.OutputCount) } : [affine];
    }));

    /// <summary>
    /// A KAN to train, from an exact one: layers of ReLUs have one edge for each node, all other layers have edges of as many breakpoints
    /// as the widest of them.
    /// </summary>
    /// <param name="network">Any network.</param>
    /// <param name="grid">Breakpoints that edges that bend are to have besides their own, increasing.</param>
    /// <param name="trainBreakpoints">Whether breakpoints are trained too.</param>
    /// <param name="linearGrid">Breakpoints that edges of linear layers are to have, increasing; null to keep them linear.</param>
    public static TrainableNetwork<T> From<T>(KanNetwork network, IReadOnlyList<Rational> grid, bool trainBreakpoints,
        IReadOnlyList<Rational>? linearGrid = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(network.Layers.Select<KanLayer, TrainableLayer<T>>(layer =>
    {
        if (layer.IsAffine) return linearGrid is null ? Affine<T>(layer) : EdgeLayer<T>.From(layer, linearGrid, trainBreakpoints);
        bool isRelu = layer.IsDiagonal && layer.Edges.Length == layer.InputCount
            && layer.Edges.All(static edge => edge.Function.Equals(PiecewiseLinearFunction.Relu));
        return isRelu ? new NodeLayer<T>(layer.InputCount, trainBreakpoints) : EdgeLayer<T>.From(layer, grid, trainBreakpoints);
    }));

    /// <summary>The exact ReLU network that a trained one is.</summary>
    /// <exception cref="ArgumentException">The network is not of affine layers and ReLUs.</exception>
    public static ReluNetwork ToReluNetwork<T>(this TrainableNetwork<T> network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var layers = new List<Kan.Networks.ReluLayer>();
        for (int l = 0; l < network.Layers.Length; l++)
        {
            if (network.Layers[l] is not AffineLayer<T> affine)
                throw new ArgumentException($"Layer {l} is a {network.Layers[l].GetType().Name}; affine layers and ReLUs must take turns.",
                    nameof(network));
            bool rectified = l + 1 < network.Layers.Length && network.Layers[l + 1] is ReluLayer<T>;
            var exact = affine.ToKanLayer();
            var weights = exact.Edges.Select(static edge => (edge.Output, edge.Input, edge.Function.Slopes[0]));
            layers.Add(new Kan.Networks.ReluLayer(SparseMatrix.Create(affine.OutputCount, affine.InputCount, weights), exact.Biases,
                rectified));
            if (rectified) l++;
        }

        return new ReluNetwork(layers);
    }

    private static AffineLayer<T> Affine<T>(KanLayer layer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var weights = layer.Edges.ToDictionary(static edge => (edge.Input, edge.Output), static edge => edge.Function.Slopes[0]);
        var biases = layer.Biases.ToArray();
        foreach (var edge in layer.Edges) biases[edge.Output] += edge.Function.AnchorValue;
        return new AffineLayer<T>(
            layer.InputCount, layer.OutputCount, (p, q) => weights.TryGetValue((p, q), out var weight) ? Rounded<T>(weight) : T.Zero, q =>
            Rounded<T>(biases[q]));
    }

    private static T Rounded<T>(Rational value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.CreateChecked(typeof(T) == typeof(float) ? value.ToSingle() : value.ToDouble());

    /// <summary>A normally distributed number (Box and Muller).</summary>
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
