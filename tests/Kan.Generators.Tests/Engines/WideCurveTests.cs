using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Compiler;
using Kan.Compiler.Lower;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// Code of networks of curves whose codes have 16 bits; other vectors compute the same in <see cref="EngineAgreementTests"/>.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class WideCurveTests
{
    private static readonly CompiledNetworks s_networks = new(WideCurveNetworks.All, Precision.Int8, [Lowering.Auto]);

    private static readonly IntegerPlan[] s_plans = [.. WideCurveNetworks.All.Select(Plan)];

    private delegate int Decision(ReadOnlySpan<float> inputs);

    [Fact]
    public void Code_has_the_bits_of_the_reference()
    {
        for (int i = 0; i < s_plans.Length; i++)
        {
            Assert.True(s_plans[i].Form.IsWide && s_plans[i].HasCurves, WideCurveNetworks.All[i].Name);
            s_networks.AssertIntegers(i, s_plans[i].Form, IntegerNetworks.Samples(WideCurveNetworks.All[i], i));
        }
    }

    /// <summary>Batches of all lengths to three times what goes through a row together, and one more than goes through a layer.</summary>
    [Fact]
    public void Batches_of_all_lengths_have_the_bits_of_single_samples()
    {
        int[] networks = [0, 3, 5, 6, WideCurveNetworks.All.Count - 4, WideCurveNetworks.All.Count - 3, WideCurveNetworks.All.Count - 2];
        foreach (int i in networks)
        {
            float[][] samples = [.. IntegerNetworks.Samples(WideCurveNetworks.All[i], i)];
            int m = s_plans[i].Form.OutputCount;
            float[] single = new float[samples.Length * m];
            for (int row = 0; row < samples.Length; row++)
                s_networks.Evaluate<float>(i, Lowering.Auto)(samples[row], single.AsSpan(row * m, m));
            foreach (int count in (IEnumerable<int>)[.. Enumerable.Range(1, 12), 33])
            {
                float[] found = new float[count * m];
                s_networks.EvaluateBatch<float>(i, Lowering.Auto)([.. samples.TakeLast(count).SelectMany(static row => row)], found);
                Assert.Equal(single.TakeLast(count * m), found);
            }
        }
    }

    [Fact]
    public void Decisions_are_those_of_floating_point_numbers()
    {
        var floats = new CompiledNetworks([WideCurveNetworks.All[2]], Precision.Single, [Lowering.Auto]);
        foreach (float[] sample in IntegerNetworks.Samples(WideCurveNetworks.All[2], 2)
            .Where(static sample => sample.All(static x => Math.Abs(x) < 1000)))
            Assert.Equal(floats.Method<Decision>(0, Lowering.Auto, "Decide")(sample),
                s_networks.Method<Decision>(2, Lowering.Auto, "Decide")(sample));
    }

    /// <summary>
    /// Climbs from random samples and corners to where the exact network is furthest away: the bound holds, and is below that of codes of
    /// 8 bits.
    /// </summary>
    [Fact]
    public void Errors_stay_within_the_certified_bound()
    {
        for (int i = 0; i < s_plans.Length; i++)
        {
            var document = WideCurveNetworks.All[i];
            double bound = s_plans[i].Certificate.Bound, worst = 0;
            Assert.True(bound < Plan(document with { IntegerTolerance = null }).Certificate.Bound, document.Name);
            var network = document.ToNetwork();
            var evaluate = s_networks.Evaluate<float>(i, Lowering.Auto);
            var random = new Random(i);
            float[] outputs = new float[network.OutputCount];
            float[] bends = [0, .. network.Layers[0].Edges.SelectMany(static edge => edge.Function.Breakpoints)
                .Select(static point => (float)point.ToDouble()).Distinct()];
            for (int start = 0; start < (network.InputCount > 50 ? 2 : 10); start++)
            {
                float[] sample = [.. Enumerable.Range(0, network.InputCount)
                    .Select(p => IntegerNetworks.Inside(document, p, start % 2 == 0 ? random.NextDouble() : random.Next(2)))];
                double error = Error(sample);
                for (int step = 0; step < 20; step++)
                {
                    float[] next = (float[])sample.Clone();
                    int p = random.Next(next.Length);
                    var range = IntegerNetworks.Range(document, p);
                    float scale = s_plans[i].Form.Input(p).Scale;
                    next[p] = random.Next(4) switch
                    {
                        0 => IntegerNetworks.Inside(document, p, random.Next(2)),
                        1 => bends[random.Next(bends.Length)],
                        _ => IntegerNetworks.Inside(document, p, random.NextDouble()),
                    };

                    // Half way between two codes.
                    if (random.Next(2) == 0) next[p] = (MathF.Floor(next[p] / scale) + 0.5f) * scale;
                    if (next[p] < range.Low.ToDouble() || next[p] > range.High.ToDouble()) continue;
                    double changed = Error(next);
                    if (changed > error) (sample, error) = (next, changed);
                }

                worst = Math.Max(worst, error);
            }

            TestContext.Current.SendDiagnosticMessage($"{document.Name}: the worst error found is {worst:E2}, the bound {bound:E2}.");
            Assert.True(worst <= bound, $"{document.Name}: the worst error found is {worst:E2}, the bound {bound:E2}.");
            Assert.True(worst > bound / 1000, $"{document.Name}: the worst error found is {worst:E2}, the bound {bound:E2}.");

            double Error(float[] inputs)
            {
                evaluate(inputs, outputs);
                double[] exact = network.Evaluate([.. inputs.Select(static x => (double)x)]);
                return outputs.Zip(exact, static (a, b) => Math.Abs(a - b)).Max();
            }
        }
    }

    [Fact]
    public void The_header_says_that_integers_have_16_bits()
    {
        var run = GeneratorHarness.Run("using Kan; [KanModel(\"m.kan.json\", Precision = Precision.Int8)] public partial class Net;",
            ("m.kan.json", KanDocumentWriter.Write(WideCurveNetworks.All[1])));
        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.CompilerDiagnostics);
        string text = run.Sources.Single(static source => source.Value.Contains("class Integers", StringComparison.Ordinal)).Value;
        Assert.Contains("integers of 16 bits, for the tolerance", text, StringComparison.Ordinal);
        Assert.Contains("Values of edges at their knots are integers of 16 bits", text, StringComparison.Ordinal);
    }

    private static IntegerPlan Plan(KanDocument document) => NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto).Integers!;
}
