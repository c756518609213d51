using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Interchange.Curves;

/// <summary>
/// What is known of a curve on an interval before it is approximated: enough to share an error out and to bound what is behind.
/// </summary>
/// <param name="Range">Holds all values.</param>
/// <param name="Slopes">Holds the slopes; all numbers if nothing is known of them.</param>
/// <param name="Effort">The integral of sqrt(|curvature| / 8): so many segments times the root of the error are needed.</param>
internal readonly record struct CurveSurvey(Interval Range, Interval Slopes, double Effort)
{
    private const int Parts = 48, Steps = 50_000;

    /// <summary>Surveys a curve by enclosures over parts of the interval; a range that is not bounded where no value is known.</summary>
    public static CurveSurvey Of(RealFunction curve, Interval interval)
    {
        if (!(interval.Low < interval.High))
        {
            var value = curve.At(interval.Low);
            return new CurveSurvey(value, 0.0, 0);
        }

        ExactWork.Charge(Steps);
        double left = interval.Low, effort = 0;
        Interval? range = null, slopes = null;
        foreach (double right in Ends(curve, interval))
        {
            double length = right - left;
            if (!(length > 0)) continue;
            var jet = curve.Over(new Interval(left, right));
            if (!jet.Value.IsBounded) return new CurveSurvey(jet.Value, Interval.All, double.PositiveInfinity);
            range = range is { } before ? Interval.Hull(before, jet.Value) : jet.Value;
            slopes = slopes is { } others ? Interval.Hull(others, jet.First) : jet.First;

            // A kink bends by the spread of the slopes.
            double bend = jet.Second.IsBounded ? jet.Second.Magnitude : jet.First.IsBounded ? (jet.First.High - jet.First.Low) / length : 0;
            effort += length * Math.Sqrt(bend / 8);
            left = right;
        }

        return new CurveSurvey(range!.Value, slopes!.Value.IsUndefined ? Interval.All : slopes.Value, effort);
    }

    /// <summary>Where parts end: at equal distances, and at the points where the curve may have a kink.</summary>
    private static IEnumerable<double> Ends(RealFunction curve, Interval interval)
    {
        double length = (interval.High - interval.Low) / Parts;
        return Enumerable.Range(1, Parts)
            .Select(part => part == Parts ? interval.High : Math.Clamp(interval.Low + (length * part), interval.Low, interval.High))
            .Concat(curve.Kinks.Where(kink => kink > interval.Low && kink < interval.High).Take(Parts)).Order();
    }
}
