using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Experiments.Training;
using Xunit;

namespace Kan.Experiments.Tests;

/// <summary>Gradients against central differences, in double, for every kind of layer and every parameter of it.</summary>
public sealed class GradientTests
{
    private const double Step = 1e-6;

    /// <summary>Rounding of the differences is near 1e-10, of gradients of size 1; a wrong term is off by its own size.</summary>
    private const double Tolerance = 1e-7;

    private static readonly Rational[] s_grid = [-1, Rational.Create(-1, 4), Rational.Create(1, 2), 2];

    public static TheoryData<string> Kinds =>
        ["relu", "fused, one breakpoint", "separate, one breakpoint", "grid of four", "inputs of a grid of one"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gradients_by_parameters_are_the_differences_of_the_loss(string kind)
    {
        var network = Create(kind);
        int checkedCount = 0;
        foreach (var sample in Samples(8, seed: 7))
        {
            foreach (var parameters in network.Trained) parameters.ClearGradients();
            LossOf(network, sample, backward: true);
            foreach (var parameters in network.Trained)
            {
                for (int i = 0; i < parameters.Values.Length; i++)
                {
                    double difference = Difference(network, sample, ref parameters.Values[i]);
                    Assert.Equal(difference, parameters.Gradients[i], Tolerance);
                    if (Math.Abs(difference) > 1e-3) checkedCount++;
                }
            }
        }

        Assert.True(checkedCount > 100, $"Only {checkedCount} gradients are not 0.");
    }

    [Fact]
    public void Gradients_of_cross_entropy_are_the_differences()
    {
        double[] outputs = [0.3, -1.25, 2], gradients = new double[3];
        Losses.CrossEntropy<double>(outputs, 1, gradients);
        for (int q = 0; q < outputs.Length; q++)
        {
            double[] up = [.. outputs], down = [.. outputs];
            up[q] += Step;
            down[q] -= Step;
            double difference = (Losses.CrossEntropy(up, 1, new double[3]) - Losses.CrossEntropy(down, 1, new double[3])) / (2 * Step);
            Assert.Equal(difference, gradients[q], Tolerance);
        }
    }

    private static TrainableNetwork<double> Create(string kind)
    {
        // 5 nodes leave lanes of the last vector empty, whatever its width.
        var relu = TrainableNetworks.Relu<double>([3, 5, 5, 2], seed: 1);
        var network = kind switch
        {
            "relu" => relu,
            "fused, one breakpoint" => TrainableNetworks.From<double>(relu.ToReluNetwork().ToKan(), [], trainBreakpoints: true),
            "separate, one breakpoint" =>
                TrainableNetworks.From<double>(relu.ToReluNetwork().ToKan(ReluEmbedding.Separate), [], trainBreakpoints: true),
            "grid of four" => TrainableNetworks.Kan<double>([3, 5, 2], s_grid, seed: 2, trainBreakpoints: true),
            _ => TrainableNetworks.Kan<double>([3, 5, 2], [0], seed: 3, trainBreakpoints: true),
        };

        // Left slopes and breakpoints of converted networks are 0, where mistakes would hide.
        var random = new Random(11);
        foreach (var layer in network.Layers)
        {
            foreach (var parameters in layer.Parameters)
            {
                for (int i = 0; i < parameters.Values.Length; i++) parameters.Values[i] += 0.05 * (random.NextDouble() - 0.5);
            }
        }

        return network;
    }

    private static IEnumerable<(double[] Inputs, int Label)> Samples(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count)
            .Select(i => (Enumerable.Range(0, 3).Select(_ => (random.NextDouble() * 4) - 2).ToArray(), i % 2))];
    }

    private static double LossOf(TrainableNetwork<double> network, (double[] Inputs, int Label) sample, bool backward = false)
    {
        double[] gradients = new double[2];
        double loss = Losses.CrossEntropy(network.Forward(sample.Inputs), sample.Label, gradients);
        if (backward) network.Backward(gradients);
        return loss;
    }

    private static double Difference(TrainableNetwork<double> network, (double[] Inputs, int Label) sample, ref double parameter)
    {
        double before = parameter;
        parameter = before + Step;
        double up = LossOf(network, sample);
        parameter = before - Step;
        double down = LossOf(network, sample);
        parameter = before;
        return (up - down) / (2 * Step);
    }
}
