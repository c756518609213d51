extern alias generators;

using System;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using System.Threading;
using generators::Kan.Compiler;
using generators::Kan.Compiler.Certify;
using generators::Kan.Compiler.Emit;
using generators::Kan.Compiler.Lower;
using generators::Kan.Generators.Equality;
using generators::Kan.Generators.ModelFiles;
using generators::Kan.Generators.Output;
using generators::Kan.Generators.Specs;
using generators::Kan.Generators.Symbolic;
using Kan.Generators.Tests.Functions;
using Kan.Generators.Tests.Harness;
using Microsoft.CodeAnalysis.Text;
using Xunit;
using LinkedPrecision = generators::Kan.Precision;

namespace Kan.Generators.Tests.Pipeline;

/// <summary>Every stage observes its token: an editor that has moved on is not kept busy.</summary>
public sealed class CancellationTests
{
    private const int Width = 96;

    private static readonly CancellationToken s_cancelled = new(canceled: true);

    private static readonly string s_model = $$"""
        {"format":"kan","version":1,"name":"n","inputs":{"ranges":[[0,1]]},"layers":[
          {"kind":"affine","inputs":{{Width}},"outputs":{{Width}},"weights":[{{Numbers()}}]},{"kind":"activation","size":{{Width}},"function":"relu"},
          {"kind":"affine","inputs":{{Width}},"outputs":{{Width}},"weights":[{{Numbers()}}]}]}
        """;

    private static readonly CompilerOptions s_options = new() { Target = new TargetType("", ["partial class C"], false) };

    [Fact]
    public void A_cancellation_is_no_fault()
    {
        var one = ImmutableArray.Create(NumberBits.From(1));
        var edge = new EdgeSpec(0, 0, 0, new FunctionSpec(ImmutableArray<NumberBits>.Empty, one, NumberBits.From(0)));
        var spec = new NetworkSpec("h", "n", new TargetType("", ["partial class C"], false), default, default, ImmutableArray.Create(1, 1),
            ImmutableArray.Create(edge));
        Assert.Throws<OperationCanceledException>(() => SourceFactory.Create(spec, default(SourceSettings), s_cancelled));
    }

    [Fact]
    public void Every_stage_of_a_model_observes_its_token()
    {
        string text = new StringBuilder(s_model).ToString();
        Observes(() => ModelReading.Read(text, s_cancelled));
        Observes(() => generators::Kan.Networks.KanDocumentReader.ReadUnlessCancelled(text, s_cancelled));
        var document = generators::Kan.Networks.KanDocumentReader.ReadUnlessCancelled(text, TestContext.Current.CancellationToken);
        Observes(() => document.Expand(s_cancelled));
        var network = document.Expand(TestContext.Current.CancellationToken);
        Observes(() => generators::Kan.Networks.ContentHash.ComputeUnlessCancelled(network, s_cancelled));
        Observes(() => generators::Kan.Networks.NetworkSimplifier.Simplify(network, s_cancelled));
        Observes(() => NetworkPlan.Lower(network, LinkedPrecision.Single, default, s_cancelled));
        Observes(() => generators::Kan.Networks.FormBuilder.Build(network.Layers[0], generators::Kan.LayerLowering.Affine,
            LinkedPrecision.Single, s_cancelled));
        var plan = NetworkCompiler.Plan(document, LinkedPrecision.Single, default, TestContext.Current.CancellationToken);
        Observes(() => new TablePacker(LinkedPrecision.Single, s_cancelled).Pack(plan.Layers[0].Form));
        Observes(() => ErrorBound.Certify(generators::Kan.Networks.NetworkSimplifier.Simplify(network,
            TestContext.Current.CancellationToken), plan.Form, document.InputRanges, s_cancelled));
        Observes(() => NetworkEmitter.Emit(plan, s_options, s_cancelled));
        Observes(() => NetworkCompiler.Compile(document, s_options, s_cancelled));
    }

    [Fact]
    public void A_cancelled_reading_is_read_again()
    {
        string text = new StringBuilder(s_model).ToString();
        Observes(() => ModelReading.Read(text, s_cancelled));
        Assert.NotNull(ModelReading.Read(text, TestContext.Current.CancellationToken).Document);
    }

    [Fact]
    public void An_edge_function_observes_its_token()
    {
        var compilation =
            new FunctionCompilation("static double F(double x) { for (int i = 0; i < 900; i++) x = Math.Max(x, i); return x; }");
        Observes(() => FunctionCompiler.Compile(compilation.Methods["F"], compilation.Compilation, s_cancelled));
    }

    [Fact]
    public void A_model_is_parsed_once_for_all_classes_and_the_analyzer()
    {
        var session = GeneratorHarness.Start("using Kan; [KanModel(\"a.onnx\")] partial class A { } [KanModel(\"a.onnx\", Precision = "
            + "Precision.Double)] partial class B { }", ("a.onnx", s_model));
        Assert.Equal(
            ["A", "A.Tables", "B", "B.Tables"],
            session.LastResult.GeneratedSources.Select(static source => source.HintName.Split('.')[0]
                + (source.HintName.Contains(".Tables.", StringComparison.Ordinal) ? ".Tables" : "")).Order());
        var text = session.Files.Single().GetText(TestContext.Current.CancellationToken)!;
        GC.KeepAlive(ModelReading.Check(ModelReading.TextOf(text), TestContext.Current.CancellationToken));
        Assert.InRange(ModelReading.ParseCount(ModelReading.TextOf(text)), 1, 2);
        Assert.Same(ModelReading.TextOf(text), ModelReading.TextOf(text));

        // A document that something holds is not parsed again; what is wrong with a text is known for good.
        string other = ModelReading.TextOf(SourceText.From(s_model + "\n"));
        var first = ModelReading.Read(other, TestContext.Current.CancellationToken);
        Assert.Same(first, ModelReading.Read(other, TestContext.Current.CancellationToken));
        Assert.Equal(1, ModelReading.ParseCount(other));
        GC.KeepAlive(first);
        string broken = ModelReading.TextOf(SourceText.From("{"));
        for (int i = 0; i < 3; i++) Assert.NotNull(ModelReading.Check(broken, TestContext.Current.CancellationToken).Fault);
        Assert.Equal(1, ModelReading.ParseCount(broken));
    }

    private static void Observes(Action stage) => Assert.ThrowsAny<OperationCanceledException>(stage);

    private static string Numbers() => string.Join(",", Enumerable.Range(0, Width * Width).Select(static i => (i % 17) + 1));
}
