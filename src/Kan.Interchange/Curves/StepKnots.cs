using System;
using System.Linq;

namespace Kan.Interchange.Curves;

/// <summary>
/// Brings the knots of a curve that the nodes of a layer share to multiples of one step, where that takes few more segments: compiled code
/// then finds the segment of a number by arithmetic.
/// </summary>
internal static class StepKnots
{
    /// <summary>Segments that compiled code compares with one by one; fewer where many nodes would each have them.</summary>
    private const int Few = 32, FewOfMany = 4, ManyNodes = 512;

    /// <summary>How many times as many segments there may be, and steps for each of them.</summary>
    private const double MostSegments = 1.35, StepsOfSegment = 8;

    /// <summary>Steps between the first and the last knot beyond which compiled code looks numbers up one by one.</summary>
    private const int MostSteps = (1 << 14) - 2;

    // The step is about as long as the shortest segments, but for those that end at a kink, or a little shorter; where segments between one
    // step and two are too many for that, half as long.
    private const double Shortest = 0.05;
    private static readonly double[] s_shares = [1, 0.92, 0.5, 0.46];

    /// <summary>The function with such knots and its error; as it was where none is found.</summary>
    /// <param name="curve">The curve.</param>
    /// <param name="function">A function near it, of about the fewest segments.</param>
    /// <param name="error">A bound of their distance.</param>
    /// <param name="interval">Where.</param>
    /// <param name="allowed">The largest error allowed.</param>
    /// <param name="nodes">Nodes of the layer.</param>
    public static (PiecewiseLinearFunction Function, double Error) Of(RealFunction curve, PiecewiseLinearFunction function, double error,
        Interval interval, double allowed, int nodes)
    {
        double[] knots = [.. function.Breakpoints.Select(static knot => knot.ToDouble())];
        if (knots.Length <= (nodes > ManyNodes ? FewOfMany : Few)) return (function, error);
        double[] lengths = [.. knots.Zip(knots.Skip(1), static (from, to) => to - from).Order()];
        double shortest = lengths[(int)(Shortest * lengths.Length)];
        int most = (int)(MostSegments * function.Slopes.Length);
        foreach (double share in s_shares)
        {
            double rounded = Rounded(share * shortest);
            if (!(rounded > 0 && knots[^1] - knots[0] <= Math.Min(MostSteps, StepsOfSegment * knots.Length) * rounded)) break;
            try
            {
                var found = Approximation.Of(curve, interval, allowed,
                    new ApproximationOptions { Step = rounded, MaximumSegments = most });
                if (found.Function.Slopes.Length <= most && found.Function.Breakpoints.All(knot => IsMultiple(knot, rounded)))
                    return (found.Function, found.ErrorBound);
            }
            catch (ApproximationException)
            {
                // A segment is shorter than a step, or they are too many.
            }
        }

        return (function, error);
    }

    /// <summary>The longest step, at most as long, that is a whole number from 8 to 15 times a power of two.</summary>
    private static double Rounded(double step)
    {
        double unit = Math.ScaleB(1, Math.ILogB(step) - 3);
        return Math.Floor(step / unit) * unit;
    }

    private static bool IsMultiple(Rational knot, double step) => (knot / Rational.FromDouble(step)).Denominator.IsOne;
}
