using System;
using System.Globalization;
using System.Linq;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Diagnostics;

/// <summary>What is wrong with names of inputs and outputs, and where it is reported.</summary>
public sealed class NameDiagnosticTests
{
    private const string Model = """{"format":"kan","version":1,"name":"n","inputs":{INPUTS},"layers":[{"kind":"affine","inputs":2,"outputs":1,"weights":[2,3]}]}""";

    [Theory]
    [InlineData("""[Input({|KAN0007:2|}, "c")]""", "Input 2 of 'Net' does not exist: use a number from 0 to 1")]
    [InlineData("""[Input({|KAN0007:-1|}, "c")]""", "Input -1 of 'Net' does not exist: indices begin at 0")]
    [InlineData("""[Input({|KAN0007:0|}, "c")]""", "Input 0 of 'Net' is named twice: remove one of the two attributes")]
    [InlineData("""[Output({|KAN0007:1|}, "y")] [Output(0, "z")]""", "Output 1 of 'Net' does not exist: use 0, for the only one")]
    [InlineData("""[Output(0, {|KAN0007:" "|})]""", "Output 0 of 'Net' has an empty name: give it a name, such as \"age\"")]
    public void Names_that_do_not_fit_are_reported_where_they_are(string attribute, string message)
    {
        string text = "using Kan; [KanNetwork(2, 1)] [Edge(0, 0, 0, Slopes = [1])] [Edge(0, 1, 0, Slopes = [1])] [Input(0, \"a\")] "
            + "[Input(1, \"b\")] ATTRIBUTE partial class Net;";
        Assert.Equal(message, DiagnosticVerifier.Verify(text.Replace("ATTRIBUTE", attribute, StringComparison.Ordinal)).Message());
    }

    [Theory]
    [InlineData("""[Input(0, "a")] [Input(1, {|KAN0007:"a"|})]""", "Input 1 of 'Net' has the name of input 0, 'a': give each a different name")]
    [InlineData("""[{|KAN0007:Input|}(1, "a")]""", "Input 0 of 'Net' has no name, but another has one: name all of them with [Input], or none")]
    [InlineData("""[Input(0, "a", Low = {|KAN0007:0|})] [Input(1, "b")]""", "Input 0 of 'Net' has Low without High: declare both ends of the range")]
    [InlineData("""[Input(0, "a", High = {|KAN0007:0|})] [Input(1, "b")]""", "Input 0 of 'Net' has High without Low: declare both ends of the range")]
    [InlineData("""[Input(0, "a", Low = 0, High = {|KAN0007:1 / 0.0|})] [Input(1, "b")]""", "Input 0 of 'Net' has a range that is not finite: use finite numbers")]
    [InlineData("""[Input(0, "a", Low = {|KAN0007:2|}, High = 1)] [Input(1, "b")]""", "Input 0 of 'Net' has a range whose Low, 2, is above its High, 1: exchange the two")]
    [InlineData("""[Input(0, "a", Low = 0, High = 1)] [Input({|KAN0007:1|}, "b")]""", "Input 1 of 'Net' has no range, but another has one: declare Low and High for all of them, or for none")]
    public void Incomplete_names_and_ranges_are_reported(string attributes, string message)
    {
        const string Network =
            "using Kan; [KanNetwork(2, 1)] [Edge(0, 0, 0, Slopes = [1])] [Edge(0, 1, 0, Slopes = [1])] ATTRIBUTES partial class Net;";
        Assert.Equal(message, DiagnosticVerifier.Verify(Network.Replace("ATTRIBUTES", attributes, StringComparison.Ordinal)).Message());
        string model = "using Kan; [KanModel(\"a.onnx\")] ATTRIBUTES partial class Net;".Replace("ATTRIBUTES", attributes,
            StringComparison.Ordinal);
        Assert.Equal(message, DiagnosticVerifier.Verify(model, ("a.onnx", Model.Replace("INPUTS", "", StringComparison.Ordinal)))
            .Message());
    }

    [Fact]
    public void Names_of_a_model_are_checked_against_its_file()
    {
        Assert.Equal(
            "Input 0 of 'Net' has no range, but another has one: declare Low and High for all of them, or for none",
            DiagnosticVerifier.Verify(
                "using Kan; [KanModel(\"a.onnx\")] [{|KAN0007:Input|}(1, \"b\", Low = 0, High = 1)] partial class Net;",
                ("a.onnx", Model.Replace("INPUTS", "\"names\":[\"p\",\"q\"]", StringComparison.Ordinal))).Message());
        Assert.Equal(
            "Input 2 of 'Net' does not exist: use a number from 0 to 1",
            DiagnosticVerifier.Verify(
                "using Kan; [KanModel(\"a.onnx\")] [Input({|KAN0007:2|}, \"b\")] partial class Net;",
                ("a.onnx", Model.Replace("INPUTS", "\"names\":[\"p\",\"q\"]", StringComparison.Ordinal))).Message());
    }

