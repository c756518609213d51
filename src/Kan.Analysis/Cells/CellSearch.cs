using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Numerics;
using System.Threading;

namespace Kan.Analysis;

/// <summary>The cells of a box, from one across its facets to the next.</summary>
internal sealed class CellSearch(LayerSteps steps, IReadOnlyList<InputRange> box)
{
    private readonly IntegerMap _inputs = IntegerMap.Identity(box.Count);
    private readonly HashSet<SegmentKey> _seen = [];
    private readonly Queue<Entrance> _pending = [];
    private readonly FacetSearch _facets = new(box);

    /// <summary>What solved the linear programs.</summary>
    public CellProgram Program => _facets.Program;

    /// <summary>Searches until all cells are found or more than the limit are.</summary>
    /// <returns>The cells that were left on all sides, how often a facet was crossed, and the limit if it ended the search.</returns>
    public (ImmutableArray<EnumeratedCell> Cells, int Crossings, RegionLimit? Limit) Run(int cellLimit, CancellationToken cancellation)
    {
        var cells = ImmutableArray.CreateBuilder<EnumeratedCell>();
        int crossings = 0;
        Reach(First());
        while (_pending.TryDequeue(out var entrance))
        {
            cancellation.ThrowIfCancellationRequested();
            var cell = CellOf(entrance.Segments);
            var halfSpaces = cell.Polytope.HalfSpaces;
            var interior = Inside(halfSpaces, entrance) ?? new CellPoint(cell.Polytope.PointInside(box.Count)
                ?? throw new InvalidOperationException("A cell that was entered has no interior."));
            var facets = _facets.Of(halfSpaces, interior);
            foreach (var (halfSpace, beyond) in facets)
            {
                if (IsBorder(halfSpace)) continue;
                crossings++;
                Reach(new Entrance(cell.Across(halfSpace), interior, beyond, halfSpace));
            }

            cells.Add(new EnumeratedCell(steps.SegmentsOf([.. entrance.Segments.Select(static step => ImmutableArray.Create(step))]),
                cell.Map.ToAffineMap(), facets.Count));
            if (_seen.Count > cellLimit) return (cells.ToImmutable(), crossings, new RegionLimit(_seen.Count, null, null));
        }

        return (cells.ToImmutable(), crossings, null);
    }

    private SearchedCell CellOf(int[][] segments) => new(steps, box, _inputs, segments);

    private void Reach(Entrance entrance)
    {
        if (_seen.Add(new SegmentKey(entrance.Segments))) _pending.Enqueue(entrance);
    }

    /// <summary>The cell around a point that is on no breakpoint.</summary>
    private Entrance First()
    {
        // Each try moves along a curve that no finite set of hyperplanes contains.
        for (int attempt = 1; ; attempt++)
        {
            Rational[] point = [.. box.Select((range, i) => range.Low + ((range.High - range.Low) * Fraction(attempt, i)))];
            int[][] segments = At(point, [.. point.Select(static (_, i) => (Rational)(i + 1))]);
            if (CellOf(segments).Polytope.HasInside(point)) return new Entrance(segments, new CellPoint(point), new CellPoint(point), null);
        }

        static Rational Fraction(int attempt, int power) => Rational.Create(1, 1 + BigInteger.Pow(1 + (3 * attempt), power + 1));
    }

    /// <summary>The segments of the cell that a step from a point in a direction enters: by value, then by derivative.</summary>
    private int[][] At(Rational[] point, Rational[] direction)
    {
        var line = IntegerMap.Along([.. point], [.. direction]);
        var segments = new int[steps.Steps.Count][];
        for (int i = 0; i < segments.Length; i++)
        {
            var table = steps.Steps[i].Table;
            segments[i] = new int[table.Nodes.Length];
            for (int node = 0; node < segments[i].Length; node++)
            {
                var row = line.Row(node);
                int label = table.Nodes[node].Label(row[1], line.Denominator);
                segments[i][node] = row[0].Sign >= 0 ? NodeLevels.SegmentOf(label) : label >> 1;
            }

            line = table.Apply(line, segments[i]);
        }

        return segments;
    }

    /// <summary>A point of the way through the facet that is inside the new cell: there is one close to the facet.</summary>
    private static CellPoint? Inside(IReadOnlyCollection<HalfSpace> halfSpaces, Entrance entrance)
    {
        RoundedConstraint[] constraints = [.. halfSpaces.Select(static halfSpace => halfSpace.Rounded)];
        if (CellProgram.IsInside(constraints, entrance.To)) return entrance.To;
        if (entrance.Facet is null) return null;
        double[] from = entrance.From.Values, to = entrance.To.Values;
        double inside = entrance.Facet.Rounded.SlackAt(from), outside = -entrance.Facet.Rounded.SlackAt(to);
        double cross = inside / (inside + outside);
        for (double share = 1.0 / 4; share > 1e-7; share /= 4)
        {
            double part = cross + (share * (1 - cross));
            var point = new CellPoint([.. from.Select((value, j) => value + (part * (to[j] - value)))]);
            if (point.IsNormal && CellProgram.IsInside(constraints, point)) return point;
        }

        return null;
    }

    private bool IsBorder(HalfSpace halfSpace)
    {
        int input = -1;
        for (int i = 0; i < halfSpace.Normal.Length; i++)
        {
            if (halfSpace.Normal[i].IsZero) continue;
            if (input >= 0) return false;
            input = i;
        }

        return halfSpace.Normal[input].Sign > 0 ? halfSpace.Bound == box[input].High : halfSpace.Bound == -box[input].Low;
    }

    /// <summary>A cell that was reached: its segments, and the way to it from a point of the cell before.</summary>
    private sealed record Entrance(int[][] Segments, CellPoint From, CellPoint To, HalfSpace? Facet);
}
