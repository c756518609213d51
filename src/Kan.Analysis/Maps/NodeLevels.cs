using System;
using System.Linq;
using System.Numerics;

namespace Kan.Analysis;

/// <summary>
/// The breakpoints u_0 &lt; u_1 &lt; ... that the edges leaving one node have between them. A value has label 2 i inside segment i, that
/// is between u_(i-1) and u_i, and label 2 i + 1 exactly on u_i.
/// </summary>
internal sealed class NodeLevels(Rational[] breakpoints)
{
    private readonly double[] _approximate = [.. breakpoints.Select(static value => Integers.Quotient(value.Numerator, value.Denominator))];

    public int Count => breakpoints.Length;

    public Rational this[int index] => breakpoints[index];

    /// <summary>The label of a value numerator / denominator, with a positive denominator.</summary>
    public int Label(BigInteger numerator, BigInteger denominator)
    {
        int low = 0, high = breakpoints.Length;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            int order = (breakpoints[middle].Numerator * denominator).CompareTo(numerator * breakpoints[middle].Denominator);
            if (order == 0) return (2 * middle) + 1;
            if (order < 0) low = middle + 1;
            else high = middle;
        }

        return 2 * low;
    }

    /// <summary>The label of a value known to be within an error of a double, or -1 where that does not tell it.</summary>
    public int Label(double value, double error)
    {
        int low = 0, high = _approximate.Length;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            double level = _approximate[middle];
            double margin = error + (Math.Abs(level) * Integers.QuotientError);

            // Not (distance <= margin), so that NaN and an infinite error are undecided.
            if (!(Math.Abs(value - level) > margin)) return -1;
            if (level < value) low = middle + 1;
            else high = middle;
        }

        return 2 * low;
    }

    /// <summary>The segment a label belongs to; a value on a breakpoint belongs to the segment on its right.</summary>
    public static int SegmentOf(int label) => (label + 1) >> 1;

    /// <summary>The label of being on breakpoint i.</summary>
    public static int LabelOf(int breakpoint) => (2 * breakpoint) + 1;
}
