using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

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

    /// <summary>Whether a point lies strictly inside.</summary>
    public bool HasInside(Rational[] point) => _halfSpaces.Values.All(halfSpace => halfSpace.Slack(point).Sign > 0);

    /// <summary>A point in the relative interior of the facet that a half-space makes, or null where it makes none.</summary>
    /// <remarks>
    /// On the hyperplane a x = b one variable is expressed by the others. The largest t with a_j x + t &lt;= b_j for all other half-spaces
    /// is positive exactly where the hyperplane holds a facet, and a point with a positive t is inside it.
    /// </remarks>
    public Rational[]? PointOnFacet(HalfSpace facet)
    {
        int dimension = facet.Normal.Length;
        int pivot = Array.FindIndex(facet.Normal, static value => !value.IsZero);
        Rational divisor = facet.Normal[pivot];
        var rows = new List<Rational[]>();
        var bounds = new List<Rational>();
        foreach (var other in _halfSpaces.Values)
        {
            if (ReferenceEquals(other, facet)) continue;
            var ratio = other.Normal[pivot] / divisor;
            var row = new Rational[dimension - 1];
            for (int i = 0, j = 0; i < dimension; i++)
            {
                if (i != pivot) row[j++] = (Rational)other.Normal[i] - (ratio * facet.Normal[i]);
            }

            var bound = other.Bound - (ratio * facet.Bound);
            if (!Array.TrueForAll(row, static value => value.IsZero))
            {
                rows.Add(row);
                bounds.Add(bound);
            }
            else if (bound.Sign <= 0)
            {
                return null;
            }
        }

        if (Simplex.PointWithin(rows, bounds, dimension - 1) is not { } free) return null;
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
