using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Numerics;
using System.Threading;

namespace Kan.Analysis;

/// <summary>
/// All cells of a network over a box of inputs, in any number of dimensions: from one cell across its facets to the next, with an exact
/// linear program for each possible facet. For small networks of a few inputs.
/// </summary>
/// <remarks>The cells of a continuous piecewise-linear function on a convex set are connected by facets, so none is missed.</remarks>
public sealed class CellEnumeration
{
    private CellEnumeration(ImmutableArray<EnumeratedCell> cells, int interiorFacetCount, RegionLimit? limit)
    {
        Cells = cells;
        InteriorFacetCount = interiorFacetCount;
        Limit = limit;
    }

    /// <summary>The cells, in the order in which they were reached; if the search is incomplete, those reached before it stopped.</summary>
    public ImmutableArray<EnumeratedCell> Cells { get; }

    /// <summary>The number of facets that two cells share. Meaningless if the search is incomplete.</summary>
    public int InteriorFacetCount { get; }

    /// <summary>The limit at which the search stopped; null if it is complete.</summary>
    public RegionLimit? Limit { get; }

    /// <summary>Whether all cells were found.</summary>
    public bool IsComplete => Limit is null;

    /// <summary>The cells of a network over a box.</summary>
    /// <param name="network">Any network.</param>
    /// <param name="box">A range with an interior for each input.</param>
    /// <param name="cellLimit">The maximum number of cells to find, at least 1.</param>
    /// <param name="cancellation">Cancels the search.</param>
    /// <exception cref="ArgumentException">A wrong number of ranges, an empty range, or a limit below 1.</exception>
    /// <exception cref="OperationCanceledException">The search was stopped.</exception>
    public static CellEnumeration Of(KanNetwork network, IReadOnlyList<InputRange> box, int cellLimit = LinearRegions.DefaultCellLimit,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(box);
        ArgumentOutOfRangeException.ThrowIfLessThan(cellLimit, 1);
        if (box.Count != network.InputCount)
            throw new ArgumentException($"The network has {network.InputCount} inputs; the box has {box.Count} ranges.", nameof(box));
        for (int i = 0; i < box.Count; i++)
        {
            if (box[i].Low >= box[i].High)
                throw new ArgumentException($"Range {i} of the box, [{box[i].Low}, {box[i].High}], has no interior.", nameof(box));
        }

        return new Search(new LayerSteps(network), box).Run(cellLimit, cancellation);
    }

    /// <summary>The cells of a ReLU network over a box: one for each pattern of active units that has an interior.</summary>
    /// <inheritdoc cref="Of(KanNetwork, IReadOnlyList{InputRange}, int, CancellationToken)"/>
    public static CellEnumeration Of(ReluNetwork network, IReadOnlyList<InputRange> box, int cellLimit = LinearRegions.DefaultCellLimit,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Of(network.ToKan(ReluEmbedding.Separate), box, cellLimit, cancellation);
    }

    private sealed class Search(LayerSteps steps, IReadOnlyList<InputRange> box)
    {
        private readonly IntegerMap _inputs = IntegerMap.Identity(box.Count);
        private readonly HashSet<SegmentKey> _seen = [];
        private readonly Queue<int[][]> _pending = [];

        public CellEnumeration Run(int cellLimit, CancellationToken cancellation)
        {
            var cells = ImmutableArray.CreateBuilder<EnumeratedCell>();
            int crossings = 0;
            Reach(First());
            while (_pending.TryDequeue(out int[][]? segments))
            {
                cancellation.ThrowIfCancellationRequested();
                var (polytope, map) = CellOf(segments);
                int facets = 0;
                foreach (var halfSpace in polytope.HalfSpaces)
                {
                    if (polytope.PointOnFacet(halfSpace) is not { } point) continue;
                    facets++;
                    if (IsBorder(halfSpace)) continue;
                    crossings++;
                    Reach(Beyond(point, Array.ConvertAll(halfSpace.Normal, static value => (Rational)value)));
                }

                cells.Add(new EnumeratedCell(steps.SegmentsOf([.. segments.Select(static step => ImmutableArray.Create(step))]),
                    map.ToAffineMap(), facets));
                if (_seen.Count > cellLimit) return new CellEnumeration(cells.ToImmutable(), 0, new RegionLimit(_seen.Count, null, null));
            }

            return new CellEnumeration(cells.ToImmutable(), crossings / 2, null);
        }

        private void Reach(int[][] segments)
        {
            if (_seen.Add(new SegmentKey(segments))) _pending.Enqueue(segments);
        }

        /// <summary>The cell around a point that is on no breakpoint.</summary>
        private int[][] First()
        {
            // Each try moves along a curve that no finite set of hyperplanes contains.
            for (int attempt = 1; ; attempt++)
            {
                Rational[] point = [.. box.Select((range, i) => range.Low + ((range.High - range.Low) * Fraction(attempt, i)))];
                int[][] segments = Beyond(point, [.. point.Select(static (_, i) => (Rational)(i + 1))]);
                if (CellOf(segments).Polytope.HasInside(point)) return segments;
            }

            static Rational Fraction(int attempt, int power) => Rational.Create(1, 1 + BigInteger.Pow(1 + (3 * attempt), power + 1));
        }

        /// <summary>The segments of the cell that a step from a point in a direction enters: by value, then by derivative.</summary>
        private int[][] Beyond(Rational[] point, Rational[] direction)
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

        private (Polytope Polytope, IntegerMap Map) CellOf(int[][] segments)
        {
            var polytope = new Polytope();
            for (int i = 0; i < box.Count; i++)
            {
                polytope.Add(HalfSpace.Of(_inputs, i, box[i].High, 1));
                polytope.Add(HalfSpace.Of(_inputs, i, box[i].Low, -1));
            }

            var map = _inputs;
            for (int i = 0; i < segments.Length; i++)
            {
                var table = steps.Steps[i].Table;
                for (int node = 0; node < segments[i].Length; node++)
                {
                    int segment = segments[i][node];
                    var levels = table.Nodes[node];
                    if (segment < levels.Count) polytope.Add(HalfSpace.Of(map, node, levels[segment], 1));
                    if (segment > 0) polytope.Add(HalfSpace.Of(map, node, levels[segment - 1], -1));
                }

                map = table.Apply(map, segments[i]);
            }

            return (polytope, map);
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
    }

    private readonly struct SegmentKey(int[][] segments) : IEquatable<SegmentKey>
    {
        private readonly int[][] _segments = segments;

        public bool Equals(SegmentKey other)
        {
            for (int i = 0; i < _segments.Length; i++)
            {
                if (!_segments[i].AsSpan().SequenceEqual(other._segments[i])) return false;
            }

            return true;
        }

        public override bool Equals(object? obj) => obj is SegmentKey other && Equals(other);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            foreach (int[] step in _segments)
            {
                foreach (int segment in step) hash.Add(segment);
            }

            return hash.ToHashCode();
        }
    }
}
