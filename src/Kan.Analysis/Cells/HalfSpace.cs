using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Kan.Analysis;

/// <summary>The set a x &lt;= b, with coprime integers a, so that parallel half-spaces to the same side have equal normals.</summary>
internal sealed class HalfSpace
{
    private HalfSpace(BigInteger[] normal, Rational bound)
    {
        Normal = normal;
        Bound = bound;
    }

    public BigInteger[] Normal { get; }

    public Rational Bound { get; }

    /// <summary>The breakpoints that lie on its border.</summary>
    public List<Bend> Bends { get; } = [];

    /// <summary>The same half-space with its numbers as doubles too.</summary>
    public RoundedConstraint Rounded => field ??= new RoundedConstraint(
        new LinearConstraint([.. Normal.Select(static value => (Rational)value)], Bound));

    /// <summary>sign * (row of the map) &lt;= sign * value, or null if the row is constant.</summary>
    public static HalfSpace? Of(IntegerMap map, int row, Rational value, int sign)
    {
        var numbers = map.Row(row);
        var normal = numbers[..map.Dimension].ToArray();
        var common = normal.Aggregate(BigInteger.Zero, BigInteger.GreatestCommonDivisor);
        if (common.IsZero) return null;
        for (int i = 0; i < normal.Length; i++) normal[i] = sign * normal[i] / common;

        // row <= value is (normal x common + constant) / denominator <= value.
        var bound = (value * map.Denominator) - numbers[map.Dimension];
        return new HalfSpace(normal, sign * bound / common);
    }

    /// <summary>bound - a x: positive inside.</summary>
    public Rational Slack(ReadOnlySpan<Rational> point)
    {
        var slack = Bound;
        for (int i = 0; i < Normal.Length; i++) slack -= Normal[i] * point[i];
        return slack;
    }
}
