using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Numerics;

namespace Kan.Networks;

/// <summary>Which of some integers, none of them 0, sum to a target: exactly, or not at all.</summary>
internal sealed class SubsetSum
{
    /// <summary>The maximum number of sums that a table of all of them holds: 4 MB.</summary>
    private const int MostTableBits = 1 << 20;

    private readonly BigInteger[] _numbers;
    private readonly BigInteger _target;

    public SubsetSum(BigInteger[] numbers, BigInteger target)
    {
        _numbers = numbers;
        _target = target;
    }

    /// <summary>Whether there is a subset, null if that is not decided, and the subset.</summary>
    /// <param name="mostSearched">The maximum number of numbers of which all subsets are searched.</param>
    public (bool? Found, ImmutableArray<int> Subset) Solve(int mostSearched)
    {
        var divisor = _numbers.Aggregate(BigInteger.Zero, BigInteger.GreatestCommonDivisor);
        if (!(_target % divisor).IsZero) return (false, []);

        // Leaving a negative number out is taking its opposite in: with S' the symmetric difference of S and the negative ones,
        // the sum of |number| over S' is the target less the sum of the negative numbers.
        var positive = Array.ConvertAll(_numbers, number => BigInteger.Abs(number) / divisor);
        var target = (_target - _numbers.Where(static number => number.Sign < 0)
            .Aggregate(BigInteger.Zero, static (sum, number) => sum + number)) / divisor;
        var total = positive.Aggregate(BigInteger.Zero, static (sum, number) => sum + number);
        if (target.Sign < 0 || target > total) return (false, []);
        if (total < MostTableBits && total * positive.Length < 64L * MostTableBits)
            return Answer(Table(Array.ConvertAll(positive, static number => (int)number), (int)target));
        return positive.Length <= mostSearched ? Answer(MeetInTheMiddle(positive, target)) : (null, []);
    }

    private (bool?, ImmutableArray<int>) Answer(bool[]? taken) => taken is null
        ? (false, [])
        : (true, [.. Enumerable.Range(0, taken.Length).Where(i => taken[i] != _numbers[i].Sign < 0)]);

    /// <summary>For each sum the number that first made it possible: walking back from the target gives the subset.</summary>
    private static bool[]? Table(int[] numbers, int target)
    {
        int[] last = new int[target + 1];
        Array.Fill(last, -1);
        last[0] = numbers.Length;
        for (int i = 0; i < numbers.Length; i++)
        {
            for (int sum = target; sum >= numbers[i]; sum--)
            {
                // Sums fall, so what is below was made without this number.
                if (last[sum] < 0 && last[sum - numbers[i]] >= 0) last[sum] = i;
            }
        }

        if (last[target] < 0) return null;
        bool[] taken = new bool[numbers.Length];
        for (int sum = target; sum > 0; sum -= numbers[last[sum]]) taken[last[sum]] = true;
        return taken;
    }

    /// <summary>All sums of each half, sorted; then one pointer runs up and the other down.</summary>
    private static bool[]? MeetInTheMiddle(BigInteger[] numbers, BigInteger target)
    {
        int half = numbers.Length / 2;
        var low = Sums(numbers.AsSpan(0, half));
        var high = Sums(numbers.AsSpan(half));
        int j = high.Length - 1;
        foreach (var (sum, mask) in low)
        {
            while (j >= 0 && sum + high[j].Sum > target) j--;
            if (j < 0) return null;
            if (sum + high[j].Sum != target) continue;
            ulong all = mask | ((ulong)high[j].Mask << half);
            return [.. Enumerable.Range(0, numbers.Length).Select(i => ((all >> i) & 1) != 0)];
        }

        return null;
    }

    /// <summary>The sums of all subsets, increasing: merging the sums without a number with those with it keeps them sorted.</summary>
    private static (BigInteger Sum, uint Mask)[] Sums(ReadOnlySpan<BigInteger> numbers)
    {
        var sums = new (BigInteger Sum, uint Mask)[] { (BigInteger.Zero, 0) };
        for (int i = 0; i < numbers.Length; i++)
        {
            var merged = new (BigInteger Sum, uint Mask)[sums.Length * 2];
            for (int without = 0, with = 0, k = 0; k < merged.Length; k++)
            {
                bool takeWithout = with == sums.Length || (without < sums.Length && sums[without].Sum <= sums[with].Sum + numbers[i]);
                merged[k] = takeWithout ? sums[without++] : (sums[with].Sum + numbers[i], sums[with++].Mask | (1u << i));
            }

            sums = merged;
        }

        return sums;
    }
}
