using System;
using System.Collections.Immutable;
using Kan.Forms;

namespace Kan.Compiler.Certify;

/// <summary>
/// The rounding of functions in segment form, <c>fma(a[j], x - point[j], v[j])</c>, for the inputs of an interval. The numbers of the table
/// decide, not the breakpoints of a function: an anchor far away makes the terms large however small their sum is.
/// </summary>
internal static class SegmentRounding
{
    /// <summary>A bound of |computed - exact| for an exact input, and of |computed|.</summary>
    /// <param name="table">The table of the input.</param>
    /// <param name="output">Which of its functions.</param>
    /// <param name="low">The least input.</param>
    /// <param name="high">The largest input.</param>
    /// <param name="rounding">The number type.</param>
    public static (double Error, double Magnitude) Of(SegmentTable table, int output, double low, double high, UnitRoundoff rounding)
    {
        int width = table.Values.Length / table.SegmentCount;
        ImmutableArray<double> knots = table.Knots, points = table.Points, values = table.Values, slopes = table.Slopes;
        double error = 0, magnitude = 0, moved = 0, bends = 0;
        for (int j = 0; j < table.SegmentCount; j++)
        {
            double knot = j == 0 ? double.NegativeInfinity : knots[j - 1], next = j < knots.Length ? knots[j] : double.PositiveInfinity;
            if (double.IsNaN(knot)) break;
            if (double.IsNaN(next)) next = double.PositiveInfinity;
            double slope = Math.Abs(slopes[(j * width) + output]), value = values[(j * width) + output], point = points[j];
            if (j > 0 && knot >= low && knot <= high)
            {
                // A breakpoint that was rounded down leaves the number at the knot on the next line, and with it those that rounded to the same knot.
                double bend = Math.Abs(slopes[(j * width) + output] - slopes[((j - 1) * width) + output]) + (rounding.Of(slope) * 2);
                bends = j > 1 && knots[j - 2] == knot ? bends + bend : bend;
                moved = Math.Max(moved, bends * rounding.Of(Math.Abs(knot)));
            }

            double from = Math.Max(low, knot), to = Math.Min(high, next);
            if (from > to) continue;
            double distance = Math.Max(Math.Abs(from - point), Math.Abs(to - point)) + (1e-15 * (Math.Max(Math.Abs(from), Math.Abs(to)) + Math.Abs(point)));
            double signed = slopes[(j * width) + output];
            double result = Math.Max(Math.Abs(value + (signed * (from - point))), Math.Abs(value + (signed * (to - point)))) + (1e-12 * (Math.Abs(value) + (slope * distance)));

            // The value, the slope, the difference and the result round, once each.
            double own = rounding.Of(Math.Abs(value)) + (2 * rounding.Of(slope) * distance) + (slope * rounding.Of(0)) + rounding.Of(result);
            error = Math.Max(error, own);
            magnitude = Math.Max(magnitude, result);
        }

        error = (error + moved) * UnitRoundoff.Slack;
        return (error, magnitude + error);
    }
}
