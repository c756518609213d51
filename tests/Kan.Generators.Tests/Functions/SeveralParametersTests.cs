extern alias generators;

using Xunit;
using Exact = generators::Kan.Networks.Rational;

namespace Kan.Generators.Tests.Functions;

/// <summary>Methods of several parameters: what separates into a sum, and what does not.</summary>
public sealed class SeveralParametersTests
{
    /// <summary>The expression, and its value at x = 2, y = 6, z = -4.</summary>
    [Theory]
    [InlineData("2 * (x + y)", 16)]
    [InlineData("(x + y) * 3", 24)]
    [InlineData("(x + y) / 4", 2)]
    [InlineData("(x + y + z) * (x > 0 ? 2 : 2)", 8)]
    [InlineData("-(x - y) + z", 0)]
    [InlineData("Math.Max(x, 3) + Math.Min(y, 5) * 2", 13)]
    [InlineData("(x > 0) & (y > 9 && y < 0) ? 1 : x + y", 8)]
    [InlineData("(y > 9 && y < 0) | (x > 5) ? x + y : y + x", 8)]
    [InlineData("Math.Max(x + y, y + 1)", 8)]
    [InlineData("y > 3 ? x + y : x + 3", 8)]
    public void A_sum_is_split(string expression, int expected)
    {
        var compilation = new FunctionCompilation("static double F(double x, double y, double z) => " + expression + ";");
        Assert.Equal((Exact)expected, compilation.Value("F", 2, 6, -4));
    }

    [Theory]
    [InlineData("=> {|KAN0201:y * x|};", "multiplies two terms that vary with 'x' and 'y'")]
    [InlineData("=> {|KAN0201:(x + y) * x|};", "multiplies two terms that vary with 'x' and 'y'")]
    [InlineData("=> {|KAN0202:1 / (x + y)|};", "divides by a term that varies with 'x' and 'y'")]
    [InlineData("=> {|KAN0202:x / y|};", "divides by a term that varies with 'y'")]
    [InlineData("=> {|KAN0204:Math.Floor(y + x)|};", "rounds a number that varies with 'x' and 'y'")]
    [InlineData("=> {|KAN0204:(y > 0 ? 2 : 1) % (x > 0 ? 2 : 3)|};", "rounds a number that varies with 'x' and 'y'")]
    [InlineData("=> {|KAN0200:Math.Pow(y, x)|};", "is not piecewise linear in 'x' and 'y'")]
    [InlineData("=> {|KAN0200:Math.Sqrt(y + x)|};", "is not piecewise linear in 'x' and 'y'")]
    [InlineData("=> {|KAN0209:(x + y) / (z - z)|};", "divides by zero for every x")]
    [InlineData("=> {|KAN0211:y > 0 & x > 0|} ? 1 : 2;", "mixes 'x' and 'y', so 'F' is not a sum of functions of one input each: sum the "
        + "inputs in a node of an earlier layer, and make an edge from that node bend")]
    [InlineData("=> {|KAN0211:y > 0 ? x : 2 * x|};", "mixes 'x' and 'y'")]
    [InlineData("=> {|KAN0211:Math.Max(z, x)|};", "mixes 'x' and 'z'")]
    [InlineData("{ if ({|KAN0211:x > 0|}) { if (y > 0) return x; } return 0; }", "mixes 'x' and 'y'")]
    [InlineData("{ if (y > 0) {|KAN0211:ArgumentOutOfRangeException.ThrowIfNegative(x)|}; return x; }", "mixes 'x' and 'y'")]
    [InlineData("{ if (y < 0) {|KAN0209:throw new Exception();|} return x; }", "throws for y < 0")]
    [InlineData("{ if (z > 1) { double[] t = [1]; return {|KAN0209:t[1]|}; } return x; }", "is outside the list for z > 1")]
    public void A_mistake_names_its_parameters(string body, string fact) =>
        Snippets.AssertFlagged("static double F(double x, double y, double z) " + body, fact);

    /// <summary>Guards of both parameters, one after another.</summary>
    [Fact]
    public void Guards_of_two_parameters_are_both_declared()
    {
        var compilation = new FunctionCompilation(
            "static double F(double x, double y) { ArgumentOutOfRangeException.ThrowIfLessThan(y, 1); "
            + "ArgumentOutOfRangeException.ThrowIfNegative(x); return Math.Abs(x) + Math.Max(y, 0); }");
        Assert.Equal(2, compilation["F"].Problems.Length);
        Assert.All(compilation["F"].Problems, static problem => Assert.Equal("KAN0217", problem.Descriptor.Id));
        Assert.Equal((Exact)(-5), compilation.Value("F", -2, -3));
    }
}
