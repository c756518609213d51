using System;
using System.Collections.Generic;

namespace Kan.Networks;

/// <summary>
/// A continuous function of one real number, built from x, constants, arithmetic, elementary functions, splines and cases, whose values,
/// slopes and curvature are enclosed over intervals. What <see cref="Approximation"/> claims rests on these enclosures, never on samples.
/// </summary>
public abstract record RealFunction
{
    /// <summary>x itself.</summary>
    public static RealFunction X { get; } = new VariableFunction();

    /// <summary>The enclosures of this function of what a jet encloses.</summary>
    public abstract Jet Enclose(Jet x);

    /// <summary>
    /// How many parts an enclosure evaluates. A part that is used twice counts twice, so that sums of a function with itself, again and
    /// again, are known for what they take.
    /// </summary>
    internal virtual double Size => 1;

    /// <summary>The enclosures of value, slope and curvature over an interval.</summary>
    public Jet Over(Interval x) => Enclose(Jet.Variable(x));

    /// <summary>A narrow enclosure of the value at a point.</summary>
    public Interval At(double x) => Enclose(Jet.Constant(x)).Value;

    /// <summary>The line that the function follows beyond a point, with a bound of the distance; null if none is known.</summary>
    /// <param name="from">The point.</param>
    /// <param name="right">Whether to the right of it or to the left.</param>
    internal virtual Tail? TailFrom(double from, bool right) => null;

    /// <summary>Points at which the function may have a kink, where they are known exactly.</summary>
    internal virtual IEnumerable<double> Kinks => [];

    /// <summary>The point at which a function that is one line on the whole axis crosses 0, if it is a double.</summary>
    internal double? Root
    {
        get
        {
            if (TailFrom(0, right: true) is not { Error: 0 } line || TailFrom(0, right: false) is not { Error: 0 } other) return null;
            if (line.Slope.IsZero || line.Slope != other.Slope || line.Intercept != other.Intercept
                || line.Intercept.Low != line.Intercept.High) return null;
            var root = -Rational.FromDouble(line.Intercept.Low) / line.Slope;
            double nearest = root.ToDouble();
            return Rational.FromDouble(nearest) == root ? nearest : null;
        }
    }

    /// <summary>A constant as a function.</summary>
    public static implicit operator RealFunction(double value) => new ConstantFunction(value);

    /// <summary>The sum.</summary>
    public static RealFunction operator +(RealFunction left, RealFunction right) => new SumFunction(left, right);

    /// <summary>The difference.</summary>
    public static RealFunction operator -(RealFunction left, RealFunction right) => new SumFunction(left, -1.0 * right);

    /// <summary>The negative.</summary>
    public static RealFunction operator -(RealFunction function) => -1.0 * function;

    /// <summary>The product.</summary>
    public static RealFunction operator *(RealFunction left, RealFunction right) =>
        left.Equals(right) ? Power(left, 2) : new ProductFunction(left, right);

    /// <summary>The quotient; nothing is known where the divisor may be 0.</summary>
    public static RealFunction operator /(RealFunction left, RealFunction right)
    {
        // x / (1 + exp(-x)) is the SiLU, and 1 / (1 + exp(-x)) the logistic function: their own ranges are exact, those of a quotient are
        // not.
        if (right is SumFunction sum && (LogisticArgument(sum.Left, sum.Right) ?? LogisticArgument(sum.Right, sum.Left)) is { } argument)
        {
            if (left.Equals(argument)) return Silu(argument);
            return left is ConstantFunction { Value: 1 } ? Sigmoid(argument) : left * Sigmoid(argument);
        }

        return new ProductFunction(left, new ReciprocalFunction(right));
    }

    /// <summary>The exponential function of another.</summary>
    public static RealFunction Exp(RealFunction inner) => new ElementaryComposition(ElementaryFunction.Exp, inner);

    /// <summary>The natural logarithm of a positive function.</summary>
    public static RealFunction Log(RealFunction inner) => new ElementaryComposition(ElementaryFunction.Log, inner);

    /// <summary>The root of a function that is not negative.</summary>
    public static RealFunction Sqrt(RealFunction inner) => new ElementaryComposition(ElementaryFunction.Sqrt, inner);

    /// <summary>The sine of a function in radians.</summary>
    public static RealFunction Sin(RealFunction inner) => new SineFunction(inner, IsCosine: false);

    /// <summary>The cosine of a function in radians.</summary>
    public static RealFunction Cos(RealFunction inner) => new SineFunction(inner, IsCosine: true);

    /// <summary>The tangent of a function in radians.</summary>
    public static RealFunction Tan(RealFunction inner) => Sin(inner) / Cos(inner);

    /// <summary>The hyperbolic sine of a function.</summary>
    public static RealFunction Sinh(RealFunction inner) => new ElementaryComposition(ElementaryFunction.Sinh, inner);

    /// <summary>The hyperbolic cosine of a function.</summary>
    public static RealFunction Cosh(RealFunction inner) => new ElementaryComposition(ElementaryFunction.Cosh, inner);

    /// <summary>The hyperbolic tangent of a function.</summary>
    public static RealFunction Tanh(RealFunction inner) => new ElementaryComposition(ElementaryFunction.Tanh, inner);