    [Fact]
    public void Names_without_a_network_are_reported() => Assert.Equal(
        "'Net' has [Input] without [KanNetwork] or [KanModel]: add one of the two",
        DiagnosticVerifier.Verify("using Kan; [{|KAN0004:Input|}(0, \"a\")] partial class Net;").Message());

    [Theory]
    [InlineData("struct {|KAN0006:Features|} { }", "")]
    [InlineData("int {|KAN0006:Features|} => 1;", "")]
    [InlineData("static bool {|KAN0006:IsInRange|}(int i) => i == 1;", "")]
    [InlineData("class Result { } enum Label { } void Decide() { }", "")]
    [InlineData("class {|KAN0006:Label|} { } static void {|KAN0006:Decide|}() { }", ""","outputs":{"labels":["good","bad"]}""")]
    [InlineData("static void {|KAN0006:Probabilities|}() { } int {|KAN0006:Decide|} => 1; void LogProbabilities() { }", ""","outputs":{"head":"softmax"}""")]
    [InlineData("static void {|KAN0006:LogProbabilitiesBatch|}() { }", ""","outputs":{"head":"logSoftmax"}""")]
    public void A_member_with_a_name_that_names_need_is_reported(string member, string outputs)
    {
        string model = Model.Replace("INPUTS", "\"names\":[\"p\",\"q\"],\"ranges\":[[0,1]]", StringComparison.Ordinal);
        if (outputs.Length > 0)
            model = model.Replace("\"outputs\":1,\"weights\":[2,3]", "\"outputs\":2,\"weights\":[2,3,4,5]", StringComparison.Ordinal)
                .Replace(",\"layers\"", outputs + ",\"layers\"", StringComparison.Ordinal);
        var run =
            DiagnosticVerifier.Verify("using Kan; [KanModel(\"a.onnx\")] partial class Net { MEMBER }".Replace("MEMBER", member,
            StringComparison.Ordinal), ("a.onnx", model));
        if (outputs.Length > 0) return;
        run = DiagnosticVerifier.Verify(
            "using Kan; [KanNetwork(2, 1)] [Edge(0, 0, 0, Slopes = [1])] [Edge(0, 1, 0, Slopes = [1])] [Input(0, \"a\", Low = 0, High = "
            + "1)] [Input(1, \"b\", Low = 0, High = 1)] partial class Net { MEMBER }"
                .Replace("MEMBER", member, StringComparison.Ordinal));
        Assert.NotNull(run);
    }

    [Fact]
    public void The_class_of_an_item_must_not_have_the_name_of_a_member()
    {
        var run = GeneratorHarness.Run("",
            ("a.onnx|Class=Features", Model.Replace("INPUTS", "\"names\":[\"p\",\"q\"]", StringComparison.Ordinal)));
        var diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal("The KanModel item 'a.onnx' has Class=\"Features\": expected another name, since a member of the class has this one",
            diagnostic.GetMessage(CultureInfo.InvariantCulture));
        Assert.Empty(run.CompilerDiagnostics.Where(static complaint =>
            complaint.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error));
    }

    [Fact]
    public void A_mistake_hides_no_named_member()
    {
        // The mistake is the only error: what the code uses is there, without a meaning.
        DiagnosticVerifier.Verify("""
            using Kan;
            [KanNetwork(2, 2)] [Edge(0, 0, 0, Slopes = {|KAN0101:[]|})] [Input(0, "a")] [Input(1, "b")] [Output(0, "y")] [Output(1, "z")] static partial class Net;
            class User { static float Use() => Net.Evaluate(new(A: 1, B: 2)).Z + (Net.IsInRange(new(1, 2)) ? 1 : 0); }
            """);
        DiagnosticVerifier.Verify(
            """
            using Kan;
            [KanModel({|KAN0301:"a.onnx"|})] [Input(0, "a")] [Input(1, "b")] static partial class Net;
            class User { static float Use() => Net.Evaluate(new(A: 1, B: 2)) + Net.Evaluate(b: 1, a: 2); }
            """,
            ("a.onnx", null));
    }
}
