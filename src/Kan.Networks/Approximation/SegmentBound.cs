using System;

namespace Kan.Networks;

/// <summary>
/// How far a line is from a function on an interval [a, b] of length h, from the deviations at its ends. With t = (x - a) / h the
/// difference is the deviation between the ends, which is linear in t, plus chord - f, which is in [m, M] t (1 - t): by the
/// curvature, with m = min f'' h^2 / 2 and M = max f'' h^2 / 2; by the slope alone, within the spread of f' times h. So the extremes are
/// those of two parabolas. Where neither is bounded, as at the start of a root, the ranges of line and function bound their difference.
/// </summary>
internal static class SegmentBound
{
    /// <summary>Steps of about a nanosecond that one bound is charged with.</summary>
    public const int Steps = 10_000;

    // Ranges over parts are closer to the truth than one over all.
    private const int Parts = 6;

    /// <summary>A bound of |g - f| on [a, b]; not finite where none is known.</summary>
    /// <param name="function">f.</param>
    /// <param name="a">The left end.</param>
    /// <param name="atA">The value of the line g there, enclosed.</param>
    /// <param name="b">The right end.</param>
    /// <param name="atB">The value of the line g there, enclosed.</param>
    public static double Of(RealFunction function, double a, Interval atA, double b, Interval atB) =>
        Of(function, a, atA, function.At(a), b, atB, function.At(b));

    /// <summary>The same where the values of f at both ends are known.</summary>
    /// <param name="function">f.</param>
    /// <param name="a">The left end.</param>
    /// <param name="atA">The value of the line g there, enclosed.</param>
    /// <param name="valueAtA">The value of f there, enclosed.</param>
    /// <param name="b">The right end.</param>
    /// <param name="atB">The value of the line g there, enclosed.</param>
    /// <param name="valueAtB">The value of f there, enclosed.</param>
    public static double Of(RealFunction function, double a, Interval atA, Interval valueAtA, double b, Interval atB, Interval valueAtB)
    {
        Interval left = atA - valueAtA, right = atB - valueAtB;
        var jet = Hull(function, a, b);
        double ranges = RangeBound(Interval.Hull(atA, atB), jet.Value);
        var length = (Interval)b - a;
        var bow = Common(BowOf(jet.Second, 0.5 * length.Square()), BowOf(jet.First - jet.First, length));
        double high = Extreme(left.High, right.High, bow.High), low = Extreme(-left.Low, -right.Low, -bow.Low);
        double parabolas = Math.Max(high, low);

        // Comparisons with NaN are false, so what is not known never wins.
        if (!(parabolas < double.PositiveInfinity)) return ranges;
        return ranges < parabolas ? ranges : parabolas;
    }

    private static Jet Hull(RealFunction function, double a, double b)
    {
        var hull = default(Jet);
        double left = a;
        for (int part = 1; part <= Parts; part++)
        {
            double right = part == Parts ? b : Math.Max(left, Math.Min(b, a + ((b - a) * part / Parts)));
            var jet = function.Over(new Interval(left, right));
            hull = part == 1 ? jet : new Jet(Interval.Hull(hull.Value, jet.Value), Interval.Hull(hull.First, jet.First),
                Interval.Hull(hull.Second, jet.Second));
            left = right;
        }

        return hull;
    }

    private static Interval BowOf(Interval rate, Interval scale) => Interval.Hull(0.0, rate * scale);

    private static Interval Common(Interval left, Interval right) =>
        left.IsUndefined ? right : right.IsUndefined ? left : Interval.Common(left, right);

    private static double RangeBound(Interval line, Interval values)
    {
        var difference = line - values;
        return difference.IsUndefined ? double.NaN : difference.Magnitude;
    }

    /// <summary>An upper bound of left + (right - left) t + bow t (1 - t) for t in [0, 1] and a bow of at least 0.</summary>
    private static double Extreme(double left, double right, double bow)
    {
        double rise = right - left, most = Math.Max(left, right);
        if (Math.Abs(rise) < bow) most = Math.Max(most, (0.5 * (left + right)) + (0.25 * bow) + (rise * rise / (4 * bow)));

        // Nine roundings, each of at most one unit in the last place of one of these magnitudes.
        const double Margin = 1e-14;
        return most + (Margin * (Math.Abs(left) + Math.Abs(right) + bow));
    }
}
