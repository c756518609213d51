using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Compiler;
using Kan.Compiler.Lower;
using Kan.Testing;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// Code that computes with integers against the exact network and the code that computes with floats: within the certified bound, and the
/// same decisions, whatever the inputs.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class IntegerCertificateTests
{
    private static readonly CompiledNetworks s_integers = new(IntegerNetworks.All, Precision.Int8, [Lowering.Auto]),
        s_floats = new(IntegerNetworks.All, Precision.Single, [Lowering.Auto]);

    private delegate T Decision<out T>(ReadOnlySpan<float> inputs);

    [Fact]
    public void Decisions_are_those_of_floats()
    {
        int decided = 0;
        for (int i = 0; i < IntegerNetworks.All.Count; i++)
        {
            var document = IntegerNetworks.All[i];
            foreach (float[] sample in IntegerNetworks.Samples(i).Concat(NearTies(i)))
            {
                if (!sample.All(float.IsFinite) && Record.Exception(() => Decide(s_floats, i, sample)) is { } unknown)
                {
                    Assert.IsType<ArgumentException>(unknown);
                    Assert.Throws<ArgumentException>(() => Decide(s_integers, i, sample));
                    continue;
                }

                Require.That(Decide(s_integers, i, sample) == Decide(s_floats, i, sample), $"{document.Name}: the decision differs.");
                decided++;
            }
        }

        Assert.True(decided > 1000);
    }

    [Fact]
    public void Errors_stay_within_the_certified_bound()
    {
        for (int i = 0; i < IntegerNetworks.All.Count; i++)
        {
            var document = IntegerNetworks.All[i];
            var network = document.ToNetwork();
            double bound = Plan(i).ErrorBound, worst = 0;
            Assert.True(double.IsFinite(bound));
            var evaluate = s_integers.Evaluate<float>(i, Lowering.Auto);
            var random = new Random(i);
            float[] outputs = new float[network.OutputCount];
            foreach (float[] start in IntegerNetworks.Samples(i).Where(sample => IsInside(document, sample)).Take(12))
            {
                // Climbs: a coordinate at a time to where it is worse.
                float[] sample = start;
                double error = Error(sample);
                for (int step = 0; step < 20; step++)
                {
                    float[] next = (float[])sample.Clone();
                    int p = random.Next(next.Length);
                    next[p] = IntegerNetworks.Inside(document, p, random.Next(3) switch { 0 => 0, 1 => 1, _ => random.NextDouble() });
                    double changed = Error(next);
                    if (changed > error) (sample, error) = (next, changed);
                }

                worst = Math.Max(worst, error);
            }

            Assert.InRange(worst, 0, bound);
            Assert.True(worst > bound / 2000, $"{document.Name}: the worst error found is {worst:E2}, the bound {bound:E2}.");

            double Error(float[] inputs)
            {
                evaluate(inputs, outputs);
                double[] exact = network.Evaluate([.. inputs.Select(static x => (double)x)]);
                return outputs.Zip(exact, static (a, b) => Math.Abs(a - b)).Max();
            }
        }
    }

    [Fact]
    public void Outputs_may_overlap_inputs()
    {
        int i = IntegerNetworks.All.ToList().FindIndex(static document => document.Name == "deep");
        float[] sample = IntegerNetworks.Samples(i).First(), expected = new float[5], memory = [.. sample];
        s_integers.Evaluate<float>(i, Lowering.Auto)(sample, expected);
        s_integers.Evaluate<float>(i, Lowering.Auto)(memory, memory.AsSpan(0, 5));
        Assert.Equal(expected, memory.Take(5));
    }

    [Fact]
    public void Tables_take_a_quarter_of_those_of_floats()
    {
        int i = IntegerNetworks.All.ToList().FindIndex(static document => document.Name == "images");
        var info = s_integers.Info(i, Lowering.Auto);
        Assert.Equal(Precision.Int8, info.Precision);
        Assert.InRange(info.TableBytes, 1, 0.3 * s_floats.Info(i, Lowering.Auto).TableBytes);
    }

    private static NetworkPlan Plan(int document) =>
        NetworkCompiler.Plan(IntegerNetworks.All[document], Precision.Int8, Lowering.Auto, TestContext.Current.CancellationToken);

    private static int Decide(CompiledNetworks networks, int i, float[] sample) => IntegerNetworks.All[i].Head == NetworkHead.Sigmoid
        ? networks.Method<Decision<bool>>(i, Lowering.Auto, "Decide")(sample) ? 1 : 0
        : networks.Method<Decision<int>>(i, Lowering.Auto, "Decide")(sample);

    /// <summary>Samples between two of which the decision of floats changes, by bisection.</summary>
    private static IEnumerable<float[]> NearTies(int i)
    {
        float[][] samples = [.. IntegerNetworks.Samples(i).Where(sample => IsInside(IntegerNetworks.All[i], sample)).Take(40)];
        for (int k = 1; k < samples.Length; k++)
        {
            float[] from = samples[k - 1], to = samples[k];
            int first = Decide(s_floats, i, from);
            if (Decide(s_floats, i, to) == first) continue;
            double low = 0, high = 1;
            for (int step = 0; step < 40; step++)
            {
                double middle = (low + high) / 2;
                float[] sample = [.. from.Zip(to, (a, b) => (float)(a + (middle * ((double)b - a))))];
                if (Decide(s_floats, i, sample) == first) low = middle;
                else high = middle;
                yield return sample;
            }
        }
    }

    private static bool IsInside(KanDocument document, float[] sample) =>
        sample.Select((x, p) => (Range: IntegerNetworks.Range(document, p), X: x))
            .All(static pair => float.IsFinite(pair.X) && pair.Range.Low.ToDouble() <= pair.X && pair.X <= pair.Range.High.ToDouble());
}
