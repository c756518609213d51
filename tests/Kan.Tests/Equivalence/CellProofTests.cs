using System.Collections.Generic;
using System.Linq;
using System.Threading;
using CsCheck;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Tests.Equivalences;

/// <summary>Equalities that no normal form shows, and what remains when a limit stops the search for them.</summary>
public sealed class CellProofTests
{
    private static readonly EquivalenceOptions s_unhurried = new() { TimeLimit = Timeout.InfiniteTimeSpan };

    private static readonly PiecewiseLinearFunction s_identity = PiecewiseLinearFunction.Identity;
    private static readonly PiecewiseLinearFunction s_relu = PiecewiseLinearFunction.Relu;

    // max(a, b) = ReLU(a - b) + b, taken from the left or from the right: max is associative.
    private static readonly KanNetwork s_left = MaximumOfThree(0, 1, 2, 1);
    private static readonly KanNetwork s_right = MaximumOfThree(2, 1, 0, 1);

    [Fact]
    public void Associativity_is_proved_on_all_of_space()
    {
        var result = Equivalence.Decide(s_left, s_right, options: s_unhurried, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(EquivalenceVerdict.Proved, result.Verdict);
        Assert.Equal(EquivalenceMethod.Cells, result.Method);

        // Three pairs are compared, which orders the three numbers: six orders; in two of the six the left side compares one pair more than
        // it needs.
        Assert.InRange(result.CellCount, 4, 8);
    }

    [Fact]
    public void Associativity_is_proved_on_a_box_with_a_fixed_input()
    {
        InputRange[] box = [new(-1, 2), new(Rational.Create(1, 3), Rational.Create(1, 3)), new(0, 5)];
        Assert.Equal(EquivalenceVerdict.Proved,
            Equivalence.Decide(s_left, s_right, box, s_unhurried, cancellation: TestContext.Current.CancellationToken).Verdict);
    }

    [Fact]
    public void A_difference_far_away_is_found_by_the_cells_alone()
    {
        // The mutant bends once more where the maximum passes a million.
        var bend = s_identity + (Rational.Create(1, 1_000) * s_relu.Compose(PiecewiseLinearFunction.Linear(1, -1_000_000)));
        var mutant = new KanNetwork([.. s_right.Layers, new KanLayer(1, 1, [new KanEdge(0, 0, bend)])]);
        var result = Equivalence.Decide(s_left, mutant, options: s_unhurried with { SampleCount = 0, LineCount = 0 },
            cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(EquivalenceVerdict.Refuted, result.Verdict);
        Assert.Equal(EquivalenceMethod.Cells, result.Method);
        Assert.True(result.Counterexample!.Inputs.Max() > 1_000_000);

        // On a box that ends below the bend nothing differs.
        InputRange[] box = [.. Enumerable.Repeat(new InputRange(-1_000_000, 1_000_000), 3)];
        Assert.Equal(EquivalenceVerdict.Proved,
            Equivalence.Decide(s_left, mutant, box, s_unhurried, cancellation: TestContext.Current.CancellationToken).Verdict);
    }

    [Fact]
    public void A_limit_leaves_the_question_open_and_says_so()
    {
        foreach (var options in new[] { s_unhurried with { CellLimit = 1 }, s_unhurried with { LinearProgramLimit = 3 },
            s_unhurried with { CellInputLimit = 2 } })
        {
            var result = Equivalence.Decide(s_left, s_right, options: options, cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(EquivalenceVerdict.Undecided, result.Verdict);
            Assert.Contains("normal forms differ", result.Explanation, System.StringComparison.Ordinal);
            Assert.True(result.SampleCount >= options.SampleCount);
            Assert.Null(result.Counterexample);
            Assert.True(result.LargestDifference.IsZero);
        }
    }

    [Fact]
    public void Deep_networks_of_one_input_are_always_decided() =>
        Gen.Select(Gen.Int[1, 3].Array[3], Gen.Int).SelectMany(static (widths, seed) => Gen.Select(
        Generators.Layer(1, widths[0]), Generators.Layer(widths[0], widths[1]), Generators.Layer(widths[1], widths[2]), Gen.Const(seed)))
            .Sample(
        static (first, second, third, seed) =>
        {
            var network = new KanNetwork([first, second, third]);
            foreach (var (_, mutant) in Mutations.Of(network, new System.Random(seed)))
            {
                var result = Equivalence.Decide(network, mutant, options: s_unhurried with { SampleCount = 0, LineCount = 0 });
                Assert.NotEqual(EquivalenceVerdict.Undecided, result.Verdict);
                IReadOnlyList<PiecewiseLinearFunction> a = network.AlongLine([0], [1])!, b = mutant.AlongLine([0], [1])!;
                Assert.Equal(a.SequenceEqual(b), result.IsProved);
            }
        },
        iter: 100);

    [Fact]
    public void Networks_that_cannot_be_compared_are_refused()
    {
        var other = new KanNetwork([KanLayer.Activation(3, s_relu)]);
        Assert.Contains("3 inputs and 1 outputs",
            Assert.Throws<System.ArgumentException>(() => Equivalence.Decide(s_left, other,
            cancellation: TestContext.Current.CancellationToken)).Message, System.StringComparison.Ordinal);
        Assert.Throws<System.ArgumentException>(() =>
            Equivalence.Decide(s_left, s_right, [new InputRange(0, 1)], cancellation: TestContext.Current.CancellationToken));
        Assert.Throws<System.ArgumentException>(() =>
            Equivalence.Decide(s_left, s_right, [new(0, 1), new(0, 1), new(1, 0)], cancellation: TestContext.Current.CancellationToken));
    }

    /// <summary>max(max(x_a, x_b), x_c) from two layers of differences.</summary>
    private static KanNetwork MaximumOfThree(int a, int b, int c, Rational scale) => new(
    [
        // x_a - x_b, x_b, x_c.
        new KanLayer(3, 3, [new KanEdge(a, 0, s_identity), new KanEdge(b, 0, -s_identity), new KanEdge(b, 1, s_identity),
            new KanEdge(c, 2, s_identity)]),

        // max(x_a, x_b) - x_c, x_c.
        new KanLayer(3, 2, [new KanEdge(0, 0, s_relu), new KanEdge(1, 0, s_identity), new KanEdge(2, 0, -s_identity),
            new KanEdge(2, 1, s_identity)]),
        new KanLayer(2, 1, [new KanEdge(0, 0, scale * s_relu), new KanEdge(1, 0, scale * s_identity)]),
    ]);
}
