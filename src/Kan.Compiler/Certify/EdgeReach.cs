using System;

namespace Kan.Compiler.Certify;

/// <summary>What one edge does on an interval.</summary>
/// <param name="Low">A lower bound of its values.</param>
/// <param name="High">An upper bound of its values.</param>
/// <param name="Steepest">A bound of |slope|.</param>
/// <param name="FarthestBreakpoint">The largest |breakpoint|.</param>
/// <param name="SegmentError">
/// The error, in units of rounding, of evaluating a segment from its anchor: the value, the slope, the difference and the result round, and a
/// breakpoint that rounded may leave x on the neighbouring line.
/// </param>
internal readonly record struct EdgeReach(double Low, double High, double Steepest, double FarthestBreakpoint, double SegmentError)
{
    /// <summary>A bound of |value|.</summary>
    public double Magnitude => Math.Max(Math.Abs(Low), Math.Abs(High));

    public static EdgeReach Of(PiecewiseLinearFunction function, double low, double high)
    {
        int k = function.Breakpoints.Length;
        double anchor = function.AnchorPoint.ToDouble(), value = function.AnchorValue.ToDouble();
        double least = double.PositiveInfinity, most = double.NegativeInfinity, steepest = 0, far = 0, longest = 0, anchors = 0;

        // Walks the segments left to right; a segment counts where it meets the interval, its neighbours too.
        double right = anchor, rightValue = value;
        for (int j = 0; j <= k; j++)
        {
            double slope = function.Slopes[j].ToDouble();
            double left = right, leftValue = rightValue;
            if (j < k)
            {
                right = function.Breakpoints[j].ToDouble();
                if (j > 0) rightValue = leftValue + (slope * (right - left));
                far = Math.Max(far, Math.Abs(right));
            }

            double from = j == 0 ? low : Math.Max(low, left), to = j == k ? high : Math.Min(high, right);
            if (from > to) continue;
            double origin = j == 0 ? anchor : left, originValue = j == 0 ? value : leftValue;
            double a = originValue + (slope * (from - origin)), b = originValue + (slope * (to - origin));
            least = Math.Min(least, Math.Min(a, b));
            most = Math.Max(most, Math.Max(a, b));
            steepest = Math.Max(steepest, Math.Abs(slope));
            longest = Math.Max(longest, Math.Max(Math.Abs(from - origin), Math.Abs(to - origin)));
            anchors = Math.Max(anchors, Math.Abs(originValue));
        }

        // A rounded breakpoint lets the slope of a neighbour act for a distance of one rounding.
        double anySlope = 0;
        foreach (var slope in function.Slopes) anySlope = Math.Max(anySlope, Math.Abs(slope.ToDouble()));
        double margin = 1e-12 * (Math.Max(Math.Abs(least), Math.Abs(most)) + anchors + (anySlope * longest));
        double magnitude = Math.Max(Math.Abs(least), Math.Abs(most));
        double error = (anchors + magnitude + (anySlope * ((3 * longest) + (4 * far)))) * (1 + 1e-6);
        return new EdgeReach(least - margin, most + margin, steepest * (1 + 1e-12), far, error);
    }
}
