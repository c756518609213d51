using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Analysis;

/// <summary>One edge as it is drawn: over the range that reaches it.</summary>
internal sealed class EdgeDrawing
{
    private EdgeDrawing(int layer, KanEdge edge, InputRange range)
    {
        Layer = layer;
        Edge = edge;
        Range = range = Shown(edge.Function, range);
        var (low, high) = NodeRanges.Of(edge.Function, range);
        Low = low.ToDouble();
        High = high.ToDouble();
        Points = [(range.Low.ToDouble(), edge.Function.Evaluate(range.Low).ToDouble()), .. Breakpoints, (range.High.ToDouble(), edge.Function.Evaluate(range.High).ToDouble())];
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

    /// <summary>The polygonal line, end to end.</summary>
    public IReadOnlyList<(double X, double Y)> Points { get; }

    /// <summary>Its corners inside the range.</summary>
    public IEnumerable<(double X, double Y)> Breakpoints => NodeRanges.Corners(Edge.Function)
        .Where(corner => corner.Point > Range.Low && corner.Point < Range.High)
        .Select(static corner => (corner.Point.ToDouble(), corner.Value.ToDouble()));

    /// <summary>
    /// What reaches the edge, but no further beyond its breakpoints than they are wide: deep in a wide network the ranges known to contain
    /// all values are far larger than the values are, and the end segments are straight.
    /// </summary>
    private static InputRange Shown(PiecewiseLinearFunction function, InputRange range)
    {
        if (!function.IsAffine)
        {
            Rational first = function.Breakpoints[0], last = function.Breakpoints[^1];
            var margin = first == last ? Rational.One : last - first;
            Rational low = Rational.Max(range.Low, first - margin), high = Rational.Min(range.High, last + margin);
            if (low < high) range = new InputRange(low, high);
        }

        return range.Low == range.High ? new InputRange(range.Low - 1, range.High + 1) : range;
    }

    /// <summary>The edges of each layer with the largest magnitudes, at most some of each, ordered by input, then output.</summary>
    public static List<EdgeDrawing[]> Largest(KanNetwork network, IReadOnlyList<InputRange> inputs, int perLayer)
    {
        var ranges = NodeRanges.Of(network, inputs);
        return [.. network.Layers.Select((layer, i) => layer.Edges
            .Select(edge => (edge, Magnitude: MagnitudeOf(edge.Function, ranges[i][edge.Input])))
            .OrderByDescending(static item => item.Magnitude)
            .ThenBy(static item => item.edge.Input)
            .ThenBy(static item => item.edge.Output)
            .Take(perLayer)
            .OrderBy(static item => item.edge.Input)
            .ThenBy(static item => item.edge.Output)
            .Select(item => new EdgeDrawing(i, item.edge, ranges[i][item.edge.Input]))
            .ToArray())];

        static double MagnitudeOf(PiecewiseLinearFunction function, InputRange range)
        {
            var (low, high) = NodeRanges.Of(function, Shown(function, range));
            return (high - low).ToDouble();
        }
    }

    /// <summary>One edge of a network.</summary>
    /// <exception cref="ArgumentException">There is no such edge.</exception>
    public static EdgeDrawing Of(KanNetwork network, ImmutableArray<ImmutableArray<InputRange>> ranges, EdgePlace place)
    {
        if (place.Layer < 0 || place.Layer >= network.Layers.Length)
            throw new ArgumentException($"There is no layer {place.Layer}; the network has {network.Layers.Length}.", nameof(place));
        var layer = network.Layers[place.Layer];
        if (place.Input < 0 || place.Input >= layer.InputCount || place.Output < 0 || place.Output >= layer.OutputCount)
            throw new ArgumentException($"There is no edge ({place.Input}, {place.Output}) in layer {place.Layer} of {layer.InputCount} inputs and {layer.OutputCount} outputs.", nameof(place));
        var edge = layer.Edges.FirstOrDefault(edge => edge.Input == place.Input && edge.Output == place.Output, new KanEdge(place.Input, place.Output, PiecewiseLinearFunction.Zero));
        return new EdgeDrawing(place.Layer, edge, ranges[place.Layer][place.Input]);
    }
}
