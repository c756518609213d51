using System;
using System.Collections.Generic;
using static Kan.Networks.IntervalFunctions;

namespace Kan.Networks;

/// <summary>
/// A function of one number that is known with two derivatives: each is enclosed at points, and between points it is monotone but for
/// listed turning points, so its range on an interval is that of the ends and of the turning points inside.
/// </summary>
internal sealed class ElementaryFunction(string name, params ElementaryFunction.Derivative[] derivatives)
{
    /// <summary>A derivative: its enclosure at a point or on a short interval, and short intervals that hold its turning points.</summary>
    public readonly record struct Derivative(Func<Interval, Interval> At, params Interval[] Turns)
    {
        public Interval Range(Interval x)
        {
            if (!x.IsBounded) return x.IsUndefined ? x : Interval.All;
            if (x.Low == x.High) return At(x.Low);
            var range = Interval.Hull(At(x.Low), At(x.High));
            foreach (var turn in Turns)
            {
                if (turn.Low <= x.High && x.Low <= turn.High) range = Interval.Hull(range, At(turn));
            }

            return range;
        }
    }

    public static ElementaryFunction Exp { get; } =
        new("exp", new(IntervalFunctions.Exp), new(IntervalFunctions.Exp), new(IntervalFunctions.Exp));

    public static ElementaryFunction Log { get; } =
        new("log", new(IntervalFunctions.Log), new(Positive(static x => 1.0 / x)), new(Positive(static x => -1.0 / x.Square())));

    public static ElementaryFunction Sqrt { get; } = new(
        "sqrt", new(IntervalFunctions.Sqrt), new(Positive(static x => 0.5 / IntervalFunctions.Sqrt(x))),
        new(Positive(static x => -0.25 / (x * IntervalFunctions.Sqrt(x)))));

    public static ElementaryFunction Sinh { get; } =
        new("sinh", new(IntervalFunctions.Sinh), new(IntervalFunctions.Cosh, 0.0), new(IntervalFunctions.Sinh));

    public static ElementaryFunction Cosh { get; } =
        new("cosh", new(IntervalFunctions.Cosh, 0.0), new(IntervalFunctions.Sinh), new(IntervalFunctions.Cosh, 0.0));

    /// <summary>The curvature of tanh turns at atanh(1 / sqrt 3).</summary>
    public static ElementaryFunction Tanh { get; } = new(
        "tanh",
        new(IntervalFunctions.Tanh),
        new(static x => 4.0 * Bell(2.0 * x), 0.0),
        new(static x => -8.0 * IntervalFunctions.Tanh(x) * Bell(2.0 * x), [.. Symmetric(0.658478948462408)]));

    /// <summary>The curvature of atan turns at 1 / sqrt 3.</summary>
    public static ElementaryFunction Atan { get; } = new(
        "atan",
        new(IntervalFunctions.Atan),
        new(static x => 1.0 / (1.0 + x.Square()), 0.0),
        new(static x => -2.0 * x / (1.0 + x.Square()).Square(), [.. Symmetric(0.577350269189626)]));

    /// <summary>1 / (1 + exp(-x)); its curvature turns at ln(2 + sqrt 3).</summary>
    public static ElementaryFunction Sigmoid { get; } = new(
        "sigmoid",
        new(IntervalFunctions.Sigmoid),
        new(Bell, 0.0),
        new(static x => Bell(x) * (IntervalFunctions.Sigmoid(-x) - IntervalFunctions.Sigmoid(x)), [.. Symmetric(1.31695789692482)]));

    /// <summary>ln(1 + exp(x)).</summary>
    public static ElementaryFunction Softplus { get; } = new(
        "softplus",
        new(static x => x.Low > 0 ? x + IntervalFunctions.Log(1.0 + IntervalFunctions.Exp(-x))
            : IntervalFunctions.Log(1.0 + IntervalFunctions.Exp(x))),
        new(IntervalFunctions.Sigmoid),
        new(Bell, 0.0));

    /// <summary>x / (1 + exp(-x)).</summary>
    public static ElementaryFunction Silu { get; } = new(
        "silu",
        new(static x => x * IntervalFunctions.Sigmoid(x), Around(-1.27846454276107)),
        new(static x => IntervalFunctions.Sigmoid(x) * (1.0 + (x * IntervalFunctions.Sigmoid(-x))), [.. Symmetric(2.39935728052140)]),
        new(static x => Bell(x) * (2.0 + (x * (IntervalFunctions.Sigmoid(-x) - IntervalFunctions.Sigmoid(x)))),
            [.. Symmetric(3.43583962873890), (Interval)0.0]));

    /// <summary>The error function; its curvature turns at 1 / sqrt 2.</summary>
    public static ElementaryFunction Erf { get; } = new(
        "erf",
        new(IntervalFunctions.Erf),
        new(Gauss, 0.0),
        new(static x => -2.0 * x * Gauss(x), [.. Symmetric(0.707106781186548)]));

    /// <summary>x to a constant power, for x of at least 0.</summary>
    public static ElementaryFunction Power(double exponent) => new(
        "pow " + Interval.Text(exponent),
        new(x => IntervalFunctions.Power(x, exponent)),
        new(x => exponent * IntervalFunctions.Power(x, exponent - 1)),
        new(x => exponent * ((Interval)exponent - 1.0) * IntervalFunctions.Power(x, exponent - 2)));

    /// <summary>Its name, for people.</summary>
    public string Name { get; } = name;

    /// <summary>The function with its derivatives, of a jet.</summary>
    public Jet Apply(Jet inner)
    {
        var x = inner.Value;
        return inner.Chain(derivatives[0].Range(x), derivatives[1].Range(x), derivatives[2].Range(x));
    }

    /// <summary>Functions of one name are the same.</summary>
    public override bool Equals(object? obj) => obj is ElementaryFunction other && other.Name == Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode();

    /// <summary>2 / sqrt(pi) exp(-x^2), the slope of the error function.</summary>
    private static Interval Gauss(Interval x) =>
        2.0 / IntervalFunctions.Sqrt(Interval.Outward(Math.PI, Math.PI)) * IntervalFunctions.Exp(-x.Square());

    /// <summary>sigmoid(x) sigmoid(-x), the slope of the sigmoid.</summary>
    private static Interval Bell(Interval x) => IntervalFunctions.Sigmoid(x) * IntervalFunctions.Sigmoid(-x);

    private static Func<Interval, Interval> Positive(Func<Interval, Interval> function) =>
        x => x.Low > 0 ? function(x) : x.Low >= 0 ? Interval.All : Interval.Undefined;

    private static Interval Around(double turn) => new(turn - 1e-9, turn + 1e-9);

    private static IEnumerable<Interval> Symmetric(double turn) => [Around(turn), Around(-turn)];
}
