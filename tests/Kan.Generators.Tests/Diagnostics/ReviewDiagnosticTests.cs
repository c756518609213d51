using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Diagnostics;

/// <summary>What is surprising about the numbers and the edges of a sound declaration.</summary>
public sealed class ReviewDiagnosticTests
{
    [Theory]
    [InlineData("[KanNetwork(1, 1)] [Edge(0, 0, 0, Breakpoints = [1, {|KAN0109:1.00000001|}, 2], Slopes = [0, 1, 2, 3])] partial class C "
        + "{ }", "Breakpoints 0 and 1 of edge (0, 0, 0), 1 and 1.00000001, are the same float, 1")]
    [InlineData("static partial class C { [PiecewiseLinear(Breakpoints = [16777216, {|KAN0109:16777217|}], Slopes = [0, 1, 2])] public "
        + "static partial float F(float x); }", "Breakpoints 0 and 1 of 'F', 16777216 and 16777217, are the same float, 16777216")]
    [InlineData("[KanNetwork(1, 1)] partial class C { [EdgeFunction(0, 0, 0)] static double {|KAN0109:F|}(double x) => Math.Clamp(x, 1, "
        + "1.00000001); }", "Breakpoints 0 and 1 of 'F', 1 and 1.00000001, are the same float, 1")]
    [InlineData("static partial class C { [PiecewiseLinear(Function = {|KAN0109:nameof(G)|})] public static partial float F(float x); "
        + "static float G(float x) => Math.Max(x, 1f / 3) - Math.Max(x - 1f / 3, 1e-9f); }",
            "Breakpoints 0 and 1 of 'F', 0.3333333432674408 and 0.33333334426744077, are the same float, 0.33333334")]
    public void Breakpoints_that_collapse_are_reported(string declaration, string fact)
    {
        var run = DiagnosticVerifier.Verify("using System; using Kan; " + declaration);
        Assert.Equal(fact + ", so the segment between them vanishes: move them apart, or compute in double", run.Message());
    }

    [Theory]
    [InlineData("[KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [{|KAN0110:0.1|}])] partial class C { }",
        "Slopes[0] of edge (0, 0, 0), 0.1, is not representable as float; 0.10000000149011612 is used instead:")]
    [InlineData("[KanNetwork(1, 1)] [Edge(0, 0, 0, Breakpoints = [0.5, {|KAN0110:0.7|}], Slopes = [0.5, 0.3, 0.2], ValueAtZero = 0.1)] "
        + "partial class C { }", "Breakpoints[1] of edge (0, 0, 0), 0.7, is not representable as float; 0.699999988079071 is used "
            + "instead, and likewise for 3 more of its numbers:")]
    [InlineData("[KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [1], ValueAtZero = {|KAN0110:123456789|})] partial class C { }",
        "ValueAtZero of edge (0, 0, 0), 123456789, is not representable as float; 123456792 is used instead:")]
    [InlineData("static partial class C { [PiecewiseLinear(Slopes = [{|KAN0110:0.1|}])] public static partial float F(float x); }",
        "Slopes[0] of 'F', 0.1, is not representable as float; 0.10000000149011612 is used instead:")]
    [InlineData("[KanNetwork(1, 1)] partial class C { [EdgeFunction(0, 0, 0)] static double {|KAN0110:F|}(double x) => 0.1 * x; }",
        "Slope of 'F', 0.1, is not representable as float; 0.10000000149011612 is used instead:")]
    [InlineData("[KanNetwork(1, 1, Precision = Precision.Double)] partial class C { [EdgeFunction(0, 0, 0)] static double "
        + "{|KAN0110:F|}(double x) => x / 3; }", "Slope of 'F', 1/3, is not representable as double; 0.3333333333333333 is used instead:")]
    public void A_number_that_does_not_fit_is_information(string declaration, string fact)
    {
        var run = DiagnosticVerifier.Verify("using Kan; " + declaration);
        Assert.Equal(fact + " write the intended number, or compute in double", run.Message("KAN0110"));
    }

