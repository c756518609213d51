using System;
using System.Collections.Immutable;

namespace Kan.Networks;

/// <summary>
/// The edges of a layer as functions of codes of 16 bits, in integers: an edge has a value at each of some codes, the knots, and between
/// two knots the mean of their values, weighted by how near the code is to each. The weights of a code add up to <see cref="Whole"/>: the
/// second is ((code - knot) * factor + 2^16) / 2^17, rounded down, where the factor of a segment is the whole times 2^17 divided by its
/// length, halves upward, and the first is the rest. An edge adds (first * value + second * next value) / 2^shift, rounded down, to the
/// sum of its output.
/// </summary>
/// <param name="Knots">
/// The knots that all inputs share, or those of each input: codes that increase from 0 to 65,535.
/// </param>
/// <param name="Shift">The power of 2 that what an edge adds is divided by, so that sums fit 32 bits: 0 to 30.</param>
/// <param name="Values">The values, ordered by input, then knot, then output; -32,768 is none.</param>
public sealed record WideCurves(ImmutableArray<ImmutableArray<ushort>> Knots, int Shift, ImmutableArray<short> Values)
{
    /// <summary>What the two weights of a code add up to.</summary>
    public const int Whole = short.MaxValue;

    /// <summary>Factors are in units of 2^-17: codes times factors fit 32 bits without a sign.</summary>
    internal const int FactorShift = 17;

    /// <summary>Whether all inputs have the same knots.</summary>
    public bool AreShared => Knots.Length == 1;

    /// <summary>The knots of an input.</summary>
    public ImmutableArray<ushort> KnotsOf(int input) => Knots[AreShared ? 0 : input];

    /// <summary>The segment between two knots of an input that a code is in, and the weight of its second knot.</summary>
    public (int Segment, int Weight) Place(int input, int code)
    {
        var knots = KnotsOf(input);
        int low = 0, high = knots.Length - 2;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (code >= knots[middle]) low = middle;
            else high = middle - 1;
        }

        uint factor = Factor(knots[low + 1] - knots[low]);
        return (low, (int)((((uint)(code - knots[low]) * factor) + (1u << (FactorShift - 1))) >> FactorShift));
    }

    /// <summary>What each code of a segment adds to the weight of its second knot, in units of 2^-17.</summary>
    /// <param name="length">The codes of the segment, 1 to 65,535.</param>
    public static uint Factor(int length) => (uint)((((long)Whole << FactorShift) + (length / 2)) / length);

    /// <summary>What an edge adds to a sum.</summary>
    /// <param name="weight">The weight of the second knot.</param>
    /// <param name="value">The value at the first knot.</param>
    /// <param name="next">The value at the second.</param>
    public int Term(int weight, short value, short next) => (((Whole - weight) * value) + (weight * next)) >> Shift;

    /// <summary>The largest sum of sizes that the edges of an output can add, whatever the codes and the order.</summary>
    internal long MostSum(int inputs, int output)
    {
        long most = 0;
        int outputs = Values.Length / Count(inputs), at = output;
        for (int p = 0; p < inputs; p++)
        {
            long largest = 0;
            for (int k = 0; k < KnotsOf(p).Length; k++, at += outputs) largest = Math.Max(largest, Math.Abs((int)Values[at]));
            if (largest > 0) most += ((largest * Whole) >> Shift) + 1;
        }

        return most;
    }

    /// <summary>The knots of some inputs together.</summary>
    internal int Count(int inputs)
    {
        int count = 0;
        for (int p = 0; p < inputs; p++) count += KnotsOf(p).Length;
        return count;
    }
}
