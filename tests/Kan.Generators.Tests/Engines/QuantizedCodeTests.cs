using System;
using System.Linq;
using Kan.Compiler;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// Code of networks whose integers are those of a file: they decide themselves, and are what is compiled unless something else is asked
/// for.
/// </summary>
public sealed class QuantizedCodeTests
{
    private static readonly KanDocument[] s_documents = [.. QuantizedNetworks.All, .. QuantizedImageNetworks.All];

    private static readonly CompiledNetworks s_networks = new(s_documents, Precision.Int8, [Lowering.Auto]);

    private delegate T Decision<out T>(ReadOnlySpan<float> inputs);

    [Fact]
    public void Pairs_of_weights_leave_16_bits() => Assert.All(
        QuantizedNetworks.All, static document => Assert.False(document.Codes!.FormOf(document.Layers).Layers[0].FitsPairs));

    /// <summary>
    /// One sample at a time and in batches; other vectors compute the same in <see cref="EngineAgreementTests"/>, whose sets have these
    /// networks too.
    /// </summary>
    [Fact]
    public void Code_has_the_bits_of_the_reference()
    {
        for (int i = 0; i < s_documents.Length; i++)
        {
            var document = s_documents[i];
            s_networks.AssertIntegers(i, document.Codes!.FormOf(document.Layers), IntegerNetworks.Samples(document, i));
        }
    }

    [Fact]
    public void Decisions_are_those_of_the_integers()
    {
        for (int i = 0; i < s_documents.Length; i++)
        {
            var document = s_documents[i];
            var reference = new IntegerEvaluator(document.Codes!.FormOf(document.Layers));
            foreach (float[] sample in IntegerNetworks.Samples(document, i).Where(static sample => !sample.Any(float.IsNaN)))
            {
                float[] outputs = reference.Evaluate(sample);
                if (outputs.Length == 1)
                    Assert.Equal(outputs[0] > 0, s_networks.Method<Decision<bool>>(i, Lowering.Auto, "Decide")(sample));
                else Assert.Equal(Array.IndexOf(outputs, outputs.Max()),
                    s_networks.Method<Decision<int>>(i, Lowering.Auto, "Decide")(sample));
            }
        }
    }

    [Fact]
    public void Errors_stay_within_the_certified_bound_on_ranges_beyond_the_codes()
    {
        for (int i = 0; i < s_documents.Length; i++)
        {
            var document = s_documents[i] with { InputRanges = [new(-40, 50)] };
            double bound = NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto, TestContext.Current.CancellationToken).ErrorBound,
                worst = 0;
            var reference = new IntegerEvaluator(document.Codes!.FormOf(document.Layers));
            var exact = document.ToNetwork();
            var random = new Random(i);
            for (int sample = 0; sample < 60; sample++)
            {
                float[] x = [.. Enumerable.Range(0, exact.InputCount)
                    .Select(_ => random.Next(3) switch { 0 => -40, 1 => 50, _ => (random.NextSingle() * 90) - 40 })];
                double[] expected = exact.Evaluate(Array.ConvertAll(x, static value => (double)value));
                worst = Math.Max(worst, reference.Evaluate(x).Zip(expected, static (a, b) => Math.Abs(a - b)).Max());
            }

            Assert.InRange(worst, bound / 1e6, bound);
        }
    }

    [Theory]
    [InlineData("[KanModel(\"m.kan.json\")]", true)]
    [InlineData("[KanModel(\"m.kan.json\", Precision = Precision.Int8)]", true)]
    [InlineData("[KanModel(\"m.kan.json\", Precision = Precision.Single)]", false)]
    public void Integers_of_a_file_are_compiled_unless_something_else_is_asked_for(string attribute, bool areIntegers)
    {
        var run = GeneratorHarness.Run($"using Kan; {attribute} public partial class Net;",
            ("m.kan.json", KanDocumentWriter.Write(QuantizedNetworks.All[1])));
        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.CompilerDiagnostics);
        Assert.Equal(areIntegers, run.Sources.Any(static source => source.Value.Contains("IntegerNetwork", StringComparison.Ordinal)));
    }
}
