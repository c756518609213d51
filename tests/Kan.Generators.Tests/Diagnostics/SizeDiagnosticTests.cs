using System;
using System.Linq;
using System.Numerics;
using System.Text;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Diagnostics;

/// <summary>
/// Declarations and models that ask for more than a compiler may do: refused before the work, or within a bounded part of it. A fault shows
/// as a hang.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class SizeDiagnosticTests
{
    [Theory]
    [InlineData(20_000, false)]
    [InlineData(100_000, true)]
    public void An_attribute_of_too_many_breakpoints_is_reported_once(int count, bool falling)
    {
        string numbers = string.Join(",", Enumerable.Range(0, count).Select(i => falling ? -i : i));
        string slopes = string.Join(",", Enumerable.Range(0, count + 1).Select(static i => i % 3));
        var run = DiagnosticVerifier.Verify(
            "using Kan; [KanNetwork(1, 1)] [Edge(0, 0, 0, Breakpoints = {|KAN0108:[" + numbers + "]|}, Slopes = [" + slopes
            + "])] partial class Net { static float Use() => Evaluate(1f); }");
        Assert.StartsWith($"'edge (0, 0, 0)' is too large to compile: it has {count:N0} breakpoints, and the most is 16,384",
            run.Message("KAN0108"), StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_of_a_long_list_are_few()
    {
        string numbers = string.Join(",", Enumerable.Range(0, 16_384).Select(static i => -i));
        string slopes = string.Join(",", Enumerable.Range(0, 16_385).Select(static i => i % 3));
        var run = GeneratorHarness.Run("using Kan; static partial class C { [PiecewiseLinear(Breakpoints = [" + numbers + "], Slopes = ["
            + slopes + "])] public static partial double F(double x); }");
        Assert.Equal(Enumerable.Repeat("KAN0102", 16), run.Diagnostics.Select(static diagnostic => diagnostic.Id));
    }

    [Fact]
    public void A_long_curve_is_compiled()
    {
        // Every breakpoint but those of multiples of 3 bends, the others are reported one by one.
        string numbers = string.Join(",", Enumerable.Range(0, 4_000));
        string slopes = string.Join(",", Enumerable.Range(0, 4_001).Select(static i => i % 3 == 0 ? i + 1 : i));
        var run = GeneratorHarness.Run("using Kan; static partial class C { [PiecewiseLinear(Breakpoints = [" + numbers + "], Slopes = ["
            + slopes + "])] public static partial double F(double x); }");
        Assert.All(run.Diagnostics, static diagnostic => Assert.Equal("KAN0112", diagnostic.Id));
        Assert.Empty(run.CompilerDiagnostics);
    }

    [Theory]
    [InlineData(2_000, 1, "1,999 layers, and the most is 1,024")]
    [InlineData(100_000, 1, "99,999 layers, and the most is 1,024")]
    [InlineData(900, 65_536, "58,851,330 nodes, and the most is 1,048,576")]
    public void An_attribute_of_too_many_nodes_is_reported(int count, int width, string fact)
    {
        string widths = string.Join(",", Enumerable.Repeat(width, count - 2).Prepend(1).Append(1));
        var run = GeneratorHarness.Run("using Kan; [KanNetwork(" + widths
            + ")] [Edge(0, 0, 0, Slopes = [1])] partial class Net { static float Use() => Evaluate(1f); }");
        Assert.Equal(
            $"'Net' is too large to compile: it has {fact}; prune it, share breakpoints between the edges of an input, or split it",
            run.Message());
        Assert.Empty(run.Result.Diagnostics);
        Assert.Empty(run.CompilerDiagnostics);
    }

    [Fact]
    public void An_attribute_of_too_many_edges_is_reported()
    {
        var edges = new StringBuilder();
        for (int i = 0; i < 66_000; i++) edges.Append("[Edge(0,").Append(i % 256).Append(',').Append(i / 256).Append(",Slopes=[1])]");
        var result = GeneratorHarness.Start("using Kan; [KanNetwork(256, 258)] " + edges + " partial class Net;").FirstResult;
        Assert.Empty(result.Diagnostics);
        Assert.Contains("see KAN0108", Assert.Single(result.GeneratedSources).SourceText.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_whose_fractions_grow_while_it_is_read_is_reported_at_the_place()
    {
        // 60 denominators of 2,000 digits have a product of 120,000 digits, by which each sum would be multiplied.
        string breakpoints = Fractions(60, 2_000);
        string model =
            "{\"format\":\"kan\",\"version\":1,\"name\":\"n\",\n\"layers\":[{\"kind\":\"kan\",\"inputs\":1,\"outputs\":1,\"edges\":[\n  "
            + "{\"input\":0,\"output\":0,\"breakpoints\":["
            + breakpoints + "],\"slopes\":[" + string.Join(",", Enumerable.Range(0, 61)) + "],\"anchor\":[100,0]}]}]}";
        string message = DiagnosticVerifier.Verify("using Kan; [KanModel({|KAN0302:\"a.onnx\"|})] partial class Net { static float Use() "
            + "=> Evaluate(1); }", ("a.onnx", model)).Message();
        Assert.StartsWith("The model 'a.onnx' is not readable, a.onnx.kan.json(3,3): Reading the numbers takes too long: exact numbers "
            + "grow to ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_fractions_of_ten_thousand_digits_end_in_an_error()
    {
        var run = GeneratorHarness.Run("using Kan; [KanModel(\"a.onnx\")] partial class Net { static float Use() => Evaluate(1); }",
            ("a.onnx", GridModel(200, 10_000)));
        Assert.Contains(run.All.Concat(run.Result.Diagnostics), static diagnostic => diagnostic.Id is "KAN0302" or "KAN0108");
        Assert.DoesNotContain(run.All.Concat(run.Result.Diagnostics), static diagnostic => diagnostic.Id is "AD0001" or "KAN0900");
    }

    [Fact]
    public void A_model_whose_fractions_grow_while_it_is_compiled_is_reported()
    {
        var run = GeneratorHarness.Run("using Kan; [KanModel(\"a.onnx\")] partial class Net { static float Use() => Evaluate(1); }",
            ("a.onnx", GridModel(40, 2_000)));
        var fault = Assert.Single(run.Result.Diagnostics);
        Assert.Equal("KAN0108", fault.Id);
        Assert.StartsWith("'Net' is too large to compile: exact numbers grow to ", fault.GetMessage(null), StringComparison.Ordinal);
        Assert.Contains("see KAN0108", run.Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "\"slopes\":[2]", "no ranges of its inputs are known")]
    [InlineData("\"inputs\":{\"ranges\":[[0,1]]},\"hidden\":{\"ranges\":[[0,1]]},", "\"slopes\":[2]",
        "it was calibrated with 1 ranges of hidden values, and 0 are needed")]
    public void A_network_without_an_integer_form_is_reported(string about, string function, string expected)
    {
        string model = "{\"format\":\"kan\",\"version\":1,\"name\":\"n\"," + about
            + "\"layers\":[{\"kind\":\"activation\",\"size\":2,\"function\":{" + function + ",\"anchor\":[0,0]}}]}";
        var run = GeneratorHarness.Run("using Kan; [KanModel(\"a.onnx\", Precision = Precision.Int8)] partial class Net;",
            ("a.onnx", model));
        var fault = Assert.Single(run.Result.Diagnostics);
        Assert.Equal("KAN0115", fault.Id);
        Assert.StartsWith("'Net' cannot be computed with integers: " + expected, fault.GetMessage(null), StringComparison.Ordinal);
        Assert.Contains("see KAN0115", run.Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5_000, 1, "it has 5,000 layers, and the most is 4,096")]
    [InlineData(1_000, 1_048_576, "it has 1,049,624,576 nodes, and the most is 4,194,304")]
    public void A_model_of_many_layers_is_refused_before_work(int layers, int size, string fact)
    {
        string layer = "{\"kind\":\"activation\",\"size\":" + size + ",\"function\":\"relu\"}";
        string model = "{\"format\":\"kan\",\"version\":1,\"name\":\"n\",\"layers\":[" + string.Join(",", Enumerable.Repeat(layer, layers))
            + "]}";
        var run = GeneratorHarness.Run("using Kan; [KanModel(\"a.onnx\")] partial class Net;", ("a.onnx", model));
        Assert.Equal($"'Net' is too large to compile: {fact}; prune it, share breakpoints between the edges of an input, or split it",
            Assert.Single(run.Result.Diagnostics).GetMessage(null));
    }

    [Fact]
    public void A_long_network_of_unread_nodes_is_compiled()
    {
        // What the last layer does not read is dropped from the outputs back, layer by layer.
        string layer =
            "{\"kind\":\"kan\",\"inputs\":2,\"outputs\":2,\"edges\":[{\"input\":0,\"output\":0,\"breakpoints\":[0],\"slopes\":[0,1],\"anchor\":[0,0]},{\"input\":1,\"output\":1,\"breakpoints\":[0],\"slopes\":[0,1],\"anchor\":[0,0]}]}";
        const string Last =
            "{\"kind\":\"kan\",\"inputs\":2,\"outputs\":1,\"edges\":[{\"input\":0,\"output\":0,\"slopes\":[1],\"anchor\":[0,0]}]}";
        string model = "{\"format\":\"kan\",\"version\":1,\"name\":\"n\",\"layers\":[" + string.Concat(Enumerable.Repeat(layer + ",", 200))
            + Last + "]}";
        var assembly = GeneratorHarness.Run("using Kan; [KanModel(\"a.onnx\")] partial class Net { static float Use() => Evaluate(1, 2); }",
            ("a.onnx", model));
        Assert.Empty(assembly.Result.Diagnostics);
        Assert.Contains("UnreadInputs", assembly.Source, StringComparison.Ordinal);
    }

    private static string GridModel(int knots, int digits) =>
        "{\"format\":\"kan\",\"version\":1,\"name\":\"n\",\"layers\":[{\"kind\":\"kan\",\"inputs\":1,\"outputs\":1,\"knots\":[["
            + Fractions(knots, digits) + "]],\"values\":["
        + string.Join(",", Enumerable.Range(0, knots).Select(static i => i * i)) + "]}]}";

    // i + 1/d for denominators d that have nothing in common.
    private static string Fractions(int count, int digits) => string.Join(",", Enumerable.Range(0, count).Select(i =>
    {
        var denominator = BigInteger.Pow(10, digits - 1) + (2 * i) + 1;
        return "\"" + ((denominator * i) + 1) + "/" + denominator + "\"";
    }));
}
