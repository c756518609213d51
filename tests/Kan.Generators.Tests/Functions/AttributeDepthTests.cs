using System;
using System.Linq;
using System.Text;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Functions;

/// <summary>
/// Attributes whose arguments nest deep: asked for them, the C# compiler runs out of stack inside the pipeline of the generator, where it
/// takes the process with it, so that a fault ends the test run.
/// </summary>
public sealed class AttributeDepthTests
{
    private const int Deep = 2_000;

    [Theory]
    [InlineData("curve")]
    [InlineData("edge")]
    [InlineData("edge function")]
    [InlineData("model")]
    public void Deep_attributes_do_not_end_the_compiler(string kind)
    {
        var compilation = NestingTests.OnStack(16_384, () => GeneratorHarness.Compile(Source(kind)));
        var result = NestingTests.OnStack(1024, () => GeneratorHarness.Start(compilation).FirstResult);
        Assert.Empty(result.Diagnostics);
        Assert.DoesNotContain(result.GeneratedSources,
            static source => source.SourceText.ToString().Contains("Kernels", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("curve")]
    [InlineData("edge")]
    [InlineData("edge function")]
    [InlineData("model")]
    public void Deep_attributes_are_reported_where_they_stand(string kind)
    {
        var run = NestingTests.OnStack(64 * 1024, () => GeneratorHarness.Run(Source(kind)));
        Assert.Single(run.Diagnostics, static diagnostic => diagnostic.Id == "KAN0212");
    }

    private static string Source(string kind)
    {
        string number = new StringBuilder().Insert(0, "(double)", Deep).Append('1').ToString(),
            integer = new StringBuilder().Insert(0, "(int)", Deep).Append('0').ToString();
        string text = string.Concat(Enumerable.Repeat("(string)", Deep)) + "\"a\"";
        return "using Kan; " + kind switch
        {
            "curve" =>
                $"static partial class Curves {{ [PiecewiseLinear(Slopes = [{number}])] public static partial double F(double x); }}",
            "edge" => $"[KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [{number}])] partial class Net;",
            "edge function" =>
                $"[KanNetwork(1, 1)] partial class Net {{ [EdgeFunction({integer}, 0, 0)] static double F(double x) => x; }}",
            _ => $"[KanModel({text})] partial class Net;",
        };
    }
}