    /// <summary>The inverse tangent of a function.</summary>
    public static RealFunction Atan(RealFunction inner) => new ElementaryComposition(ElementaryFunction.Atan, inner);

    /// <summary>1 / (1 + exp(-u)) of a function u.</summary>
    public static RealFunction Sigmoid(RealFunction inner) => new ElementaryComposition(ElementaryFunction.Sigmoid, inner);

    /// <summary>ln(1 + exp(u)) of a function u.</summary>
    public static RealFunction Softplus(RealFunction inner) => new ElementaryComposition(ElementaryFunction.Softplus, inner);

    /// <summary>u / (1 + exp(-u)) of a function u.</summary>
    public static RealFunction Silu(RealFunction inner) => new ElementaryComposition(ElementaryFunction.Silu, inner);

    /// <summary>The error function of another.</summary>
    internal static RealFunction Erf(RealFunction inner) => new ElementaryComposition(ElementaryFunction.Erf, inner);

    /// <summary>A constant that is known to be in an interval only, such as 1 / sqrt 2.</summary>
    internal static RealFunction Within(Interval value) => value.Low == value.High ? value.Low : new EnclosedConstant(value);

    /// <summary>outer(inner(x)).</summary>
    internal static RealFunction Compose(RealFunction outer, RealFunction inner) =>
        inner is VariableFunction ? outer : new ComposedFunction(outer, inner);

    /// <summary>A constant power: of any function for a whole exponent, else of one that is not negative.</summary>
    public static RealFunction Power(RealFunction inner, double exponent)
    {
        const int LargestWhole = 64;
        if (exponent == 1) return inner;
        if (exponent != Math.Floor(exponent) || Math.Abs(exponent) > LargestWhole)
            return new ElementaryComposition(ElementaryFunction.Power(exponent), inner);
        if (exponent == 0) return 1.0;
        var power = new PowerFunction(inner, (int)Math.Abs(exponent));
        return exponent < 0 ? new ReciprocalFunction(power) : power;
    }

    /// <summary>The absolute value of a function.</summary>
    public static RealFunction Abs(RealFunction inner) => new AbsoluteFunction(inner);

    /// <summary>The larger of two functions.</summary>
    public static RealFunction Max(RealFunction left, RealFunction right) => new MaximumFunction(left, right);

    /// <summary>The smaller of two functions.</summary>
    public static RealFunction Min(RealFunction left, RealFunction right) => -new MaximumFunction(-left, -right);

    /// <summary>One function left of a point and another right of it.</summary>
    /// <param name="point">The point where the functions meet.</param>
    /// <param name="left">The function for x below the point.</param>
    /// <param name="right">The function for x above the point.</param>
    /// <exception cref="ArgumentException">The two functions differ at the point, so the result would jump.</exception>
    public static RealFunction Join(double point, RealFunction left, RealFunction right)
    {
        Interval a = left.At(point), b = right.At(point);
        if (!(a.Low <= b.High && b.Low <= a.High))
            throw new ArgumentException($"The function jumps at {Interval.Text(point)} from {Interval.Text(a.Middle)} to "
                + $"{Interval.Text(b.Middle)}.", nameof(point));
        return new JoinedFunction(point, left, right);
    }

    /// <summary>
    /// The same for functions that may differ at the point by as little as a rounding: the value there is only known to be one of both, and
    /// no bound of a segment that crosses the point is claimed from slopes.
    /// </summary>
    internal static RealFunction JoinRoughly(double point, RealFunction left, RealFunction right)
    {
        Interval a = left.At(point), b = right.At(point);
        return new JoinedFunction(point, left, right) { IsRough = !(a.Low <= b.High && b.Low <= a.High) };
    }

    /// <summary>A piecewise-linear function, exact up to the rounding of its parts to double.</summary>
    public static RealFunction PiecewiseLinear(PiecewiseLinearFunction function) => new BentFunction(function);

    /// <summary>
    /// The spline sum of c_i B_i, where B_i are the B-splines of a degree over knots T: 0 outside of them, with its curvature enclosed
    /// exactly for degrees 2 and 3, where it is piecewise constant and piecewise linear.
    /// </summary>
    /// <param name="knots">n + degree + 1 strictly increasing knots.</param>
    /// <param name="coefficients">n coefficients.</param>
    /// <param name="degree">At least 1.</param>
    /// <exception cref="ArgumentException">The counts do not fit, a number is not finite, or the knots do not increase.</exception>
    public static RealFunction Spline(IReadOnlyList<double> knots, IReadOnlyList<double> coefficients, int degree) =>
        new SplineFunction(EnclosedSpline.Create(knots, coefficients, degree));

    /// <summary>u where two terms are 1 and exp(-u).</summary>
    private static RealFunction? LogisticArgument(RealFunction one, RealFunction exponential) =>
        one is ConstantFunction { Value: 1 }
            && exponential is ElementaryComposition { Inner: ProductFunction { Left: ConstantFunction { Value: -1 } } negative } composition
        && composition.Outer == ElementaryFunction.Exp
            ? negative.Right
            : null;
}
