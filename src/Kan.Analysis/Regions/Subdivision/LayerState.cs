using System;

namespace Kan.Analysis;

/// <summary>The exact maps of the input nodes of a layer on one cell of the layers before it, with doubles close to them.</summary>
internal sealed class LayerState
{
    // A sum of three terms of two factors, each factor within QuotientError, with five roundings.
    private const double RelativeError = 4 * Integers.QuotientError;

    // Above what products of doubles can lose below the normal numbers.
    private const double AbsoluteError = 1e-290;

    private readonly double[] _approximate;

    public LayerState(IntegerMap map, LayerState? previous, int[] previousSegments)
    {
        Map = map;
        Previous = previous;
        PreviousSegments = previousSegments;
        _approximate = Array.ConvertAll(map.Numerators, numerator => Integers.Quotient(numerator, map.Denominator));
    }

    public IntegerMap Map { get; }

    public LayerState? Previous { get; }

    /// <summary>The segments of the nodes of the layer before.</summary>
    public int[] PreviousSegments { get; }

    /// <summary>The label of a node's value at a corner: by doubles where they decide it, else by integers.</summary>
    public int Label(int node, Vertex vertex, NodeLevels levels)
    {
        var row = _approximate.AsSpan(3 * node, 3);
        double x = row[0] * vertex.ApproximateX, y = row[1] * vertex.ApproximateY;
        double error = ((Math.Abs(x) + Math.Abs(y) + Math.Abs(row[2])) * RelativeError) + AbsoluteError;
        int label = levels.Label(x + y + row[2], error);
        if (label >= 0) return label;

        var exact = Map.Row(node);
        return levels.Label((exact[0] * vertex.X) + (exact[1] * vertex.Y) + (exact[2] * vertex.W), vertex.W * Map.Denominator);
    }
}
