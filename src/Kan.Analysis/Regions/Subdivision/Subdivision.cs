using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Analysis;

/// <summary>
/// A convex domain cut into the cells of a network, node by node: where the value of a node crosses a breakpoint of the edges that leave
/// it.
/// </summary>
/// <remarks>
/// The value of a node is continuous, so it is found once for each corner, a side is cut at the same points for both its faces, and the
/// faces always meet along whole sides. On a face the value is affine, so the cuts of one node are parallel and never meet inside.
/// </remarks>
internal sealed class Subdivision
{
    private readonly int _cellLimit;
    private readonly CancellationToken _cancellation;
    private int _layer;
    private int _pass;

    public Subdivision(IntegerMap inputs, ConvexPolygon domain, int cellLimit, CancellationToken cancellation)
    {
        _cellLimit = cellLimit;
        _cancellation = cancellation;
        var corners = domain.Vertices.Select(Vertex.At).ToArray();
        for (int i = 0; i < corners.Length; i++)
        {
            int next = (i + 1) % corners.Length;
            Edges.Add(new Edge(corners[i], corners[next], Line.Through(domain.Vertices[i], domain.Vertices[next])));
        }

        var face = new Face([.. Edges.Select(static edge => new HalfEdge(edge, true))], new LayerState(inputs, null, []), []);
        face.Attach();
        Faces.Add(face);
    }

    public List<Face> Faces { get; private set; } = [];

    public List<Edge> Edges { get; private set; } = [];

    /// <summary>Cuts the domain by all layers; returns where the limit was reached, or null.</summary>
    public RegionLimit? Run(LayerSteps steps)
    {
        foreach (var (layer, table) in steps.Steps)
        {
            _layer = layer;
            foreach (var face in Faces) face.Segments = new int[table.Nodes.Length];
            for (int node = 0; node < table.Nodes.Length; node++)
            {
                _cancellation.ThrowIfCancellationRequested();
                if (table.Nodes[node].Count == 0) continue;
                Cut(node, table.Nodes[node]);
                if (Faces.Count > _cellLimit) return new RegionLimit(Faces.Count, _layer, node);
            }

            Enter(table);
        }

        return null;
    }

    /// <summary>Continues to the outputs of the layer on each face. Faces cut from the same one are neighbors in the list.</summary>
    private void Enter(LayerTable table)
    {
        LayerState? state = null;
        LayerWalk? walk = null;
        foreach (var face in Faces)
        {
            _cancellation.ThrowIfCancellationRequested();
            if (!ReferenceEquals(state, face.State)) walk = new LayerWalk(table, (state = face.State).Map);
            face.State = new LayerState(walk!.To(face.Segments), face.State, face.Segments);
        }
    }

    private void Cut(int node, NodeLevels levels)
    {
        _pass++;
        foreach (var face in Faces)
        {
            foreach (var side in face.Border)
            {
                if (side.Start.Pass != _pass) SetLabel(side.Start, face.State.Label(node, side.Start, levels));
            }
        }

        bool cut = false;
        foreach (var edge in Edges) cut |= CutEdge(edge, node, levels);
        if (cut) Edges = [.. Edges.SelectMany(static edge => edge.Parts ?? [edge])];

        var faces = new List<Face>(Faces.Count);
        foreach (var face in Faces)
        {
            CutFace(face, node, levels, faces);

            // More than the limit is enough to know; what is left uncut is not used.
            if (faces.Count > _cellLimit) break;
        }

        Faces = faces;
    }

    private void SetLabel(Vertex vertex, int label)
    {
        vertex.Label = label;
        vertex.Pass = _pass;
    }

