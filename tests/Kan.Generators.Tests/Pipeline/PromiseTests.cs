extern alias generators;

using System;
using System.Linq;
using generators::Kan.Generators;
using generators::Kan.Generators.Output;
using generators::Kan.Generators.Specs;
using Kan.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Kan.Generators.Tests.Pipeline;

/// <summary>
/// What each kind of edit recomputes of each kind of declaration: two of a kind stand side by side, and one of them is touched.
/// </summary>
public sealed class PromiseTests
{
    private const string Model = """{"format":"kan","version":1,"name":"n","layers":[{"kind":"affine","inputs":1,"outputs":1,"weights":[2]}]}""";

    private const string Source = """
        using Kan;
        using System;
        [KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [1])] partial class Numbers1 { }
        [KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [2])] partial class Numbers2 { }
        [KanNetwork(1, 1)] partial class Code1 { [EdgeFunction(0, 0, 0)] static double F(double x) => Math.Abs(x); }
        [KanNetwork(1, 1)] partial class Code2 { [EdgeFunction(0, 0, 0)] static double F(double x) => Math.Max(x, 1); }
        [KanModel("a.onnx")] partial class Model1 { }
        [KanModel("b.onnx")] partial class Model2 { }
        static partial class Curves
        {
            [PiecewiseLinear(Slopes = [1])] public static partial double Curve1(double x);
            [PiecewiseLinear(Slopes = [2])] public static partial double Curve2(double x);
            [PiecewiseLinear(Function = nameof(Body1))] public static partial double Function1(double x);
            [PiecewiseLinear(Function = nameof(Body2))] public static partial double Function2(double x);
            static double Body1(double x) => Math.Abs(x);
            static double Body2(double x) => Math.Max(x, 1);
        }
        """;

    private static readonly string[] s_specs = [TrackingNames.Networks, TrackingNames.Models, TrackingNames.Curves];

    private static readonly string[] s_sources = [TrackingNames.NetworkSources, TrackingNames.ModelSources, TrackingNames.CurveSources];

    [Theory]
    [InlineData("unrelated code", "static partial class Curves", "class Unrelated { int F() => 1; }\nstatic partial class Curves", "", "")]
    [InlineData("a comment and white space", "partial class Numbers1 { }", "partial /* new */ class Numbers1\n{\n}", "", "")]
    [InlineData("re-ordered usings", "using Kan;\nusing System;", "using System;\nusing Kan;", "", "")]
    [InlineData("another spelling of a number", "Slopes = [2])] partial", "Slopes = new double[] { 1 + 1.0 })] partial", "", "")]
    [InlineData("another spelling of a function", "Math.Max(x, 1); }\n[Kan", "x > 1 ? x : 1; }\n[Kan", "", "")]
    [InlineData("one of two networks by numbers", "Slopes = [2])] partial", "Slopes = [3])] partial", "Numbers2", "Numbers2")]
    [InlineData("a zero that becomes negative", "Slopes = [2])] partial", "Slopes = [2], ValueAtZero = -0.0)] partial", "Numbers2", "")]
    [InlineData("one of two networks by code", "Math.Max(x, 1); }\n[Kan", "Math.Max(x, 2); }\n[Kan", "Code2", "Code2")]
    [InlineData("one of two curves by numbers", "Slopes = [2])] public", "Slopes = [3])] public", "Curve2", "Curve2")]
    [InlineData("one of two curves by code", "Body2(double x) => Math.Max(x, 1)", "Body2(double x) => Math.Max(x, 2)", "Function2",
        "Function2")]
    [InlineData("the name of a model", "\"b.onnx\"", "\"a.onnx\"", "Model2", "")]
    [InlineData("an option of a network by numbers", "(1, 1)] [Edge(0, 0, 0, Slopes = [2])]",
        "(1, 1, Precision = Precision.Double)] [Edge(0, 0, 0, Slopes = [2])]", "Numbers2", "Numbers2")]
    [InlineData("an option of a network by code", "[KanNetwork(1, 1)] partial class Code2",
        "[KanNetwork(1, 1, Lowering = Lowering.Relu)] partial class Code2", "Code2", "Code2")]
    [InlineData("a name of an input", "Slopes = [2])] partial class Numbers2", "Slopes = [2])] [Input(0, \"a\")] partial class Numbers2",
        "Numbers2", "Numbers2")]
    [InlineData("a name of an output of a model", "(\"b.onnx\")]", "(\"b.onnx\")] [Output(0, \"y\")]", "Model2", "Model2")]
    [InlineData("an option of a model", "(\"b.onnx\")", "(\"b.onnx\", Precision = Precision.Double)", "Model2", "Model2")]
    [InlineData("the type of a curve", "partial double Curve2(double x)", "partial float Curve2(float x)", "Curve2", "Curve2")]
    [InlineData("a modifier of a curve", "public static partial double Function2", "internal static partial double Function2", "Function2",
        "Function2")]
    [InlineData("the kind of a type", "partial class Numbers1", "partial record Numbers1", "Numbers1", "Numbers1")]
    public void An_edit_recomputes_what_it_touches(string edit, string before, string after, string specs, string sources)
    {
        Assert.NotEmpty(edit);
        string edited = Source.Replace("\r", "", StringComparison.Ordinal).Replace(before, after, StringComparison.Ordinal);
        Assert.NotEqual(Source, edited);
        var result = Start().Edit(edited);
        PipelineChecks.AssertPure(result);
        Assert.Equal(specs, Names(result, s_specs, IncrementalStepRunReason.Modified));
        Assert.Equal(sources, Names(result, s_sources, IncrementalStepRunReason.Modified));
        AssertNothingElse(result);
    }

