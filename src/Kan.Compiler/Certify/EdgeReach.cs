using System;

namespace Kan.Compiler.Certify;

/// <summary>What one exact edge does on an interval; the bounds are outward, by more than the rounding of this analysis.</summary>
/// <param name="Low">A lower bound of its values.</param>
/// <param name="High">An upper bound of its values.</param>
/// <param name="LeastSlope">A lower bound of the slopes that it has there.</param>
/// <param name="MostSlope">An upper bound of them.</param>
internal readonly record struct EdgeReach(double Low, double High, double LeastSlope, double MostSlope)
{
    private const double Outward = 1e-12;

    /// <summary>A bound of |slope|.</summary>
    public double Steepest => Math.Max(Math.Abs(LeastSlope), Math.Abs(MostSlope));

    public static EdgeReach Of(PiecewiseLinearFunction function, double low, double high)
    {
        int k = function.Breakpoints.Length;
        double anchor = function.AnchorPoint.ToDouble(), value = function.AnchorValue.ToDouble();
        double least = double.PositiveInfinity, most = double.NegativeInfinity, leastSlope = double.PositiveInfinity, mostSlope = double.NegativeInfinity;
        double inexact = 0;

        // Walks the segments left to right; a segment counts where it meets the interval.
        double right = anchor, rightValue = value;
        for (int j = 0; j <= k; j++)
        {
            double slope = function.Slopes[j].ToDouble();
            double left = right, leftValue = rightValue;
            if (j < k)
            {
                right = function.Breakpoints[j].ToDouble();
                if (j > 0) rightValue = leftValue + (slope * (right - left));
            }

            // Sums of values along the way round too, and so do breakpoints: both are of the size of what is summed.
            inexact += Math.Abs(slope) * (Math.Abs(left) + Math.Abs(right)) + Math.Abs(rightValue);
            double from = j == 0 ? low : Math.Max(low, left), to = j == k ? high : Math.Min(high, right);
            if (from > to) continue;
            double origin = j == 0 ? anchor : left, originValue = j == 0 ? value : leftValue;
            double a = originValue + (slope * (from - origin)), b = originValue + (slope * (to - origin));
            inexact = Math.Max(inexact, Math.Abs(slope) * (Math.Abs(from) + Math.Abs(to) + Math.Abs(origin)));
            least = Math.Min(least, Math.Min(a, b));
            most = Math.Max(most, Math.Max(a, b));
            leastSlope = Math.Min(leastSlope, slope);
            mostSlope = Math.Max(mostSlope, slope);
        }

        double margin = Outward * (Math.Max(Math.Abs(least), Math.Abs(most)) + Math.Abs(value)) + (1e-15 * (k + 2) * inexact);
        return new EdgeReach(least - margin, most + margin, leastSlope - (Outward * Math.Abs(leastSlope)), mostSlope + (Outward * Math.Abs(mostSlope)));
    }
}
