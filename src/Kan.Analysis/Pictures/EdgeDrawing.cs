using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Analysis;

/// <summary>One edge as it is drawn: over the range that reaches it.</summary>
internal sealed class EdgeDrawing
{
    private EdgeDrawing(int layer, KanEdge edge, InputRange range)
    {
        Layer = layer;
        Edge = edge;

        // Something is drawn where one value alone reaches the edge, too.
        Range = range = range.Low == range.High ? new InputRange(range.Low - 1, range.High + 1) : range;
        var (low, high) = NodeRanges.Of(edge.Function, range);
        Low = low.ToDouble();
        High = high.ToDouble();
        Points = [(range.Low.ToDouble(), edge.Function.Evaluate(range.Low).ToDouble()), .. Breakpoints,
            (range.High.ToDouble(), edge.Function.Evaluate(range.High).ToDouble())];
    }

    public int Layer { get; }

    public KanEdge Edge { get; }

    public InputRange Range { get; }

    /// <summary>The least value.</summary>
    public double Low { get; }

    /// <summary>The largest value.</summary>
    public double High { get; }

    /// <summary>How much the edge moves its output on the range drawn.</summary>
    public double Magnitude => High - Low;

    /// <summary>The slope of an edge that is a weight: a line through 0; null for any other.</summary>
    public double? Weight =>
        Edge.Function.Breakpoints.IsEmpty && Edge.Function.Evaluate(Rational.Zero).Sign == 0 ? Edge.Function.Slopes[0].ToDouble() : null;

    /// <summary>The polygonal line, end to end.</summary>
    public IReadOnlyList<(double X, double Y)> Points { get; }

    /// <summary>Its corners inside the range.</summary>
    public IEnumerable<(double X, double Y)> Breakpoints => NodeRanges.Corners(Edge.Function)
        .Where(corner => corner.Point > Range.Low && corner.Point < Range.High)
        .Select(static corner => (corner.Point.ToDouble(), corner.Value.ToDouble()));

    /// <summary>
    /// The edges of each layer with the largest magnitudes, at most a given number of each, ordered by input, then output.
    /// </summary>
    public static List<EdgeDrawing[]> Largest(KanNetwork network, DrawnRanges ranges, int perLayer)
    {
        return [.. network.Layers.Select((layer, i) => layer.Edges
            .Select(edge => (edge, Magnitude: MagnitudeOf(edge.Function, ranges.For(i, edge))))
            .OrderByDescending(static item => item.Magnitude)
            .ThenBy(static item => item.edge.Input)
            .ThenBy(static item => item.edge.Output)
            .Take(perLayer)
            .OrderBy(static item => item.edge.Input)
            .ThenBy(static item => item.edge.Output)
            .Select(item => new EdgeDrawing(i, item.edge, ranges.For(i, item.edge)))
            .ToArray())];

        static double MagnitudeOf(PiecewiseLinearFunction function, InputRange range)
        {
            var (low, high) = NodeRanges.Of(function, range);
            return (high - low).ToDouble();
        }
    }

    /// <summary>One edge of a network.</summary>
    /// <exception cref="ArgumentException">There is no such edge.</exception>
    public static EdgeDrawing Of(KanNetwork network, DrawnRanges ranges, EdgePlace place)
    {
        if (place.Layer < 0 || place.Layer >= network.Layers.Length)
            throw new ArgumentException($"There is no layer {place.Layer}; the network has {network.Layers.Length}.", nameof(place));
        var layer = network.Layers[place.Layer];
        if (place.Input < 0 || place.Input >= layer.InputCount || place.Output < 0 || place.Output >= layer.OutputCount)
            throw new ArgumentException($"There is no edge ({place.Input}, {place.Output}) in layer {place.Layer} of {layer.InputCount} "
                + $"inputs and {layer.OutputCount} outputs.", nameof(place));
        var edge = layer.Edges.FirstOrDefault(edge => edge.Input == place.Input && edge.Output == place.Output,
            new KanEdge(place.Input, place.Output, PiecewiseLinearFunction.Zero));
        return new EdgeDrawing(place.Layer, edge, ranges.For(place.Layer, edge));
    }
}
