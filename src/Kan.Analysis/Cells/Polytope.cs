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
    public void Add(HalfSpace? halfSpace)
    {
        if (halfSpace is null) return;
        var key = new NormalKey(halfSpace.Normal);
        if (!_halfSpaces.TryGetValue(key, out var other) || halfSpace.Bound < other.Bound) _halfSpaces[key] = halfSpace;
    }

    /// <summary>Whether a point is strictly inside.</summary>
    public bool HasInside(Rational[] point) => _halfSpaces.Values.All(halfSpace => halfSpace.Slack(point).Sign > 0);

    /// <summary>A point in the relative interior of the facet that a half-space makes, or null if it makes none.</summary>
    /// <remarks>
    /// On the hyperplane a x = b one variable is expressed by the others. The largest t with a_j x + t &lt;= b_j for all other half-spaces
    /// is positive exactly where the hyperplane holds a facet, and a point with a positive t is inside it.
    /// </remarks>
    public Rational[]? PointOnFacet(HalfSpace facet)
    {
        int dimension = facet.Normal.Length;
        int pivot = Array.FindIndex(facet.Normal, static value => !value.IsZero);
        Rational divisor = facet.Normal[pivot];
        var constraints = new List<Constraint>();
        foreach (var other in _halfSpaces.Values)
        {
            if (ReferenceEquals(other, facet)) continue;
            var ratio = other.Normal[pivot] / divisor;
            var row = new Rational[dimension];
            for (int i = 0, j = 0; i < dimension; i++)
            {
                if (i != pivot) row[j++] = (Rational)other.Normal[i] - (ratio * facet.Normal[i]);
            }

            // The last variable is t.
            row[^1] = Rational.One;
            constraints.Add(new Constraint(row, other.Bound - (ratio * facet.Bound)));
        }

        if (PointWithin(constraints, dimension) is not { } free) return null;
        var point = new Rational[dimension];
        var rest = facet.Bound;
        for (int i = 0, j = 0; i < dimension; i++)
        {
            if (i == pivot) continue;
            point[i] = free[j++];
            rest -= facet.Normal[i] * point[i];
        }

        point[pivot] = rest / divisor;
        return point;
    }

    /// <summary>Variables and a positive t within the constraints, which bound t; null if there are none.</summary>
    private static Rational[]? PointWithin(List<Constraint> constraints, int dimension)
    {
        if (constraints.Count == 0) return new Rational[dimension];
        var start = new Rational[dimension];
        var direction = new Rational[dimension];
        start[^1] = constraints.Select(static constraint => constraint.Bound).Aggregate(Rational.Min) - Rational.One;
        direction[^1] = Rational.One;
        if (start[^1].Sign > 0) return start;

        // Any positive t will do.
        var point = LinearProgram.Maximize(constraints, start, direction, enough: -start[^1]).Point;
        return point[^1].Sign > 0 ? point : null;
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
