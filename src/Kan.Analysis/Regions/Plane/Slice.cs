using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Analysis;

/// <summary>An exact plane through the inputs of a network: origin + s first + t second.</summary>
public sealed class Slice
{
    /// <summary>The plane through a point along two directions.</summary>
    /// <param name="origin">The inputs at (0, 0).</param>
    /// <param name="first">The vector added per unit of the first coordinate.</param>
    /// <param name="second">The vector added per unit of the second coordinate.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public Slice(IEnumerable<Rational> origin, IEnumerable<Rational> first, IEnumerable<Rational> second)
    {
        Origin = [.. origin];
        First = [.. first];
        Second = [.. second];
        if (First.Length != Origin.Length || Second.Length != Origin.Length)
            throw new ArgumentException($"The origin has {Origin.Length} inputs, the directions {First.Length} and {Second.Length}; they "
                + $"must agree.", nameof(first));
    }

    /// <summary>The inputs at (0, 0).</summary>
    public ImmutableArray<Rational> Origin { get; }

    /// <summary>The first direction.</summary>
    public ImmutableArray<Rational> First { get; }

    /// <summary>The second direction.</summary>
    public ImmutableArray<Rational> Second { get; }

    /// <summary>The number of inputs.</summary>
    public int InputCount => Origin.Length;

    /// <summary>The plane through three inputs: a at (0, 0), b at (1, 0) and c at (0, 1).</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static Slice Through(IReadOnlyList<Rational> a, IReadOnlyList<Rational> b, IReadOnlyList<Rational> c)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(c);
        if (b.Count != a.Count || c.Count != a.Count)
            throw new ArgumentException($"The three inputs have {a.Count}, {b.Count} and {c.Count} numbers; they must agree.", nameof(b));
        return new Slice(a, b.Select((value, i) => value - a[i]), c.Select((value, i) => value - a[i]));
    }

    /// <summary>The plane in which two inputs vary and the others stay: the coordinates are those two inputs.</summary>
    /// <param name="point">All inputs; those at the two places are not used.</param>
    /// <param name="first">The input along the first coordinate.</param>
    /// <param name="second">The input along the second coordinate.</param>
    /// <exception cref="ArgumentOutOfRangeException">An input does not exist, or the two are the same.</exception>
    public static Slice OfInputs(IReadOnlyList<Rational> point, int first, int second)
    {
        ArgumentNullException.ThrowIfNull(point);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(first, point.Count);
        ArgumentOutOfRangeException.ThrowIfNegative(second);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(second, point.Count);
        if (first == second) throw new ArgumentOutOfRangeException(nameof(second), "The two inputs of a slice must differ.");
        return new Slice(
            point.Select((value, i) => i == first || i == second ? Rational.Zero : value),
            point.Select((_, i) => (Rational)(i == first ? 1 : 0)),
            point.Select((_, i) => (Rational)(i == second ? 1 : 0)));
    }

    /// <summary>The inputs at a point of the plane.</summary>
    public ImmutableArray<Rational> At(PlanePoint point) =>
        [.. Origin.Select((value, i) => value + (point.X * First[i]) + (point.Y * Second[i]))];
}
