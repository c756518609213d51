using System;
using System.Linq;
using System.Threading;
using Kan.Testing;
using Xunit;

namespace Kan.Tests.Equivalences;

/// <summary>Equalities of wide and deep networks that take branching, and differences that are as small.</summary>
public sealed class ReorderedMaximaTests
{
    private static readonly EquivalenceOptions s_unhurried = new()
    {
        TimeLimit = Timeout.InfiniteTimeSpan,
        CellLimit = int.MaxValue,
        LinearProgramLimit = int.MaxValue,
    };

    public static TheoryData<int[], bool> Shapes => new(
        from widths in (int[][])[[2, 32, 32], [4, 8, 8], [8, 8], [8, 16, 16], [12, 16, 16]]
        from isBox in (bool[])[false, true]
        select (widths, isBox));

    /// <summary>The order of the maximum does not depend on what lies below it, so a handful of cells suffices for any width.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_maximum_in_another_order_is_proved_above_dense_layers(int[] widths, bool isBox)
    {
        var (left, right) = ReorderedMaxima.Dense(3, widths);
        var result = Decide(left, right, isBox);
        Assert.Equal(EquivalenceVerdict.Proved, result.Verdict);
        Assert.InRange(result.CellCount, 2, 16);
    }

    [Theory]
    [InlineData(2, 10)]
    [InlineData(4, 3)]
    [InlineData(8, 3)]
    [InlineData(16, 2)]
    public void Sums_of_maxima_in_another_order_are_proved(int inputs, int terms)
    {
        foreach (bool isBox in (bool[])[false, true])
        {
            var (left, right) = ReorderedMaxima.Sum(inputs, inputs, terms);
            Assert.Equal(EquivalenceVerdict.Proved, Decide(left, right, isBox).Verdict);
        }
    }

    /// <summary>
    /// The output bends once more, by little, beyond a value that one sample takes: equal where that is not reached, and refuted by a point
    /// that is evaluated.
    /// </summary>
    [Fact]
    public void A_bend_far_up_is_found_by_branching_alone()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var (left, right) = seed % 2 == 0 ? ReorderedMaxima.Sum(seed, 3, 2) : ReorderedMaxima.Dense(seed, 2, 4, 4);
            Rational[] reached = [.. Enumerable.Range(0, left.InputCount).Select(i => Rational.Create((seed % 5) - 2 + i, 2))];
            var height = left.Evaluate(reached)[0] - Rational.Create(1, 64);
            var bend = PiecewiseLinearFunction.Identity
                + (Rational.Create(1, 1000) * PiecewiseLinearFunction.Relu.Compose(PiecewiseLinearFunction.Linear(1, -height)));
            var mutant = new KanNetwork([.. right.Layers, new KanLayer(1, 1, [new KanEdge(0, 0, bend)])]);
            var result = Equivalence.Decide(left, mutant, options: s_unhurried with { SampleCount = 0, LineCount = 0 },
                cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(EquivalenceVerdict.Refuted, result.Verdict);
            Rational[] at = [.. result.Counterexample!.Inputs];
            Assert.NotEqual(left.Evaluate(at)[0], mutant.Evaluate(at)[0]);
        }
    }

    /// <summary>
    /// Small networks with a unit more or less, with and without a box: whenever the answer is that they are equal, no point of a grid
    /// tells them apart, and whenever a point does, the answer is that they differ.
    /// </summary>
    [Fact]
    public void No_verdict_is_wrong()
    {
        int proved = 0, refuted = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var (left, right) = random.Next(2) == 0 ? ReorderedMaxima.Sum(seed, 2, 1 + random.Next(2)) : ReorderedMaxima.Dense(seed, 2, 3);
            int bends = random.Next(3);
            for (int i = 0; i < bends; i++)
            {
                var bend = PiecewiseLinearFunction.Identity + (Rational.Create(random.Next(-2, 3), 4)
                    * PiecewiseLinearFunction.Relu.Compose(PiecewiseLinearFunction.Linear(1, Rational.Create(random.Next(-24, 25), 4))));
                right = new KanNetwork([.. right.Layers, new KanLayer(1, 1, [new KanEdge(0, 0, bend)])]);
            }

            bool isBox = random.Next(2) == 0;
            var result = Decide(left, right, isBox, s_unhurried with { SampleCount = 0, LineCount = 0 });
            Assert.NotEqual(EquivalenceVerdict.Undecided, result.Verdict);
            var differs = false;
            for (int i = -8; i <= 8; i++)
            {
                for (int j = -8; j <= 8; j++)
                {
                    Rational[] point = [Rational.Create(i, isBox ? 8 : 1), Rational.Create(j, isBox ? 8 : 1)];
                    differs |= left.Evaluate(point)[0] != right.Evaluate(point)[0];
                }
            }

            Assert.False(differs && result.IsProved, $"Network {seed} is not equal.");
            if (result.IsProved) proved++;
            else refuted++;
        }

        Assert.True(proved > 100 && refuted > 100, $"{proved} were proved and {refuted} refuted.");
    }

    private static EquivalenceResult Decide(KanNetwork left, KanNetwork right, bool isBox, EquivalenceOptions? options = null)
    {
        InputRange[]? box = isBox ? [.. Enumerable.Repeat(new InputRange(-1, 1), left.InputCount)] : null;
        return Equivalence.Decide(left, right, box, options ?? s_unhurried, TestContext.Current.CancellationToken);
    }
}
