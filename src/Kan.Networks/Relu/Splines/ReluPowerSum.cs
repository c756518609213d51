using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Numerics;

namespace Kan.Networks;

/// <summary>A unit weight * max(x - point, 0)^p, or turned left weight * max(point - x, 0)^p.</summary>
/// <param name="Point">The start of the unit.</param>
/// <param name="TurnsLeft">Whether it is 0 on the right.</param>
/// <param name="Weight">The factor of the unit.</param>
public readonly record struct ReluPowerUnit(Rational Point, bool TurnsLeft, Rational Weight);

/// <summary>A constant and a sum of ReLU^p units, exact: a network with one hidden layer and activation max(x, 0)^p.</summary>
public sealed class ReluPowerSum
{
    /// <summary>A sum of units; those of weight 0 are left out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The degree is less than 1.</exception>
    public ReluPowerSum(int degree, Rational constant, IEnumerable<ReluPowerUnit> units)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degree, 1);
        ArgumentNullException.ThrowIfNull(units);
        Degree = degree;
        Constant = constant;
        Units = [.. units.Where(static unit => !unit.Weight.IsZero)];
    }

    /// <summary>The power p, at least 1; 1 gives ReLU units.</summary>
    public int Degree { get; }

    /// <summary>The constant added to the sum.</summary>
    public Rational Constant { get; }

    /// <summary>The units.</summary>
    public ImmutableArray<ReluPowerUnit> Units { get; }

    /// <summary>The exact value at a point.</summary>
    public Rational Evaluate(Rational x)
    {
        var sum = Constant;
        foreach (var unit in Units)
        {
            var reach = unit.TurnsLeft ? unit.Point - x : x - unit.Point;
            if (reach.Sign > 0) sum += unit.Weight * Powers.Of(reach, Degree);
        }

        return sum;
    }
}

/// <summary>Powers and binomial coefficients.</summary>
internal static class Powers
{
    public static Rational Of(Rational x, int exponent) =>
        Rational.Create(BigInteger.Pow(x.Numerator, exponent), BigInteger.Pow(x.Denominator, exponent));

    /// <summary>n over k.</summary>
    public static BigInteger Choose(int n, int k)
    {
        var choose = BigInteger.One;
        for (int i = 1; i <= k; i++) choose = choose * (n - k + i) / i;
        return choose;
    }
}
