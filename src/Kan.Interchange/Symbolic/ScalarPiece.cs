using System;
using System.Collections.Generic;

namespace Kan.Interchange.Symbolic;

/// <summary>A function of one number on one piece of the axis: exact where it is piecewise linear, else a curve.</summary>
/// <param name="Exact">The function, where it is piecewise linear.</param>
/// <param name="Curve">The function, where it is not.</param>
internal readonly record struct ScalarPiece(PiecewiseLinearFunction? Exact, RealFunction? Curve)
{
    public static ScalarPiece Of(PiecewiseLinearFunction function) => new(function, null);

    public static ScalarPiece Constant(Rational value) => Of(PiecewiseLinearFunction.Constant(value));

    /// <summary>The function as one whose values and slopes can be enclosed.</summary>
    public RealFunction Real => Curve ?? ToReal(Exact!);

    /// <summary>How many parts an evaluation takes.</summary>
    public double Size => Curve?.Size ?? 1;

    /// <summary>The value at a point, exact or enclosed.</summary>
    public Interval At(Rational point) =>
        Exact is { } exact ? Enclosing.Enclose(exact.Evaluate(point)) : Curve!.Enclose(Jet.Constant(Enclosing.Enclose(point))).Value;

    public static ScalarPiece operator +(ScalarPiece left, ScalarPiece right)
    {
        if (left.Exact is { } a && right.Exact is { } b) return Of(a + b);
        if (left.Exact is { IsZero: true }) return right;
        return right.Exact is { IsZero: true } ? left : new(null, left.Real + right.Real);
    }

    public static ScalarPiece operator *(ScalarPiece left, ScalarPiece right)
    {
        if (left.Exact is { IsConstant: true } factor) return right.Scale(factor.AnchorValue);
        if (right.Exact is { IsConstant: true } other) return left.Scale(other.AnchorValue);
        return new(null, left.Real * right.Real);
    }

    public ScalarPiece Scale(Rational factor)
    {
        if (Exact is { } exact) return Of(factor * exact);
        if (factor == Rational.One) return this;
        return factor.IsZero ? Constant(Rational.Zero) : new(null, Number(factor) * Curve!);
    }

    /// <summary>outer of this.</summary>
    public ScalarPiece Then(PiecewiseLinearFunction outer)
    {
        if (Exact is { } exact) return Of(outer.Compose(exact));
        if (outer.IsAffine) return Scale(outer.Slopes[0]) + Constant(outer.AnchorValue);
        return new(null, RealFunction.Compose(RealFunction.PiecewiseLinear(outer), Curve!));
    }

    /// <summary>outer of this, a curve.</summary>
    public ScalarPiece Then(Func<RealFunction, RealFunction> outer) => new(null, outer(Real));

    /// <summary>A constant as a function, enclosed where it is not a double.</summary>
    public static RealFunction Number(Rational value) => RealFunction.Within(Enclosing.Enclose(value));

    private static RealFunction ToReal(PiecewiseLinearFunction exact)
    {
        if (exact.IsConstant) return Number(exact.AnchorValue);
        if (!exact.IsAffine) return RealFunction.PiecewiseLinear(exact);
        var line = exact.Slopes[0] == Rational.One ? RealFunction.X : Number(exact.Slopes[0]) * RealFunction.X;
        return exact.AnchorValue.IsZero ? line : line + Number(exact.AnchorValue);
    }
}

/// <summary>Whether one number is above, below or at another.</summary>
internal enum Comparison
{
    /// <summary>a &gt; b.</summary>
    Above,

    /// <summary>a &gt;= b.</summary>
    AtLeast,

    /// <summary>a &lt; b.</summary>
    Below,

    /// <summary>a &lt;= b.</summary>
    AtMost,

    /// <summary>a = b.</summary>
    Equal,
}

/// <summary>What a comparison says of the sign of a difference.</summary>
internal static class Comparisons
{
    private static readonly Dictionary<Comparison, Func<int, bool>> s_holds = new()
    {
        [Comparison.Above] = static sign => sign > 0,
        [Comparison.AtLeast] = static sign => sign >= 0,
        [Comparison.Below] = static sign => sign < 0,
        [Comparison.AtMost] = static sign => sign <= 0,
        [Comparison.Equal] = static sign => sign == 0,
    };

    /// <summary>Whether a comparison holds where a - b has a sign.</summary>
    public static bool Holds(this Comparison comparison, int sign) => s_holds[comparison](sign);
}
