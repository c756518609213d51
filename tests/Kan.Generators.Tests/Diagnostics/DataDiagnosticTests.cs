using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Diagnostics;

public sealed class DataDiagnosticTests
{
    [Theory]
    [InlineData("{|KAN0100:KanNetwork|}", "are missing")]
    [InlineData("{|KAN0100:KanNetwork|}()", "are missing")]
    [InlineData("{|KAN0100:KanNetwork|}([])", "are missing")]
    [InlineData("KanNetwork({|KAN0100:3|})", "are one number")]
    [InlineData("KanNetwork(2, {|KAN0100:0|}, 1)", "contain 0")]
    [InlineData("KanNetwork([2, 3, {|KAN0100:-1|}])", "contain -1")]
    [InlineData("KanNetwork(new int[] { 2, {|KAN0100:70000|} })", "contain 70000, which is too large")]
    [InlineData("KanNetwork(new[] { 2, {|KAN0100:1 - 1|} }, Precision = Precision.Double)", "contain 0")]
    [InlineData("KanNetwork(widths: [2, {|KAN0100:0|}])", "contain 0")]
    public void Bad_widths_are_reported_where_they_are(string attribute, string fact)
    {
        var run = DiagnosticVerifier.Verify("using Kan; [" + attribute + "] partial class Risk { }");
        Assert.Equal($"The widths of 'Risk' {fact}: give the number of inputs, then the number of outputs of each layer, each from 1 to "
            + $"65536", run.Message());
        Assert.Empty(run.Sources);
    }

    [Theory]
    [InlineData("{|KAN0101:Edge|}(0, 0, 0)", "0 slopes but 0 breakpoints", 1)]
    [InlineData("{|KAN0101:Edge|}(0, 0, 0, Breakpoints = [1])", "0 slopes but 1 breakpoint", 2)]
    [InlineData("Edge(0, 0, 0, Slopes = {|KAN0101:[1, 2]|}, Breakpoints = [1, 2])", "2 slopes but 2 breakpoints", 3)]
    [InlineData("Edge(0, 0, 0, Slopes = {|KAN0101:new double[] { 1, 2 }|})", "2 slopes but 0 breakpoints", 1)]
    [InlineData("Edge(0, 0, 0, Slopes = {|KAN0101:null!|})", "0 slopes but 0 breakpoints", 1)]
    public void A_wrong_number_of_slopes_is_reported(string attribute, string fact, int needed)
    {
        var run = DiagnosticVerifier.Verify("using Kan; [KanNetwork(1, 1)] [" + attribute
            + "] partial class Risk { static float Use() => Evaluate(1f); }");
        Assert.Equal($"edge (0, 0, 0) has {fact}: specify one more slope than breakpoints, here {needed}", run.Message());
    }

