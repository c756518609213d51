using System;
using System.Collections.Generic;

namespace Kan.Networks;

/// <summary>An elementary function of another function.</summary>
internal sealed record ElementaryComposition(ElementaryFunction Outer, RealFunction Inner) : RealFunction
{
    internal override double Size { get; } = 1 + Inner.Size;

    public override Jet Enclose(Jet x) => Outer.Apply(Inner.Enclose(x));

    internal override IEnumerable<double> Kinks => Inner.Kinks;

    // A line inside takes one tail of the outer function to one tail of the composition.
    internal override Tail? TailFrom(double from, bool right)
    {
        if (Inner.TailFrom(from, right) is not { Error: 0 } line) return null;
        double slope = line.Slope.ToDouble();
        if (line.Slope.IsZero || Rational.FromDouble(slope) != line.Slope) return null;
        bool outerRight = right == slope > 0;
        var reached = (slope * (Interval)from) + line.Intercept;
        double nearest = outerRight ? reached.Low : -reached.High;
        if (!(nearest > 0)) return null;

        // The decay e = exp(-t) beyond t bounds the distance of each of these functions from its line, as a multiple of e.
        var decay = IntervalFunctions.Exp(-nearest);
        if (Outer == ElementaryFunction.Exp) return outerRight ? null : new Tail(Rational.Zero, 0.0, decay.High);
        if (Outer == ElementaryFunction.Tanh) return new Tail(Rational.Zero, outerRight ? 1.0 : -1.0, (2.0 * decay.Square()).High);
        if (Outer == ElementaryFunction.Sigmoid) return new Tail(Rational.Zero, outerRight ? 1.0 : 0.0, decay.High);
        if (Outer == ElementaryFunction.Softplus) return Follow(decay.High);

        // t / (1 + exp(t)) falls from its turn at 1.2785 on.
        const double Turn = 1.28;
        if (Outer != ElementaryFunction.Silu || nearest < Turn) return null;
        return Follow((nearest / (1.0 + IntervalFunctions.Exp(nearest))).High);

        Tail Follow(double error) => outerRight ? line with { Error = error } : new Tail(Rational.Zero, 0.0, error);
    }
}

/// <summary>The sine or cosine of another function.</summary>
internal sealed record SineFunction(RealFunction Inner, bool IsCosine) : RealFunction
{
    internal override double Size { get; } = 1 + Inner.Size;

    public override Jet Enclose(Jet x)
    {
        var inner = Inner.Enclose(x);
        Interval sine = IntervalFunctions.Sin(inner.Value), cosine = IntervalFunctions.Cos(inner.Value);
        return IsCosine ? inner.Chain(cosine, -sine, -cosine) : inner.Chain(sine, cosine, -sine);
    }

    internal override IEnumerable<double> Kinks => Inner.Kinks;
}

/// <summary>A spline.</summary>
internal sealed record SplineFunction : RealFunction
{
    private readonly EnclosedSpline _value;
    private readonly EnclosedSpline _slope;
    private readonly EnclosedSpline? _curvature;

    public SplineFunction(EnclosedSpline spline)
    {
        _value = spline;
        _slope = spline.Derivative();
        _curvature = spline.Degree >= 2 ? _slope.Derivative() : null;
    }

    public override Jet Enclose(Jet x)
    {
        if (!x.Value.IsBounded) return new Jet(Interval.All, Interval.All, Interval.All);
        var slope = _slope.Range(x.Value);
        double middle = x.Value.Middle;
        var value = _value.At(middle);
        if (x.Value.Low < x.Value.High) value = Interval.Common(value + (slope * (x.Value - middle)), _value.Range(x.Value));
        return x.Chain(value, slope, _curvature?.Range(x.Value) ?? (slope.Low == slope.High ? 0.0 : Interval.All));
    }

    internal override Tail? TailFrom(double from, bool right) =>
        (right ? from >= _value.Support.High : from <= _value.Support.Low) ? Tail.Line(Rational.Zero, 0.0) : null;

    internal override IEnumerable<double> Kinks => _value.Degree == 1 ? _value.Knots : [];
}
