using System;
using System.Globalization;
using System.Linq;
using Kan.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Kan.Generators.Tests.Diagnostics;

/// <summary>What is said of a network that was compiled: its forms, its size and its certificate.</summary>
public sealed class ReportDiagnosticTests
{
    private const string Declaration = "using Kan; [KanModel(\"a.onnx\")] partial class Net { }";

    [Fact]
    public void What_the_compiler_chose_is_said_at_the_attribute()
    {
        var run = DiagnosticVerifier.Verify("""
            using Kan;
            [{|KAN0400:KanNetwork|}(2, 2, 1)]
            [Edge(0, 0, 0, Breakpoints = [-1, 0, 1], Slopes = [0, 0.5, -1, 0])]
            [Edge(0, 1, 1, Breakpoints = [0], Slopes = [-1, 1])]
            [Edge(0, 1, 0, Breakpoints = [0.5], Slopes = [-1, 1])]
            [Edge(1, 0, 0, Breakpoints = [0], Slopes = [2, 3])] [Edge(1, 1, 0, Breakpoints = [0], Slopes = [1, 2])]
            partial class Risk { }
            """);
        Assert.StartsWith("'Risk' is compiled into 2 layers with ", run.Message("KAN0400"), StringComparison.Ordinal);
        using var built = GeneratorHarness.Build(run.Compilation.SyntaxTrees.First().ToString());
        var info = (KanModelInfo)built.Type("Risk").GetProperty("Info")!.GetValue(null)!;
        Assert.Contains($"with {info.TableBytes} bytes of tables", run.Message("KAN0400"), StringComparison.Ordinal);
        Assert.All(info.Layers, (layer, i) =>
            Assert.Contains($"{i} is {layer.Lowering} ({layer.Reason})", run.Message("KAN0400"), StringComparison.Ordinal));
    }

    [Fact]
    public void Many_segments_are_reported()
    {
        const string Source = "using System; using Kan; [{|KAN0401:KanNetwork|}(1, 1)] partial class C { [EdgeFunction(0, 0, 0)] static "
            + "double F(double x) { double s = 0; for (int i = 0; i < 64; i++) s += Math.Max(0, x - i); return s; } }";
        Assert.Equal(
            "Layer 0 of 'C' has 65 segments on 1 edge, which are searched for every sample: remove breakpoints where the slopes hardly "
            + "differ",
            DiagnosticVerifier.Verify(Source).Message("KAN0401"));
        var few = GeneratorHarness.Run(Source.Replace("{|KAN0401:KanNetwork|}", "KanNetwork", StringComparison.Ordinal)
            .Replace("< 64", "< 63", StringComparison.Ordinal));
        Assert.DoesNotContain(few.Reports, static report => report.Id == "KAN0401");
    }

    [Theory]
    [InlineData(480, 512, false)]
    [InlineData(512, 528, true)]
    public void Large_tables_are_reported(int inputs, int outputs, bool isReported)
    {
        string weights = string.Join(",", Enumerable.Repeat("1", inputs * outputs));
        string model = $$"""{"format":"kan","version":1,"name":"n","layers":[{"kind":"affine","inputs":{{inputs}},"outputs":{{outputs}},"weights":[{{weights}}]}]}""";
        var run = GeneratorHarness.Run(Declaration, ("a.onnx", model));
        Assert.Equal(isReported, run.Reports.Any(static report => report.Id == "KAN0402"));
        if (isReported)
            DiagnosticVerifier.Verify(Declaration.Replace("[KanModel", "[{|KAN0402:KanModel|}", StringComparison.Ordinal),
                ("a.onnx", model));
    }

    [Theory]
    [InlineData("[KanNetwork(1, 1, Lowering = {|KAN0403:Lowering.Relu|})]", true)]
    [InlineData("[KanNetwork(1, 1, Lowering = Lowering.Clamp)]", false)]
    public void The_relu_form_is_reported_at_its_name(string attribute, bool isReported)
    {
        var run = DiagnosticVerifier.Verify("using Kan; " + attribute
            + " [Edge(0, 0, 0, Breakpoints = [0, 1], Slopes = [0, 1, 0])] partial class C { }");
        Assert.Equal(isReported, run.Reports.Any(static report => report.Id == "KAN0403"));
    }

    [Fact]
    public void Unread_inputs_of_a_model_are_information()
    {
        var run = DiagnosticVerifier.Verify(
            Declaration.Replace("[KanModel", "[{|KAN0404:KanModel|}", StringComparison.Ordinal),
            ("a.onnx", """{"format":"kan","version":1,"name":"n","layers":[{"kind":"affine","inputs":4,"outputs":1,"weights":[0,2,0,0]}]}"""));
        Assert.Equal("'Net' does not depend on 3 of its 4 inputs, inputs 0, 2, 3: callers need not compute them", run.Message("KAN0404"));
    }

    [Fact]
    public void A_constant_output_of_a_model_is_reported() => Assert.Equal(
        "Output 1 of 'Net' is the same for all inputs: connect an edge to it, or remove it",
        DiagnosticVerifier.Verify(
            Declaration.Replace("[KanModel", "[{|KAN0113:KanModel|}", StringComparison.Ordinal),
            ("a.onnx", """{"format":"kan","version":1,"name":"n","layers":[{"kind":"affine","inputs":1,"outputs":2,"weights":[2,0],"bias":[0,5]}]}""")).Message("KAN0113"));