    /// <summary>Cuts a side at every breakpoint strictly between the values at its ends.</summary>
    private bool CutEdge(Edge edge, int node, NodeLevels levels)
    {
        int low = Math.Min(edge.Start.Label, edge.End.Label), high = Math.Max(edge.Start.Label, edge.End.Label);
        int first = (low + 1) >> 1, last = (high >> 1) - 1;
        if (first > last) return false;

        // Both faces give the same points, for the value is continuous.
        var map = (edge.Left ?? edge.Right)!.State.Map;
        var parts = new List<Edge>(last - first + 2);
        bool rising = edge.Start.Label < edge.End.Label;
        var start = edge.Start;
        for (int i = 0; i <= last - first; i++)
        {
            int breakpoint = rising ? first + i : last - i;
            var point = Vertex.Of(edge.Line, Line.At(map, node, levels[breakpoint], _layer));
            SetLabel(point, NodeLevels.LabelOf(breakpoint));
            parts.Add(new Edge(start, point, edge.Line));
            start = point;
        }

        parts.Add(new Edge(start, edge.End, edge.Line));
        edge.Parts = parts;
        return true;
    }

    /// <summary>Cuts a face at every breakpoint strictly between its least and its largest value.</summary>
    private void CutFace(Face face, int node, NodeLevels levels, List<Face> faces)
    {
        int low = int.MaxValue, high = int.MinValue;
        foreach (var side in face.Border)
        {
            low = Math.Min(low, side.Start.Label);
            high = Math.Max(high, side.Start.Label);
        }

        int first = (low + 1) >> 1, last = (high >> 1) - 1;
        if (first > last)
        {
            face.Segments[node] = NodeLevels.SegmentOf(low);
            faces.Add(face);
            return;
        }

        // From the lowest part up: each cut leaves the part below it, which is done, and the part above, which is processed further.
        var rest = Expand(face.Border);
        for (int breakpoint = first; breakpoint <= last; breakpoint++)
        {
            int label = NodeLevels.LabelOf(breakpoint);
            int up = CrossingOf(rest, label, rising: true), down = CrossingOf(rest, label, rising: false);
            var chord = new Edge(rest[up].Start, rest[down].Start, Line.At(face.State.Map, node, levels[breakpoint], _layer));
            Edges.Add(chord);
            var below = Arc(rest, down, up);
            below.Add(new HalfEdge(chord, true));
            AddFace(below);
            rest = Arc(rest, up, down);
            rest.Add(new HalfEdge(chord, false));
        }

        AddFace(rest);

        void AddFace(List<HalfEdge> border)
        {
            int[] segments = [.. face.Segments];
            segments[node] = NodeLevels.SegmentOf(border.Min(static side => side.Start.Label));
            var part = new Face([.. border], face.State, segments);
            part.Attach();
            faces.Add(part);
        }
    }

    /// <summary>The sides of a face with those that were cut replaced by their parts.</summary>
    private static List<HalfEdge> Expand(HalfEdge[] border)
    {
        var sides = new List<HalfEdge>(border.Length + 4);
        foreach (var side in border)
        {
            if (side.Edge.Parts is not { } parts) sides.Add(side);
            else if (side.Forward) sides.AddRange(parts.Select(static part => new HalfEdge(part, true)));
            else sides.AddRange(parts.AsEnumerable().Reverse().Select(static part => new HalfEdge(part, false)));
        }

        return sides;
    }

    /// <summary>The side that starts on a level and leaves it upwards, or downwards. Convexity makes it unique.</summary>
    private static int CrossingOf(List<HalfEdge> border, int label, bool rising)
    {
        for (int i = 0; i < border.Count; i++)
        {
            if (border[i].Start.Label != label) continue;
            int next = border[(i + 1) % border.Count].Start.Label;
            if (rising ? next > label : next < label) return i;
        }

        throw new InvalidOperationException("A face that a breakpoint crosses has no corner on it.");
    }

    private static List<HalfEdge> Arc(List<HalfEdge> border, int from, int to)
    {
        var arc = new List<HalfEdge>(border.Count);
        for (int i = from; i != to; i = (i + 1) % border.Count) arc.Add(border[i]);
        return arc;
    }
}
