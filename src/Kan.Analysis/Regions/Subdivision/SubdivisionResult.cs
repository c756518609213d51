using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.InteropServices;

namespace Kan.Analysis;

/// <summary>A finished subdivision as cells, sides and counts.</summary>
internal sealed class SubdivisionResult
{
    private readonly List<Vertex> _vertices = [];

    public SubdivisionResult(Subdivision subdivision, LayerSteps steps)
    {
        var faces = subdivision.Faces;
        for (int i = 0; i < faces.Count; i++)
        {
            faces[i].Index = i;
            foreach (var side in faces[i].Border) Number(side.Start);
        }

        var points = _vertices.ConvertAll(static vertex => vertex.ToPoint());
        var maps = new Dictionary<IntegerMap, (int Index, AffineMap Map)>();
        foreach (var face in faces)
        {
            if (!maps.ContainsKey(face.State.Map)) maps.Add(face.State.Map, (maps.Count, face.State.Map.ToAffineMap()));
        }

        var regions = new RegionNumbers(faces.Count);
        int interior = 0;
        foreach (var edge in subdivision.Edges)
        {
            if (edge.Left is null || edge.Right is null) continue;
            interior++;
            if (edge.Left.State.Map.Equals(edge.Right.State.Map)) regions.Join(edge.Left.Index, edge.Right.Index);
        }

        int[] regionOf = regions.Number();
        Cells = [.. faces.Select(face =>
        {
            var (index, map) = maps[face.State.Map];
            var polygon = ConvexPolygon.Trusted([.. face.Border.Select(side => points[side.Start.Index])]);
            return new Cell(polygon, steps.SegmentsOf(SegmentsOf(face.State)), map, regionOf[face.Index], index);
        })];
        Sides = [.. subdivision.Edges.Select(edge =>
            new Side(points[edge.Start.Index], points[edge.End.Index], edge.Left?.Index, edge.Right?.Index, edge.Line.Layer))];
        Counts = new RegionCounts(faces.Count, regions.Count, maps.Count, _vertices.Count, subdivision.Edges.Count, interior);
    }

    public ImmutableArray<Cell> Cells { get; }

    public ImmutableArray<Side> Sides { get; }

    public RegionCounts Counts { get; }

    private void Number(Vertex vertex)
    {
        if (vertex.Index >= 0) return;
        vertex.Index = _vertices.Count;
        _vertices.Add(vertex);
    }

    private static List<ImmutableArray<int>> SegmentsOf(LayerState state)
    {
        var steps = new List<ImmutableArray<int>>();
        for (var current = state; current.Previous is not null; current = current.Previous)
            steps.Add(ImmutableCollectionsMarshal.AsImmutableArray(current.PreviousSegments));
        steps.Reverse();
        return steps;
    }
}
