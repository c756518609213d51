using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// A spline of degree p with k knots on all of R, exact: a polynomial left of all knots, plus a multiple of max(x - t, 0)^p at each knot t.
/// It has p - 1 continuous derivatives. With p = 1 it is a piecewise-linear function.
/// </summary>
public sealed class PolynomialSpline
{
    /// <summary>A spline.</summary>
    /// <param name="polynomial">The p + 1 coefficients of 1, x, ..., x^p left of the knots.</param>
    /// <param name="knots">The knots, increasing.</param>
    /// <param name="jumps">The change of the coefficient of x^p at each knot.</param>
    /// <exception cref="ArgumentException">
    /// Fewer than two coefficients, knots that do not increase, or not one jump for each knot.
    /// </exception>
    public PolynomialSpline(IEnumerable<Rational> polynomial, IEnumerable<Rational> knots, IEnumerable<Rational> jumps)
    {
        ArgumentNullException.ThrowIfNull(polynomial);
        ArgumentNullException.ThrowIfNull(knots);
        ArgumentNullException.ThrowIfNull(jumps);
        Polynomial = [.. polynomial];
        Knots = [.. knots];
        Jumps = [.. jumps];
        if (Polynomial.Length < 2)
            throw new ArgumentException("A spline of degree 1 or more needs at least two coefficients.", nameof(polynomial));
        if (Jumps.Length != Knots.Length)
            throw new ArgumentException($"{Knots.Length} knots need {Knots.Length} jumps, not {Jumps.Length}.", nameof(jumps));
        for (int i = 1; i < Knots.Length; i++)
        {
            if (Knots[i] <= Knots[i - 1]) throw new ArgumentException($"The knots must increase, but knot {i} ({Knots[i]}) does not "
                + $"exceed knot {i - 1} ({Knots[i - 1]}).", nameof(knots));
        }
    }

    /// <summary>The coefficients of 1, x, ..., x^p left of the knots.</summary>
    public ImmutableArray<Rational> Polynomial { get; }

    /// <summary>The knots, increasing.</summary>
    public ImmutableArray<Rational> Knots { get; }

    /// <summary>The change of the coefficient of x^p at each knot.</summary>
    public ImmutableArray<Rational> Jumps { get; }

    /// <summary>p.</summary>
    public int Degree => Polynomial.Length - 1;

    /// <summary>The exact value at a point.</summary>
    public Rational Evaluate(Rational x)
    {
        var value = Rational.Zero;
        for (int j = Degree; j >= 0; j--) value = value * x + Polynomial[j];
        for (int i = 0; i < Knots.Length && Knots[i] < x; i++) value += Jumps[i] * Powers.Of(x - Knots[i], Degree);
        return value;
    }

    /// <summary>The same function as a constant and at most max(k, p) + p units ReLU^p, for p = 1 at most k + 1.</summary>
    /// <remarks>
    /// A polynomial is a constant and a combination of p shifted powers (x - c)^p = ReLU(x - c)^p + (-1)^p ReLU(c - x)^p, for their
    /// coefficients form an invertible Vandermonde system. The points c are taken from the knots, so the
    /// units turned right are shared with the jumps.
    /// </remarks>
    public ReluPowerSum ToReluPowers()
    {
        int p = Degree;
        var points = Knots.Take(p).ToList();
        while (points.Count < p) points.Add(points.Count == 0 ? Rational.Zero : points[^1] + Rational.One);
        var weights = ShiftedPowers(points);
        var constant = Polynomial[0];
        var right = new SortedDictionary<Rational, Rational>();
        for (int i = 0; i < Knots.Length; i++) right[Knots[i]] = Jumps[i];
        for (int i = 0; i < p; i++)
        {
            constant -= weights[i] * Powers.Of(-points[i], p);
            right.TryGetValue(points[i], out var jump);
            right[points[i]] = jump + weights[i];
        }

        return new ReluPowerSum(p, constant,
        [
            .. points.Select((point, i) => new ReluPowerUnit(point, true, p % 2 == 0 ? weights[i] : -weights[i])),
            .. right.Select(static unit => new ReluPowerUnit(unit.Key, false, unit.Value)),
        ]);
    }

    /// <summary>Weights w with sum of w_i (x - c_i)^p equal to the polynomial up to its constant, by elimination.</summary>
    private Rational[] ShiftedPowers(List<Rational> points)
    {
        int p = Degree;
        var system = new Rational[p, p + 1];
        for (int j = 1; j <= p; j++)
        {
            for (int i = 0; i < p; i++) system[j - 1, i] = Powers.Choose(p, j) * Powers.Of(-points[i], p - j);
            system[j - 1, p] = Polynomial[j];
        }

        for (int column = 0; column < p; column++)
        {
            int pivot = Enumerable.Range(column, p - column).First(row => !system[row, column].IsZero);
            for (int k = 0; k <= p; k++) (system[pivot, k], system[column, k]) = (system[column, k], system[pivot, k]);
            for (int row = 0; row < p; row++)
            {
                if (row == column || system[row, column].IsZero) continue;
                var factor = system[row, column] / system[column, column];
                for (int k = column; k <= p; k++) system[row, k] -= factor * system[column, k];
            }
        }

        return [.. Enumerable.Range(0, p).Select(i => system[i, p] / system[i, i])];
    }
}