    [Theory]
    [InlineData("[0, {|KAN0102:-0.5|}]", "Breakpoint 1 of 'F' is -0.5, which is not greater than breakpoint 0, 0")]
    [InlineData("[0, {|KAN0102:-0.0|}]", "Breakpoint 1 of 'F' is -0, which is not greater than breakpoint 0, 0")]
    [InlineData("new double[] { 1, {|KAN0102:1|} }", "Breakpoint 1 of 'F' is 1, which is not greater than breakpoint 0, 1")]
    public void Breakpoints_that_do_not_increase_are_reported_at_the_element(string breakpoints, string message)
    {
        var run = DiagnosticVerifier.Verify(
            "using Kan; static partial class C { [PiecewiseLinear(Breakpoints = " + breakpoints
            + ", Slopes = [1, 2, 3])] public static partial double F(double x); }");
        Assert.Equal(message + ": list the breakpoints in strictly increasing order", run.Message());
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_reported_at_the_element() => DiagnosticVerifier.Verify("""
        using Kan;
        [KanNetwork(1, 1)]
        [Edge(0, 0, 0, Breakpoints = [{|KAN0103:double.NegativeInfinity|}, 0], Slopes = [1, {|KAN0103:double.NaN|}, {|KAN0103:1e300|}], ValueAtZero = {|KAN0103:1.0 / 0|})]
        partial class Risk { }
        [KanNetwork(1, 1, Precision = Precision.Double)] [Edge(0, 0, 0, Slopes = [1e300])] partial class Wide { }
        static partial class C
        {
            [PiecewiseLinear(Slopes = [{|KAN0103:1e300|}])] public static partial float F(float x);
            [PiecewiseLinear(Slopes = [1e300])] public static partial double F(double x);
        }
        """);

    [Fact]
    public void The_message_names_the_number_and_its_type()
    {
        var run =
            DiagnosticVerifier.Verify("using Kan; [KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [{|KAN0103:1e300|}])] partial class Risk { }");
        Assert.Equal("Slopes[0] of edge (0, 0, 0) is 1E+300, which is not a finite float: use a finite number", run.Message());
    }

    [Theory]
    [InlineData("Edge({|KAN0104:2|}, 0, 0, Slopes = [1])",
        "layer of edge (2, 0, 0) is 2, but 'Risk' has 2 layers there: use a number from 0 to 1")]
    [InlineData("Edge({|KAN0104:-1|}, 0, 0, Slopes = [1])",
        "layer of edge (-1, 0, 0) is -1, but 'Risk' has 2 layers there: use a number from 0 to 1")]
    [InlineData("Edge(0, {|KAN0104:2|}, 0, Slopes = [1])",
        "input of edge (0, 2, 0) is 2, but 'Risk' has 2 nodes there: use a number from 0 to 1")]
    [InlineData("Edge(output: {|KAN0104:1|}, input: 2, layer: 1, Slopes = [1])",
        "output of edge (1, 2, 1) is 1, but 'Risk' has 1 node there: use a number from 0 to 0")]
    public void An_edge_outside_is_reported_at_the_index(string attribute, string message)
    {
        var run = DiagnosticVerifier.Verify("using Kan; [KanNetwork(2, 3, 1)] [" + attribute
            + "] partial class Risk { static float Use() => Evaluate(1f, 2f); }");
        Assert.Equal("The " + message, run.Message());
    }

    [Fact]
    public void An_edge_declared_twice_is_reported_at_the_second() => DiagnosticVerifier.Verify("""
        using Kan;
        [KanNetwork(2, 1)]
        [Edge(0, 0, 0, Slopes = [1])] [Edge(0, 1, 0, Slopes = [1])]
        partial class Risk { }
        [{|KAN0105:Edge|}(0, 0, 0, Slopes = [2])]
        partial class Risk { }
        """);

    [Fact]
    public void An_option_that_is_not_defined_is_reported()
    {
        var run = DiagnosticVerifier.Verify("using Kan; [KanNetwork(1, 1, Lowering = {|KAN0106:(Lowering)9|})] partial class Risk { }");
        Assert.Equal("The value 9 of Lowering is not defined: use one of Auto, Rows, Clamp, Relu", run.Message());
    }

    [Theory]
    [InlineData("[KanNetwork(4096, 4096)] [Edge(0, 1, 0, Slopes = [1])]", "(only 1 of 16,777,216 pairs of nodes have an edge, ")]
    [InlineData("[KanNetwork(4096, 4096, Lowering = Lowering.Rows)] [Edge(0, 0, 0, Breakpoints = [0], Slopes = [0, 1])]",
        "(each output reads only the input of its own index: without the Lowering that is asked for, ")]
    [InlineData("[KanNetwork(4096, 4096, Lowering = Lowering.Rows)] [Edge(0, 1, 0, Breakpoints = [0], Slopes = [0, 1])]",
        "(only 1 of 16,777,216 pairs of nodes have an edge, ")]
    [InlineData("[KanNetwork(1000, 1000, 9000)] [Edge(0, 0, 0, Slopes = [1])] [Edge(1, 0, 0, Slopes = [1])]",
        "(only 1 of 9,000,000 pairs of nodes have an edge, ")]
    public void A_network_that_no_compiler_could_take_in_is_reported_for_the_type(string attributes, string cause)
    {
        var run = GeneratorHarness.Run("using Kan; " + attributes + " static partial class Vast { }");
        var diagnostic = Assert.Single(run.Result.Diagnostics);
        Assert.Equal("KAN0108", diagnostic.Id);
        Assert.StartsWith("'Vast' is too large to compile: up to layer ",
            diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture), System.StringComparison.Ordinal);
        Assert.Contains(" nodes, its tables hold ", diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture),
            System.StringComparison.Ordinal);
        Assert.Contains(cause, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture), System.StringComparison.Ordinal);
        Assert.Empty(run.CompilerDiagnostics);
    }

    [Fact]
    public void A_wide_activation_compiles_where_no_lowering_is_asked_for()
    {
        var run = GeneratorHarness.Run(
            "using Kan; [KanNetwork(4096, 4096)] [Edge(0, 0, 0, Breakpoints = [0], Slopes = [0, 1])] static partial class Vast { }");
        Assert.Empty(run.Result.Diagnostics);
        Assert.Empty(run.CompilerDiagnostics);
    }

    [Fact]
    public void A_number_that_leaves_the_type_is_reported_for_the_type()
    {
        const string Source = "using Kan; [KanNetwork(1, 1)] [Edge(0, 0, 0, Breakpoints = [1e30], Slopes = [1e30, 0])] partial class "
            + "Steep { static void Use() => Evaluate(1); }";
        var run = GeneratorHarness.Run(Source);
        var diagnostic = Assert.Single(run.Result.Diagnostics);
        Assert.Equal("KAN0107", diagnostic.Id);
        Assert.Equal(
            "A number of 'Steep' is outside the range of its number type: A number near 1.000E+060 does not fit float; use Precision.Double",
            diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Empty(run.CompilerDiagnostics);
        DiagnosticVerifier.Verify(Source.Replace("(1, 1)", "(1, 1, Precision = Precision.Double)", System.StringComparison.Ordinal));
    }

    [Fact]
    public void Sound_data_is_silent() => DiagnosticVerifier.Verify("""
        using Kan;
        [KanNetwork(2, 2, 1, Precision = Precision.Double, Lowering = Lowering.Relu)]
        [Edge(0, 0, 0, Breakpoints = [-1, 0, 1], Slopes = [0, 0.5, -1, 0], ValueAtZero = 0.25)]
        [Edge(0, 1, 0, Breakpoints = new double[] { 0 }, Slopes = new[] { -1.0, 1.0 })]
        [Edge(1, 0, 0, Slopes = [2])]
        partial class Risk { static double Use() => Evaluate(1.0, 2.0); }
        """);
}
