using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Kan.Compiler;
using Kan.Compiler.Lower;
using Xunit;

namespace Kan.Generators.Tests.Certify;

/// <summary>Bounds for one sample of networks of units, at and beside the breakpoints, where units begin and end.</summary>
[Trait("Speed", "Slow")]
public sealed class UnitBoundTests
{
    private static readonly Lowering[] s_lowerings = [Lowering.Clamp, Lowering.Relu];

    /// <summary>Gaps between breakpoints, from wide ones to less than the distance of two floats, and slopes of mixed sizes.</summary>
    public static TheoryData<string> Chains => [.. s_chains.Keys];

    private static readonly Dictionary<string, Func<int, (double Gap, double Slope)>> s_chains = new()
    {
        ["even"] = static i => (0.37, Math.Sin(i)),
        ["zigzag"] = static i => (0.11, i % 2 == 0 ? 3 : -3.1),
        ["steep, then flat"] = static i => (0.21, i < 4 ? 1e4 * (i % 2 == 0 ? 1 : -1) : 1e-3 * i),
        ["flat, then steep"] = static i => (0.21, i < 16 ? 1e-3 * i : 1e4 * (i % 2 == 0 ? 1 : -1)),
        ["narrow"] = static i => (i % 3 == 0 ? 0.4 : 3e-8, i % 3 == 0 ? 0.3 : 1e6 * Math.Cos(i)),
        ["ever narrower"] = static i => (Math.Pow(0.2, i), Math.Pow(-1, i) * Math.Pow(3, i)),
        ["ever wider"] = static i => (Math.Pow(4, i - 6), Math.Pow(-1, i) * Math.Pow(3, -i)),
        ["tiny"] = static i => (i < 10 ? 1e-41 : 1e-30, 1e30 * Math.Cos(i)),
    };

    [Theory]
    [MemberData(nameof(Chains))]
    public void No_sample_near_a_breakpoint_errs_by_more(string name)
    {
        var tally = new BoundTally();
        foreach (int knots in (int[])[1, 2, 20])
        {
            foreach (double start in (double[])[0, -3, 1000])
            {
                Attack<float>(Chain(name, knots, start), tally);
                Attack<double>(Chain(name, knots, start), tally);
            }
        }

        TestContext.Current.SendDiagnosticMessage($"{name}: {tally.Finite} of {tally.Samples}, sharpest {tally.Sharpest:F3}");
        Assert.InRange(tally.Finite, tally.Samples / 2, tally.Samples);
        Assert.InRange(tally.Sharpest, 0.3, 1);
    }

    /// <summary>What units are told by the rows of the same network, whose bounds have fewer roundings in them.</summary>
    [Theory]
    [InlineData(Lowering.Clamp, 2)]
    [InlineData(Lowering.Relu, 4)]
    public void Bounds_of_units_are_near_those_of_rows(Lowering lowering, double times)
    {
        var random = new Random(2);
        var document = new KanDocument
        {
            Name = "splines",
            Layers = [Splines(8, 16), Splines(16, 8), Splines(8, 3)],
        };
        var units = BoundSubject<float>.Of(document, lowering)!;
        var rows = BoundSubject<float>.Of(document, Lowering.Rows)!;
        double[] ratios = new double[100];
        for (int i = 0; i < ratios.Length; i++)
        {
            float[] x = [.. Enumerable.Range(0, 8).Select(_ => (random.NextSingle() * 4) - 2)];
            ratios[i] = units.Bound(x).Max() / rows.Bound(x).Max();
        }

        Array.Sort(ratios);
        TestContext.Current.SendDiagnosticMessage($"{lowering}: {ratios[0]:F2} to {ratios[^1]:F2}, median {ratios[50]:F2}");
        Assert.InRange(ratios[50], 0.2, times);

        EdgesDescription Splines(int inputs, int outputs) => new(inputs, outputs,
            [.. from p in Enumerable.Range(0, inputs) from q in Enumerable.Range(0, outputs) select new KanEdge(p, q, Spline(inputs))], []);

        PiecewiseLinearFunction Spline(int inputs) => PiecewiseLinearFunction.FromSlopes(
            [.. Enumerable.Range(0, 9).Select(static i => Rational.Create(i - 4, 2))],
            [.. Enumerable.Range(0, 10).Select(_ => Rational.FromSingle((float)((random.NextDouble() * 4) - 2)) / inputs)], 0,
            Rational.FromSingle((float)(random.NextDouble() - 0.5)));
    }

