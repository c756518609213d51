using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Curves;

/// <summary>
/// What a piecewise-linear function does on intervals, with what all of them need computed once: thousands of nodes of an image share a
/// function of thousands of segments.
/// </summary>
internal sealed class FunctionBounds
{
    /// <summary>Segments up to which nothing is gained.</summary>
    private const int Few = 8;

    private readonly PiecewiseLinearFunction _function;
    private readonly Dictionary<Interval, EdgeBounds> _known = [];
    private readonly Interval[] _values;
    private readonly Interval[] _slopes;

    private FunctionBounds(PiecewiseLinearFunction function)
    {
        _function = function;
        _slopes = [.. function.Slopes.Select(Enclosed)];
        _values = new Interval[function.Breakpoints.Length];
        var value = function.AnchorValue;
        for (int i = 0; i < _values.Length; i++)
        {
            if (i > 0) value += function.Slopes[i] * (function.Breakpoints[i] - function.Breakpoints[i - 1]);
            _values[i] = Enclosed(value);
        }
    }

    /// <summary>The bounds of all edges of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="inputs">What its inputs hold.</param>
    public static EdgeBounds[] Of(KanLayer layer, Interval[] inputs)
    {
        var known = new Dictionary<PiecewiseLinearFunction, FunctionBounds>(ReferenceEqualityComparer.Instance);
        var bounds = new EdgeBounds[layer.Edges.Length];
        for (int e = 0; e < bounds.Length; e++)
        {
            var edge = layer.Edges[e];
            if (edge.Function.Slopes.Length <= Few)
            {
                bounds[e] = EdgeBounds.Of(edge.Function, inputs[edge.Input]);
                continue;
            }

            if (!known.TryGetValue(edge.Function, out var function))
                known.Add(edge.Function, function = new FunctionBounds(edge.Function));
            bounds[e] = function.On(inputs[edge.Input]);
        }

        return bounds;
    }

    private EdgeBounds On(Interval interval)
    {
        if (!interval.IsBounded) return EdgeBounds.Of(_function, interval);
        if (_known.TryGetValue(interval, out var bounds)) return bounds;
        Rational low = Rational.FromDouble(interval.Low), high = Rational.FromDouble(interval.High);
        int first = _function.SegmentOf(low), last = _function.SegmentOf(high);
        var range = Interval.Hull(Enclosed(_function.Evaluate(low)), Enclosed(_function.Evaluate(high)));
        for (int i = first; i < last; i++) range = Interval.Hull(range, _values[i]);
        var slopes = _slopes[first];
        for (int i = first + 1; i <= last; i++) slopes = Interval.Hull(slopes, _slopes[i]);
        _known.Add(interval, bounds = new EdgeBounds(range, slopes));
        return bounds;
    }

    private static Interval Enclosed(Rational value) => Enclosing.Between(value, value);
}
