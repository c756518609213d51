using System;

namespace Kan.Networks;

/// <summary>A line that a function follows towards an end of the axis.</summary>
/// <param name="Slope">The slope of the line, exact.</param>
/// <param name="Intercept">The value of the line at 0, enclosed.</param>
/// <param name="Error">A bound of the distance between function and line.</param>
internal readonly record struct Tail(Rational Slope, Interval Intercept, double Error)
{
    public static Tail Line(Rational slope, Interval intercept) => new(slope, intercept, 0);

    public Tail Plus(Tail other) => new(Slope + other.Slope, Intercept + other.Intercept, ((Interval)Error + other.Error).High);

    public Tail Times(double factor) =>
        new(Rational.FromDouble(factor) * Slope, factor * Intercept, ((Interval)Error * Math.Abs(factor)).High);
}
