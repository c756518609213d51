using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>
/// A piecewise-linear function that stays within a certified distance of another function on a domain. The claim is proved by interval
/// arithmetic with outward rounding from bounds of the curvature; it covers the rounding of the breakpoints, slopes and anchor, and no
/// sample enters it.
/// </summary>
/// <remarks>
/// The distance of a chord of length h from f is at most h^2 / 8 max |f''|, so a function of curvature f'' takes about the integral of
/// sqrt(|f''| / (8 error)) segments through points of its graph, and 1.4 times fewer that may leave the graph within the error.
/// </remarks>
public sealed class Approximation
{
    private Approximation(PiecewiseLinearFunction function, Interval domain, double errorBound)
    {
        Function = function;
        Domain = domain;
        ErrorBound = errorBound;
    }

    /// <summary>The approximation, exact.</summary>
    public PiecewiseLinearFunction Function { get; }

    /// <summary>The interval on which the bound holds; <see cref="Interval.All"/> for functions that follow a line at both ends.</summary>
    public Interval Domain { get; }

    /// <summary>No point of the domain has a larger |approximation - function|.</summary>
    public double ErrorBound { get; }

    /// <summary>Approximates a function with as few segments as a greedy walk from left to right takes.</summary>
    /// <param name="function">The function to approximate.</param>
    /// <param name="domain">
    /// The domain. It may be infinite at an end at which the function tends to a line, as for SiLU, logistic and softplus functions and
    /// splines.
    /// </param>
    /// <param name="error">The largest error allowed, above 0.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="ApproximationException">No bound is known somewhere on the domain, or it needs too many segments.</exception>
    /// <exception cref="ArgumentException">The domain is one point or undefined, or the error is not a positive finite number.</exception>
    public static Approximation Of(
        RealFunction function, Interval domain, double error, ApproximationOptions? options = null,
        CancellationToken cancellation = default)
    {
        if (!(domain.Low < domain.High)) throw new ArgumentException("The domain " + domain + " has no interior.", nameof(domain));
        if (!(error > 0) || double.IsInfinity(error))
            throw new ArgumentOutOfRangeException(nameof(error), error, "The error must be a positive finite number.");
        options ??= new ApproximationOptions();

        var best = Build(1.0);

        // A tail cut off at nearly the full error leaves the neighboring segments little freedom; one cut off later is longer, but bends
        // less.
        const int Few = 64;
        if (!domain.IsBounded && best.Function.Slopes.Length < Few)
        {
            var other = Build(0.5);
            if (other.Function.Slopes.Length < best.Function.Slopes.Length) best = other;
        }

        if (best.ErrorBound <= error) return best;
        throw new ApproximationException("The bound " + Interval.Text(error) + " is finer than the rounding of the enclosures permits.");

        Approximation Build(double tailShare)
        {
            const double Most = 0.98;
            var walk = new KnotWalk(function, domain, error, error * Most * tailShare, options);
            var found = walk.Run(cancellation);
            return new Approximation(found, domain,
                ErrorBetween(function, found, domain, walk.Start, walk.End, walk.Knots.Select(Rational.FromDouble)));
        }
    }

    /// <summary>A bound of |approximation - function| on a domain; infinite or NaN if none is known.</summary>
    /// <param name="function">The function.</param>
    /// <param name="approximation">Any piecewise-linear function, however it was obtained.</param>
    /// <param name="domain">The domain; infinite ends as for <see cref="Of"/>.</param>
    public static double CertifiedError(RealFunction function, PiecewiseLinearFunction approximation, Interval domain)
    {
        double low = domain.Low, high = domain.High;
        if (double.IsInfinity(low)) low = Tails.StartOf(function, approximation, right: false);
        if (double.IsInfinity(high)) high = Tails.StartOf(function, approximation, right: true);
        var points = approximation.Breakpoints.Concat(function.Kinks.Where(static kink => kink - kink == 0).Select(Rational.FromDouble))
            .Distinct().OrderBy(static point => point);
        return ErrorBetween(function, approximation, domain, Math.Min(low, high), Math.Max(low, high), points);
    }

    /// <summary>
    /// The certificate between two points, and beyond them if the domain extends further; <paramref name="points"/> hold the breakpoints.
    /// More points make it sharper: the bound of two segments that happen to have one slope is larger than that of either.
    /// </summary>
    private static double ErrorBetween(RealFunction function, PiecewiseLinearFunction approximation, Interval domain, double low,
        double high, IEnumerable<Rational> points)
    {
        double most = 0;
        if (double.IsInfinity(domain.Low)) most = Math.Max(most, Tails.ErrorOf(function, approximation, low, right: false));
        if (double.IsInfinity(domain.High)) most = Math.Max(most, Tails.ErrorOf(function, approximation, high, right: true));
        var knots = points.Where(point => low < point.ToDouble() && point.ToDouble() < high).ToList();
        return low < high ? Math.Max(most, ErrorBetween(function, approximation, knots, low, high)) : most;
    }

    private static double ErrorBetween(RealFunction function, PiecewiseLinearFunction approximation, List<Rational> knots, double low,
        double high)
    {
        double most = 0, left = low;
        var cursor = new SegmentCursor(approximation);
        var atLeft = Enclosed(cursor, left);
        foreach (double right in Ends())
        {
            if (!(left < right)) continue;
            var atRight = Enclosed(cursor, right);
            double bound = SegmentBound.Of(function, left, atLeft, right, atRight);
            most = bound <= most ? most : bound;
            if (double.IsNaN(most)) return double.PositiveInfinity;
            (left, atLeft) = (right, atRight);
        }

        return most;

        // A breakpoint that is not a double is between two of them; the approximation bends only between these.
        IEnumerable<double> Ends()
        {
            foreach (var knot in knots)
            {
                double nearest = knot.ToDouble();
                var exact = Rational.FromDouble(nearest);
                double below = exact > knot ? Interval.Down(nearest) : nearest, above = exact < knot ? Interval.Up(nearest) : nearest;
                if (below < high) yield return below;
                if (above > below && above < high) yield return above;
            }

            yield return high;
        }
    }

    private static Interval Enclosed(SegmentCursor cursor, double x)
    {
        var exact = cursor.Evaluate(Rational.FromDouble(x));
        double nearest = exact.ToDouble();
        return Rational.FromDouble(nearest) == exact ? nearest : Interval.Outward(nearest, nearest);
    }
}
