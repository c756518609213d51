using System;

namespace Kan.Networks;

/// <summary>Where a function may be replaced by a line on the rest of the axis.</summary>
internal static class Tails
{
    private const double Farthest = 1e9;

    /// <summary>
    /// The point nearest to 0, of three digits, beyond which a function stays within an error of its line; null if there is none.
    /// </summary>
    public static (double From, Tail Line)? Find(RealFunction function, double error, bool right, Grain grain)
    {
        double sign = right ? 1 : -1, far = 1;
        while (!IsWithin(far))
        {
            far *= 2;
            if (far > Farthest) return null;
        }

        double near = -far;
        if (IsWithin(near)) return Result(near);
        while (far - near > 1e-3 * (1 + Math.Abs(far)))
        {
            double middle = near + (0.5 * (far - near));
            if (IsWithin(middle)) far = middle;
            else near = middle;
        }

        double rounded = grain.Ceiling(far, grain.Exponent(1e-2));
        return Result(IsWithin(rounded) ? rounded : far);

        bool IsWithin(double distance) => function.TailFrom(sign * distance, right) is { } tail && tail.Error <= error;

        (double From, Tail Line) Result(double distance) => (sign * distance, function.TailFrom(sign * distance, right)!.Value);
    }

    /// <summary>
    /// A point past which an approximation does not bend and a function follows a line; the last bend where there is no such line.
    /// </summary>
    public static double StartOf(RealFunction function, PiecewiseLinearFunction approximation, bool right)
    {
        double bend = LastBend(approximation, right), sign = right ? 1 : -1;
        for (double beyond = 0; beyond <= Farthest; beyond = (2 * beyond) + 1)
        {
            double from = bend + (sign * beyond);
            if (function.TailFrom(from, right) is not null) return from;
        }

        return bend;
    }

    private static double LastBend(PiecewiseLinearFunction approximation, bool right)
    {
        if (approximation.IsAffine) return 0;
        var bend = approximation.Breakpoints[right ? approximation.Breakpoints.Length - 1 : 0];
        double nearest = bend.ToDouble();
        if (right) return Rational.FromDouble(nearest) < bend ? Interval.Up(nearest) : nearest;
        return Rational.FromDouble(nearest) > bend ? Interval.Down(nearest) : nearest;
    }

    /// <summary>A bound of |approximation - function| beyond a point past which the approximation does not bend.</summary>
    public static double ErrorOf(RealFunction function, PiecewiseLinearFunction approximation, double from, bool right)
    {
        int segment = right ? approximation.Slopes.Length - 1 : 0;
        if (function.TailFrom(from, right) is not { } tail || tail.Slope != approximation.Slopes[segment]) return double.PositiveInfinity;
        double intercept = approximation.InterceptOf(segment).ToDouble();
        return ((Interval.Outward(intercept, intercept) - tail.Intercept).Magnitude + (Interval)tail.Error).High;
    }
}
