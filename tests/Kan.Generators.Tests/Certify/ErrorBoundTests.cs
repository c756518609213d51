using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Kan.Compiler;
using Kan.Generators.Tests.Engines;
using Xunit;

namespace Kan.Generators.Tests.Certify;

/// <summary>The certified bound against the exact error of the reference evaluator, whose bits are those of generated code.</summary>
[Trait("Speed", "Slow")]
public sealed class ErrorBoundTests
{
    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Double)]
    public void No_result_of_a_random_network_is_further_off_than_certified(Precision precision)
    {
        for (int seed = 300; seed < 336; seed++)
        {
            var document = RandomNetworks.Create(seed, dyadic: false);
            foreach (var lowering in CompiledNetworks.Lowerings)
            {
                if (precision == Precision.Single) Check<float>(document, lowering, seed);
                else Check<double>(document, lowering, seed);
            }
        }
    }

    /// <summary>Another edge of the input puts the anchor a million to the left: the terms are large, their sum is not.</summary>
    [Fact]
    public void An_anchor_far_away_counts()
    {
        KanEdge far = new(0, 0, PiecewiseLinearFunction.FromSlopes([-1_000_000, 2], [0, Rational.Create(1, 1L << 40), 0], 0, 0));
        KanEdge near = new(0, 1, PiecewiseLinearFunction.FromSlopes([Rational.Create(1, 2)], [1, -1], 0, Rational.Create(1, 3)));
        var document = Document([new EdgesDescription(1, 2, [far, near], [])], new InputRange(0, 1));
        double worst = Check<float>(document, Lowering.Rows, seed: 1);
        Assert.InRange(worst, 1e-3, 1);
    }

    /// <summary>Values of a shape count from its own anchor, not from that of the edge.</summary>
    [Fact]
    public void A_constant_of_an_edge_hides_no_large_shape()
    {
        var shape = PiecewiseLinearFunction.FromSlopes([0, 1], [0, Rational.Create(1_000_001, 3), Rational.Create(1, 7)], 0,
            Rational.Create(-1_000_001, 3));
        var document = Document([new EdgesDescription(1, 1, [new KanEdge(0, 0, shape)], [])], new InputRange(2, 3));
        foreach (var lowering in CompiledNetworks.Lowerings) Check<float>(document, lowering, seed: 2);
        Check<float>(
            Document([new EdgesDescription(1, 2, [new KanEdge(0, 0, shape), new KanEdge(0, 1, Rational.Create(2, 3) * shape)], [])],
                new InputRange(2, 3)), Lowering.Auto, seed: 3);
    }

    /// <summary>Where nothing is summed, the bias is part of the function and rounds with it.</summary>
    [Fact]
    public void A_bias_of_a_layer_without_sums_counts()
    {
        KanEdge[] edges = [.. Enumerable.Range(0, 2)
            .Select(static i => new KanEdge(i, i, PiecewiseLinearFunction.FromSlopes([0], [Rational.Create(1, 3), 1], 0, 0)))];
        var document = Document([new EdgesDescription(2, 2, [.. edges], [1_000_003, Rational.Create(-10_000_019, 3)])],
            new InputRange(-1, 1));
        Check<float>(document, Lowering.Auto, seed: 4);
    }

    /// <summary>A rounded breakpoint changes the line early by half a unit in its last place: a steep bend far out shows it.</summary>
    [Fact]
    public void A_rounded_breakpoint_counts()
    {
        var bend = Rational.FromSingle(16_777_215) + Rational.Create(49, 100);
        var steep = PiecewiseLinearFunction.FromSlopes([bend], [0, 1024], bend, 0);
        var document = Document([new EdgesDescription(1, 1, [new KanEdge(0, 0, steep)], [])], new InputRange(16_777_200, 16_777_216));
        foreach (var lowering in CompiledNetworks.Lowerings) Check<float>(document, lowering, seed: 5);
    }

    /// <summary>Two ways that cancel: y = relu(h) - relu(h), where h has an error.</summary>
    [Fact]
    public void Paths_that_cancel_cancel_in_the_bound()
    {
        LayerDescription[] layers =
        [
            new AffineDescription(3, 1, [Rational.Create(1, 3), Rational.Create(1, 7), Rational.Create(1, 11)], []),
            new AffineDescription(1, 2, [1, 1], []),
            new AffineDescription(2, 1, [1, -1], []),
        ];
        var plan = NetworkCompiler.Plan(Document(layers, new InputRange(0, 1)), Precision.Single, Lowering.Auto,
            TestContext.Current.CancellationToken);
        Assert.InRange(plan.ErrorBound, 0, 2e-7);
    }

    private static KanDocument Document(IEnumerable<LayerDescription> layers, InputRange range) =>
        new() { Name = "certified", Layers = [.. layers], InputRanges = [range] };

    /// <summary>Compares results with exact ones and returns the largest error.</summary>
    private static double Check<T>(KanDocument document, Lowering lowering, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var evaluation = new CertifiedEvaluation<T>(document, lowering);
        return Inputs<T>(document, evaluation.Network, seed).Max(evaluation.Error);
    }

    /// <summary>Inputs of the range: random ones, its ends, and breakpoints with their neighbours.</summary>
    private static IEnumerable<T[]> Inputs<T>(KanDocument document, KanNetwork network, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var random = new Random(seed);
        double low = document.InputRanges[0].Low.ToDouble(), high = document.InputRanges[0].High.ToDouble();
        T[] special =
        [
            T.CreateChecked(low), T.CreateChecked(high), T.CreateChecked((low + high) / 2),
            .. network.Layers[0].Edges.Where(static edge => !edge.Function.IsAffine).Take(4)
                .SelectMany(static edge => edge.Function.Breakpoints)
                .Select(static b => T.CreateChecked(b.ToDouble())).SelectMany(static b => new[] { b, T.BitIncrement(b), T.BitDecrement(b) })
                .Where(b => b >= T.CreateChecked(low) && b <= T.CreateChecked(high)),
        ];
        for (int i = 0; i < 12; i++)
        {
            yield return [.. Enumerable.Range(0, network.InputCount).Select(_ => i % 3 == 0 || random.Next(3) == 0
                ? special[random.Next(special.Length)]
                : T.Clamp(T.CreateChecked(low + ((high - low) * random.NextDouble())), T.CreateChecked(low), T.CreateChecked(high)))];
        }

        foreach (var value in special) yield return [.. Enumerable.Repeat(value, network.InputCount)];
    }
}
