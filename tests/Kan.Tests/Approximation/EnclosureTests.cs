using System;
using CsCheck;
using Xunit;

namespace Kan.Tests.Approximation;

/// <summary>
/// Intervals hold what they claim to hold: exact arithmetic, functions at random points, and differences for slopes and curvature.
/// </summary>
public sealed class EnclosureTests
{
    private static readonly Gen<double> s_number = Gen.Double[-1e3, 1e3];

    public static TheoryData<string, double, double> Elementary => new()
    {
        { "exp", -20, 20 }, { "log", 1e-3, 50 }, { "sqrt", 0.01, 50 }, { "sin", -30, 30 }, { "cos", -30, 30 }, { "tan", -1.5, 1.5 },
            { "sinh", -10, 10 },
        { "cosh", -10, 10 }, { "tanh", -20, 20 }, { "atan", -20, 20 }, { "sigmoid", -30, 30 }, { "softplus", -30, 30 }, { "silu", -30, 30 },
            { "pow", 0.01, 20 },
        { "cube", -5, 5 }, { "inverse", 0.1, 9 }, { "gauss", -4, 4 },
    };

    [Fact]
    public void Arithmetic_holds_the_exact_results() => Gen.Select(s_number, s_number, s_number, s_number).Sample((a, b, c, d) =>
    {
        Interval x = new(Math.Min(a, b), Math.Max(a, b)), y = new(Math.Min(c, d), Math.Max(c, d));
        foreach (double p in new[] { x.Low, x.High })
        {
            foreach (double q in new[] { y.Low, y.High })
            {
                Rational exactP = Rational.FromDouble(p), exactQ = Rational.FromDouble(q);
                AssertHolds(x + y, exactP + exactQ);
                AssertHolds(x - y, exactP - exactQ);
                AssertHolds(x * y, exactP * exactQ);
                if (!y.Contains(0)) AssertHolds(x / y, exactP / exactQ);
            }

            AssertHolds(x.Square(), Rational.FromDouble(p) * Rational.FromDouble(p));
            AssertHolds(x.Power(3), Rational.FromDouble(p) * Rational.FromDouble(p) * Rational.FromDouble(p));
        }
    }, seed: "0000KmTjm7Z2", iter: 2000);

    [Theory]
    [MemberData(nameof(Elementary))]
    public void Jets_hold_values_slopes_and_curvature(string name, double low, double high)
    {
        var (function, exact) = Create(name);
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0, 1]).Sample((u, v, w) =>
        {
            double a = low + ((high - low) * Math.Min(u, v)), b = low + ((high - low) * Math.Max(u, v));
            var jet = function.Over(new Interval(a, b));
            double x = a + ((b - a) * w), value = exact(x);
            Assert.True(jet.Value.Low - Slack(value) <= value && value <= jet.Value.High + Slack(value),
                $"{name}({x:R}) = {value:R} is not in {jet.Value}");

            // Between two points of the interval lie a point with their difference quotient and one with their second difference.
            double h = Math.Min(1e-3, (b - a) / 2);
            if (h < 1e-4) return;
            double centre = Math.Max(a + h, Math.Min(x, b - h)), left = exact(centre - h), middle = exact(centre), right = exact(centre + h);
            double slope = (right - left) / (2 * h), curvature = (right - (2 * middle) + left) / (h * h);
            double rounding = 1e-15 * (Math.Abs(left) + Math.Abs(middle) + Math.Abs(right) + 1);
            AssertNear(jet.First, slope, (rounding / h) + (1e-12 * Math.Abs(slope)), name + "'");
            AssertNear(jet.Second, curvature, (8 * rounding / (h * h)) + (1e-12 * Math.Abs(curvature)), name + "''");
        }, seed: "0000KmTjm7Z2", iter: 600);
    }

    [Fact]
    public void Narrow_intervals_have_narrow_ranges()
    {
        foreach (var row in Elementary)
        {
            var (function, exact) = Create(row.Data.Item1);
            double x = 0.5 * (row.Data.Item2 + row.Data.Item3);
            var value = function.At(x);
            Assert.InRange(value.High - value.Low, 0, 1e-12 * (1 + Math.Abs(exact(x))));
        }
    }

    [Fact]
    public void What_is_not_defined_is_undefined()
    {
        Assert.True(RealFunction.Log(RealFunction.X).At(-1).IsUndefined);
        Assert.True(RealFunction.Sqrt(RealFunction.X).Over(new Interval(-1, 1)).Value.IsUndefined);
        Assert.False((1.0 / RealFunction.X).Over(new Interval(-1, 1)).Value.IsBounded);
        Assert.Throws<ArgumentException>(static () => new Interval(1, 0));
        Assert.Throws<ArgumentException>(static () => new Interval(double.NaN, 0));
    }

    internal static (RealFunction Function, Func<double, double> Exact) Create(string name)
    {
        var x = RealFunction.X;
        return name switch
        {
            "exp" => (RealFunction.Exp(x), Math.Exp),
            "log" => (RealFunction.Log(x), Math.Log),
            "sqrt" => (RealFunction.Sqrt(x), Math.Sqrt),
            "sin" => (RealFunction.Sin(x), Math.Sin),
            "cos" => (RealFunction.Cos(x), Math.Cos),
            "tan" => (RealFunction.Tan(x), Math.Tan),
            "sinh" => (RealFunction.Sinh(x), Math.Sinh),
            "cosh" => (RealFunction.Cosh(x), Math.Cosh),
            "tanh" => (RealFunction.Tanh(x), Math.Tanh),
            "atan" => (RealFunction.Atan(x), Math.Atan),
            "sigmoid" => (RealFunction.Sigmoid(x), static v => 1 / (1 + Math.Exp(-v))),
            "softplus" => (RealFunction.Softplus(x), static v => Math.Max(v, 0) + Math.Log(1 + Math.Exp(-Math.Abs(v)))),
            "silu" => (RealFunction.Silu(x), static v => v / (1 + Math.Exp(-v))),
            "pow" => (RealFunction.Power(x, 1.5), static v => Math.Pow(v, 1.5)),
            "cube" => (RealFunction.Power(x, 3), static v => v * v * v),
            "inverse" => (1.0 / x, static v => 1 / v),
            "gauss" => (RealFunction.Exp(-(x * x)), static v => Math.Exp(-v * v)),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such function."),
        };
    }

    private static double Slack(double value) => 1e-14 * (1 + Math.Abs(value));

    private static void AssertNear(Interval range, double value, double slack, string name) =>
        Assert.True(range.Low - slack <= value && value <= range.High + slack, $"{name} = {value:R} is not in {range}");

    private static void AssertHolds(Interval range, Rational exact) => Assert.True(
        (double.IsInfinity(range.Low) || Rational.FromDouble(range.Low) <= exact)
        && (double.IsInfinity(range.High) || exact <= Rational.FromDouble(range.High)), $"{exact} is not in {range}");
}
