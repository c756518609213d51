using System.Collections.Immutable;
using System.Linq;
using Kan.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;
using Xunit.Sdk;

namespace Kan.Generators.Tests.Pipeline;

/// <summary>The harness itself: a check that cannot fail proves nothing.</summary>
public sealed class PipelineCheckTests
{
    private const string Source = "using Kan; [KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [1])] partial class Net { }";

    private sealed record Holder(string Name, ImmutableArray<object> Values);

    [Fact]
    public void A_part_of_a_compilation_is_found()
    {
        var compilation = GeneratorHarness.Compile(Source);
        var tree = compilation.SyntaxTrees.Single();
        object[] parts = [compilation, tree, tree.GetRoot(TestContext.Current.CancellationToken), compilation.GetTypeByMetadataName("Net")!,
            compilation.GetSemanticModel(tree), Location.Create(tree, default)];
        Assert.All(parts, static part => Assert.Throws<FailException>(() => PipelineChecks.AssertPure(new Holder("x", [1, part]), "step")));
        PipelineChecks.AssertPure(new Holder("x", [1, "text"]), "step");
    }

    [Fact]
    public void A_change_is_found()
    {
        var session = GeneratorHarness.Start(Source);
        Assert.Throws<FailException>(() => session.AssertCachedAfter(Source.Replace("[1]", "[2]", System.StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("[Kan.KanNetwork(1, 1)] [Kan.Edge(0, 0, 0, Breakpoints = [2, 1], Slopes = [0, 1, 2])] partial class Net { }", "{}",
        "KAN0102")]
    [InlineData("[Kan.KanModel(\"a.onnx\")] partial class Net { }", "{}", "KAN0302")]
    [InlineData("", "{}", "KAN0302")]
    public void A_mistake_is_found_where_code_is_loaded(string source, string model, string id) =>
        Assert.Contains(id, Assert.ThrowsAny<XunitException>(() => GeneratorHarness.Build(source, ("a.onnx|Class=Other", model)))
            .Message, System.StringComparison.Ordinal);

    [Fact]
    public void Every_step_is_tracked()
    {
        var result = GeneratorHarness.Start(
            Source + "[KanModel(\"a\")] partial class Model { } static partial class C { [PiecewiseLinear(Slopes = [1])] public static "
            + "partial double F(double x); }",
            ("a", "{}"), ("b|Class=Made|Namespace=N", "{}")).FirstResult;
        Assert.Equal([], PipelineChecks.TrackedNames.Where(name => !result.TrackedSteps.ContainsKey(name)));
        Assert.All(PipelineChecks.TrackedNames, name => Assert.NotEmpty(result.TrackedSteps[name].SelectMany(static step => step.Outputs)));
    }
}
