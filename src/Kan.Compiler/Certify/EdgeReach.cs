using System;

namespace Kan.Compiler.Certify;

/// <summary>What one exact edge does on an interval.</summary>
/// <param name="Values">Holds its values there.</param>
/// <param name="Slopes">Holds the slopes that it has there.</param>
/// <param name="Steepest">The segment there whose slope is the greatest.</param>
internal readonly record struct EdgeReach(Enclosure Values, Enclosure Slopes, int Steepest)
{
    public static EdgeReach Of(PiecewiseLinearFunction function, Enclosure interval)
    {
        int k = function.Breakpoints.Length;
        Enclosure values = Enclosure.Nothing, slopes = Enclosure.Nothing;
        int steepest = 0;
        double most = -1;

        // Walks the segments left to right; a segment counts where it meets the interval. Both it and the first one start from the first
        // breakpoint.
        Enclosure origin = Enclosure.Of(function.AnchorPoint), value = Enclosure.Of(function.AnchorValue);
        for (int j = 0; j <= k; j++)
        {
            var slope = Enclosure.Of(function.Slopes[j]);
            var end = j == k ? default : Enclosure.Of(function.Breakpoints[j]);
            double from = j == 0 ? interval.Low : Math.Max(interval.Low, origin.Low),
                to = j == k ? interval.High : Math.Min(interval.High, end.High);
            if (!(from > to))
            {
                values = values.Or(value + (slope * (new Enclosure(from, to) - origin)));
                slopes = slopes.Or(slope);
                if (slope.Magnitude > most) (steepest, most) = (j, slope.Magnitude);
            }

            if (j == 0 || j == k) continue;
            value += slope * (end - origin);
            origin = end;
        }

        return new EdgeReach(values, slopes, steepest);
    }
}
