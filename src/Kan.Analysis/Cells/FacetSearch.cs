using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Analysis;

/// <summary>A facet of a cell, with a point that is beyond it and inside all other half-spaces of the cell.</summary>
internal readonly record struct CellFacet(HalfSpace HalfSpace, CellPoint Beyond);

/// <summary>
/// Which half-spaces of a cell hold facets. Rays from its middle find most of them; the others are decided by linear programs, which get
/// smaller as superfluous half-spaces are left out.
/// </summary>
internal sealed class FacetSearch
{
    private readonly CellProgram _program;

    /// <summary>A search in cells of a box.</summary>
    public FacetSearch(IReadOnlyList<InputRange> box) => _program = new CellProgram([.. box.Select(static range =>
        Math.BitIncrement(Rational.Max(Rational.Abs(range.Low), Rational.Abs(range.High)).ToDouble()))]);

    public CellProgram Program => _program;

    /// <summary>The facets of a cell, in the order of its half-spaces.</summary>
    /// <param name="halfSpaces">The half-spaces, no two of them equal.</param>
    /// <param name="interior">A point strictly inside.</param>
    public List<CellFacet> Of(IReadOnlyCollection<HalfSpace> halfSpaces, CellPoint interior)
    {
        HalfSpace[] all = [.. halfSpaces];
        var constraints = Array.ConvertAll(all, static halfSpace => halfSpace.Rounded);
        var center = _program.Center(constraints, interior);
        var found = new CellPoint?[all.Length];
        foreach (var constraint in constraints) Shoot(constraints, center, constraint.Normal, found);
        var left = constraints.ToList();
        for (int i = 0; i < all.Length; i++)
        {
            if (found[i] is not null) continue;
            found[i] = _program.Beyond(left, center, constraints[i]);
            if (found[i] is null) left.Remove(constraints[i]);
        }

        var facets = new List<CellFacet>(all.Length);
        for (int i = 0; i < all.Length; i++)
        {
            if (found[i] is { } point) facets.Add(new CellFacet(all[i], point));
        }

        return facets;
    }

    /// <summary>The first hyperplane that a ray passes holds a facet if there is room before the second.</summary>
    private static void Shoot(RoundedConstraint[] constraints, CellPoint center, double[] direction, CellPoint?[] found)
    {
        double first = double.PositiveInfinity, second = double.PositiveInfinity;
        int facet = -1;
        for (int i = 0; i < constraints.Length; i++)
        {
            double[] normal = constraints[i].Normal;
            double rate = 0;
            for (int j = 0; j < normal.Length; j++) rate += normal[j] * direction[j];
            if (!(rate > 0)) continue;
            double distance = constraints[i].SlackAt(center.Values) / rate;
            if (distance < first) (first, second, facet) = (distance, first, i);
            else if (distance < second) second = distance;
        }

        if (facet < 0 || found[facet] is not null) return;
        double end = double.IsFinite(second) ? first + ((second - first) / 2) : 2 * first;
        if (!(end > first)) return;
        var point = new CellPoint([.. center.Values.Select((value, j) => value + (end * direction[j]))]);
        if (point.IsNormal && constraints[facet].SlackSign(point) < 0 && CellProgram.IsInside(constraints, point, constraints[facet]))
            found[facet] = point;
    }
}
