extern alias generators;

using System.Linq;
using Xunit;
using Exact = generators::Kan.Networks.Rational;

namespace Kan.Generators.Tests.Functions;

/// <summary>What becomes of a method as a whole: its jumps, its decimal reading, its parameters.</summary>
public sealed class FunctionCompilerTests
{
    [Fact]
    public void An_expression_that_jumps_twice_is_reported_once()
    {
        var problem = Assert.Single(new FunctionCompilation(
            "static double F(double x, double y) => y + System.Math.Sign(System.Math.Abs(x) - 1);")["F"].Problems);
        Assert.Equal("KAN0203", problem.Descriptor.Id);
        Assert.Equal(["System.Math.Sign(System.Math.Abs(x) - 1)", "F", "x = -1", "from 1 to -1"],
            problem.Arguments.Select(static x => $"{x}"));
    }

    /// <summary>
    /// 0.1 + 0.2 - 0.3 is 0 as a decimal number, and not as a binary one: the decimal reading has no value to compare with.
    /// </summary>
    [Fact]
    public void A_jump_stays_where_the_decimal_reading_fails()
    {
        var problem = Assert.Single(new FunctionCompilation(
            "static double F(double x) { double a = 0.1, b = 0.2, c = 0.3; "
            + "return (x <= 1000 ? 0.1 * x : 100 + 0.2 * (x - 1000)) + 1 / (a + b - c); }")
            ["F"].Problems);
        Assert.Equal("KAN0203", problem.Descriptor.Id);
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void A_method_has_at_most_256_parameters(int count, bool expected)
    {
        string parameters = string.Join(", ", Enumerable.Range(0, count).Select(static i => $"double x{i}"));
        var compilation = new FunctionCompilation($"static double F({parameters}) => 2 * x0 - x{count - 1};");
        if (expected)
        {
            Assert.Equal(256, compilation.Parts("F").Length);
            Assert.Equal((Exact)2, compilation.Parts("F")[0].Slopes[0]);
            Assert.Equal(-Exact.One, compilation.Parts("F")[255].Slopes[0]);
            return;
        }

        var problem = Assert.Single(compilation["F"].Problems);
        Assert.Equal("KAN0212", problem.Descriptor.Id);
        Assert.Equal(["F", "256 parameters"], problem.Arguments.Select(static x => $"{x}"));
        Assert.True(compilation["F"].Functions.IsDefault);
    }

    /// <summary>Slopes, a bend that is not at 0, and the value there.</summary>
    [Fact]
    public void A_function_has_the_values_of_the_method()
    {
        var compilation = new FunctionCompilation(
            "static double F(double x, double y) => System.Math.Max(x, 3) * 2 + System.Math.Min(y, -1) + 5;");
        var parts = compilation.Parts("F");
        Assert.Equal([(Exact)0, 2], parts[0].Slopes);
        Assert.Equal([(Exact)3], parts[0].Breakpoints);
        Assert.Equal([Exact.One, 0], parts[1].Slopes);
        Assert.Equal((Exact)10, compilation.Value("F", 1, 0));
        Assert.Equal((Exact)13, compilation.Value("F", 5, -2));
    }
}
