using System;
using System.Linq;
using System.Threading;
using Kan.Experiments.CriticalPath;
using Kan.Experiments.Data;
using Kan.Experiments.Edges;
using Kan.Experiments.Training;
using Xunit;

namespace Kan.Experiments.Tests.CriticalPath;

/// <summary>ReLU networks that are trained to few weights, and what they become as KANs.</summary>
public sealed class SparseTrainingTests
{
    private static readonly SparseTraining s_training = new(new TrainingPlan(BatchSize: 10, LearningRate: 0.01), Epochs: 60, Penalty: 0.02, Least: 0.02f);

    [Fact]
    public void A_penalty_leaves_the_inputs_that_the_target_is_made_of()
    {
        // 2 max(x1, 0) - 1 of four inputs.
        var random = new Random(2);
        float[][] inputs = [.. Enumerable.Range(0, 300).Select(_ => Enumerable.Range(0, 4).Select(_ => (float)((2 * random.NextDouble()) - 1)).ToArray())];
        float[] targets = [.. inputs.Select(static row => (2 * Math.Max(row[1], 0)) - 1)];
        var network = s_training.Run(TrainableNetworks.Relu<float>([4, 8, 1], seed: 5), inputs, (row, outputs, gradients) => Losses.Square(outputs[0], targets[row], out gradients[0]));
        InputRange[] box = [.. Enumerable.Repeat(new InputRange(-1, 1), 4)];
        var kan = RangeSimplifier.Simplify(network.ToKan(), box, new SimplificationOptions { Goal = SimplificationGoal.Segments }, TestContext.Current.CancellationToken).Network;
        Assert.All(kan.Layers[0].Edges, static edge => Assert.Equal(1, edge.Input));
        foreach (double x in (double[])[-1, -0.5, 0.5, 1])
            Assert.Equal((2 * Math.Max(x, 0)) - 1, kan.Evaluate((double[])[0.3, x, -0.7, 0.9])[0], 0.15);
    }

    [Fact]
    public void Weights_that_are_zero_at_the_start_stay_zero_and_form_a_KAN_of_few_edges()
    {
        var start = SparseTraining.InFormOfKan([2, 5, 1], units: 6, seed: 3);
        float[][] inputs = [.. Enumerable.Range(0, 60).Select(static i => (float[])[((i % 8) / 4f) - 1, ((i % 7) / 3f) - 1])];
        var network = (s_training with { Epochs = 3, Penalty = 0 }).Run(start, inputs, (row, outputs, gradients) =>
            Losses.Square(outputs[0], inputs[row][0] * inputs[row][1], out gradients[0]));
        foreach (int layer in (int[])[0, 2])
        {
            for (int unit = 0; unit < network.Layers[layer].OutputCount; unit++)
                Assert.Equal(1, Enumerable.Range(0, network.Layers[layer].InputCount).Count(p => !network.Layers[layer].Weights[unit, p].IsZero));
        }

        InputRange[] box = [new(-1, 1), new(-1, 1)];
        var kan = network.ToKan();
        var simplified = RangeSimplifier.Simplify(kan, box, new SimplificationOptions { Goal = SimplificationGoal.Segments }, TestContext.Current.CancellationToken).Network;
        Assert.Equal([2, 5, 1], simplified.Widths);
        Assert.Equal(15, simplified.Layers.Sum(static layer => layer.Edges.Length));
        Assert.True(Equivalence.Decide(kan, simplified, box, new EquivalenceOptions { TimeLimit = Timeout.InfiniteTimeSpan }, TestContext.Current.CancellationToken).IsProved);
    }

    [Fact]
    public void The_strong_edges_are_the_fewest_with_nine_tenths_of_the_strength()
    {
        // Over [-1, 1] they vary by 12, 6, 1 and 1.
        var layer = new KanLayer(4, 1, [.. ((int[])[6, 3, 0, 0]).Select(static (slope, p) => new KanEdge(p, 0, PiecewiseLinearFunction.Linear(slope == 0 ? Rational.Create(1, 2) : slope, 0)))]);
        double[][] samples = [[-1, -1, -1, -1], [1, 1, 1, 1]];
        Assert.Equal(2, new EdgeStrengths(new KanNetwork([layer]), samples).StrongCount(0));
    }

    [Fact]
    public void Tables_are_those_that_their_sources_describe()
    {
        var cancer = TabularData.BreastCancer();
        Assert.Equal((398, 171, 30), (cancer.Training.Inputs.Length, cancer.Test.Inputs.Length, cancer.Names.Length));
        Assert.Equal(357, cancer.Training.Targets.Concat(cancer.Test.Targets).Count(static target => target == 1));
        var diabetes = TabularData.Diabetes();
        Assert.Equal((309, 133, 10), (diabetes.Training.Inputs.Length, diabetes.Test.Inputs.Length, diabetes.Names.Length));
        foreach (var data in (TabularData[])[cancer, diabetes])
        {
            for (int p = 0; p < data.Names.Length; p++)
            {
                Assert.Equal(0, data.Training.Inputs.Average(row => row[p]), 1e-5);
                Assert.Equal(1, data.Training.Inputs.Average(row => row[p] * row[p]), 1e-4);
            }
        }
    }

    [Theory]
    [InlineData("sin", "2.00 sin(3.14 x + 0.50) + 1.00")]
    [InlineData("square", "-1.50 (x - 0.25)² + 2.00")]
    [InlineData("exp", "0.50 exp(1.50 x) - 1.00")]
    [InlineData("line", "3.00 x + 0.50")]
    public void An_edge_is_recognized(string name, string expected)
    {
        Func<double, double> f = name switch
        {
            "sin" => static x => (2 * Math.Sin((Math.PI * x) + 0.5)) + 1,
            "square" => static x => 2 - (1.5 * (x - 0.25) * (x - 0.25)),
            "exp" => static x => (0.5 * Math.Exp(1.5 * x)) - 1,
            _ => static x => (3 * x) + 0.5,
        };
        Rational[] knots = [.. Enumerable.Range(0, 201).Select(static i => Rational.Create(i - 100, 100))];
        var edge = PiecewiseLinearFunction.FromKnots(knots, [.. knots.Select(knot => Rational.FromDouble(f(knot.ToDouble())))]);
        var formula = EdgeFormula.Of(edge, new InputRange(-1, 1), "x");
        Assert.Equal(expected, formula.Text);
        Assert.InRange(formula.Fit, 0.9999, 1);
    }
}