    [Theory]
    [InlineData("[KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [2])] ", "Numbers2")]
    [InlineData("[KanNetwork(1, 1)] partial class Code2 { [EdgeFunction(0, 0, 0)] ", "Code2")]
    [InlineData("[KanModel(\"b.onnx\")] ", "Model2")]
    [InlineData("[PiecewiseLinear(Slopes = [2])] ", "Curve2")]
    [InlineData("[PiecewiseLinear(Function = nameof(Body2))] ", "Function2")]
    public void A_removed_attribute_removes_its_code_and_no_other(string attribute, string name)
    {
        var session = Start();
        var before = session.LastResult.GeneratedSources.ToDictionary(static source => source.HintName,
            static source => source.SourceText.ToString());
        var result =
            session.Edit(Source.Replace(attribute, attribute.Contains("class", StringComparison.Ordinal) ? "class Code2 { " : "",
            StringComparison.Ordinal));
        PipelineChecks.AssertPure(result);
        var after = result.GeneratedSources.ToDictionary(static source => source.HintName, static source => source.SourceText.ToString());
        string gone = Assert.Single(before.Keys.Except(after.Keys));
        Assert.Contains(name + ".", gone, StringComparison.Ordinal);
        Assert.All(after, source => Assert.Equal(before[source.Key], source.Value));

        // Roslyn tells the declarations of a file apart by their order: one that goes moves those behind it up.
        Assert.NotEmpty(Names(result, s_specs, IncrementalStepRunReason.Removed));
    }

    [Fact]
    public void A_changed_model_recomputes_its_class()
    {
        var result = Start().EditModel(1, Model.Replace("[2]", "[3]", StringComparison.Ordinal));
        PipelineChecks.AssertPure(result);
        Assert.Equal("", Names(result, s_specs, IncrementalStepRunReason.Modified));
        Assert.Equal("Model2", Names(result, s_sources, IncrementalStepRunReason.Modified));
        AssertNothingElse(result);
    }

    [Fact]
    public void A_changed_setting_of_the_project_reads_no_declaration_again()
    {
        var result = Start().AllowUnsafe(true);
        PipelineChecks.AssertPure(result);
        Assert.Equal("", Names(result, s_specs, IncrementalStepRunReason.Modified));
        Assert.DoesNotContain("Curve", Names(result, s_sources, IncrementalStepRunReason.Modified), StringComparison.Ordinal);
        AssertNothingElse(result);
    }

    [Fact]
    public void An_added_declaration_leaves_the_others()
    {
        var result = Start().Edit(Source + "\n[KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [5])] partial class Numbers3 { }");
        Assert.Equal("Numbers3", Names(result, s_specs, IncrementalStepRunReason.New));
        Assert.Equal("Numbers3", Names(result, s_sources, IncrementalStepRunReason.New));
        Assert.Equal("", Names(result, s_sources, IncrementalStepRunReason.Modified));
    }

    private static GeneratorSession Start() =>
        GeneratorHarness.Start(Source.Replace("\r", "", StringComparison.Ordinal), ("a.onnx", Model), ("b.onnx", Model));

    private static void AssertNothingElse(GeneratorRunResult result)
    {
        Assert.Equal("", Names(result, s_sources, IncrementalStepRunReason.New));
        Assert.Equal("", Names(result, s_sources, IncrementalStepRunReason.Removed));
        Assert.Equal(10, result.GeneratedSources.Length);
    }

    private static string Names(GeneratorRunResult result, string[] steps, IncrementalStepRunReason reason) => string.Join(", ",
        steps.SelectMany(step => result.TrackedSteps[step]).SelectMany(static step => step.Outputs).Where(output => output.Reason == reason)
            .Select(static output => output.Value switch
            {
                GeneratedSource source => source.Subject,
                NetworkSpec spec => spec.Name,
                CurveSpec spec => spec.Name,
                ModelSpec spec => spec.Name,
                _ => output.Value.ToString(),
            }).Order(StringComparer.Ordinal));
}
