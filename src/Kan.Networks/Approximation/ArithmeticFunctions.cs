using System.Collections.Generic;
using System.Linq;

namespace Kan.Networks;

/// <summary>x.</summary>
internal sealed record VariableFunction : RealFunction
{
    public override Jet Enclose(Jet x) => x;

    internal override Tail? TailFrom(double from, bool right) => Tail.Line(Rational.One, 0.0);
}

/// <summary>A constant.</summary>
internal sealed record ConstantFunction(double Value) : RealFunction
{
    public override Jet Enclose(Jet x) => Jet.Constant(Value);

    internal override Tail? TailFrom(double from, bool right) => Tail.Line(Rational.Zero, Value);
}

/// <summary>A constant that is known to be in an interval only.</summary>
internal sealed record EnclosedConstant(Interval Value) : RealFunction
{
    public override Jet Enclose(Jet x) => Jet.Constant(Value);

    internal override Tail? TailFrom(double from, bool right) => Tail.Line(Rational.Zero, Value);
}

/// <summary>outer(inner(x)).</summary>
internal sealed record ComposedFunction(RealFunction Outer, RealFunction Inner) : RealFunction
{
    internal override double Size { get; } = Outer.Size + Inner.Size;

    public override Jet Enclose(Jet x) => Outer.Enclose(Inner.Enclose(x));

    internal override IEnumerable<double> Kinks => Inner.Kinks;
}

/// <summary>A sum.</summary>
internal sealed record SumFunction(RealFunction Left, RealFunction Right) : RealFunction
{
    internal override double Size { get; } = 1 + Left.Size + Right.Size;

    public override Jet Enclose(Jet x) => Left.Enclose(x) + Right.Enclose(x);

    internal override Tail? TailFrom(double from, bool right) =>
        Left.TailFrom(from, right) is { } a && Right.TailFrom(from, right) is { } b ? a.Plus(b) : null;

    internal override IEnumerable<double> Kinks => Left.Kinks.Concat(Right.Kinks);
}

/// <summary>A product.</summary>
internal sealed record ProductFunction(RealFunction Left, RealFunction Right) : RealFunction
{
    internal override double Size { get; } = 1 + Left.Size + Right.Size;

    public override Jet Enclose(Jet x) => Left.Enclose(x) * Right.Enclose(x);

    internal override Tail? TailFrom(double from, bool right) => (Left, Right) switch
    {
        (ConstantFunction factor, _) => Right.TailFrom(from, right)?.Times(factor.Value),
        (_, ConstantFunction factor) => Left.TailFrom(from, right)?.Times(factor.Value),
        (_, ReciprocalFunction { Inner: ConstantFunction { Value: not 0 } divisor })
            when Rational.FromDouble(1 / divisor.Value) * Rational.FromDouble(divisor.Value) == Rational.One =>
            Left.TailFrom(from, right)?.Times(1 / divisor.Value),
        _ => null,
    };

    internal override IEnumerable<double> Kinks => Left.Kinks.Concat(Right.Kinks);
}

/// <summary>1 / f.</summary>
internal sealed record ReciprocalFunction(RealFunction Inner) : RealFunction
{
    internal override double Size { get; } = 1 + Inner.Size;

    public override Jet Enclose(Jet x)
    {
        var inner = Inner.Enclose(x);
        var value = 1.0 / inner.Value;
        var square = value.Square();
        return inner.Chain(value, -square, 2.0 * (square * value));
    }

    internal override IEnumerable<double> Kinks => Inner.Kinks;
}

/// <summary>f to a whole power of at least 2.</summary>
internal sealed record PowerFunction(RealFunction Inner, int Exponent) : RealFunction
{
    internal override double Size { get; } = 1 + Inner.Size;

    public override Jet Enclose(Jet x)
    {
        var inner = Inner.Enclose(x);
        if (Exponent == 1) return inner;
        if (Exponent == 2) return inner.Square();
        double n = Exponent;
        return inner.Chain(inner.Value.Power(Exponent), n * inner.Value.Power(Exponent - 1), n * (n - 1) * inner.Value.Power(Exponent - 2));
    }

    internal override IEnumerable<double> Kinks => Inner.Kinks;
}

/// <summary>The larger of two functions. Where the difference of the two may change its sign there may be a kink.</summary>
internal sealed record MaximumFunction(RealFunction Left, RealFunction Right) : RealFunction
{
    internal override double Size { get; } = 1 + Left.Size + Right.Size;

    public override Jet Enclose(Jet x)
    {
        Jet left = Left.Enclose(x), right = Right.Enclose(x);
        if (left.Value.Low >= right.Value.High) return left;
        if (right.Value.Low >= left.Value.High) return right;
        var either = Jet.Either(left, right);
        if (either.Value.IsUndefined) return either;
        double low = System.Math.Max(left.Value.Low, right.Value.Low);
        return either with { Value = new Interval(low, either.Value.High) };
    }

    internal override IEnumerable<double> Kinks => Left.Kinks.Concat(Right.Kinks).Concat((Left - Right).Root is { } root ? [root] : []);
}

