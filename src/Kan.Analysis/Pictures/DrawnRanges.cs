using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Analysis;

/// <summary>The ranges over which the edges of a network are drawn and compared.</summary>
internal sealed class DrawnRanges
{
    private readonly ImmutableArray<ImmutableArray<InputRange>> _nodes;
    private readonly bool _isObserved;

    private DrawnRanges(ImmutableArray<ImmutableArray<InputRange>> nodes, bool isObserved)
    {
        _nodes = nodes;
        _isObserved = isObserved;
    }

    /// <summary>Ranges that were observed, or where there are none, those that follow from the ranges of the inputs.</summary>
    /// <exception cref="ArgumentException">The ranges do not fit the network.</exception>
    public static DrawnRanges Of(KanNetwork network, IReadOnlyList<InputRange> inputs, ImmutableArray<ImmutableArray<InputRange>> observed)
    {
        if (observed.IsDefaultOrEmpty) return new DrawnRanges(NodeRanges.Of(network, inputs), isObserved: false);
        if (!observed.Select(static level => level.Length).SequenceEqual(network.Widths))
            throw new ArgumentException($"The network has the widths {string.Join(", ", network.Widths)}; there are ranges for "
                + $"{string.Join(", ", observed.Select(static level => level.Length))} nodes.", nameof(observed));
        return new DrawnRanges(observed, isObserved: true);
    }

    /// <summary>
    /// What reaches the edge. Ranges that were not observed end no further beyond its breakpoints than these are wide: deep in a wide
    /// network the ranges known to contain all values are far larger than the values are, and the end segments are straight.
    /// </summary>
    /// <returns>The range, a single point where the values do not vary.</returns>
    public InputRange For(int layer, KanEdge edge)
    {
        var range = _nodes[layer][edge.Input];
        var function = edge.Function;
        if (!_isObserved && !function.IsAffine)
        {
            Rational first = function.Breakpoints[0], last = function.Breakpoints[^1];
            var margin = first == last ? Rational.One : last - first;
            Rational low = Rational.Max(range.Low, first - margin), high = Rational.Min(range.High, last + margin);
            if (low < high) range = new InputRange(low, high);
        }

        return range;
    }
}
