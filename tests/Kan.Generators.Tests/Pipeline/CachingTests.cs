extern alias generators;

using System.Linq;
using generators::Kan.Generators;
using Kan.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Kan.Generators.Tests.Pipeline;

public sealed class CachingTests
{
    private const string Model = """{"format":"kan","version":1,"name":"n","layers":[{"kind":"affine","inputs":1,"outputs":1,"weights":[2]}]}""";

    private const string Source = """
        using Kan;
        [KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [1])] partial class First { }
        [KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [2])] partial class Second { }
        [KanModel("a.onnx")] partial class A { }
        [KanModel("b.onnx")] partial class B { }
        static partial class Curves
        {
            [PiecewiseLinear(Slopes = [1])] public static partial double F(double x);
            [PiecewiseLinear(Slopes = [1])] public static partial float F(float x);
        }
        """;

    [Fact]
    public void An_edit_of_one_network_recomputes_only_it()
    {
        var result = Start().Edit(Source.Replace("Slopes = [2]", "Slopes = [3]"));
        Assert.Equal(["First: kept", "Second: computed"], Reasons(result, TrackingNames.NetworkSources));
        Assert.Equal(["A: kept", "B: kept"], Reasons(result, TrackingNames.ModelSources));
        Assert.Equal(["F: kept", "F: kept"], Reasons(result, TrackingNames.CurveSources));
    }

    [Fact]
    public void An_edit_of_one_model_recomputes_only_its_class()
    {
        var result = Start().EditModel(1, Model.Replace("[2]", "[3]"));
        Assert.Equal(["A: kept", "B: computed"], Reasons(result, TrackingNames.ModelSources));
        Assert.Equal(["First: kept", "Second: kept"], Reasons(result, TrackingNames.NetworkSources));
    }

    [Fact]
    public void An_edit_of_one_items_model_recomputes_only_its_class()
    {
        var session = GeneratorHarness.Start("", ("a.onnx|Class=A", Model), ("b.onnx|Class=B", Model), ("c.onnx", Model));
        var result = session.EditModel(1, Model.Replace("[2]", "[3]"));
        Assert.Equal(["A: kept", "B: computed"], Reasons(result, TrackingNames.ItemSources));
        Assert.Equal(["A: kept", "B: kept"], Reasons(session.EditModel(2, Model.Replace("[2]", "[3]")), TrackingNames.ItemSources));
    }

    [Fact]
    public void A_declaration_that_takes_the_class_of_an_item_leaves_the_others_alone()
    {
        var session = GeneratorHarness.Start("", ("a.onnx|Class=A|Namespace=N", Model), ("b.onnx|Class=B|Namespace=N", Model));
        var result = session.Edit("namespace N; [Kan.KanModel(\"a.onnx\")] partial class A { }");
        var kept = result.TrackedSteps[TrackingNames.ItemSources].SelectMany(static step => step.Outputs)
            .Where(static output => output.Reason != IncrementalStepRunReason.Removed);
        Assert.Equal([("B", IncrementalStepRunReason.Cached)],
            kept.Select(static output => (((generators::Kan.Generators.Output.GeneratedSource)output.Value).Subject, output.Reason)));
        Assert.Equal(2, result.GeneratedSources.Length);
    }

    [Fact]
    public void A_model_that_is_touched_but_not_changed_recomputes_nothing() => PipelineChecks.AssertCached(Start().EditModel(0, Model));

    [Fact]
    public void Allowing_unsafe_code_recompiles()
    {
        var result = Start().AllowUnsafe(true);
        Assert.All(Reasons(result, TrackingNames.NetworkSources),
            static reason => Assert.DoesNotContain("kept", reason, System.StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/* a comment */\n")]
    [InlineData("using System;\nusing System.Text;\n")]
    public void What_means_the_same_recomputes_nothing(string prefix) => Start().AssertCachedAfter(prefix + Source);

    [Fact]
    public void Another_spelling_of_the_same_values_recomputes_nothing() => Start().AssertCachedAfter(
        Source.Replace("[KanNetwork(1, 1)]", "[global::Kan.KanNetworkAttribute(new[] { 1, 2 - 1 })]")
        .Replace("Slopes = [2]", "Slopes = new double[] { 2.0 }, Breakpoints = []"));

    [Theory]
    [InlineData("ValueAtZero = 0.0", "ValueAtZero = -0.0")]
    [InlineData("ValueAtZero = 0.1f", "ValueAtZero = 0.1")]
    [InlineData("ValueAtZero = 1.0", "ValueAtZero = 1.0000000000000002")]
    public void A_changed_bit_recompiles(string before, string after)
    {
        string source = "using Kan; [KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [1], " + before + ")] partial class Net { }";
        var result = GeneratorHarness.Start(source).Edit(source.Replace(before, after));
        var step = Assert.Single(result.TrackedSteps[TrackingNames.Networks]);
        Assert.Equal(IncrementalStepRunReason.Modified, step.Outputs.Single().Reason);
    }

    private static GeneratorSession Start() => GeneratorHarness.Start(Source, ("a.onnx", Model), ("b.onnx", Model));

    private static string[] Reasons(GeneratorRunResult result, string name) =>
    [
        .. result.TrackedSteps[name].SelectMany(static step => step.Outputs)
            .Select(static output => ((generators::Kan.Generators.Output.GeneratedSource)output.Value).Subject + ": "
                + (output.Reason == IncrementalStepRunReason.Cached ? "kept" : "computed"))
            .Order(System.StringComparer.Ordinal),
    ];
}
