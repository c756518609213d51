using System.Collections.Generic;
using System.Linq;

namespace Kan.Analysis;

/// <summary>A cell on the way: its half-spaces and the maps of the nodes on it.</summary>
internal sealed class SearchedCell
{
    private readonly LayerSteps _steps;
    private readonly int[][] _segments;
    private readonly IntegerMap[] _maps;

    // Nodes that rest on a breakpoint throughout the cell: nothing bounds it there, but next to it they may move.
    private readonly List<Bend> _resting = [];

    /// <summary>The cell of some segments.</summary>
    public SearchedCell(LayerSteps steps, IReadOnlyList<InputRange> box, IntegerMap inputs, int[][] segments)
    {
        (_steps, _segments) = (steps, segments);
        for (int i = 0; i < box.Count; i++)
        {
            Polytope.Add(HalfSpace.Of(inputs, i, box[i].High, 1));
            Polytope.Add(HalfSpace.Of(inputs, i, box[i].Low, -1));
        }

        _maps = new IntegerMap[segments.Length + 1];
        _maps[0] = inputs;
        for (int step = 0; step < segments.Length; step++)
        {
            var table = steps.Steps[step].Table;
            for (int node = 0; node < segments[step].Length; node++) Bound(step, node, table.Nodes[node], segments[step][node]);
            _maps[step + 1] = table.Apply(_maps[step], segments[step]);
        }
    }

    public Polytope Polytope { get; } = new();

    /// <summary>The map of the network on the cell.</summary>
    public IntegerMap Map => _maps[^1];

    /// <summary>The segments of the cell on the other side of a facet.</summary>
    /// <remarks>
    /// Nodes are continuous, so only those whose breakpoint lies on the facet can leave their segment there, and the sign of the slope on
    /// the other side says whether they do.
    /// </remarks>
    public int[][] Across(HalfSpace facet)
    {
        int[][] segments = [.. _segments];
        var moving = facet.Bends.Concat(_resting).OrderBy(static bend => bend.Step).ToList();
        bool isChanged = false;
        IntegerMap map = _maps[0];
        int at = 0;
        foreach (var bend in moving)
        {
            // Up to the first step with a change the maps are those of this cell.
            for (; at < bend.Step; at++)
                map = isChanged ? _steps.Steps[at].Table.Apply(map, segments[at]) : _maps[at + 1];
            var row = map.Row(bend.Node);
            var slope = System.Numerics.BigInteger.Zero;
            for (int j = 0; j < facet.Normal.Length; j++) slope += row[j] * facet.Normal[j];
            int segment = slope.Sign >= 0 ? bend.Breakpoint + 1 : bend.Breakpoint;
            if (segments[bend.Step][bend.Node] == segment) continue;
            if (ReferenceEquals(segments[bend.Step], _segments[bend.Step])) segments[bend.Step] = [.. segments[bend.Step]];
            segments[bend.Step][bend.Node] = segment;
            isChanged = true;
        }

        return segments;
    }

    private void Bound(int step, int node, NodeLevels levels, int segment)
    {
        var map = _maps[step];
        bool isConstant = true;
        var row = map.Row(node);
        for (int j = 0; j < map.Dimension; j++) isConstant &= row[j].IsZero;
        if (isConstant)
        {
            int label = levels.Label(row[map.Dimension], map.Denominator);
            if ((label & 1) != 0) _resting.Add(new Bend(step, node, label >> 1));
            return;
        }

        if (segment < levels.Count) Polytope.Add(HalfSpace.Of(map, node, levels[segment], 1), new Bend(step, node, segment));
        if (segment > 0) Polytope.Add(HalfSpace.Of(map, node, levels[segment - 1], -1), new Bend(step, node, segment - 1));
    }
}
