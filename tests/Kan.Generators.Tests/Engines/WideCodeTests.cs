using System;
using System.Linq;
using Kan.Compiler;
using Kan.Compiler.Lower;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary>Code of networks whose codes have 16 bits; other vectors compute the same in <see cref="EngineAgreementTests"/>.</summary>
public sealed class WideCodeTests
{
    private static readonly CompiledNetworks s_networks = new(WideNetworks.All, Precision.Int8, [Lowering.Auto]);

    private static readonly IntegerForm[] s_forms = [.. WideNetworks.All.Select(Form)];

    private delegate int Decision(ReadOnlySpan<float> inputs);

    [Fact]
    public void Code_has_the_bits_of_the_reference()
    {
        for (int i = 0; i < s_forms.Length; i++)
        {
            Assert.True(s_forms[i].IsWide, WideNetworks.All[i].Name);
            s_networks.AssertIntegers(i, s_forms[i], IntegerNetworks.Samples(WideNetworks.All[i], i));
        }
    }

    [Fact]
    public void Decisions_are_those_of_floating_point_numbers()
    {
        var floats = new CompiledNetworks([WideNetworks.All[3]], Precision.Single, [Lowering.Auto]);
        foreach (float[] sample in IntegerNetworks.Samples(WideNetworks.All[3], 3).Where(static sample => sample.All(float.IsFinite)))
            Assert.Equal(floats.Method<Decision>(0, Lowering.Auto, "Decide")(sample),
                s_networks.Method<Decision>(3, Lowering.Auto, "Decide")(sample));
    }

    /// <summary>Samples and corners of the ranges: the bound holds, and is below that of codes of 8 bits.</summary>
    [Fact]
    public void Errors_stay_within_the_certified_bound()
    {
        for (int i = 0; i < s_forms.Length; i++)
        {
            var document = WideNetworks.All[i];
            double bound = Plan(document).ErrorBound, worst = 0;
            Assert.True(bound < Plan(document with { IntegerTolerance = null }).ErrorBound, document.Name);
            var reference = new IntegerEvaluator(s_forms[i]);
            var exact = document.ToNetwork();
            var random = new Random(i);
            for (int sample = 0; sample < 150; sample++)
            {
                float[] x = [.. Enumerable.Range(0, exact.InputCount)
                    .Select(p => IntegerNetworks.Inside(document, p, sample % 2 == 0 ? random.NextDouble() : random.Next(2)))];
                double[] expected = exact.Evaluate(Array.ConvertAll(x, static value => (double)value));
                worst = Math.Max(worst, reference.Evaluate(x).Zip(expected, static (a, b) => Math.Abs(a - b)).Max());
            }

            Assert.InRange(worst, 0, bound);
        }
    }

    [Fact]
    public void The_header_says_that_codes_have_16_bits()
    {
        var run = GeneratorHarness.Run("using Kan; [KanModel(\"m.kan.json\", Precision = Precision.Int8)] public partial class Net;",
            ("m.kan.json", KanDocumentWriter.Write(WideNetworks.All[1])));
        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.CompilerDiagnostics);
        string text = run.Sources.Single(static source => source.Value.Contains("class Integers", StringComparison.Ordinal)).Value;
        Assert.Contains("with codes of 16 for the tolerance", text, StringComparison.Ordinal);
        Assert.Contains("codes of 16 bits", text, StringComparison.Ordinal);
    }

    private static NetworkPlan Plan(KanDocument document) =>
        NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto, TestContext.Current.CancellationToken);

    private static IntegerForm Form(KanDocument document) =>
        NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto).Integers!.Form;
}
