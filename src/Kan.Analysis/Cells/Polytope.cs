using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Constraint = Kan.Networks.LinearConstraint;

namespace Kan.Analysis;

/// <summary>The intersection of half-spaces, at most one for each normal.</summary>
internal sealed class Polytope
{
    private readonly Dictionary<NormalKey, HalfSpace> _halfSpaces = [];

    public IReadOnlyCollection<HalfSpace> HalfSpaces => _halfSpaces.Values;

    /// <summary>Adds a half-space unless one with the same normal is as tight.</summary>
    /// <param name="halfSpace">The half-space, or null for none.</param>
    /// <param name="bend">The breakpoint that makes it, or null for a side of the box.</param>
    public void Add(HalfSpace? halfSpace, Bend? bend = null)
    {
        if (halfSpace is null) return;
        var key = new NormalKey(halfSpace.Normal);
        if (_halfSpaces.TryGetValue(key, out var other) && halfSpace.Bound >= other.Bound)
        {
            if (bend is { } same && halfSpace.Bound == other.Bound) other.Bends.Add(same);
            return;
        }

        if (bend is { } own) halfSpace.Bends.Add(own);
        _halfSpaces[key] = halfSpace;
    }

    /// <summary>Whether a point is strictly inside.</summary>
    public bool HasInside(Rational[] point) => _halfSpaces.Values.All(halfSpace => halfSpace.Slack(point).Sign > 0);

    /// <summary>A point strictly inside, found in rationals; null if there is none.</summary>
    /// <remarks>The largest t with a x + t &lt;= b for all half-spaces is positive at such a point.</remarks>
    public Rational[]? PointInside(int dimension)
    {
        Constraint[] constraints = [.. _halfSpaces.Values.Select(static halfSpace =>
            new Constraint([.. halfSpace.Normal.Select(static value => (Rational)value), Rational.One], halfSpace.Bound))];
        var start = new Rational[dimension + 1];
        var direction = new Rational[dimension + 1];
        start[^1] = constraints.Select(static constraint => constraint.Bound).Aggregate(Rational.Min) - Rational.One;
        direction[^1] = Rational.One;
        var point = start[^1].Sign > 0
            ? start
            : LinearProgram.Maximize(constraints, start, direction, enough: -start[^1]).Point;
        return point[^1].Sign > 0 ? point[..dimension] : null;
    }

    private readonly struct NormalKey(BigInteger[] normal) : IEquatable<NormalKey>
    {
        private readonly BigInteger[] _normal = normal;

        public bool Equals(NormalKey other) => _normal.AsSpan().SequenceEqual(other._normal);

        public override bool Equals(object? obj) => obj is NormalKey other && Equals(other);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            foreach (var value in _normal) hash.Add(value);
            return hash.ToHashCode();
        }
    }
}
