using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Interchange;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Simplification;

/// <summary>Trained networks on their ranges: what is simplified is proved equal, recorded outputs are kept, and there is nothing more to find.</summary>
public sealed class TrainedModelTests
{
    public static TheoryData<string, int, int> Models => new()
    {
        { "digits-mlp", 0, 1 }, { "digits-batchnorm-leaky", 0, 1 }, { "breast-cancer-mlp", -3, 3 }, { "mnist-mlp", 0, 1 }, { "mnist-kan", 0, 1 },
    };

    private static (KanDocument Document, SimplificationResult Result) Simplify(string model, int low, int high)
    {
        string file = TestFiles.Model(model + (model == "mnist-kan" ? ".npz" : ".onnx"));
        var document = ModelImporter.Import(file, new InputRange(low, high));
        return (document, ModelSimplifier.Run(file, document, cancellation: TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void They_are_proved_equal_and_keep_their_outputs(string model, int low, int high)
    {
        var (document, result) = Simplify(model, low, high);
        Assert.True(result.IsFinished);
        var simplified = KanDocumentReader.Read(KanDocumentWriter.Write(result.ToDocument(document))).ToNetwork();
        var options = new EquivalenceOptions { TimeLimit = Timeout.InfiniteTimeSpan };
        Assert.True(Equivalence.Decide(document.ToNetwork(), simplified, result.Box, options, TestContext.Current.CancellationToken).IsProved);
        var (inputs, outputs) = TestFiles.Expected(model);
        foreach (var (input, output) in inputs.Zip(outputs).Take(8))
        {
            if (input.All(x => x >= low && x <= high)) Assert.All(simplified.Evaluate(input).Zip(output), static pair => Assert.Equal(pair.Second, pair.First, 1e-5 * (1 + Math.Abs(pair.Second))));
        }
    }

    /// <summary>A unit of which points are known on both sides of its bend is not dead: where each has them, nothing was missed.</summary>
    [Theory]
    [InlineData("digits-mlp", 0, 1)]
    [InlineData("breast-cancer-mlp", -3, 3)]
    [InlineData("mnist-mlp", 0, 1)]
    public void No_unit_that_never_or_always_switches_is_left(string model, int low, int high)
    {
        var (_, result) = Simplify(model, low, high);
        var network = result.Network;
        for (int l = 1; l < network.Layers.Length; l++)
        {
            var before = new KanNetwork(network.Layers.Take(l));
            var bends = network.Layers[l].Edges.GroupBy(static edge => edge.Input).ToDictionary(static edges => edges.Key, static edges => edges.SelectMany(static edge => edge.Function.Breakpoints).ToImmutableArray());
            for (int node = 0; node < before.OutputCount; node++)
            {
                if (bends[node].IsEmpty) continue;
                Assert.True(Reach(before, node, low, high, 1) > bends[node].Min(), $"Unit {node} of level {l} is not seen above its bend.");
                Assert.True(Reach(before, node, low, high, -1) < bends[node].Max(), $"Unit {node} of level {l} is not seen below its bend.");
            }
        }
    }

    /// <summary>The value of a node at a corner that steps uphill (or downhill) lead to, exact.</summary>
    private static Rational Reach(KanNetwork network, int node, int low, int high, int sign)
    {
        double[] x = [.. Enumerable.Repeat((low + high) / 2.0, network.InputCount)];
        var best = sign > 0 ? (Rational)double.MinValue : (Rational)double.MaxValue;
        for (int step = 0; step < 6; step++)
        {
            var gradient = Gradient(network, node, x);
            x = [.. gradient.Select((slope, p) => slope == 0 ? x[p] : slope * sign > 0 ? (double)high : low)];
            var value = network.Evaluate([.. x.Select(Rational.FromDouble)])[node];
            if (sign > 0 ? value <= best : value >= best) break;
            best = value;
        }

        return best;
    }

    private static double[] Gradient(KanNetwork network, int node, double[] x)
    {
        var values = new double[network.Layers.Length + 1][];
        values[0] = x;
        for (int l = 0; l < network.Layers.Length; l++)
        {
            values[l + 1] = [.. network.Layers[l].Biases.Select(static bias => bias.ToDouble())];
            foreach (var edge in network.Layers[l].Edges) values[l + 1][edge.Output] += edge.Function.Evaluate(values[l][edge.Input]);
        }

        var weights = new double[network.OutputCount];
        weights[node] = 1;
        for (int l = network.Layers.Length - 1; l >= 0; l--)
        {
            var next = new double[network.Layers[l].InputCount];
            foreach (var edge in network.Layers[l].Edges.Where(edge => weights[edge.Output] != 0))
                next[edge.Input] += weights[edge.Output] * edge.Function.SlopeRightOf(Rational.FromDouble(values[l][edge.Input])).ToDouble();
            weights = next;
        }

        return weights;
    }

    [Fact]
    public void Pixels_that_are_always_black_leave_the_network()
    {
        // A border of four pixels of 28 x 28 images.
        string file = TestFiles.Model("mnist-mlp.onnx");
        InputRange[] ranges = [.. Enumerable.Range(0, 784).Select(static i => i % 28 is < 4 or > 23 || i / 28 is < 4 or > 23 ? new InputRange(0, 0) : new InputRange(0, 1))];
        var document = ModelImporter.Import(file, ImportOptions.None with { Ranges = [.. ranges] }).Document;
        var result = ModelSimplifier.Run(file, document, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(400, result.Network.Layers[0].Edges.Select(static edge => edge.Input).Distinct().Count());
        Assert.True(result.After.Numbers * 1.7 < result.Before.Numbers, $"{result.Before} to {result.After}");
        Assert.True(Equivalence.Decide(document.ToNetwork(), result.Network, ranges, new EquivalenceOptions { TimeLimit = Timeout.InfiniteTimeSpan }, TestContext.Current.CancellationToken).IsProved);
    }
}
