using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// Inputs that floating-point code gets wrong: breakpoints and their neighbours, signed zeros, the ends of the format, NaN.
/// </summary>
internal static class AdversarialInputs
{
    public static IEnumerable<T[]> For<T>(KanNetwork network, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var random = new Random(seed);
        int n = network.InputCount;
        var special = new List<T>
        {
            T.Zero, T.NegativeZero, T.Epsilon, -T.Epsilon, T.CreateChecked(1e-30), T.MaxValue, T.MinValue,
            T.PositiveInfinity, T.NegativeInfinity, T.NaN, T.One, T.NegativeOne,
        };
        var bent = network.Layers.Select(static layer => layer.Edges.Where(static edge => !edge.Function.IsAffine).Take(6).ToList())
            .FirstOrDefault(static edges => edges.Count > 0);
        foreach (var breakpoint in (bent ?? []).SelectMany(static edge => edge.Function.Breakpoints).Distinct())
        {
            T b = T.CreateChecked(breakpoint.ToDouble());
            special.AddRange([b, T.BitIncrement(b), T.BitDecrement(b)]);
        }

        foreach (var value in special)
        {
            var same = new T[n];
            Array.Fill(same, value);
            yield return same;
            var one = Ordinary();
            one[random.Next(n)] = value;
            yield return one;
        }

        for (int i = 0; i < 20; i++)
        {
            var mixed = Ordinary();
            for (int p = 0; p < n; p++)
            {
                if (random.Next(3) == 0) mixed[p] = special[random.Next(special.Count)];
            }

            yield return i % 2 == 0 ? mixed : Ordinary();
        }

        T[] Ordinary() => [.. Enumerable.Range(0, n).Select(_ => T.CreateChecked((random.NextDouble() * 8) - 4))];
    }
}
