using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Kan.Analysis;

/// <summary>
/// A network along the way from one input to another, exactly: t in [0, 1] stands for from + t (to - from), and each output is a
/// piecewise-linear function of t.
/// </summary>
public sealed class LinearPieces
{
    /// <summary>The limit of pieces where none is given.</summary>
    public const int DefaultPieceLimit = 1_000_000;

    private LinearPieces(ImmutableArray<LinePiece> pieces, RegionLimit? limit)
    {
        Pieces = pieces;
        Limit = limit;
    }

    /// <summary>The pieces from 0 to 1; each begins where the one before it ends. Empty if the search is incomplete.</summary>
    public ImmutableArray<LinePiece> Pieces { get; }

    /// <summary>The limit at which the search stopped; null if it is complete.</summary>
    public RegionLimit? Limit { get; }

    /// <summary>Whether all pieces were found.</summary>
    public bool IsComplete => Limit is null;

    /// <summary>The pieces of a network between two inputs.</summary>
    /// <param name="network">Any network.</param>
    /// <param name="from">The inputs at t = 0.</param>
    /// <param name="to">The inputs at t = 1.</param>
    /// <param name="pieceLimit">The maximum number of pieces to keep, at least 1.</param>
    /// <param name="cancellation">Cancels the search.</param>
    /// <exception cref="ArgumentException">A wrong number of inputs, or a limit below 1.</exception>
    /// <exception cref="OperationCanceledException">The search was stopped.</exception>
    public static LinearPieces Of(
        KanNetwork network,
        IReadOnlyList<Rational> from,
        IReadOnlyList<Rational> to,
        int pieceLimit = DefaultPieceLimit,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentOutOfRangeException.ThrowIfLessThan(pieceLimit, 1);
        if (from.Count != network.InputCount || to.Count != network.InputCount)
            throw new ArgumentException($"The network has {network.InputCount} inputs; the ends have {from.Count} and {to.Count}.",
                nameof(from));

        var steps = new LayerSteps(network);
        var line = IntegerMap.Along([.. from], [.. to.Select((value, i) => value - from[i])]);
        List<Part> parts = [new(0, 1, line, [], [])];
        foreach (var (layer, table) in steps.Steps)
        {
            parts = parts.ConvertAll(part => part with { Segments = new int[table.Nodes.Length] });
            for (int node = 0; node < table.Nodes.Length; node++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (table.Nodes[node].Count == 0) continue;
                parts = [.. parts.SelectMany(part => Cut(part, node, table.Nodes[node]))];
                if (parts.Count > pieceLimit) return new LinearPieces([], new RegionLimit(parts.Count, layer, node));
            }

            parts = parts.ConvertAll(part =>
                part with { Map = table.Apply(part.Map, part.Segments), Steps = part.Steps.Add([.. part.Segments]) });
        }

        return new LinearPieces(
            [.. parts.Select(part => new LinePiece(part.Start, part.End, steps.SegmentsOf(part.Steps), part.Map.ToAffineMap()))], null);
    }

    /// <summary>
    /// One output as a function of t in canonical form. Beyond 0 and 1 its end segments extend; the network's may bend there.
    /// </summary>
    /// <exception cref="InvalidOperationException">The search is incomplete.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The output does not exist.</exception>
    public PiecewiseLinearFunction Output(int index)
    {
        if (Limit is not null) throw new InvalidOperationException($"The line has no function: {Limit}.");
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Pieces[0].Map.OutputCount);
        return PiecewiseLinearFunction.FromSlopes(
            [.. Pieces.Skip(1).Select(static piece => piece.Start)],
            [.. Pieces.Select(piece => piece.Map[index, 0])],
            Rational.Zero,
            Pieces[0].Map.Constants[index]);
    }

    /// <summary>Cuts a part where the value of a node crosses breakpoints, in the order of t.</summary>
    private static Part[] Cut(Part part, int node, NodeLevels levels)
    {
        var row = part.Map.Row(node);
        Rational slope = Rational.Create(row[0], part.Map.Denominator), constant = Rational.Create(row[1], part.Map.Denominator);
        int first = LabelAt(part.Start), last = LabelAt(part.End);
        var cuts = new List<Rational> { part.Start };
        int step = Math.Sign(last - first);
        for (int label = first + step; step != 0 && label != last; label += step)
        {
            if ((label & 1) == 1) cuts.Add((levels[label >> 1] - constant) / slope);
        }

        cuts.Add(part.End);
        int segment = first == last || step > 0 ? NodeLevels.SegmentOf(first) : first >> 1;
        var pieces = new Part[cuts.Count - 1];
        for (int i = 0; i < pieces.Length; i++)
        {
            int[] segments = [.. part.Segments];
            segments[node] = segment + (i * step);
            pieces[i] = part with { Start = cuts[i], End = cuts[i + 1], Segments = segments };
        }

        return pieces;

        int LabelAt(Rational t)
        {
            var value = constant + (slope * t);
            return levels.Label(value.Numerator, value.Denominator);
        }
    }

    private sealed record Part(Rational Start, Rational End, IntegerMap Map, int[] Segments, ImmutableArray<ImmutableArray<int>> Steps);
}
