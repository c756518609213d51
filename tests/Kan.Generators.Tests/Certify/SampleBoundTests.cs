using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using Kan.Compiler;
using Kan.Compiler.Lower;
using Kan.Generators.Tests.Engines;
using Kan.Testing;
using Xunit;

namespace Kan.Generators.Tests.Certify;

/// <summary>
/// Bounds for one sample under attack: no computed output is further from the exact rational than its bound says, whatever the input.
/// <c>KAN_CERTIFICATE_NETWORKS</c> sets the number of networks of extreme numbers.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class SampleBoundTests
{
    private static readonly int s_networks =
        int.TryParse(Environment.GetEnvironmentVariable("KAN_CERTIFICATE_NETWORKS"), NumberStyles.None, CultureInfo.InvariantCulture,
        out int count) ? count : 400;

    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Double)]
    public void Random_networks_stay_within_their_bounds(Precision precision)
    {
        var tally = new BoundTally();
        int first = precision == Precision.Single ? 0 : 12;
        for (int seed = first; seed < first + 24; seed++)
        {
            var document = RandomNetworks.Create(seed, dyadic: false);
            if (precision == Precision.Single) BoundSubject<float>.Climb(document, seed, tally);
            else BoundSubject<double>.Climb(document, seed, tally);
        }

        // Bounds that are met nowhere within a factor of a hundred would say nothing.
        Assert.InRange(tally.Finite, 1000, int.MaxValue);
        Assert.InRange(tally.Sharpest, 0.01, 1);
    }

    [Fact]
    public void Float_networks_of_extreme_numbers_stay_within_their_bounds() => AttackExtremes<float>(Precision.Single);

    [Fact]
    public void Double_networks_of_extreme_numbers_stay_within_their_bounds() => AttackExtremes<double>(Precision.Double);

    [Theory]
    [MemberData(nameof(WorstInputTests.Awkward), MemberType = typeof(WorstInputTests))]
    public void Awkward_networks_stay_within_their_bounds(string name, KanLayer[] layers)
    {
        var document = new KanDocument
        {
            Name = name,
            Layers = [.. layers.Select(static layer =>
                new EdgesDescription(layer.InputCount, layer.OutputCount, layer.Edges, layer.Biases))],
        };
        var tally = new BoundTally();
        BoundSubject<float>.Climb(document, 1, tally);
        BoundSubject<double>.Climb(document, 2, tally);
        Assert.InRange(tally.Finite, 1, int.MaxValue);
    }

    /// <summary>y = x / 3 + 1 / 7 at x = 1: the weight, the product with the sum, and the bias round, half an ulp each.</summary>
    [Fact]
    public void The_bound_of_a_line_is_that_of_its_roundings()
    {
        var subject = BoundSubject<float>.Of(new KanDocument
        {
            Name = "line",
            Layers = [new AffineDescription(1, 1, [Rational.Create(1, 3)], [Rational.Create(1, 7)])]
        }, Lowering.Auto)!;
        double bound = subject.Bound([1f])[0], roundings = (2 * (1.0 / 3)) + (2 * (1.0 / 7));
        Assert.InRange(bound, roundings * Math.Pow(2, -24), roundings * Math.Pow(2, -24) * 1.001);
    }

    /// <summary>An input of 0 takes part in no rounding, and behind a ReLU that is surely off nothing of the error is left.</summary>
    [Fact]
    public void What_is_not_there_rounds_nothing()
    {
        LayerDescription[] layers =
        [
            new AffineDescription(2, 1, [Rational.Create(1, 3), Rational.Create(1, 3)], [-1]),
            new ActivationDescription(1, [PiecewiseLinearFunction.Relu]),
            new AffineDescription(1, 1, [5], []),
        ];
        var subject = BoundSubject<float>.Of(new KanDocument { Name = "off", Layers = [.. layers] }, Lowering.Auto)!;
        Assert.InRange(subject.Bound([1f, 0f])[0], 0, 1e-42);
        Assert.InRange(subject.Bound([4f, 0f])[0], 5 * Math.Pow(2, -24), 5e-6);
    }

    /// <summary>At a knot the exact value may be on the steep side, however flat the side is that the computed one is on.</summary>
    [Fact]
    public void Both_sides_of_a_knot_count()
    {
        var steep = PiecewiseLinearFunction.FromSlopes([1], [0, 1_000_000], 0, 0);
        LayerDescription[] layers =
        [
            new AffineDescription(2, 1, [Rational.Create(1, 3), Rational.Create(1, 3)], []),
            new EdgesDescription(1, 2, [new KanEdge(0, 0, steep), new KanEdge(0, 1, PiecewiseLinearFunction.FromSlopes([1], [1, 2], 0, 0))],
                []),
        ];
        foreach (var lowering in CompiledNetworks.Lowerings)
        {
            var subject = BoundSubject<float>.Of(new KanDocument { Name = "knot", Layers = [.. layers] }, lowering)!;
            Assert.InRange(subject.Bound([1.5f, MathF.BitDecrement(1.5f)])[0], 0.01, 1);
            Assert.InRange(subject.Bound([1.5f, 1.4f])[0], 0, 1e-30);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Inputs_that_are_not_finite_have_no_bound(float x)
    {
        var subject = BoundSubject<float>.Of(RandomNetworks.Create(1, dyadic: false), Lowering.Rows)!;
        Assert.All(subject.Bound([1f, x]), static bound => Assert.Equal(double.PositiveInfinity, bound));
    }

    [Fact]
    public void A_form_without_bounds_is_named()
    {
        var window = new WindowGeometry { Channels = 1, Height = 2, Width = 2, KernelHeight = 2, KernelWidth = 2 };
        var document = new KanDocument { Name = "window", Layers = [new MaximumDescription(window)] };
        var plan = NetworkCompiler.Plan(document, Precision.Single, Lowering.Auto, TestContext.Current.CancellationToken);
        Assert.Equal("Layer 0 is a maximum under a window.",
            Assert.Throws<NotSupportedException>(() => new RunningBound<float>(plan.Form)).Message);
    }

    private static void AttackExtremes<T>(Precision precision)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var tally = new BoundTally();
        for (int seed = 0; seed < s_networks; seed++) BoundSubject<T>.Climb(ExtremeNetworks.Create(seed, precision), seed, tally);

        // Of each kind there are many, or the attack attacks nothing.
        Assert.InRange(tally.Finite, tally.Samples / 5, tally.Samples);
        Assert.InRange(tally.Overflows, 20, tally.Samples - tally.Finite);
    }
}
