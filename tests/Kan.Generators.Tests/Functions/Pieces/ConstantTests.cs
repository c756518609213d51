extern alias generators;

using System.Linq;
using System.Numerics;
using generators::Kan.Generators.Symbolic.Evaluation;
using Kan.Generators.Tests.Harness;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;
using Rational = generators::Kan.Networks.Rational;
using WorkException = generators::Kan.Networks.ExactWorkException;

namespace Kan.Generators.Tests.Functions.Pieces;

/// <summary>The exact numbers of constants, what functions make of them, and texts of numbers and of code in messages.</summary>
public sealed class ConstantTests
{
    /// <summary>0.1 is this fraction in binary; 2^55 is 36,028,797,018,963,968.</summary>
    [Fact]
    public void A_constant_has_its_exact_value()
    {
        Assert.Equal(Rational.Create(3602879701896397, 36028797018963968), Constants.Exact(0.1));
        Assert.Equal(Rational.Create(13421773, 134217728), Constants.Exact(0.1f));
        Assert.Equal(Rational.Create(1, 10), Constants.Exact(0.1m));
        Assert.Equal((Rational)97, Constants.Exact('a'));
        Assert.Equal((Rational)(-7), Constants.Exact(-7));
        Assert.Equal((Rational)new BigInteger(ulong.MaxValue), Constants.Exact(ulong.MaxValue));
        Assert.Null(Constants.Exact(double.NaN) ?? Constants.Exact(double.PositiveInfinity) ?? Constants.Exact(float.NegativeInfinity));
        Assert.Null(Constants.Exact(float.NaN) ?? Constants.Exact("1") ?? Constants.Exact(true) ?? Constants.Exact(null));
        Assert.Null(Constants.Exact(new object()));
    }

    [Fact]
    public void A_constant_has_a_shortest_decimal()
    {
        Assert.Equal(Rational.Create(1, 10), Constants.Shortest(0.1));
        Assert.Equal(Rational.Create(1, 10), Constants.Shortest(0.1f));
        Assert.Equal(Rational.Create(-314, 100), Constants.Shortest(-3.14));
        Assert.Equal(Rational.Create(15, BigInteger.Pow(10, 8)), Constants.Shortest(1.5e-7));
        Assert.Equal((Rational)(25 * BigInteger.Pow(10, 299)), Constants.Shortest(2.5e300));
        Assert.Equal((Rational)BigInteger.Pow(10, 20), Constants.Shortest(1e20f));
        Assert.Equal(Rational.Create(16777216, 10_000_000), Constants.Shortest(1.6777216f));
        Assert.Equal((Rational)12, Constants.Shortest(12));
        Assert.Null(Constants.Shortest(double.NaN) ?? Constants.Shortest(double.NegativeInfinity) ?? Constants.Shortest(float.NaN));
        Assert.Null(Constants.Shortest(float.PositiveInfinity));
    }

    /// <summary>Values of tables of functions.</summary>
    [Theory]
    [InlineData("Sqrt", 2, 1.4142135623730951)]
    [InlineData("Exp", 1, 2.718281828459045)]
    [InlineData("Log", 10, 2.302585092994046)]
    [InlineData("Log10", 1000, 3)]
    [InlineData("Log2", 8, 3)]
    [InlineData("Sin", 1, 0.8414709848078965)]
    [InlineData("Cos", 1, 0.5403023058681398)]
    [InlineData("Tan", 1, 1.5574077246549023)]
    [InlineData("Asin", 0.5, 0.5235987755982989)]
    [InlineData("Acos", 0.5, 1.0471975511965979)]
    [InlineData("Atan", 1, 0.7853981633974483)]
    [InlineData("Sinh", 1, 1.1752011936438014)]
    [InlineData("Cosh", 1, 1.5430806348152437)]
    [InlineData("Tanh", 1, 0.7615941559557649)]
    public void A_smooth_function_has_its_values(string name, double argument, double expected)
    {
        Assert.True(MathFunctions.IsSmooth(name));
        Assert.Equal(expected, MathFunctions.Evaluate(name, argument)!.Value, 1e-15);
    }

    [Theory]
    [InlineData("Pow Atan2 Cbrt Exp2 Exp10 ExpM1 Exp2M1 Exp10M1 LogP1 Log2P1 Log10P1 Asinh Acosh Atanh SinCos Hypot RootN SinPi CosPi "
        + "TanPi AsinPi AcosPi AtanPi Atan2Pi SinCosPi ReciprocalEstimate ReciprocalSqrtEstimate")]
    public void Other_functions_bend_too(string names) => Assert.All(names.Split(' '), static name =>
    {
        Assert.True(MathFunctions.IsSmooth(name), name);
        Assert.Null(MathFunctions.Evaluate(name, 1));
    });

    [Theory]
    [InlineData("Abs")]
    [InlineData("Max")]
    [InlineData("")]
    public void Functions_of_pieces_are_not_smooth(string name) => Assert.False(MathFunctions.IsSmooth(name));

    /// <summary>A bit is 0.30103 digits; 65,536 bits are 19,728 digits.</summary>
    [Theory]
    [InlineData(0, "300,000,000 steps of exact arithmetic")]
    [InlineData(1023, "300,000,000 steps of exact arithmetic")]
    [InlineData(1024, "300,000,000 steps of exact arithmetic, with numbers of 308 digits")]
    [InlineData(65_536, "300,000,000 steps of exact arithmetic, with numbers of 19,728 digits")]
    [InlineData(100_000, "19,728 digits for its exact numbers, which grow to 30,103")]
    public void What_a_limit_is_of_is_said(long bits, string expected) =>
        Assert.Equal(expected, Limits.Describe(new WorkException("grows", bits)));

    [Theory]
    [InlineData("x  +\n\t y", "x + y")]
    [InlineData("x1234567890 + x1234567890 + x1234567890 + x1234567890 + x123",
        "x1234567890 + x1234567890 + x1234567890 + x1234567890 + x123")]
    [InlineData("x1234567890 + x1234567890 + x1234567890 + x1234567890 + x1234",
        "x1234567890 + x1234567890 + x1234567890 + x1234567890 + x...")]
    public void Code_in_a_message_is_one_short_line(string code, string expected) => Assert.Equal(
        expected, Excerpt.Of(CSharpSyntaxTree.ParseText("class C { object o = " + code + "; }", GeneratorHarness.ParseOptions,
            cancellationToken: TestContext.Current.CancellationToken).GetRoot(TestContext.Current.CancellationToken).DescendantNodes()
            .OfType<Microsoft.CodeAnalysis.CSharp.Syntax.EqualsValueClauseSyntax>().Single().Value));
}
