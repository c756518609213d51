using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>
/// Bounds |g - f| for two networks of one shape on a box. With z the value of a node in f and z + d that in g, an edge adds g(z + d) -
/// f(z), which is (g - f)(z) and d times a slope of g between z and z + d; both are enclosed by intervals, layer by layer, with outward
/// rounding. Where boxes are split, the largest of their bounds counts.
/// </summary>
internal sealed class DifferenceBound
{
    // What splitting may still take off a bound, where a point of the box comes that close to it.
    private const double NearEnough = 1.01;

    private readonly Pair[][] _layers;
    private readonly Interval[][] _biases, _biasChanges, _ranges;
    private readonly Interval[] _box;

    /// <summary>The bound of two networks.</summary>
    /// <param name="f">The network before.</param>
    /// <param name="g">The network after; its layers have the same nodes.</param>
    /// <param name="ranges">Intervals of the nodes of <paramref name="f"/> on the box, by level.</param>
    public DifferenceBound(KanNetwork f, KanNetwork g, InputRange[][] ranges)
    {
        if (!f.Widths.SequenceEqual(g.Widths)) throw new ArgumentException("The networks differ in shape.", nameof(g));
        _layers = [.. f.Layers.Zip(g.Layers, static (one, other) => Pairs(one, other))];
        _biases = [.. f.Layers.Select(static layer => layer.Biases.Select(EnclosedFunction.Enclose).ToArray())];
        _biasChanges =
            [.. f.Layers.Zip(g.Layers, static (one, other) =>
            one.Biases.Zip(other.Biases, static (before, after) => EnclosedFunction.Enclose(after - before)).ToArray())];
        _ranges =
            [.. ranges.Select(static level =>
            level.Select(static range => new Interval(EnclosedFunction.Enclose(range.Low).Low, EnclosedFunction.Enclose(range.High).High))
                .ToArray())];
        _box = _ranges[0];
    }

    /// <summary>The bound over all outputs; infinite if there is none.</summary>
    /// <param name="parts">The maximum number of boxes that are bounded.</param>
    /// <param name="cancellation">Cancels the work.</param>
    public double Of(int parts, CancellationToken cancellation)
    {
        var queue = new PriorityQueue<(Interval[] Box, double Bound), (double, int)>();
        int count = 1;
        double first = OfBox(_box).Most, reached = 0;
        queue.Enqueue((_box, first), (-first, 0));
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var (box, bound) = queue.Dequeue();
            if (parts > 1) reached = Math.Max(reached, OfBox(Array.ConvertAll(box, static side => (Interval)side.Middle)).Least);
            if (count + 2 > parts || bound <= reached * NearEnough || !double.IsFinite(bound) || Split(box) is not { } halves) return bound;
            foreach (var half in halves)
            {
                // What holds on the whole holds on a part of it.
                double own = Math.Min(bound, OfBox(half).Most);
                queue.Enqueue((half, own), (-own, ++count));
            }
        }
    }

    /// <summary>The halves of a box along the input that is widest for its range; null if none can be split.</summary>
    private Interval[][]? Split(Interval[] box)
    {
        int widest = -1;
        double most = 0;
        for (int p = 0; p < box.Length; p++)
        {
            double middle = box[p].Middle, width = (box[p].High - box[p].Low) / (_box[p].High - _box[p].Low);
            if (width > most && middle > box[p].Low && middle < box[p].High) (most, widest) = (width, p);
        }

        if (widest < 0) return null;
        Interval[] low = [.. box], high = [.. box];
        low[widest] = new Interval(box[widest].Low, box[widest].Middle);
        high[widest] = new Interval(box[widest].Middle, box[widest].High);
        return [low, high];
    }

    /// <summary>
    /// Bounds of the largest difference over the outputs: one from above for all inputs of a box, and one from below for some of them.
    /// </summary>
    private (double Most, double Least) OfBox(Interval[] box)
    {
        Interval[] values = box, changes = new Interval[box.Length];
        for (int l = 0; l < _layers.Length; l++)
        {
            Interval[] nextValues = [.. _biases[l]], nextChanges = [.. _biasChanges[l]];
            foreach (var edge in _layers[l])
            {
                var z = values[edge.Input];
                var d = changes[edge.Input];
                nextValues[edge.Output] += edge.F.RangeOn(z);
                if (!edge.Difference.IsZero) nextChanges[edge.Output] += edge.Difference.RangeOn(z);
                if (d != default && !edge.G.IsConstant) nextChanges[edge.Output] += edge.G.SlopesOn(Interval.Hull(z, z + d)) * d;
            }

            for (int q = 0; q < nextValues.Length; q++) nextValues[q] = Interval.Common(_ranges[l + 1][q], nextValues[q]);
            (values, changes) = (nextValues, nextChanges);
        }

        double most = 0, least = 0;
        foreach (var change in changes)
        {
            most = change.Magnitude <= most ? most : change.Magnitude;
            least = Math.Max(least, Math.Max(change.Low, -change.High));
        }

        return (double.IsNaN(most) ? double.PositiveInfinity : most, least);
    }

    private static Pair[] Pairs(KanLayer f, KanLayer g)
    {
        var pairs = new List<Pair>();
        var zero = new EnclosedFunction(PiecewiseLinearFunction.Zero);
        var others = g.Edges.ToDictionary(static edge => (edge.Input, edge.Output), static edge => edge.Function);
        foreach (var edge in f.Edges)
        {
            var own = new EnclosedFunction(edge.Function);
            if (!others.Remove((edge.Input, edge.Output), out var other))
                pairs.Add(new Pair(edge.Input, edge.Output, own, zero, new EnclosedFunction(-edge.Function)));
            else if (ReferenceEquals(other, edge.Function)) pairs.Add(new Pair(edge.Input, edge.Output, own, own, zero));
            else pairs.Add(new Pair(edge.Input, edge.Output, own, new EnclosedFunction(other),
                new EnclosedFunction(other - edge.Function)));
        }

        foreach (var ((input, output), other) in others.OrderBy(static pair => pair.Key))
        {
            var own = new EnclosedFunction(other);
            pairs.Add(new Pair(input, output, zero, own, own));
        }

        return [.. pairs];
    }

    private sealed record Pair(int Input, int Output, EnclosedFunction F, EnclosedFunction G, EnclosedFunction Difference);
}
