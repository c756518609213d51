using System;
using Kan.Compiler.Integers;

namespace Kan.Compiler.Certify;

/// <summary>
/// What a code of a hidden node is off: <c>share * (what the sum is off) + rounding - cut above + cut below</c>, the share from 0 to 1 as
/// the ReLU passes it.
/// </summary>
/// <param name="Sum">What the sum is off at most, up or down.</param>
/// <param name="LeastShare">The least share: 1 where the node is active for all inputs, exactly and in integers.</param>
/// <param name="MostShare">The greatest share: 0 where it is never active.</param>
/// <param name="Half">Half a step.</param>
/// <param name="Above">What is cut off above at most.</param>
/// <param name="Below">What is cut off below at most.</param>
/// <param name="Range">The exact range of the sum.</param>
internal readonly record struct CodedError(
    double Sum, double LeastShare, double MostShare, double Half, double Above, double Below, CodedRange Range)
{
    private const double Unit = 2.3e-16;

    /// <summary>What coding adds at most, up or down.</summary>
    public double Largest => Half + Math.Max(Above, Below);

    /// <summary>The middle of the share, and what the share is off it.</summary>
    public (double Middle, double Radius) Share => ((LeastShare + MostShare) / 2, (MostShare - LeastShare) / 2);

    /// <summary>
    /// A line in the exact sum that is nowhere below what is cut off: it is convex, and so the line through both ends of the range does.
    /// </summary>
    /// <param name="isAbove">Whether it is what is cut off above.</param>
    public (double Slope, double Value) Cut(bool isAbove)
    {
        double most = isAbove ? Above : Below, width = Range.High - Range.Low, least = Math.Max(0, most - width) * (1 + (4 * Unit));
        if (most == 0) return (0, 0);
        if (!(width > 0 && width < double.PositiveInfinity)) return (0, most);
        double slope = (most - least) / width * (isAbove ? 1 : -1);
        if (!(most > least)) slope = 0;
        double end = isAbove ? Range.High : Range.Low;
        return (slope, most - (slope * end) + ((most + (Math.Abs(slope) * (Math.Abs(Range.High) + Math.Abs(Range.Low)))) * 8 * Unit));
    }

    /// <summary>A line in the exact sum that is nowhere below the ReLU of it, or nowhere above.</summary>
    public (double Slope, double Value) Relu(bool isAbove)
    {
        var (low, high) = (Range.Low, Range.High);
        if (low >= 0) return (1, 0);
        if (high <= 0) return (0, 0);
        if (!isAbove) return (high > -low ? 1 : 0, 0);
        double slope = high / (high - low) * (1 + (4 * Unit));
        return slope > 0 ? (slope, -slope * low * (1 + (4 * Unit))) : (0, double.PositiveInfinity);
    }
}
