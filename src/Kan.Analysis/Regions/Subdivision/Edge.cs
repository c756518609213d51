using System.Collections.Generic;

namespace Kan.Analysis;

/// <summary>A side of the subdivision, with the faces on both sides of the way from its start to its end.</summary>
internal sealed class Edge(Vertex start, Vertex end, Line line)
{
    public Vertex Start => start;

    public Vertex End => end;

    public Line Line => line;

    public Face? Left { get; set; }

    public Face? Right { get; set; }

    /// <summary>The parts it was cut into in the current pass, from start to end, or null.</summary>
    public List<Edge>? Parts { get; set; }
}

/// <summary>A side as it is passed when going round a face counterclockwise.</summary>
internal readonly record struct HalfEdge(Edge Edge, bool Forward)
{
    public Vertex Start => Forward ? Edge.Start : Edge.End;
}
