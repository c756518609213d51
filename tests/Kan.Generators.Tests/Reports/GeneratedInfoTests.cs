extern alias generators;

using System;
using System.Linq;
using generators::Kan.Generators.Reports;
using Kan.Generators.Tests.Harness;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Kan.Generators.Tests.Reports;

/// <summary>What the analyzer reads of the printed <c>Info</c>: by name, and loudly where it does not understand it.</summary>
public sealed class GeneratedInfoTests
{
    private const string Model = """{"format":"kan","version":1,"name":"n","inputs":{"ranges":[[0,1],[-1,1]]},"layers":[{"kind":"affine","inputs":2,"outputs":1,"weights":[2,0]}]}""";

    private static readonly string s_printed =
        GeneratorHarness.Run("using Kan; [KanModel(\"a.onnx\")] partial class Net { }", ("a.onnx", Model)).Compilation.SyntaxTrees
        .SelectMany(static tree => tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes()
            .OfType<PropertyDeclarationSyntax>())
        .Single(static property => property.Identifier.ValueText == "Info").Initializer!.Value.ToString();

    [Fact]
    public void What_is_printed_is_read()
    {
        var info = Read(s_printed);
        Assert.Equal([new GeneratedLayer(2, 1, 1, 1, "Affine", "all edges are linear", 192)], info.Layers);
        Assert.InRange(info.ErrorBound, 1e-8, 1e-6);
        Assert.Equal("", info.ErrorBoundReason);
        Assert.True(info.HasRanges);
        Assert.Equal([1], info.UnreadInputs);
        Assert.Empty(info.ConstantOutputs);
    }

    [Theory]
    [InlineData("Inputs: 2,", "Inputs: 2, Curves: 3,", "a layer of Info, as the generator printed it, has the unknown part 'Curves'")]
    [InlineData("Inputs: 2,", "", "a layer of Info, as the generator printed it, has no 'Inputs'")]
    [InlineData("Inputs: 2,", "2,", "a layer of Info, as the generator printed it, has an argument without a name")]
    [InlineData("Inputs: 2,", "Inputs: 2.5,", "'2.5' is not an integer")]
    [InlineData("global::Kan.LayerLowering.Affine", "\"Affine\"",
        "a layer of Info, as the generator printed it, has no constant as 'Lowering'")]
    [InlineData("ErrorBound =", "Bound =", "Info, as the generator printed it, has no 'ErrorBound'")]
    [InlineData("UnreadInputs = [1]", "UnreadInputs = [1], Dead = [2]", "Info, as the generator printed it, has the unknown part 'Dead'")]
    [InlineData("UnreadInputs = [1]", "UnreadInputs = 1", "Info, as the generator printed it, has no list as 'UnreadInputs'")]
    public void What_is_unknown_is_a_fault(string printed, string changed, string message)
    {
        Assert.Contains(printed, s_printed, StringComparison.Ordinal);
        Assert.Equal(message, Assert.Throws<FormatException>(() => Read(s_printed.Replace(printed, changed, StringComparison.Ordinal)))
            .Message);
    }

    private static GeneratedInfo Read(string printed) =>
        GeneratedInfo.Read((BaseObjectCreationExpressionSyntax)SyntaxFactory.ParseExpression(printed));
}