    [Theory]
    [InlineData("[{|KAN0111:Edge|}(0, 0, 1, Slopes = [0])]", "edge (0, 0, 1) is zero everywhere")]
    [InlineData("[{|KAN0111:Edge|}(0, 0, 1, Breakpoints = [1, 2], Slopes = [0, 0, 0])]", "edge (0, 0, 1) is zero everywhere")]
    [InlineData("[{|KAN0111:Edge|}(0, 0, 1, Slopes = [1])]",
        "edge (0, 0, 1) leads to node 1 of the 2 that layer 0 leads to, which no output depends on")]
    [InlineData("[{|KAN0111:Edge|}(1, 1, 0, Slopes = [1])]",
        "edge (1, 1, 0) starts at node 1 of the 2 that layer 0 leads to, which does not vary with any input")]
    public void An_edge_that_carries_nothing_is_reported(string edge, string fact)
    {
        string source = "using Kan; [KanNetwork(1, 2, 1)] [Edge(0, 0, 0, Slopes = [1])] [Edge(1, 0, 0, Slopes = [1])] " + edge
            + " partial class C { }";
        var run = edge.Contains("[0, 0, 0]", System.StringComparison.Ordinal)
            ? DiagnosticVerifier.Verify(source.Replace("[1, 2]", "[{|KAN0112:1|}, {|KAN0112:2|}]", System.StringComparison.Ordinal))
            : DiagnosticVerifier.Verify(source);
        Assert.Equal(fact + ", so no output varies with it: remove it, or correct its numbers or its nodes", run.Message("KAN0111"));
    }

    [Fact]
    public void An_edge_function_that_carries_nothing_is_reported_at_its_attribute() => DiagnosticVerifier.Verify("""
        using Kan;
        [KanNetwork(1, 2, 1)]
        partial class C
        {
            [EdgeFunction(0, 0, 0)] [{|KAN0111:EdgeFunction|}(0, 0, 1)] [EdgeFunction(1, 0, 0)] static double F(double x) => 2 * x;
        }
        """);

    [Fact]
    public void An_edge_that_is_a_bias_is_no_mistake() => DiagnosticVerifier.Verify("""
        using Kan;
        [KanNetwork(1, 1, 1)]
        [Edge(0, 0, 0, Slopes = [1])]
        [Edge(1, 0, 0, Breakpoints = [0], Slopes = [0, 1])]
        partial class C { }
        [KanNetwork(1, 1)]
        [Edge(0, 0, 0, Slopes = [1])]
        partial class D { }
        [{|KAN0113:KanNetwork|}(1, 2)]
        [Edge(0, 0, 0, Slopes = [1])]
        [Edge(0, 0, 1, Slopes = [0], ValueAtZero = 3)]
        partial class E { }
        """);

    [Fact]
    public void Equal_slopes_are_reported_at_the_breakpoint() => Assert.Equal(
        "Breakpoint 1 of 'F', 10, has the slope 1 on both sides: remove it and one of the two slopes",
        DiagnosticVerifier.Verify("using Kan; static partial class C { [PiecewiseLinear(Breakpoints = [0, {|KAN0112:10|}, 20], Slopes = "
        + "[0, 1, 1, 0])] public static partial double F(double x); }").Message());

    [Theory]
    [InlineData("[{|KAN0113:KanNetwork|}(1, 2)] [Edge(0, 0, 0, Slopes = [1])]", "KAN0113",
        "Output 1 of 'C' is the same for all inputs: connect an edge to it, or remove it")]
    [InlineData("[{|KAN0113:KanNetwork|}(2, 1)]", "KAN0113",
        "Output 0 of 'C' is the same for all inputs: connect an edge to it, or remove it")]
    [InlineData("[{|KAN0113:KanNetwork|}(1, 3)] [Edge(0, 0, 1, Slopes = [1])] [Edge(0, 0, 2, Slopes = [0], ValueAtZero = 1)]", "KAN0113",
        "Outputs 0, 2 of 'C' is the same for all inputs: connect an edge to it, or remove it")]
    [InlineData("[{|KAN0114:KanNetwork|}(3, 1)] [Edge(0, 1, 0, Slopes = [1])]", "KAN0114",
        "No output of 'C' depends on inputs 0, 2: connect an edge from it, or remove it")]
    public void Nodes_that_are_not_connected_are_reported(string attributes, string id, string message) =>
        Assert.Equal(message, DiagnosticVerifier.Verify("using Kan; " + attributes + " partial class C { }").Message(id));

    [Fact]
    public void A_function_that_never_bends_leaves_nothing_to_report() => DiagnosticVerifier.Verify("""
        using Kan;
        [KanNetwork(2, 2, Precision = Precision.Double)]
        [Edge(0, 0, 0, Breakpoints = [1, 1.00000001], Slopes = [0, 0.1, 0])]
        [Edge(0, 1, 1, Slopes = [0.1], ValueAtZero = 0.1)]
        partial class C { }
        [KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [0.1f], ValueAtZero = 0.7f)] partial class D { }
        """);
}