    /// <summary>Units that an input does not reach are 0, and additions of 0 do not round.</summary>
    [Fact]
    public void Units_that_are_not_reached_round_nothing()
    {
        var function = PiecewiseLinearFunction.FromSlopes([1, 2, 3, 4], [0, Rational.Create(1, 3), 5, -7, 2], 0, 0);
        foreach (var lowering in s_lowerings)
        {
            var subject = BoundSubject<float>.Of(Document("ramp", [new KanEdge(0, 0, function)]), lowering)!;
            Assert.InRange(subject.Bound([0.5f])[0], 0, 1e-40);

            // A third of 1 / 2: the weight rounds by at most 6 units where it is of a chain, the difference and the sum by one.
            Assert.InRange(subject.Bound([1.5f])[0], Math.Pow(2, -24) / 6, 11.1 * Math.Pow(2, -24) / 6);
        }
    }

    /// <summary>
    /// The difference of such an input and the breakpoint is infinite and is brought back to the largest number, which is finite and wrong.
    /// </summary>
    [Fact]
    public void A_difference_that_leaves_the_type_has_no_bound()
    {
        var rising = PiecewiseLinearFunction.FromSlopes([Rational.FromSingle(-3e38f)], [0, Rational.FromSingle(1e-30f)], 0, 0);
        var flat = PiecewiseLinearFunction.FromSlopes([1], [1, 0], 0, 0);
        foreach (var lowering in s_lowerings)
        {
            var subject = BoundSubject<float>.Of(Document("far", [new KanEdge(0, 0, rising), new KanEdge(0, 1, flat)]), lowering)!;
            Assert.All(subject.Bound([3e38f]), static bound => Assert.Equal(double.PositiveInfinity, bound));
            Assert.All(subject.Bound([3e3f]), static bound => Assert.InRange(bound, 0, 1e3));
        }
    }

    private static KanDocument Document(string name, KanEdge[] edges) => new()
    {
        Name = name,
        Layers = [new EdgesDescription(1, edges.Max(static edge => edge.Output) + 1, [.. edges], [])],
    };

    /// <summary>A chain and its mirror image on exact inputs; a chain on sums that are off; a chain of chains.</summary>
    private static KanDocument[] Chain(string name, int knots, double start)
    {
        var function = Function(name, knots, start);
        var third = new AffineDescription(2, 1, [Rational.Create(1, 3), Rational.Create(2, 3)], []);
        EdgesDescription single = new(1, 1, [new KanEdge(0, 0, function)], []),
            pair = new(2, 2, [.. from p in Enumerable.Range(0, 2) from q in Enumerable.Range(0, 2)
                              select new KanEdge(p, q, q == p ? function : -function)], [Rational.Create(1, 7)]);
        return
        [
            new KanDocument { Name = name, Layers = [pair with { Biases = [Rational.Create(1, 7), 0] }] },
            new KanDocument { Name = name + " behind sums", Layers = [third, single] },
            new KanDocument { Name = name + " twice", Layers = [third, single, single] },
        ];
    }

    private static PiecewiseLinearFunction Function(string name, int knots, double start)
    {
        var at = Rational.FromDouble(start) + Rational.Create(1, 3);
        var breakpoints = new List<Rational>();
        var slopes = new List<Rational> { Rational.Create(1, 3) };
        for (int i = 0; i < knots; i++)
        {
            var (gap, slope) = s_chains[name](i);
            breakpoints.Add(at);
            slopes.Add(Rational.FromDouble(slope) / 3);
            at += Rational.FromDouble(gap) / 3;
        }

        return PiecewiseLinearFunction.FromSlopes(breakpoints, slopes, 0, Rational.Create(1, 11));
    }

    private static void Attack<T>(KanDocument[] documents, BoundTally tally)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        foreach (var document in documents)
        {
            foreach (var lowering in s_lowerings)
            {
                if (BoundSubject<T>.Of(document, lowering) is not { } subject) continue;
                var edges = (EdgesDescription)document.Layers.First(static layer => layer is EdgesDescription);
                var breakpoints = edges.Edges[0].Function.Breakpoints;
                var random = new Random(7);
                foreach (var breakpoint in breakpoints.Append(breakpoints[^1] + 1).Append(breakpoints[0] - 1))
                {
                    T at = T.CreateChecked(breakpoint.ToDouble()), near = T.BitIncrement(at);
                    T inside = at + (T.CreateChecked(random.NextDouble()) * T.CreateChecked(0.1));
                    foreach (T x in (T[])[at, near, T.BitIncrement(near), T.BitDecrement(at), inside])
                    {
                        if (subject.Network.InputCount == 1) subject.Share([x], tally);
                        else
                        {
                            subject.Share([x, x], tally);
                            subject.Share([x, T.BitIncrement(x)], tally);
                            subject.Share([T.BitDecrement(x), inside], tally);
                        }
                    }
                }
            }
        }
    }
}
