using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Experiments.Training;

namespace Kan.Experiments.Learning;

/// <summary>A kind of network that is trained on from the same function as the others.</summary>
/// <param name="Name">What tables and charts call it.</param>
/// <param name="Embedding">The conversion that it starts as; for the ReLU network the one that keeps its layers.</param>
/// <param name="ToTrain">What is trained, from the ReLU network that all of them start as.</param>
internal sealed record Contender(string Name, ReluEmbedding Embedding, Func<ReluNetwork, TrainableNetwork<float>> ToTrain)
{
    /// <summary>Where the edges of the refined KAN may bend.</summary>
    private static readonly Rational[] s_grid = [-2, -1, 0, 1, 2];

    /// <summary>Where the edges of the pixels may bend, if they may.</summary>
    private static readonly Rational[] s_pixelGrid = [Rational.Create(1, 2)];

    public static Contender Relu { get; } =
        new("ReLU network", ReluEmbedding.Separate, static start => TrainableNetworks.From<float>(start));

    public static Contender Fused { get; } =
        new("KAN, fused", ReluEmbedding.Fused, static start => TrainableNetworks.From<float>(start.ToKan(), [], trainBreakpoints: false));

    /// <summary>The ReLU network first.</summary>
    public static IReadOnlyList<Contender> All { get; } =
    [
        Relu,
        new("KAN, separate", ReluEmbedding.Separate,
            static start => TrainableNetworks.From<float>(start.ToKan(ReluEmbedding.Separate), [], trainBreakpoints: false)),
        Fused,
        new("KAN, fused, breakpoints trained", ReluEmbedding.Fused,
            static start => TrainableNetworks.From<float>(start.ToKan(), [], trainBreakpoints: true)),
        new("KAN, fused, refined", ReluEmbedding.Fused,
            static start => TrainableNetworks.From<float>(start.ToKan(), s_grid, trainBreakpoints: false)),
        new("KAN, fused, refined, pixels too", ReluEmbedding.Fused,
            static start => TrainableNetworks.From<float>(start.ToKan(), s_grid, trainBreakpoints: false, s_pixelGrid)),
    ];

    /// <summary>Whether a network that is to be trained is exactly what the conversion gave.</summary>
    public bool IsExactly(ReluNetwork start, TrainableNetwork<float> network) => start.ToKan(Embedding).Layers.Zip(
        network.ToKanNetwork().Layers, static (a, b) => a.Biases.SequenceEqual(b.Biases) && a.Edges.SequenceEqual(b.Edges))
        .All(static same => same);
}

/// <summary>Mean and standard deviation over seeds.</summary>
internal readonly record struct Spread(double Mean, double Deviation)
{
    public static Spread Of(IReadOnlyCollection<double> values)
    {
        double mean = values.Average();
        return new Spread(mean, values.Count < 2
            ? 0
            : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1)));
    }

    /// <summary>Whether the mean of this many values is more than twice its standard error from 0.</summary>
    public bool IsClear(int count) => Math.Abs(Mean) > 2 * Deviation / Math.Sqrt(count);
}
