using System;
using System.Linq;
using Kan.Experiments.Training;
using Xunit;

namespace Kan.Experiments.Tests;

/// <summary>Networks that are trained, against their exact forms and against what training must find.</summary>
public sealed class TrainingTests
{
    private static readonly Rational[] s_grid = [-1, Rational.Create(-1, 4), Rational.Create(1, 2), 2];

    [Theory]
    [InlineData(ReluEmbedding.Fused)]
    [InlineData(ReluEmbedding.Separate)]
    public void A_converted_network_starts_at_the_very_function(ReluEmbedding embedding)
    {
        var relu = TrainableNetworks.Relu<float>([6, 17, 9, 3], seed: 4);
        var converted = relu.ToReluNetwork().ToKan(embedding);
        var kan = TrainableNetworks.From<float>(converted, [], trainBreakpoints: false);
        AssertSame(converted, kan.ToKanNetwork());
        var random = new Random(5);
        for (int i = 0; i < 100; i++)
        {
            float[] inputs = [.. Enumerable.Range(0, 6).Select(_ => (float)(random.NextDouble() - 0.5))];
            Assert.Equal(relu.Forward(inputs).ToArray(), kan.Forward(inputs).ToArray());
        }
    }

    [Fact]
    public void Further_breakpoints_do_not_change_the_function()
    {
        var converted = TrainableNetworks.Relu<float>([6, 17, 9, 3], seed: 4).ToReluNetwork().ToKan();
        AssertSame(converted, TrainableNetworks.From<float>(converted, s_grid, trainBreakpoints: true).ToKanNetwork());
    }

    [Fact]
    public void Outputs_are_those_of_the_exact_network()
    {
        var kan = TrainableNetworks.Kan<double>([4, 7, 3], s_grid, seed: 6, trainBreakpoints: true);
        var exact = kan.ToKanNetwork();
        var random = new Random(8);
        for (int i = 0; i < 20; i++)
        {
            double[] inputs = [.. Enumerable.Range(0, 4).Select(_ => (random.NextDouble() * 6) - 3)];
            double[] expected = exact.Evaluate(inputs);
            var outputs = kan.Forward(inputs);
            for (int q = 0; q < expected.Length; q++) Assert.Equal(expected[q], outputs[q], 1e-13);
        }
    }

    [Fact]
    public void Training_finds_the_slopes_and_the_breakpoint_of_a_function()
    {
        // |x - 1/2|, from the identity with a breakpoint at 0.
        var start = new KanNetwork([new KanLayer(1, 1, [new KanEdge(0, 0, PiecewiseLinearFunction.Identity)])]);
        var network = new TrainableNetwork<double>([EdgeLayer<double>.From(start.Layers[0], [0], trainBreakpoints: true)]);
        double[] points = [.. Enumerable.Range(0, 400).Select(static i => (i / 100.0) - 2)];
        var trainer = new Trainer<double>(network, new TrainingPlan(20, 0.01), seed: 9);
        for (int epoch = 0; epoch < 200; epoch++)
        {
            trainer.Epoch(points.Length, sample => points.AsSpan(sample, 1),
                (int sample, ReadOnlySpan<double> outputs, Span<double> gradients) =>
                Losses.Square(outputs[0], Math.Abs(points[sample] - 0.5), out gradients[0]));
        }

        var found = network.ToKanNetwork().Layers[0].Edges[0].Function;
        Assert.Equal(0.5, found.Breakpoints[0].ToDouble(), 0.01);
        Assert.Equal(-1, found.Slopes[0].ToDouble(), 0.01);
        Assert.Equal(1, found.Slopes[1].ToDouble(), 0.01);
    }

    [Fact]
    public void The_first_step_of_Adam_is_as_long_as_the_learning_rate()
    {
        var parameters = new Parameters<double>(new double[System.Numerics.Vector<double>.Count], 2);
        parameters.Gradients[0] = -30;
        parameters.Gradients[1] = 0.2;
        new Adam<double>([parameters], 0.125).Step(batchSize: 10);
        Assert.Equal(0.125, parameters.Values[0], 1e-6);
        Assert.Equal(-0.125, parameters.Values[1], 1e-6);
        Assert.All(parameters.Gradients, static gradient => Assert.Equal(0, gradient));
    }

    [Fact]
    public void Breakpoints_that_pass_each_other_are_brought_together()
    {
        var network = TrainableNetworks.Kan<double>([1, 1], s_grid, seed: 12, trainBreakpoints: true);
        var breakpoints = network.Layers[0].Parameters[2].Values;
        int width = breakpoints.Length / s_grid.Length;
        breakpoints[width] = 1;
        network.Layers[0].Repair();
        Assert.Equal(1, breakpoints[2 * width]);
        Assert.Equal([-1, 1, 2], network.ToKanNetwork().Layers[0].Edges[0].Function.Breakpoints);
    }

    private static void AssertSame(KanNetwork expected, KanNetwork actual)
    {
        Assert.Equal(expected.Widths, actual.Widths);
        for (int l = 0; l < expected.Layers.Length; l++)
        {
            Assert.Equal(expected.Layers[l].Biases, actual.Layers[l].Biases);
            Assert.Equal(expected.Layers[l].Edges, actual.Layers[l].Edges);
        }
    }
}
