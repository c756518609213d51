using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Tests.Relu;

/// <summary>The forms of Lemma 1, and when one unit for each breakpoint is enough.</summary>
public sealed class LemmaOneTests
{
    [Fact]
    public void All_forms_are_the_function_with_the_units_they_promise() => Generators.Function.Sample(
        static function =>
        {
            int k = function.Breakpoints.Length;
            AssertSame(function, function.ToRelu(FunctionUnits.TwoSided), Math.Max(k + 1, 2));
            AssertSame(function, function.ToRelu(FunctionUnits.IdentityPath), k + 2);
            var decision = MinimalUnits.Decide(function);
            if (decision.Answer == MinimalUnitsAnswer.Sufficient) AssertSame(function, function.ToRelu(FunctionUnits.OnePerBreakpoint), k);
            else Assert.Throws<InvalidOperationException>(() => function.ToRelu(FunctionUnits.OnePerBreakpoint));
        },
        iter: 1_000);

    [Fact]
    public void The_decision_is_that_of_trying_every_subset() =>
        Gen.Select(Gen.Int[-6, 6].Array[1, 9], Gen.Int[-8, 8], Gen.OneOf(1, 3, 1 << 20)).Sample(
        static (kinks, slope, denominator) =>
        {
            var function = FromKinks(Rational.Create(slope, denominator),
                [.. kinks.Where(static kink => kink != 0).Select(kink => Rational.Create(kink, denominator))]);
            int k = function.Breakpoints.Length;
            bool exists = Enumerable.Range(0, 1 << k)
                .Any(subset => Sum(function, Enumerable.Range(0, k).Where(i => ((subset >> i) & 1) != 0)) == -function.Slopes[0]);
            Assert.Equal(exists ? MinimalUnitsAnswer.Sufficient : MinimalUnitsAnswer.Insufficient, MinimalUnits.Decide(function).Answer);
        },
        iter: 2_000);

    [Theory]
    [InlineData(24)]
    [InlineData(MinimalUnits.MostSearchedBreakpoints)]
    public void Long_searches_end_with_a_subset_or_none(int k)
    {
        // Kinks with many digits, so that only meeting in the middle decides; the slopes are kept off 0 by the long last digits.
        var random = new Random(k);
        Rational[] kinks = [.. Enumerable.Range(0, k)
            .Select(_ => Rational.Create(random.NextInt64(long.MinValue / 4, long.MaxValue / 4) | 1, 1L << 40))];
        int[] chosen = [.. Enumerable.Range(0, k).Where(i => i % 3 == 1)];
        var slope = -chosen.Aggregate(Rational.Zero, (sum, i) => sum + kinks[i]);
        var function = FromKinks(slope, kinks);
        var decision = MinimalUnits.Decide(function);
        Assert.Equal(MinimalUnitsAnswer.Sufficient, decision.Answer);
        Assert.Equal(-slope, Sum(function, decision.LeftFacing));

        var other = FromKinks(slope + Rational.Create(2, 1L << 40), kinks);
        Assert.Equal(MinimalUnitsAnswer.Insufficient, MinimalUnits.Decide(other).Answer);
    }

    [Fact]
    public void Beyond_the_search_the_answer_is_honest()
    {
        var random = new Random(5);
        Rational[] kinks = [.. Enumerable.Range(0, MinimalUnits.MostSearchedBreakpoints + 8)
            .Select(_ => (Rational)random.NextInt64(1L << 40, 1L << 50) * random.Next(1, 3))];
        var undecided = FromKinks(-(Rational)(1L << 54) - 1, kinks);
        Assert.Equal(MinimalUnitsAnswer.Undecided, MinimalUnits.Decide(undecided).Answer);
        Assert.Contains("40", Assert.Throws<InvalidOperationException>(() => undecided.ToRelu(FunctionUnits.OnePerBreakpoint)).Message,
            StringComparison.Ordinal);

        // Short sums are decided for any number of breakpoints, and so is what is out of reach, not divisible, or flat somewhere.
        Assert.Equal(MinimalUnitsAnswer.Sufficient,
            MinimalUnits.Decide(FromKinks(-16,
            [.. Enumerable.Repeat(Rational.Create(5, 2), 100).Concat([Rational.Create(7, 2), Rational.Create(-3, 2)])])).Answer);
        Assert.Equal(MinimalUnitsAnswer.Insufficient, MinimalUnits.Decide(FromKinks(1, kinks)).Answer);
        Assert.Equal(MinimalUnitsAnswer.Insufficient,
            MinimalUnits.Decide(FromKinks(-3, [.. Enumerable.Range(0, 90).Select(i => (Rational)(4 * (i % 2 == 0 ? 1 : -3)))])).Answer);
        Assert.Equal(MinimalUnitsAnswer.Sufficient, MinimalUnits.Decide(FromKinks(-kinks[0] - kinks[1], kinks)).Answer);
    }

    [Fact]
    public void Fewest_units_are_one_for_each_breakpoint_around_a_common_flat_segment() =>
        Gen.Select(Generators.Increasing(Generators.SmallRational, 1, 5), Gen.Int[0, 5], Generators.SmallRational.Array[6].Array[3]).Sample(
            static (grid, flat, slopes) =>
            {
                flat = Math.Min(flat, grid.Length);
                var functions =
                    slopes.Select(own => PiecewiseLinearFunction.FromSlopes(grid,
                    [.. own.Take(grid.Length + 1).Select((slope, i) => i == flat ? 0 : slope)], 1, 2)).ToList();
                var layer = new KanLayer(1, 3, functions.Select(static (function, q) => new KanEdge(0, q, function)));
                var relu = layer.ToRelu(ReluUnits.Fewest);
                Assert.True(relu.UnitCount <= grid.Length);
                for (int q = 0; q < 3; q++) Assert.Equal(functions[q], relu.ToKan().AlongLine([0], [1])![q]);
            },
            iter: 500);

    private static void AssertSame(PiecewiseLinearFunction function, ReluNetwork relu, int mostUnits)
    {
        Assert.True(relu.UnitCount <= mostUnits);
        Assert.Equal(function, Assert.Single(relu.ToKan().AlongLine([0], [1])!));
    }

    private static Rational Sum(PiecewiseLinearFunction function, IEnumerable<int> kinks) =>
        kinks.Aggregate(Rational.Zero, (sum, i) => sum + function.Slopes[i + 1] - function.Slopes[i]);

    private static PiecewiseLinearFunction FromKinks(Rational slope, Rational[] kinks)
    {
        List<Rational> slopes = [slope];
        foreach (var kink in kinks) slopes.Add(slopes[^1] + kink);
        return PiecewiseLinearFunction.FromSlopes([.. Enumerable.Range(1, kinks.Length).Select(static i => (Rational)i)], slopes, 3, 4);
    }
}
