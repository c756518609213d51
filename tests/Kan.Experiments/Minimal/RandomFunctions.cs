using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Experiments.Minimal;

/// <summary>Random functions and networks with small integers, the same in every run.</summary>
internal static class RandomFunctions
{
    /// <summary>Functions of exactly k breakpoints.</summary>
    public static IEnumerable<PiecewiseLinearFunction> WithBreakpoints(int k, int count)
    {
        var random = new Random(k);
        while (count > 0)
        {
            var places = Places(random, k);
            Rational[] slopes = [.. Enumerable.Range(0, k + 1).Select(_ => Draw(random))];
            var function = PiecewiseLinearFunction.FromSlopes(places, slopes, 0, Draw(random));
            if (function.Breakpoints.Length != k) continue;
            count--;
            yield return function;
        }
    }

    /// <summary>Functions of three breakpoints that two units compute.</summary>
    public static IEnumerable<PiecewiseLinearFunction> OfTwoUnits(int count)
    {
        var random = new Random(23);
        while (count > 0)
        {
            var places = Places(random, 3);
            Rational slope = Draw(random), first = Draw(random), second = Draw(random);
            var last = first * (places[1] - places[0]) / (places[2] - places[1]);
            Rational[] slopes = [slope, slope + first, slope + first + second, slope + first + second + last];
            var function = PiecewiseLinearFunction.FromSlopes(places, slopes, 0, Draw(random));
            if (function.Breakpoints.Length != 3) continue;
            count--;
            yield return function;
        }
    }

    /// <summary>A network of two inputs with layers of a few units.</summary>
    public static UnitNetwork Layered(int[] widths, int seed)
    {
        var random = new Random(seed);
        return UnitNetwork.Of((network, x, y) =>
        {
            UnitForm[] values = [x, y];
            foreach (int width in widths) values = [.. Enumerable.Range(0, width).Select(_ => network.Relu(Combination(values)))];
            return Combination(values);
        });

        UnitForm Combination(UnitForm[] values) =>
            values.Aggregate((UnitForm)Draw(random), (sum, value) => sum + (Draw(random) * value));
    }

    private static Rational Draw(Random random) => random.Next(-3, 4);

    private static Rational[] Places(Random random, int count) =>
        [.. Enumerable.Range(-9, 19).OrderBy(_ => random.Next()).Take(count).Order().Select(static place => (Rational)place)];
}
