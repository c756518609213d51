using System;
using System.Linq;
using Kan.Compiler;
using Kan.Testing;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// Networks of curves in integers against the exact network and the code that computes with floats: within the certified bound, the same
/// decisions, and tables of a quarter.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class CurveCertificateTests
{
    private static readonly CompiledNetworks s_integers = new(CurveNetworks.All, Precision.Int8, [Lowering.Auto]),
        s_floats = new(CurveNetworks.All, Precision.Single, [Lowering.Auto]);

    private delegate T Decision<out T>(ReadOnlySpan<float> inputs);

    /// <summary>Climbs from random samples to where the exact network is furthest away.</summary>
    [Fact]
    public void Errors_stay_within_the_certified_bound()
    {
        for (int i = 0; i < CurveNetworks.All.Count; i++)
        {
            var document = CurveNetworks.All[i];
            var network = document.ToNetwork();
            double bound = s_integers.Info(i, Lowering.Auto).ErrorBound, worst = 0;
            Assert.True(double.IsFinite(bound), document.Name);
            var evaluate = s_integers.Evaluate<float>(i, Lowering.Auto);
            var random = new Random(i);
            float[] outputs = new float[network.OutputCount];
            float[] bends = [0, .. network.Layers[0].Edges.SelectMany(static edge => edge.Function.Breakpoints)
                .Select(static point => (float)point.ToDouble()).Distinct()];
            int starts = network.InputCount > 50 ? 2 : 12;
            foreach (float[] start in IntegerNetworks.Samples(document, i).Where(sample => IsInside(document, sample)).Take(starts))
            {
                float[] sample = start;
                double error = Error(sample);
                for (int step = 0; step < 20; step++)
                {
                    float[] next = (float[])sample.Clone();
                    int p = random.Next(next.Length);
                    next[p] = random.Next(4) switch
                    {
                        0 => IntegerNetworks.Inside(document, p, random.Next(2)),
                        1 => bends[random.Next(bends.Length)],
                        _ => IntegerNetworks.Inside(document, p, random.NextDouble()),
                    };
                    if (!IsInside(document, next)) continue;
                    double changed = Error(next);
                    if (changed > error) (sample, error) = (next, changed);
                }

                worst = Math.Max(worst, error);
            }

            Assert.InRange(worst, 0, bound);
            TestContext.Current.SendDiagnosticMessage($"{document.Name}: the worst error found is {worst:E2}, the bound {bound:E2}.");
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
    public void Decisions_are_those_of_floats()
    {
        for (int i = 0; i < CurveNetworks.All.Count; i++)
        {
            var document = CurveNetworks.All[i];
            if (document.Head == NetworkHead.None) continue;
            foreach (float[] sample in IntegerNetworks.Samples(document, i))
            {
                if (Record.Exception(() => Decide(s_floats, i, sample)) is { } unknown)
                {
                    Assert.IsType<ArgumentException>(unknown);
                    Assert.Throws<ArgumentException>(() => Decide(s_integers, i, sample));
                    continue;
                }

                Require.That(Decide(s_integers, i, sample) == Decide(s_floats, i, sample), $"{document.Name}: the decision differs.");
            }
        }
    }

    [Fact]
    public void Outputs_may_overlap_inputs()
    {
        int i = CurveNetworks.All.ToList().FindIndex(static document => document.Name == "short segments");
        float[] sample = IntegerNetworks.Samples(CurveNetworks.All[i], i).First(), expected = new float[5], memory = [.. sample];
        s_integers.Evaluate<float>(i, Lowering.Auto)(sample, expected);
        s_integers.Evaluate<float>(i, Lowering.Auto)(memory, memory.AsSpan(0, 5));
        Assert.Equal(expected, memory.Take(5));
    }

    [Fact]
    public void Tables_take_a_quarter_of_those_of_floats()
    {
        int i = CurveNetworks.All.ToList().FindIndex(static document => document.Name == "images of curves");
        var info = s_integers.Info(i, Lowering.Auto);
        Assert.Equal(Precision.Int8, info.Precision);
        Assert.InRange(info.TableBytes, 1, 0.3 * s_floats.Info(i, Lowering.Auto).TableBytes);
    }

    private static int Decide(CompiledNetworks networks, int i, float[] sample) => CurveNetworks.All[i].Head == NetworkHead.Sigmoid
        ? networks.Method<Decision<bool>>(i, Lowering.Auto, "Decide")(sample) ? 1 : 0
        : networks.Method<Decision<int>>(i, Lowering.Auto, "Decide")(sample);

    private static bool IsInside(KanDocument document, float[] sample) =>
        sample.Select((x, p) => (Range: IntegerNetworks.Range(document, p), X: x))
            .All(static pair => float.IsFinite(pair.X) && pair.Range.Low.ToDouble() <= pair.X && pair.X <= pair.Range.High.ToDouble());
}
