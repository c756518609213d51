using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// A sum of c_i B_i over strictly increasing knots T_0 ... T_(n + degree), with enclosed coefficients; 0 outside of the knots. A spline of
/// degree 0 is constant between knots, one of degree 1 is linear between them, so their ranges are exact up to rounding; those of higher
/// degrees come from the convex hull of the coefficients.
/// </summary>
internal sealed class EnclosedSpline
{
    private readonly ImmutableArray<Interval> _coefficients;

    private EnclosedSpline(ImmutableArray<double> knots, ImmutableArray<Interval> coefficients, int degree)
    {
        Knots = knots;
        _coefficients = coefficients;
        Degree = degree;
    }

    public ImmutableArray<double> Knots { get; }

    public int Degree { get; }

    public Interval Support => new(Knots[0], Knots[Knots.Length - 1]);

    public static EnclosedSpline Create(IReadOnlyList<double> knots, IReadOnlyList<double> coefficients, int degree)
    {
        if (degree < 1) throw new ArgumentOutOfRangeException(nameof(degree), degree, "A continuous spline must have degree 1 or more.");
        if (coefficients.Count == 0 || knots.Count != coefficients.Count + degree + 1)
            throw new ArgumentException($"A spline of degree {degree} with {coefficients.Count} coefficients needs "
                + $"{coefficients.Count + degree + 1} knots, not {knots.Count}.", nameof(knots));
        for (int i = 0; i < knots.Count; i++)
        {
            if (i > 0 && !(knots[i - 1] < Finite(knots[i], nameof(knots))))
                throw new ArgumentException($"The knots must increase, but knot {i} does not exceed knot {i - 1}.", nameof(knots));
        }

        Finite(knots[0], nameof(knots));
        return new EnclosedSpline([.. knots], [.. coefficients.Select(static c => (Interval)Finite(c, nameof(coefficients)))], degree);
    }

    /// <summary>The derivative: degree (c_i - c_(i-1)) / (T_(i+degree) - T_i), with coefficients 0 beyond both ends.</summary>
    public EnclosedSpline Derivative()
    {
        var differences = ImmutableArray.CreateBuilder<Interval>(_coefficients.Length + 1);
        for (int i = 0; i <= _coefficients.Length; i++)
            differences.Add((double)Degree * (Coefficient(i) - Coefficient(i - 1)) / ((Interval)Knots[i + Degree] - Knots[i]));
        return new EnclosedSpline(Knots, differences.MoveToImmutable(), Degree - 1);
    }

    /// <summary>The value at a point by the algorithm of de Boor.</summary>
    public Interval At(double x)
    {
        if (x < Knots[0] || x >= Knots[Knots.Length - 1]) return 0.0;
        int cell = CellOf(x);
        var level = new Interval[Degree + 1];
        for (int i = 0; i <= Degree; i++) level[i] = Coefficient(cell - Degree + i);
        for (int step = 1; step <= Degree; step++)
        {
            for (int i = Degree; i >= step; i--)
            {
                int left = cell - Degree + i, right = left + Degree - step + 1;
                var weight = ((Interval)x - Knot(left)) / ((Interval)Knot(right) - Knot(left));
                level[i] = level[i - 1] + (weight * (level[i] - level[i - 1]));
            }
        }

        return level[Degree];
    }

    /// <summary>Holds all values on an interval.</summary>
    public Interval Range(Interval x)
    {
        if (x.High < Knots[0] || x.Low > Knots[Knots.Length - 1]) return 0.0;
        int first = Math.Max(0, CellOf(x.Low)), last = Math.Min(Knots.Length - 2, CellOf(x.High));
        bool beyond = x.Low < Knots[0] || x.High > Knots[Knots.Length - 1];

        // A cell that the interval only touches from the left adds nothing to what holds almost everywhere.
        if (last > first && Knots[last] >= x.High) last--;
        return Degree switch
        {
            0 => Cells(first, last, beyond),
            1 => Corners(x, first, last, beyond),
            _ => ActiveCoefficients(first, last, beyond),
        };
    }

    private Interval Cells(int first, int last, bool beyond)
    {
        var range = beyond ? 0.0 : Coefficient(first);
        for (int cell = first; cell <= last; cell++) range = Interval.Hull(range, Coefficient(cell));
        return range;
    }

    private Interval Corners(Interval x, int first, int last, bool beyond)
    {
        var range = Interval.Hull(At(x.Low), At(x.High));
        if (beyond) range = Interval.Hull(range, 0.0);
        for (int corner = first + 1; corner <= last; corner++) range = Interval.Hull(range, Coefficient(corner - 1));
        return range;
    }

    private Interval ActiveCoefficients(int first, int last, bool beyond)
    {
        // In the outer cells the B-splines sum to less than 1: what is missing belongs to coefficients that are 0.
        var range = beyond ? 0.0 : Coefficient(first);
        for (int i = first - Degree; i <= last; i++) range = Interval.Hull(range, Coefficient(i));
        return range;
    }

    /// <summary>The knots, continued beyond both ends: the coefficients there are 0, so any increasing numbers serve.</summary>
    private double Knot(int i)
    {
        int last = Knots.Length - 1;
        if (i < 0) return Knots[0] + (i * (Knots[1] - Knots[0]));
        return i <= last ? Knots[i] : Knots[last] + ((i - last) * (Knots[last] - Knots[last - 1]));
    }

    private static double Finite(double value, string parameterName) => !double.IsNaN(value) && !double.IsInfinity(value)
        ? value
        : throw new ArgumentException("The numbers of a spline must be finite.", parameterName);

    private Interval Coefficient(int i) => i >= 0 && i < _coefficients.Length ? _coefficients[i] : 0.0;

    private int CellOf(double x)
    {
        int low = 0, high = Knots.Length;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (Knots[middle] <= x) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }
}
