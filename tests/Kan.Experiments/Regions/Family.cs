using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Experiments.Training;

namespace Kan.Experiments.Regions;

/// <summary>Networks of two inputs and one output that differ in width alone.</summary>
/// <param name="Name">What tables and charts call it.</param>
/// <param name="HiddenLayers">How many hidden layers there are.</param>
/// <param name="IsKan">A KAN of edges with <see cref="BreakpointCount"/> breakpoints of their own, or a ReLU network.</param>
internal sealed record Family(string Name, int HiddenLayers, bool IsKan)
{
    /// <summary>Breakpoints of each edge of a KAN; it has one segment more.</summary>
    public const int BreakpointCount = 4;

    /// <summary>Half the side of the square of inputs.</summary>
    public const double Reach = 1;

    public static IReadOnlyList<Family> All { get; } =
    [
        new("KAN, one hidden layer", 1, IsKan: true), new("KAN, two hidden layers", 2, IsKan: true),
        new("ReLU, one hidden layer", 1, IsKan: false), new("ReLU, two hidden layers", 2, IsKan: false),
            new("ReLU, three hidden layers", 3, IsKan: false),
    ];

    /// <summary>The widest member within a number of parameters.</summary>
    public int[] WidthsFor(int budget)
    {
        int width = 1;
        while (ParameterCount(Widths(width + 1)) <= budget) width++;
        return Widths(width);
    }

    /// <summary>2 k + 2 numbers for each edge of a KAN; weights and biases of a ReLU network.</summary>
    public int ParameterCount(int[] widths) => Enumerable.Range(0, widths.Length - 1)
        .Sum(l => IsKan ? widths[l] * widths[l + 1] * ((2 * BreakpointCount) + 2) : (widths[l] + 1) * widths[l + 1]);

    /// <summary>A random network: weights and slopes as for training, breakpoints spread over where nodes are.</summary>
    public TrainableNetwork<float> Random(int[] widths, int seed)
    {
        var random = new Random(seed);
        if (IsKan) return TrainableNetworks.From<float>(RandomKan(widths, random), [], trainBreakpoints: true);
        var network = TrainableNetworks.Relu<float>(widths, seed);

        // Biases of 0 would send every bend of the first layer through one point.
        foreach (var layer in network.Layers.OfType<AffineLayer<float>>())
        {
            for (int q = 0; q < layer.OutputCount; q++) layer.Parameters[1].Values[q] = (float)Uniform(random);
        }

        return network;
    }

    private static KanNetwork RandomKan(int[] widths, Random random) => new(Enumerable.Range(0, widths.Length - 1).Select(l =>
    {
        double scale = Math.Sqrt(3.0 / widths[l]);
        var edges = from p in Enumerable.Range(0, widths[l])
                    from q in Enumerable.Range(0, widths[l + 1])
                    select new KanEdge(p, q, PiecewiseLinearFunction.FromSlopes(
                        [.. Enumerable.Range(0, BreakpointCount).Select(_ => Single(Uniform(random))).Distinct().Order()],
                        [.. Enumerable.Range(0, BreakpointCount + 1).Select(_ => Single(2 * scale * Uniform(random)))],
                        Rational.Zero, Rational.Zero));
        return new KanLayer(widths[l], widths[l + 1], edges.ToList());
    }));

    private static double Uniform(Random random) => Reach * ((2 * random.NextDouble()) - 1);

    private static Rational Single(double value) => Rational.FromSingle((float)value);

    private int[] Widths(int width) => [2, .. Enumerable.Repeat(width, HiddenLayers), 1];
}
