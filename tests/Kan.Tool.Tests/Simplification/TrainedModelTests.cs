using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Analysis;
using Kan.Interchange;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Simplification;

/// <summary>
/// Trained networks on their ranges: what is simplified is proved equal, recorded outputs are kept, and there is nothing more to find.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class TrainedModelTests
{
    public static TheoryData<string, int, int> Models => new()
    {
        { "digits-mlp", 0, 1 }, { "digits-batchnorm-leaky", 0, 1 }, { "breast-cancer-mlp", -3, 3 }, { "mnist-mlp", 0, 1 },
            { "mnist-kan", 0, 1 },
    };

    /// <summary>What was simplified, once for all tests.</summary>
    private static readonly Dictionary<string, (KanDocument Document, SimplificationResult Result)> s_simplified = [];

    private static (KanDocument Document, SimplificationResult Result) Simplify(string model, int low, int high)
    {
        if (s_simplified.TryGetValue(model, out var known)) return known;
        string file = TestFiles.Model(model + (model == "mnist-kan" ? ".npz" : ".onnx"));
        var document = ModelImporter.Import(file, new InputRange(low, high));
        return s_simplified[model] = (document, ModelSimplifier.Run(file, document, cancellation: TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void They_are_proved_equal_and_keep_their_outputs(string model, int low, int high)
    {
        var (document, result) = Simplify(model, low, high);
        Assert.True(result.IsFinished);
        var simplified = KanDocumentReader.Read(KanDocumentWriter.Write(result.ToDocument(document))).ToNetwork();
        var options = new EquivalenceOptions { TimeLimit = Timeout.InfiniteTimeSpan };
        Assert.True(Equivalence.Decide(document.ToNetwork(), simplified, result.Box, options, TestContext.Current.CancellationToken)
            .IsProved);
        var (inputs, outputs) = TestFiles.Expected(model);
        foreach (var (input, output) in inputs.Zip(outputs).Take(8))
        {
            if (input.All(x => x >= low && x <= high))
                Assert.All(simplified.Evaluate(input).Zip(output),
                    static pair => Assert.Equal(pair.Second, pair.First, 1e-5 * (1 + Math.Abs(pair.Second))));
        }
    }

    /// <summary>
    /// A unit of which inputs are known on both sides of its bend, evaluated exactly, is not dead: where each has them, nothing was
    /// missed.
    /// </summary>
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
            var last = network.Layers[l - 1];
            var bends = network.Layers[l].Edges.GroupBy(static edge => edge.Input)
                .ToDictionary(static edges => edges.Key,
                    static edges => edges.SelectMany(static edge => edge.Function.Breakpoints).ToImmutableArray());
            for (int node = 0; node < last.OutputCount; node++)
            {
                if (bends[node].IsEmpty) continue;
                var alone =
                    new KanNetwork([.. network.Layers.Take(l - 1),
                    new KanLayer(last.InputCount, 1,
                    last.Edges.Where(edge => edge.Output == node).Select(static edge => edge with { Output = 0 }), [last.Biases[node]])]);
                foreach (var range in (InputRange[])[new InputRange(bends[node].Min(), 1_000_000),
                    new InputRange(-1_000_000, bends[node].Max())])
                {
                    var answer = Prover.Prove(alone, OutputStatement.WithinRange(result.Box, 1, range),
                        new ProverOptions { TimeLimit = Timeout.InfiniteTimeSpan, PartLimit = 1_000 },
                        TestContext.Current.CancellationToken);
                    Assert.True(answer.Violation is { } point
                        && (alone.Evaluate(point.Inputs)[0] < range.Low || alone.Evaluate(point.Inputs)[0] > range.High),
                        $"Unit {node} of level {l} is not seen on both sides.");
                }
            }
        }
    }

    [Fact]
    public void Pixels_that_are_always_black_leave_the_network()
    {
        // A border of four pixels of 28 x 28 images.
        string file = TestFiles.Model("mnist-mlp.onnx");
        InputRange[] ranges = [.. Enumerable.Range(0, 784)
            .Select(static i => i % 28 is < 4 or > 23 || i / 28 is < 4 or > 23 ? new InputRange(0, 0) : new InputRange(0, 1))];
        var document = ModelImporter.Import(file, ImportOptions.None with { Ranges = [.. ranges] }).Document;
        var result = ModelSimplifier.Run(file, document, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(400, result.Network.Layers[0].Edges.Select(static edge => edge.Input).Distinct().Count());
        Assert.True(result.After.Numbers * 1.7 < result.Before.Numbers, $"{result.Before} to {result.After}");
        Assert.True(Equivalence.Decide(document.ToNetwork(), result.Network, ranges,
            new EquivalenceOptions { TimeLimit = Timeout.InfiniteTimeSpan }, TestContext.Current.CancellationToken).IsProved);
    }
}
