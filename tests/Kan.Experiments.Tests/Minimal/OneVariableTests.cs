using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Experiments.Minimal;
using Xunit;

namespace Kan.Experiments.Tests.Minimal;

/// <summary>The fewest units of functions of one variable, against searches that know nothing of the arguments.</summary>
public sealed class OneVariableTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_choice_of_fewer_units_is_the_function(int k)
    {
        int exceptions = 0;
        foreach (var function in RandomFunctions.WithBreakpoints(k, 40))
        {
            int plain = Fewest(function, withAffineTerm: false), affine = Fewest(function, withAffineTerm: true);
            Assert.Equal(k, affine);
            Assert.Equal(k, OneVariable.WithAffineTerm(function).Units.Count);
            Assert.Equal(plain, OneVariable.WithoutAffineTerm(function).UnitCount);
            if (plain != k) exceptions++;
        }

        Assert.InRange(exceptions, 1, 39);
    }

    [Fact]
    public void Two_units_with_three_bends_satisfy_the_condition()
    {
        var random = new Random(5);
        int found = 0;
        for (int i = 0; i < 5000; i++)
        {
            // What a second unit rectifies, in terms of x and the first, whose place is 0.
            var inner = PiecewiseLinearFunction.FromSlopes([0], [random.Next(-5, 6), random.Next(-5, 6)], 0, random.Next(-5, 6));
            var relu = PiecewiseLinearFunction.Relu;
            var function = PiecewiseLinearFunction.Linear(Draw(random), Draw(random)) + (Draw(random) * relu)
                + (Draw(random) * relu.Compose(inner));
            var two = OneVariable.TwoUnits(function);
            if (function.Breakpoints.Length < 3)
            {
                Assert.Null(two);
                continue;
            }

            found++;
            Assert.NotNull(two);
            Assert.Equal(2, two.Units.Count);
            var edge = new KanNetwork([new KanLayer(1, 1, [new KanEdge(0, 0, function)])]);
            Assert.True(Equivalence.Decide(edge, two.ToKan(), cancellation: TestContext.Current.CancellationToken).IsProved);
        }

        Assert.True(found > 100, $"Only {found} functions have three breakpoints.");
    }

    [Fact]
    public void Bounds_at_any_depth_are_those_of_small_cases()
    {
        Assert.Equal([1, 2, 2, 3, 3, 3, 3, 4], Enumerable.Range(1, 8).Select(static k => OneVariable.UnitsForPieces(k)));
        Assert.Equal([1, 2, 3, 3], Enumerable.Range(1, 4).Select(OneVariable.UnitsForAlmostAll));
        Assert.Equal([2, 4, 5, 6], Enumerable.Range(1, 4).Select(Tents.LeastInLayers));
    }

    private static Rational Draw(Random random) => random.Next(-5, 6);

    /// <summary>
    /// The least number of units at the breakpoints and at two places more, facing either way, whose weights can be chosen so that they are
    /// the function: all choices are tried, and the weights are the solution of linear equations.
    /// </summary>
    private static int Fewest(PiecewiseLinearFunction function, bool withAffineTerm)
    {
        Rational[] places = [.. function.Breakpoints.Append(Rational.Create(21, 2)).Append(Rational.Create(-21, 2)).Order()];

        // Two points on each piece between places.
        Rational[] points = [places[0] - 1, .. places, .. places.Zip(places.Skip(1), static (a, b) => (a + b) / 2), places[^1] + 1];
        var units = places.SelectMany(place => new[] { Column(points, x => Positive(x - place)), Column(points, x => Positive(place - x)) })
            .ToList();
        List<Rational[]> always = [Column(points, static _ => 1),
            .. withAffineTerm ? [Column(points, static x => x)] : Array.Empty<Rational[]>()];
        var target = Column(points, function.Evaluate);
        for (int count = 0; ; count++)
        {
            if (Choices(units, count, 0).Any(choice => IsCombination([.. always, .. choice], target))) return count;
        }
    }

    private static Rational[] Column(Rational[] points, Func<Rational, Rational> function) =>
        Array.ConvertAll(points, point => function(point));

    private static Rational Positive(Rational x) => x.Sign > 0 ? x : 0;

    private static IEnumerable<IReadOnlyList<Rational[]>> Choices(List<Rational[]> units, int count, int start)
    {
        if (count == 0)
        {
            yield return [];
            yield break;
        }

        for (int i = start; i < units.Count; i++)
        {
            foreach (var rest in Choices(units, count - 1, i + 1)) yield return [units[i], .. rest];
        }
    }

    /// <summary>Whether a column is a combination of others: eliminates one after the other.</summary>
    private static bool IsCombination(IReadOnlyList<Rational[]> columns, Rational[] target)
    {
        var reduced = new List<(int Pivot, Rational[] Column)>();
        foreach (var column in columns)
        {
            var rest = Reduce(column);
            int pivot = Array.FindIndex(rest, static entry => !entry.IsZero);
            if (pivot >= 0) reduced.Add((pivot, rest));
        }

        return Array.TrueForAll(Reduce(target), static entry => entry.IsZero);

        Rational[] Reduce(Rational[] column)
        {
            Rational[] rest = [.. column];
            foreach (var (pivot, other) in reduced)
            {
                var factor = rest[pivot] / other[pivot];
                for (int i = 0; i < rest.Length && !factor.IsZero; i++) rest[i] -= factor * other[i];
            }

            return rest;
        }
    }
}