    [Theory]
    [InlineData("\"inputs\":{\"ranges\":[[0,1]]},", "2", "KAN0500",
        "'Net' computes each output within 2.4E-007 of its exact value, for inputs in the declared ranges")]
    [InlineData("\"inputs\":{\"ranges\":[[-1e300,1e300]]},", "1e30", "KAN0501", "On the declared input ranges of 'Net' no finite error "
        + "bound can be certified, because in layer 0 a partial sum can reach 3.4E+68, past the largest float, 3.4E+38: narrow the "
        + "ranges, or scale the model to smaller numbers")]
    [InlineData("", "2", "KAN0503",
        "The model of 'Net' declares no input range, so no error bound is certified: add a Range to its KanModel item")]
    public void The_bound_is_reported(string inputs, string weight, string id, string message)
    {
        string model = $$"""{"format":"kan","version":1,"name":"n",{{inputs}}"layers":[{"kind":"affine","inputs":1,"outputs":1,"weights":[{{weight}}]}]}""";
        var run = DiagnosticVerifier.Verify(Declaration.Replace("[KanModel", "[{|" + id + ":KanModel|}", StringComparison.Ordinal),
            ("a.onnx", model));
        Assert.Equal(message[..30], run.Message(id)[..30]);
        Assert.Single(run.Reports, static report => report.Descriptor.Category == "Kan.Certificates");
        if (id != "KAN0500") Assert.Equal(message, run.Message(id));
    }

    [Theory]
    [InlineData("EvaluateWithBound = true", "layer 0 is a maximum under a window")]
    [InlineData("", null)]
    public void A_form_without_bounds_of_samples_is_reported(string options, string? reason)
    {
        string source = "using Kan; [KanModel(\"a.onnx\", " + options + ")] partial class Net { }";
        AssertNoBound(source.Replace(", )", ")", StringComparison.Ordinal), "Net", reason,
            ("a.onnx", """{"format":"kan","version":1,"name":"n","layers":[{"kind":"maximum","channels":1,"size":[2,2],"kernel":[2,2]}]}"""));
    }

    [Theory]
    [InlineData("Precision = Precision.Int8", "it computes with integers")]
    [InlineData("Lowering = Lowering.Clamp", null)]
    [InlineData("Lowering = Lowering.Relu", null)]
    [InlineData("Lowering = Lowering.Rows", null)]
    public void Integers_have_no_bounds_of_samples_and_units_have_them(string option, string? reason) => AssertNoBound(
        "using Kan; [KanNetwork(1, 1, EvaluateWithBound = true, " + option + ")] [Input(0, \"x\", Low = -1, High = 1)] "
        + "[Edge(0, 0, 0, Breakpoints = [0, 1], Slopes = [0, 1, 0])] partial class Ramp { }", "Ramp", reason);

    private static void AssertNoBound(string source, string name, string? reason, params (string, string?)[] models)
    {
        var reports = GeneratorHarness.Run(source, models).All.Where(static report => report.Id == "KAN0504").ToArray();
        if (reason is null)
        {
            Assert.Empty(reports);
            return;
        }

        var report = Assert.Single(reports);
        Assert.StartsWith("Kan", source.Substring(report.Location.SourceSpan.Start, report.Location.SourceSpan.Length),
            StringComparison.Ordinal);
        Assert.Equal($"'{name}' gets no EvaluateWithBound, because {reason}: use Info.ErrorBound, the bound for all samples in the "
            + "declared ranges", report.GetMessage(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_limit_of_the_bound_is_kept()
    {
        const string Model = """{"format":"kan","version":1,"name":"n","inputs":{"ranges":[[0,1]]},"layers":[{"kind":"affine","inputs":1,"outputs":1,"weights":[2]}]}""";
        string[] Ids(string setting, string model) =>
            [.. GeneratorHarness.RunWith(setting, Declaration, ("a.onnx", model)).All.Select(static report => report.Id)
                .Where(static id => id is "KAN0502" or "KAN0902")];
        Assert.Empty(Ids("", Model));
        Assert.Empty(Ids("kan_error_bound_limit = 1e-3", Model));
        Assert.Equal(["KAN0502"], Ids("kan_error_bound_limit = 1e-9", Model));
        Assert.Equal(["KAN0502"], Ids("kan_error_bound_limit = 1e9",
            Model.Replace("\"inputs\":{\"ranges\":[[0,1]]},", "", StringComparison.Ordinal)));
        Assert.Equal(["KAN0902"], Ids("kan_error_bound_limit = 0,001", Model));
        Assert.Equal(["KAN0902"], Ids("kan_error_bound_limit = -1", Model));

        var run = GeneratorHarness.RunWith("kan_error_bound_limit = 1e-9", Declaration, ("a.onnx", Model));
        var report = run.Reports.Single(static report => report.Id == "KAN0502");
        Assert.Equal("KanModel", Declaration.Substring(report.Location.SourceSpan.Start, report.Location.SourceSpan.Length));
        Assert.Matches(@"^The certified error bound of 'Net', \d\.\dE-\d+, exceeds kan_error_bound_limit, 1e-9: ", report.GetMessage(CultureInfo.InvariantCulture));
        Assert.Equal(
            "The setting kan_error_bound_limit has the value '0,001', but a non-negative number, such as 1e-3, is expected: correct it "
            + "in .editorconfig",
            GeneratorHarness.RunWith("kan_error_bound_limit = 0,001", Declaration, ("a.onnx", Model)).Message("KAN0902"));
    }

    [Fact]
    public void Nothing_is_reported_of_a_declaration_with_a_mistake()
    {
        var run =
            DiagnosticVerifier.Verify("using Kan; [KanNetwork(2, 1)] [Edge(0, {|KAN0104:2|}, 0, Slopes = [0.1])] partial class C { }");
        Assert.Empty(run.Reports);
    }

    [Fact]
    public void Information_is_no_warning() =>
        Assert.All(GeneratorHarness.Run("using Kan; [KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [0.1])] partial class C { }").All,
            static report => Assert.Equal(DiagnosticSeverity.Info, report.Severity));
}
