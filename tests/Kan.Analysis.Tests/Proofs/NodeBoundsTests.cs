using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using CsCheck;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Analysis.Tests.Proofs;

/// <summary>Bounds of nodes hold at all points that are tried, and show simplifications what interval arithmetic does not see.</summary>
public sealed class NodeBoundsTests
{
    private static readonly NodeBounds[] s_all = [RelaxedBounds.Of, ProvedBounds.Of];

    [Fact]
    public void Values_are_within_the_bounds() =>
        Gen.Select(Gen.OneOf(Generators.Network, Generators.ReluNetwork.Select(static network => network.ToKan())), Gen.Int, Gen.Bool)
            .Sample(
        static (network, seed, isProved) =>
        {
            var random = new Random(seed);
            InputRange[] box = [.. Enumerable.Range(0, network.InputCount).Select(_ => Interval(random))];
            var bounds = s_all[isProved ? 1 : 0](network, box, TestContext.Current.CancellationToken);
            for (int i = 0; i < 20; i++)
            {
                Rational[] values =
                    [.. box.Select(range => range.Low
                    + (Rational.Create(i < 8 ? 6 * random.Next(2) : random.Next(7), 6) * (range.High - range.Low)))];
                for (int level = 0; level < bounds.Count; level++)
                {
                    if (level > 0) values = network.Layers[level - 1].Evaluate(values);
                    for (int q = 0; q < values.Length; q++)
                    {
                        if (bounds[level][q] is { } range)
                            Assert.True(range.Low <= values[q] && values[q] <= range.High, $"level {level}, node {q}");
                    }
                }
            }
        },
        iter: 300);

    [Fact]
    public void Networks_simplified_by_them_are_the_same_on_the_box()
    {
        int proved = 0, all = 0;
        Gen.Select(Gen.OneOf(Generators.Network, Generators.DenseReluNetwork.Select(static network => network.ToKan())), Gen.Int, Gen.Bool)
            .Sample(
            (network, seed, isProved) =>
            {
                var random = new Random(seed);
                InputRange[] box = [.. Enumerable.Range(0, network.InputCount).Select(_ => Interval(random))];
                var result = RangeSimplifier.Simplify(network, box, new SimplificationOptions { Bounds = s_all[isProved ? 1 : 0] },
                    TestContext.Current.CancellationToken);
                var verdict = Equivalence.Decide(network, result.Network, box,
                    new EquivalenceOptions { CellLimit = 300, LinearProgramLimit = 6_000, TimeLimit = Timeout.InfiniteTimeSpan },
                    TestContext.Current.CancellationToken);
                Assert.False(verdict.IsRefuted, verdict.ToString());
                Interlocked.Increment(ref all);
                if (verdict.IsProved) Interlocked.Increment(ref proved);
            },
            iter: 300);
        Assert.True(proved * 10 >= all * 8, $"{proved} of {all} are proved equal.");
    }

    [Fact]
    public void Proofs_find_a_unit_that_relaxations_do_not()
    {
        // |x + y| + |x - y| is at most 2 on the square, but at most 4 by the bounds of its terms.
        var abs = PiecewiseLinearFunction.FromSlopes([0], [-1, 1], 0, 0);
        var network = new KanNetwork(
        [
            KanLayer.Affine(2, 2, static (q, p) => p == 0 || q == 0 ? 1 : -1),
            KanLayer.Activation(2, abs),
            KanLayer.Affine(2, 2, static (q, _) => q == 0 ? 1 : 2, [Rational.Create(-201, 100), -1]),
            KanLayer.Activation(2, PiecewiseLinearFunction.Relu),
            KanLayer.Affine(2, 1, static (_, _) => 1),
        ]);
        InputRange[] box = [new InputRange(-1, 1), new InputRange(-1, 1)];
        Assert.DoesNotContain(Steps(RelaxedBounds.Of), static step => step.Kind == SimplificationKind.NeverSwitches);
        Assert.Equal([0], Assert.Single(Steps(ProvedBounds.Of), static step => step.Kind == SimplificationKind.NeverSwitches).Nodes);

        IEnumerable<SimplificationStep> Steps(NodeBounds bounds) =>
            RangeSimplifier.Simplify(network, box, new SimplificationOptions { Bounds = bounds }, TestContext.Current.CancellationToken)
                .Steps;
    }

    [Fact]
    public void What_is_too_large_for_a_double_has_no_bound()
    {
        var huge = (Rational)double.MaxValue * 4;
        var network = new KanNetwork([KanLayer.Affine(1, 1, (_, _) => huge), KanLayer.Activation(1, PiecewiseLinearFunction.Relu)]);
        Assert.All(s_all, bounds => Assert.All(bounds(network, [new InputRange(-1, 1)], TestContext.Current.CancellationToken).Skip(1),
            static level => Assert.All(level, static range => Assert.Null(range))));
        Assert.All(s_all, bounds => Assert.Empty(bounds(network, [new InputRange(-huge, 1)], TestContext.Current.CancellationToken)));
        Assert.All(s_all, bounds => Assert.Throws<ArgumentException>(() => bounds(network, [], TestContext.Current.CancellationToken)));
    }

    private static InputRange Interval(Random random)
    {
        var low = Rational.Create(random.Next(-24, 24), random.Next(1, 5));
        return new InputRange(low, low + Rational.Create(random.Next(0, 36), random.Next(1, 7)));
    }
}
