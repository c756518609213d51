using System;
using System.Linq;
using System.Numerics;
using Xunit;

namespace Kan.Tests.Documentation;

/// <summary>The examples of docs/conversions.md, and what the page says of the results.</summary>
public sealed class ConversionExamples
{
    /// <summary>The network of the page: hats on a shared grid of three knots.</summary>
    internal static KanNetwork Network { get; } = new(
    [
        new KanLayer(2, 2, [new KanEdge(0, 0, Hat(-1)), new KanEdge(0, 1, Hat(2)), new KanEdge(1, 0, Hat(3)), new KanEdge(1, 1, Hat(-2))],
            [1, 2]),
        new KanLayer(2, 1, [new KanEdge(0, 0, Hat(5)), new KanEdge(1, 0, Hat(-4))]),
    ]);

    [Fact]
    public void Conversions()
    {
        ReluNetwork relu = Network.ToRelu();
        ReluNetwork standard = relu.Fuse();
        KanNetwork back = standard.ToKan();
        Assert.Equal(Network.Layers.Length + 1, standard.Layers.Length);
        Assert.Equal(standard.NonZeroCount,
            back.Layers.Sum(static layer => layer.Edges.Length + layer.Biases.Count(static bias => !bias.IsZero)));

        // The hats are flat outside.
        Assert.Equal(12, Network.ToRelu(ReluUnits.Fewest).UnitCount);
        Assert.Equal(EquivalenceVerdict.Proved,
            Equivalence.Decide(Network, Network.ToRelu(ReluUnits.Fewest), cancellation: TestContext.Current.CancellationToken).Verdict);
    }

    [Fact]
    public void Forms_of_a_function()
    {
        var curve = PiecewiseLinearFunction.FromKnots([0, 1, 2, 4], [0, 3, 3, -1]);
        ReluNetwork twoSided = curve.ToRelu(FunctionUnits.TwoSided);
        MinimalUnitsDecision fewer = MinimalUnits.Decide(curve);

        // Two breakpoints, three segments; the flat one in the middle leaves one unit without weight.
        Assert.Equal(2, curve.Breakpoints.Length);
        Assert.Equal(2, twoSided.UnitCount);
        Assert.Equal(MinimalUnitsAnswer.Sufficient, fewer.Answer);
        Assert.Equal(2, curve.ToRelu(FunctionUnits.OnePerBreakpoint).UnitCount);
    }

    [Fact]
    public void Splines()
    {
        ReluPowerSum cubic = new BasisSpline([0, 1, 2, 3, 4]).ToReluPowers();
        ReluPowerSum parabolas = new PolynomialSpline([1, 0, 1], [0, 2], [3, -3]).ToReluPowers();
        Rational value = parabolas.Evaluate(3);
        Assert.Equal(5, cubic.Units.Length);

        // 1 + x^2 + 3 x^2 - 3 (x - 2)^2 at 3.
        Assert.Equal(34, value);
    }

    [Fact]
    public void Report_and_bounds()
    {
        ConversionReport report = ConversionReport.Of(Network);
        Assert.Contains("merged, factored", report.ToString(), StringComparison.Ordinal);
        ReluClass wide = report.Class.ToRelu(BreakpointSharing.SharedGrid);
        Assert.True(wide.Contains(Network.ToRelu().Fuse()));

        RegionBounds bounds = RegionBounds.ForShape([2, 5, 5, 1], segments: 5);
        Assert.Equal(BigInteger.Pow(5, 41), bounds.Theorem4);
        Assert.Equal(327345921, bounds.Arrangement);
    }

    [Fact]
    public void Proofs()
    {
        var standard = Network.ToRelu().Fuse();
        EquivalenceResult result = Equivalence.Decide(Network, standard, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal("Proved: Both networks have the same normal form.", result.ToString());
        Assert.Null(result.Counterexample);

        InputRange[] box = [new(-1, 1), new(0, 5)];
        EquivalenceResult inBox = Equivalence.Decide(Network, standard.ToKan(), box, new EquivalenceOptions { CellLimit = 1_000 },
            TestContext.Current.CancellationToken);
        Assert.True(inBox.IsProved);
        PiecewiseLinearFunction[]? sweep = Network.AlongLine([0, 1], [1, 0]);
        Assert.Equal(Network.Evaluate([Rational.Create(3, 2), 1])[0], Assert.Single(sweep!).Evaluate(Rational.Create(3, 2)));
    }

    private static PiecewiseLinearFunction Hat(Rational height) =>
        height * PiecewiseLinearFunction.FromSlopes([0, 1, 3], [0, 1, -Rational.Create(1, 2), 0], 0, 0);
}
