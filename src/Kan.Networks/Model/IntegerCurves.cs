using System;
using System.Collections.Immutable;

namespace Kan.Networks;

/// <summary>
/// The edges of a layer as functions of codes, in integers: an edge has a value at each of some codes, the knots, and between two knots the
/// mean of their values, weighted by how near the code is to each. The weights of a code are whole numbers, of which the second is
/// round(whole * (code - knot) / (next - knot)), halves upward, and the first is the rest of the whole; an edge adds
/// first * value + second * next value to the sum of its output.
/// </summary>
/// <param name="Knots">
/// The knots that all inputs share, or those of each input: codes that increase from 0 to <see cref="CodeRange.Highest"/>.
/// </param>
/// <param name="Whole">What the two weights of a code add up to, from 1 to 255.</param>
/// <param name="Values">The values, ordered by input, then knot, then output.</param>
public sealed record IntegerCurves(ImmutableArray<ImmutableArray<byte>> Knots, int Whole, ImmutableArray<sbyte> Values)
{
    /// <summary>Whether all inputs have the same knots.</summary>
    public bool AreShared => Knots.Length == 1;

    /// <summary>The knots of an input.</summary>
    public ImmutableArray<byte> KnotsOf(int input) => Knots[AreShared ? 0 : input];

    /// <summary>The segment between two knots of an input that a code is in, and the weight of its second knot.</summary>
    public (int Segment, int Weight) Place(int input, int code)
    {
        var knots = KnotsOf(input);
        int segment = 0;
        while (segment + 2 < knots.Length && code >= knots[segment + 1]) segment++;
        int length = knots[segment + 1] - knots[segment];
        return (segment, ((2 * (code - knots[segment]) * Whole) + length) / (2 * length));
    }

    /// <summary>The largest sum of sizes that the edges of an output can add, whatever the codes and the order.</summary>
    internal long MostSum(int inputs, int output)
    {
        long most = 0;
        int outputs = Values.Length / Count(inputs), at = output;
        for (int p = 0; p < inputs; p++)
        {
            int largest = 0;
            for (int k = 0; k < KnotsOf(p).Length; k++, at += outputs) largest = Math.Max(largest, Math.Abs((int)Values[at]));
            most += (long)largest * Whole;
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
