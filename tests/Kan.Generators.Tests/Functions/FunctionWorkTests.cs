extern alias generators;

using System;
using System.Linq;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Functions;

/// <summary>
/// Code whose exact numbers or pieces would grow without end: it is refused at the operation, after bounded work. A fault shows as a hang.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class FunctionWorkTests
{
    [Theory]
    [InlineData("double c = 1.1; for (int i = 0; i < 18; i++) c = {|KAN0212:c * c|}; return c * x;",
        "digits for its exact numbers, which grow to")]
    [InlineData("double c = 1.1; for (int i = 0; i < 100; i++) c = {|KAN0212:c * c|}; return c * x;",
        "digits for its exact numbers, which grow to")]
    [InlineData("double c = 1.1; for (int i = 0; i < 1000; i++) c = {|KAN0212:c / 3.3 + 0.7|}; return c * x;",
        "steps of exact arithmetic, with numbers of")]
    [InlineData("double c = 1.1; for (int i = 0; i < 30; i++) { double d = {|KAN0212:c * c|}; c = d - 0.3; } return Math.Max(x, c);",
        "digits for its exact numbers")]
    [InlineData("for (int i = 0; i < 40; i++) x = x / 3.3 * 1.7e-300; for (int i = 0; i < 1000; i++) x = {|KAN0212:x * 1.7e-300|} + "
        + "1e300; return x;", null)]
    [InlineData("double c = 3; for (int i = 0; i < 10; i++) c = {|KAN0212:c * c * c|} * c; return Math.Pow(c, 1000) > 0 ? x : 0;",
        "digits for its exact numbers")]
    [InlineData("double c = 3; for (int i = 0; i < 5; i++) c = c * c * c * c; return {|KAN0212:Math.Pow(c, 1000)|} > 0 ? x : 0;",
        "digits for its exact numbers")]
    [InlineData("double s = 0; for (int i = 1; i < 1000; i++) { s = {|KAN0212:s + 1.0 / (i + 0.1)|}; } return s * x;",
        "digits for its exact numbers")]
    public void Numbers_that_grow_are_refused_where_they_grow(string body, string? fact)
    {
        var run = DiagnosticVerifier.Verify("using System; using Kan; [KanNetwork(1, 1)] partial class Net { [EdgeFunction(0, 0, 0)] "
            + "static double F(double x) { " + body + " } }");
        if (fact is not null) Assert.Contains(fact, run.Message("KAN0212"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, "KAN0214")]
    [InlineData(560, "KAN0212")]
    public void Numbers_are_bounded_in_the_decimal_reading_too(int turns, string id)
    {
        // Over powers of two a product takes a step for each digit; over powers of ten, with which the jump is looked at again, their
        // square.
        var compilation = new FunctionCompilation("static double F(double x) { double c = 1; for (int j = 0; j < 4; j++) { c = 1; for "
            + "(int i = 0; i < " + turns
            + "; i++) c = c * 1.0000000000000002; } return (x <= 1000 ? 0.1 * x : 100 + 0.2 * (x - 1000)) + (c > 0 ? 0 : 1); }");
        Assert.Equal([id], compilation["F"].Problems.Select(static problem => problem.Descriptor.Id));
    }

    [Fact]
    public void Pieces_of_many_conditions_are_charged()
    {
        // 1,000 breakpoints stay below their limit, while each of thousands of operations copies them.
        var run = GeneratorHarness.Run("""
            using System; using Kan;
            [KanNetwork(1, 1)]
            partial class Net
            {
                [EdgeFunction(0, 0, 0)]
                static double F(double x)
                {
                    double y = 0;
                    for (int i = 0; i < 900; i++) y += Math.Max(0, x - i);
                    for (int i = 0; i < 900; i++) for (int j = 0; j < 40; j++) y = y * 1 + 0;
                    return y;
                }
            }
            """);
        Assert.Equal("KAN0212", Assert.Single(run.Diagnostics).Id);
        Assert.Empty(run.Result.Diagnostics);
    }

    [Fact]
    public void A_method_of_thousands_of_parameters_is_refused_before_work()
    {
        string parameters = string.Join(", ", Enumerable.Range(0, 5_000).Select(static i => "double x" + i));
        string sum = string.Join(" + ", Enumerable.Range(0, 5_000).Select(static i => "x" + i));
        var run = GeneratorHarness.Run(
            "using Kan; [KanNetwork(5000, 1)] partial class Net { [EdgeFunction(0, new[] { " + string.Join(", ", Enumerable.Range(0, 5_000))
            + " }, 0)] static double F(" + parameters + ") => " + sum + "; }");
        Assert.Equal("'F' needs more than 256 parameters: split the function, or use fewer pieces and simpler numbers",
            run.Message("KAN0212"));
        Assert.DoesNotContain(run.All, static diagnostic => diagnostic.Id == "AD0001");
    }

    [Fact]
    public void A_sum_of_many_inputs_is_compiled()
    {
        string parameters = string.Join(", ", Enumerable.Range(0, 128).Select(static i => "double x" + i));
        string sum = string.Join(" + ", Enumerable.Range(0, 128).Select(static i => $"{i} * x{i}"));
        var compilation = new FunctionCompilation("static double F(" + parameters + ") => " + sum + ";");
        Assert.Equal(Enumerable.Range(0, 128), compilation.Parts("F").Select(static part => (int)part.Slopes[0].Numerator));
    }

    [Fact]
    public void A_list_is_looked_up_without_nesting()
    {
        // Each element was once looked for within the search for the one before it.
        string list = string.Join(", ", Enumerable.Range(0, 5_000));
        var compilation = new FunctionCompilation("static double F(double x) { double[] a = [" + list
            + "]; int last = 4999; return a[last] * x + a[x < 0 ? 0 : 1] * x * 0; }");
        Assert.Equal(4999, (int)compilation.Parts("F")[0].Slopes[0].Numerator);
    }

    [Fact]
    public void A_switch_of_many_arms_is_compiled()
    {
        string arms = string.Concat(Enumerable.Range(0, 400).Select(static i => $"< {i} => {i} * (x - {i}) * 0, "));
        var compilation = new FunctionCompilation("static double F(double x) => x switch { " + arms + "_ => 0 };");
        Assert.True(compilation.Parts("F")[0].IsZero);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(8_000)]
    public void A_long_sum_is_compiled(int terms)
    {
        var compilation = new FunctionCompilation(
            "static double F(double x) => x" + string.Concat(Enumerable.Repeat(" + x", terms)) + ";\n" +
            "static double G(double x) => (0.5" + string.Concat(Enumerable.Repeat(" + 0.25", terms)) + ") * x;");
        Assert.Equal(terms + 1, (int)compilation.Parts("F")[0].Slopes[0].Numerator);
        Assert.Equal((0.25 * terms) + 0.5, compilation.Parts("G")[0].Slopes[0].ToDouble());
    }

    [Fact]
    public void A_message_is_short_whatever_its_numbers()
    {
        var compilation = new FunctionCompilation("static double F(double x) { double c = 1.1; for (int i = 0; i < 9; i++) c = c * c; "
            + "return x < c ? 0 : 1; }");
        Assert.All(compilation.Messages("F"), static message => Assert.InRange(message.Length, 1, 400));
    }
}
