using System;
using System.Linq;
using Kan.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Kan.Generators.Tests.Pipeline;

[Trait("Speed", "Slow")]
public sealed class HalfTypedSourceTests
{
    private const string Source = """
        using Kan;
        namespace Demo.Inner
        {
            [KanNetwork(2, 1, Precision = Precision.Double)]
            [Edge(0, 0, 0, Breakpoints = [-1, 0], Slopes = [0, 0.5, -1], ValueAtZero = 0.25)]
            [Edge(0, 1, 0, Slopes = new double[] { 2 })]
            public sealed partial class Risk { static double Use() => Evaluate(1, 2); }
            public partial class Outer { [KanModel("a.onnx", Lowering = Lowering.Rows)] public partial record struct Net { } }
            public static partial class Curves { [PiecewiseLinear(Slopes = [1])] public static partial double Discount(double x); }
        }
        """;

    [Theory]
    [InlineData("using Kan; [KanNetwork(")]
    [InlineData("using Kan; [KanNetwork(1, )] partial class")]
    [InlineData("using Kan; [KanNetwork(1, 1)] partial class { }")]
    [InlineData("using Kan; [KanNetwork(1, 1)] [KanNetwork(1, 1)] partial class C { }")]
    [InlineData("using Kan; [KanNetwork(1, 1)] partial class C { } [KanNetwork(1, 1)] partial class C { }")]
    [InlineData("using Kan; [KanNetwork(1, \"x\")] [Edge(0, 0, \"y\", Slopes = [x])] partial class C { }")]
    [InlineData("using Kan; [KanNetwork(null)] [Edge(0, 0, 0, Slopes = null)] partial class C { }")]
    [InlineData("using Kan; [KanModel(null)] partial class C { } [KanModel(\"\")] partial class D { } [KanModel] partial class E { }")]
    [InlineData("using Kan; [KanModel(\"a\")] enum X { } [KanNetwork(1, 1)] interface IX { } [KanNetwork(1, 1)] delegate void Y();")]
    [InlineData("using Kan; [PiecewiseLinear(Slopes = [1])] static partial double F(double x);")]
    [InlineData("using Kan; partial class C { [PiecewiseLinear(Slopes = [1])] static partial double (double x); [PiecewiseLinear] static "
        + "partial double F(double); }")]
    [InlineData("using Kan; static partial class C { [PiecewiseLinear(Slopes = [1])] public static partial double F(double x); "
        + "[PiecewiseLinear(Slopes = [1])] public static partial double F(double x); }")]
    [InlineData("using Kan; partial class C { void M() { [PiecewiseLinear(Slopes = [1])] static double F(double x) => x; } }")]
    [InlineData("using Kan; partial class C<T> { [KanNetwork(1, 1)] partial class D; } [KanNetwork(1, 1)] partial class C;")]
    public void A_mistyped_source_throws_nothing(string source) => Check(source);

    [Fact]
    public void No_deleted_token_throws()
    {
        // Seeded: a failure must come back.
        var random = new Random(20250711);
        var tokens = CSharpSyntaxTree.ParseText(Source, cancellationToken: TestContext.Current.CancellationToken)
            .GetRoot(TestContext.Current.CancellationToken).DescendantTokens().Where(static token => token.Span.Length > 0).ToArray();
        var session = GeneratorHarness.Start(Source, ("a.onnx", "{"));
        for (int i = 0; i < 300; i++)
        {
            string edited = Source;
            foreach (var token in Enumerable.Range(0, 1 + random.Next(3)).Select(_ => tokens[random.Next(tokens.Length)]).Distinct()
                .OrderByDescending(static token => token.SpanStart))
                edited = edited.Remove(token.SpanStart, token.Span.Length);
            AssertNoFault(session.Edit(edited), edited);
            if (i % 10 == 0) Check(edited);
        }
    }

    [Fact]
    public void No_prefix_throws()
    {
        var session = GeneratorHarness.Start(Source, ("a.onnx", "{"));
        for (int length = 0; length < Source.Length; length += 3) AssertNoFault(session.Edit(Source[..length]), Source[..length]);
    }

    private static void Check(string source)
    {
        var run = GeneratorHarness.Run(source, ("a.onnx", "{"));
        AssertNoFault(run.Result, source);
        Assert.DoesNotContain(run.Diagnostics, static diagnostic => diagnostic.Id == "AD0001");
    }

    private static void AssertNoFault(GeneratorRunResult result, string source)
    {
        Assert.True(result.Exception is null, result.Exception + "\n" + source);
        Assert.True(result.Diagnostics.IsDefaultOrEmpty, string.Join("\n", result.Diagnostics) + "\n" + source);
    }
}
