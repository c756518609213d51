using System;
using System.Collections.Generic;

namespace Kan.Networks;

/// <summary>
/// How many segments an approximation takes at least, known before one is laid. On an interval of length h where |f''| is at least m every
/// line is m h^2 / 16 away from f somewhere, so segments within an error are no longer than sqrt(16 error / m), and one more may cross each
/// end of a part.
/// </summary>
internal static class SegmentCount
{
    private const int Parts = 64;

    /// <summary>
    /// A number of segments that is never more than what functions with common breakpoints take between two points, each within its error.
    /// </summary>
    /// <param name="functions">The functions.</param>
    /// <param name="errors">The largest error of each.</param>
    /// <param name="low">The left end.</param>
    /// <param name="high">The right end.</param>
    public static double AtLeast(IReadOnlyList<RealFunction> functions, IReadOnlyList<double> errors, double low, double high)
    {
        double left = low, count = 0;
        for (int part = 1; part <= Parts; part++)
        {
            double right = part == Parts ? high : Math.Max(left, Math.Min(high, low + ((high - low) * part / Parts)));
            if (!(left < right)) continue;
            double densest = 0;
            for (int i = 0; i < functions.Count; i++)
            {
                ExactWork.Charge(SegmentBound.Steps / 10);
                var bend = functions[i].Over(new Interval(left, right)).Second;
                if (!bend.IsBounded || bend.Contains(0)) continue;
                densest = Math.Max(densest, Math.Sqrt(Math.Min(Math.Abs(bend.Low), Math.Abs(bend.High)) / (16 * errors[i])));
            }

            // Segments that cross the ends of the part count in its neighbors, too.
            count += Math.Max(0, Math.Floor((right - left) * densest) - 1);
            left = right;
        }

        return count;
    }
}