/// <summary>The absolute value of a function.</summary>
internal sealed record AbsoluteFunction(RealFunction Inner) : RealFunction
{
    internal override double Size { get; } = 1 + Inner.Size;

    public override Jet Enclose(Jet x)
    {
        var inner = Inner.Enclose(x);
        if (inner.Value.Low >= 0) return inner;
        var negative = -inner;
        return inner.Value.High <= 0 ? negative : Jet.Either(inner, negative) with { Value = inner.Value.Absolute() };
    }

    internal override IEnumerable<double> Kinks => Inner.Root is { } root ? Inner.Kinks.Append(root) : Inner.Kinks;
}

/// <summary>One function left of a point and another right of it, which agree there.</summary>
internal sealed record JoinedFunction(double Point, RealFunction Left, RealFunction Right) : RealFunction
{
    /// <summary>Whether the functions may differ at the point.</summary>
    public bool IsRough { get; init; }

    internal override double Size { get; } = 1 + Left.Size + Right.Size;

    public override Jet Enclose(Jet x)
    {
        if (x.Value.High < Point) return Left.Enclose(x);
        if (x.Value.Low > Point) return Right.Enclose(x);

        // The enclosures of the two sides at the point overlap but need not be equal.
        if (x.Value.High <= Point) return WithBoth(Left.Enclose(x));
        if (x.Value.Low >= Point) return WithBoth(Right.Enclose(x));
        var either = Jet.Either(Left.Enclose(Upto(x)), Right.Enclose(From(x)));
        return IsRough ? either with { First = Interval.All } : either;
    }

    internal override Tail? TailFrom(double from, bool right)
    {
        if (right ? from < Point : from > Point) return null;
        return (right ? Right : Left).TailFrom(from, right);
    }

    internal override IEnumerable<double> Kinks => Left.Kinks.Concat(Right.Kinks).Append(Point);

    private Jet WithBoth(Jet side) => side with { Value = Interval.Hull(side.Value, Interval.Hull(Left.At(Point), Right.At(Point))) };

    private Jet Upto(Jet x) => x with { Value = new Interval(x.Value.Low, Point) };

    private Jet From(Jet x) => x with { Value = new Interval(Point, x.Value.High) };
}

/// <summary>A piecewise-linear function.</summary>
internal sealed record BentFunction(PiecewiseLinearFunction Function) : RealFunction
{
    private readonly double[] _breakpoints = [.. Function.Breakpoints.Select(static b => b.ToDouble())];
    private readonly Rational[] _values = ValuesAtBreakpoints(Function);

    public override Jet Enclose(Jet x)
    {
        if (!x.Value.IsBounded) return new Jet(Interval.All, Interval.All, Interval.All);
        Rational low = Rational.FromDouble(x.Value.Low), high = Rational.FromDouble(x.Value.High);
        int first = Function.SegmentOf(low), last = Function.SegmentOf(high);
        bool touches = last > first && Function.Breakpoints[last - 1] == high;
        var value = Interval.Hull(Enclose(ValueAt(low, first)), Enclose(ValueAt(high, last)));
        for (int i = first; i < last; i++) value = Interval.Hull(value, Enclose(_values[i]));
        if (touches) last--;
        var slope = Enclose(Function.Slopes[first]);
        for (int i = first + 1; i <= last; i++) slope = Interval.Hull(slope, Enclose(Function.Slopes[i]));
        return x.Chain(value, slope, first == last ? 0.0 : Interval.All);
    }

    internal override Tail? TailFrom(double from, bool right)
    {
        int segment = right ? Function.Slopes.Length - 1 : 0;
        var exact = Rational.FromDouble(from);
        if (!Function.IsAffine && (right ? exact < Function.Breakpoints[segment - 1] : exact > Function.Breakpoints[0])) return null;
        return Tail.Line(Function.Slopes[segment], Enclose(Function.InterceptOf(segment)));
    }

    // A breakpoint that is not a double is between two of them.
    internal override IEnumerable<double> Kinks => _breakpoints;

    /// <inheritdoc/>
    public bool Equals(BentFunction? other) => other is not null && Function.Equals(other.Function);

    /// <inheritdoc/>
    public override int GetHashCode() => Function.GetHashCode();

    private static Rational[] ValuesAtBreakpoints(PiecewiseLinearFunction function)
    {
        var cursor = new SegmentCursor(function);
        return [.. function.Breakpoints.Select(cursor.Evaluate)];
    }

    private Rational ValueAt(Rational x, int segment)
    {
        int before = System.Math.Max(0, segment - 1);
        return Function.IsAffine ? Function.Evaluate(x) : _values[before] + (Function.Slopes[segment] * (x - Function.Breakpoints[before]));
    }

    private static Interval Enclose(Rational value)
    {
        double nearest = value.ToDouble();
        return value.IsDyadic && Rational.FromDouble(nearest) == value ? nearest : Interval.Outward(nearest, nearest);
    }
}
