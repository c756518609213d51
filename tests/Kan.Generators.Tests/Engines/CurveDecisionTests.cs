using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Threading.Tasks;
using Kan.Compiler;
using Kan.Generators.Tests.Harness;
using Kan.Testing;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// Decisions of curves in integers: those that integers take are the exact network's, up to the last float on the way to another class,
/// and all together are those of floats.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class CurveDecisionTests
{
    private static readonly KanDocument[] s_documents =
    [
        Create("shared knots", 1, [400, 32, 10], 4, new InputRange(0, 1)),
        Create("two later layers", 2, [260, 33, 19, 5], 3, new InputRange(-1, 1)),
        Create("own knots", 3, [520, 17, 3], 3, new InputRange(-1, 1), areShared: false),
        Create("one output", 4, [300, 30, 1], 5, new InputRange(-1, 1)) with { Head = NetworkHead.Sigmoid },
        Create("own ranges", 5, [261, 32, 4], 4, null),
        Create("two outputs", 6, [1030, 8, 2], 7, new InputRange(0, 1)),
    ];

    private static readonly CompiledNetworks s_integers = new(s_documents, Precision.Int8, [Lowering.Auto]),
        s_floats = new(s_documents, Precision.Single, [Lowering.Auto]);

    private delegate T Decision<out T>(ReadOnlySpan<float> inputs);

    [Fact]
    public void Decisions_are_those_of_the_exact_network()
    {
        int open = 0;
        for (int i = 0; i < s_documents.Length; i++)
        {
            var document = s_documents[i];
            var network = document.ToNetwork();
            var decide = ByIntegers(i);
            int decided = 0;
            foreach (float[] sample in Samples(i, decide))
            {
                int decision = decide(sample);
                if (decision < 0)
                {
                    open++;
                    continue;
                }

                decided++;
                double[] exact = network.Evaluate([.. sample.Select(static x => (double)x)]);
                int expected = exact.Length == 1 ? (exact[0] > 0 ? 1 : 0) : exact.IndexOf(exact.Max());
                Require.That(decision == expected, $"{document.Name}: {decision}, not {expected}.");
            }

            Assert.True(decided > 20, $"{document.Name}: {decided} decided.");
        }

        Assert.True(open > 100, $"{open} are open.");
    }

    [Fact]
    public void Decisions_are_those_of_floats()
    {
        for (int i = 0; i < s_documents.Length; i++)
        {
            foreach (float[] sample in IntegerNetworks.Samples(s_documents[i], i).Concat(Strange(i)))
            {
                if (Record.Exception(() => Decide(s_floats, i, sample)) is { } unknown)
                {
                    Assert.IsType<ArgumentException>(unknown);
                    Assert.Throws<ArgumentException>(() => Decide(s_integers, i, sample));
                    continue;
                }

                Require.That(Decide(s_integers, i, sample) == Decide(s_floats, i, sample), $"{s_documents[i].Name}: it differs.");
            }
        }
    }

    /// <summary>Inputs far outside their ranges and not finite ones are left to floats.</summary>
    [Fact]
    public void Floats_decide_what_has_no_code()
    {
        for (int i = 0; i < s_documents.Length; i++)
        {
            foreach (float[] sample in Strange(i)) Assert.Equal(-1, ByIntegers(i)(sample));
        }
    }

    /// <summary>What floats are off is known for the ranges alone, so that one float beyond them nothing is decided.</summary>
    [Fact]
    public void Inputs_beyond_their_ranges_are_left_to_floats()
    {
        for (int i = 0; i < s_documents.Length; i++)
        {
            var document = s_documents[i];
            var decide = ByIntegers(i);
            float[] sample = Samples(i, decide).First(sample => decide(sample) >= 0);
            foreach (int p in new[] { 0, sample.Length / 2, sample.Length - 1 })
            {
                float inside = sample[p];
                sample[p] = MathF.BitIncrement((float)IntegerNetworks.Range(document, p).High.ToDouble());
                Assert.True(decide(sample) < 0);
                sample[p] = MathF.BitDecrement((float)IntegerNetworks.Range(document, p).Low.ToDouble());
                Assert.True(decide(sample) < 0);
                sample[p] = inside;
            }

            Assert.True(decide(sample) >= 0);
        }
    }

    [Fact]
    public void The_meter_counts_what_decided()
    {
        var counts = new Dictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, own) =>
        {
            if (instrument.Name == "kan.decisions") own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            var all = tags.ToArray().ToDictionary(static tag => tag.Key, static tag => (string)tag.Value!);
            if (all.ContainsValue(s_documents[0].Name)) counts[all["kan.by"]] = counts.GetValueOrDefault(all["kan.by"]) + count;
        });
        listener.Start();
        var decide = ByIntegers(0);
        float[][] samples = [.. Samples(0, decide).Take(100)];
        foreach (float[] sample in samples) Decide(s_integers, 0, sample);
        Assert.Equal(samples.Count(sample => decide(sample) >= 0), counts["integers"]);
        Assert.Equal(samples.Count(sample => decide(sample) < 0), counts["floats"]);
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX2", "0")]
    [InlineData("DOTNET_MaxVectorTBitWidth", "512")]
    public Task Decisions_are_right_under(string variable, string value) => TestProcess.RunAsync(typeof(CurveDecisionTests),
        new Dictionary<string, string> { [variable] = value }, nameof(Decisions_are_those_of_the_exact_network));

    /// <summary>Random samples, and from one to the next the last one that is decided: there the bound is nearly the difference.</summary>
    private static IEnumerable<float[]> Samples(int i, Decision<int> decide)
    {
        var document = s_documents[i];
        var random = new Random(i);
        var form = NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto, TestContext.Current.CancellationToken).Integers!.Form;
        float[] from = Sample();
        for (int row = 0; row < 30; row++)
        {
            float[] to = Sample();
            yield return to;
            int first = decide(from);
            double low = 0, high = 1;
            for (int step = 0; first >= 0 && decide(to) != first && step < 22; step++)
            {
                double middle = (low + high) / 2;
                float[] sample = [.. from.Zip(to, (a, b) => (float)(a + (middle * ((double)b - a))))];
                if (decide(sample) == first) low = middle;
                else high = middle;
                yield return sample;
            }

            from = to;
        }

        // Most inputs are numbers of codes, as pixels are, and many are 0.
        float[] Sample()
        {
            double zeros = random.NextDouble();
            return [.. Enumerable.Range(0, form.InputCount).Select(p =>
            {
                if (random.NextDouble() < zeros) return 0;
                float inside = IntegerNetworks.Inside(document, p, random.NextDouble());
                return random.Next(200) == 0 ? inside : MathF.Truncate(inside / form.Input(p).Scale) * form.Input(p).Scale;
            })];
        }
    }

    private static IEnumerable<float[]> Strange(int i)
    {
        int n = s_documents[i].Layers[0].InputCount;
        foreach (float number in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, -1e30f, 1e19f })
        {
            foreach (int p in new[] { 0, n / 2, n - 1 })
            {
                float[] sample = new float[n];
                sample[p] = number;
                yield return sample;
            }
        }
    }

    private static Decision<int> ByIntegers(int i)
    {
        string model = CompiledNetworks.Name(i, Lowering.Auto);
        var types = s_integers.Evaluate<float>(i, Lowering.Auto).Method.Module.Assembly.GetTypes();
        return Assert.Single(types, type => type.Name.Contains(model, StringComparison.Ordinal)
            && type.Name.EndsWith("__CurveDecision", StringComparison.Ordinal)).GetMethod("Decide")!.CreateDelegate<Decision<int>>();
    }

    private static int Decide(CompiledNetworks networks, int i, float[] sample) => s_documents[i].Head == NetworkHead.Sigmoid
        ? networks.Method<Decision<bool>>(i, Lowering.Auto, "Decide")(sample) ? 1 : 0
        : networks.Method<Decision<int>>(i, Lowering.Auto, "Decide")(sample);

    /// <summary>A random network that bends at 0 in its first layer, so that what inputs of 0 are off is known.</summary>
    private static KanDocument Create(string name, int seed, int[] widths, int segments, InputRange? range, bool areShared = true)
    {
        var random = new Random(seed);
        var layers = ImmutableArray.CreateBuilder<LayerDescription>();
        for (int l = 0; l + 1 < widths.Length; l++)
        {
            double reach = l == 0 ? 1 : 4;
            ImmutableArray<Rational>[] own = [.. Enumerable.Range(0, areShared ? 1 : widths[l]).Select(_ => Knots())];
            ImmutableArray<ImmutableArray<Rational>> knots = [.. Enumerable.Range(0, widths[l]).Select(p => own[areShared ? 0 : p])];
            int m = widths[l + 1];
            double size = 4 / Math.Sqrt(widths[l]);
            layers.Add(new GridDescription(m, knots,
                [.. Enumerable.Range(0, knots.Sum(static all => all.Length) * m).Select(_ => Number((random.NextDouble() - 0.5) * size))],
                [.. Enumerable.Range(0, m).Select(_ => Number((random.NextDouble() - 0.5) * (l > 1 ? 4 : 1)))]));

            ImmutableArray<Rational> Knots() => [.. Enumerable.Range(0, segments + 1)
                .Select(i => Number(reach * ((2 * (i + (areShared ? 0 : 0.8 * random.NextDouble())) / segments) - 1)))];
        }

        return new KanDocument
        {
            Name = name,
            Layers = layers.ToImmutable(),
            InputRanges = range is { } known ? [known]
                : [.. Enumerable.Range(0, widths[0]).Select(static p => new InputRange(-(p % 3), 1 + (p % 2)))],
            Head = NetworkHead.Softmax,
        };
    }

    private static Rational Number(double number) => Rational.FromSingle((float)number);
}
