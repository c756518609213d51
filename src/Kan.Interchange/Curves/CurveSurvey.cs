using System;

namespace Kan.Interchange.Curves;

/// <summary>What is known of a curve on an interval before it is approximated: enough to share an error out and to bound what is behind.</summary>
/// <param name="Range">Holds all values.</param>
/// <param name="Steepness">A bound of |slope|; infinite if none is known.</param>
/// <param name="Effort">The integral of sqrt(|curvature| / 8): so many segments times the root of the error are needed.</param>
internal readonly record struct CurveSurvey(Interval Range, double Steepness, double Effort)
{
    private const int Parts = 48, Steps = 50_000;

    /// <summary>Surveys a curve by enclosures over parts of the interval; a range that is not bounded where no value is known.</summary>
    public static CurveSurvey Of(RealFunction curve, Interval interval)
    {
        if (!(interval.Low < interval.High))
        {
            var value = curve.At(interval.Low);
            return new CurveSurvey(value, 0, 0);
        }

        ExactWork.Charge(Steps);
        double length = (interval.High - interval.Low) / Parts, left = interval.Low, steepness = 0, effort = 0;
        Interval? range = null;
        for (int part = 1; part <= Parts; part++)
        {
            double right = part == Parts ? interval.High : Math.Clamp(interval.Low + (length * part), left, interval.High);
            var jet = curve.Over(new Interval(left, right));
            if (!jet.Value.IsBounded) return new CurveSurvey(jet.Value, double.PositiveInfinity, double.PositiveInfinity);
            range = range is { } before ? Interval.Hull(before, jet.Value) : jet.Value;
            double slope = jet.First.IsBounded ? jet.First.Magnitude : double.PositiveInfinity;
            steepness = Math.Max(steepness, slope);

            // A kink bends by the spread of the slopes.
            double bend = jet.Second.IsBounded ? jet.Second.Magnitude : jet.First.IsBounded ? (jet.First.High - jet.First.Low) / length : 0;
            effort += length * Math.Sqrt(bend / 8);
            left = right;
        }

        return new CurveSurvey(range!.Value, steepness, effort);
    }
}
