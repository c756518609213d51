namespace Kan.Networks;

/// <summary>
/// Enclosures of a function, of its slope and of its curvature on an interval, which propagate through arithmetic by the product and chain
/// rules. Where the function has a kink the slope holds the slopes of both sides, and the curvature is unbounded.
/// </summary>
/// <param name="Value">Contains f(x) for each x.</param>
/// <param name="First">Contains f'(x) wherever it exists.</param>
/// <param name="Second">Contains f''(x) wherever it exists; bounded only where f' is continuous.</param>
public readonly record struct Jet(Interval Value, Interval First, Interval Second)
{
    /// <summary>The jet of x itself on an interval.</summary>
    public static Jet Variable(Interval x) => new(x, 1.0, 0.0);

    /// <summary>The jet of a constant.</summary>
    public static Jet Constant(Interval value) => new(value, 0.0, 0.0);

    /// <summary>The jet of a sum.</summary>
    public static Jet operator +(Jet left, Jet right) =>
        new(left.Value + right.Value, left.First + right.First, left.Second + right.Second);

    /// <summary>The jet of the negative, exact.</summary>
    public static Jet operator -(Jet jet) => new(-jet.Value, -jet.First, -jet.Second);

    /// <summary>The jet of a product.</summary>
    public static Jet operator *(Jet left, Jet right) => new(
        left.Value * right.Value,
        (left.First * right.Value) + (left.Value * right.First),
        (left.Second * right.Value) + (2.0 * (left.First * right.First)) + (left.Value * right.Second));

    /// <summary>The jet of a square.</summary>
    public Jet Square() => new(Value.Square(), 2.0 * (Value * First), 2.0 * (First.Square() + (Value * Second)));

    /// <summary>The jet of outer(this), from enclosures of the outer function and its derivatives on <see cref="Value"/>.</summary>
    public Jet Chain(Interval value, Interval first, Interval second) =>
        new(value, first * First, (second * First.Square()) + (first * Second));

    /// <summary>Enclosures of two functions together, for use where it is not known which one applies.</summary>
    public static Jet Either(Jet left, Jet right) =>
        new(Interval.Hull(left.Value, right.Value), Interval.Hull(left.First, right.First), Interval.All);
}
