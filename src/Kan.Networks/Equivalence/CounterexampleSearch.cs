using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>What comparing two networks along a line found.</summary>
/// <param name="Point">A point of the line where they differ, or null.</param>
internal readonly record struct LineComparison(Rational[]? Point)
{
    public bool IsEqual => Point is null;
}

/// <summary>Looks for a point where two networks differ. Whatever it returns was evaluated exactly in both networks as given.</summary>
internal sealed class CounterexampleSearch(Comparand left, Comparand right, IReadOnlyList<InputRange>? box, EquivalenceOptions options,
    CancellationToken cancellation)
{
    private readonly Random _random = new(options.Seed);
    private readonly int _inputs = left.Network.InputCount;

    /// <summary>Points at which both networks were evaluated.</summary>
    public int PointCount { get; private set; }

    /// <summary>Lines along which both were compared.</summary>
    public int LineCount { get; private set; }

    /// <summary>The point with the outputs there, or null if they are equal.</summary>
    public Counterexample? Verify(Rational[] point)
    {
        PointCount++;
        var a = left.Evaluate(point);
        var b = right.Evaluate(point);
        return a.SequenceEqual(b) ? null : new Counterexample([.. point], [.. a], [.. b]);
    }

    /// <summary>Tries points here and there.</summary>
    public Counterexample? TryPoints()
    {
        for (int i = 0; i < options.SampleCount; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Verify(RandomPoint(i)) is { } found) return found;
        }

        return null;
    }

    /// <summary>Tries points that were sought for an edge in which two forms of the networks differ.</summary>
    /// <param name="a">The left network, in a form of the shape of the other.</param>
    /// <param name="b">The right network, likewise.</param>
    public Counterexample? TryDirected(KanNetwork a, KanNetwork b)
    {
        foreach (var point in new DirectedSearch(a, b, box, options, cancellation).Points())
        {
            if (Contains(point) && Verify(point) is { } found) return found;
        }

        return null;
    }

    /// <summary>Compares along random lines, and where there are few inputs along each of them.</summary>
    /// <param name="a">The left network, in any form.</param>
    /// <param name="b">The right network, in any form.</param>
    public Counterexample? TryLines(KanNetwork a, KanNetwork b)
    {
        for (int i = 0; i < options.LineCount; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var origin = RandomPoint(i);
            Rational[] direction = i % 2 == 0 && i / 2 < _inputs
                ? Unit(i / 2)
                : [.. RandomPoint(i).Zip(origin, static (to, from) => to - from)];
            if (Compare(a, b, origin, direction) is { Point: { } point } && Verify(point) is { } found) return found;
        }

        return null;
    }

    /// <summary>Compares two networks of one input, everywhere or on the interval; null if they have too many pieces.</summary>
    public LineComparison? CompareOnAxis(KanNetwork a, KanNetwork b) => Compare(a, b, [Rational.Zero], [Rational.One]);

    private LineComparison? Compare(KanNetwork a, KanNetwork b, Rational[] origin, Rational[] direction)
    {
        if (a.AlongLine(origin, direction, options.PieceLimit) is not { } first
            || b.AlongLine(origin, direction, options.PieceLimit) is not { } second) return null;
        LineCount++;
        var interval = Inside(origin, direction);
        for (int q = 0; q < first.Length; q++)
        {
            if (NonZero.Find(first[q] - second[q], interval) is { } t)
                return new LineComparison([.. origin.Zip(direction, (from, slope) => from + t * slope)]);
        }

        return new LineComparison(null);
    }

    /// <summary>The t for which the line is in the box, or null for all of them.</summary>
    private InputRange? Inside(Rational[] origin, Rational[] direction)
    {
        if (box is null) return null;
        Rational? low = null, high = null;
        for (int p = 0; p < origin.Length; p++)
        {
            if (direction[p].IsZero) continue;
            var atLow = (box[p].Low - origin[p]) / direction[p];
            var atHigh = (box[p].High - origin[p]) / direction[p];
            var (enter, leave) = atLow <= atHigh ? (atLow, atHigh) : (atHigh, atLow);
            low = low is { } l ? Rational.Max(l, enter) : enter;
            high = high is { } h ? Rational.Min(h, leave) : leave;
        }

        return low is { } from && high is { } to ? new InputRange(from, to) : new InputRange(Rational.Zero, Rational.Zero);
    }

    private bool Contains(Rational[] point)
    {
        for (int p = 0; box is not null && p < point.Length; p++)
        {
            if (point[p] < box[p].Low || point[p] > box[p].High) return false;
        }

        return true;
    }

    private Rational[] Unit(int input)
    {
        var direction = new Rational[_inputs];
        direction[input] = Rational.One;
        return direction;
    }

    /// <summary>A point of the box, or around 0 on one of several scales; its numbers are short.</summary>
    private Rational[] RandomPoint(int attempt)
    {
        const int Steps = 1 << 12;
        var scale = Rational.Create(1 << (3 * (attempt % 4)), Steps);
        var point = new Rational[_inputs];
        for (int p = 0; p < point.Length; p++)
        {
            point[p] = box is null
                ? (1 + _random.Next(2 * Steps) - Steps) * scale
                : box[p].Low + (box[p].High - box[p].Low) * Rational.Create(_random.Next(Steps + 1), Steps);
        }

        return point;
    }
}
