using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Compiler;
using Kan.Panels;
using Kan.Testing;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// Decisions of integers that look at the ReLUs which a sample makes active: there are more of them than lengths of vectors give, and each
/// is that of the exact network, also where the next one is left to floats.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class ActiveUnitsTests
{
    private static readonly KanDocument[] s_documents =
        [.. IntegerNetworks.All.Where(static document => document.Name is "one output" or "wide" or "images" or "wide, then deep")];

    private static readonly CompiledNetworks s_networks = new(s_documents, Precision.Int8, [Lowering.Auto]);

    private delegate int Decision(ReadOnlySpan<float> inputs);

    [Fact]
    public void Decisions_are_those_of_the_exact_network()
    {
        for (int i = 0; i < s_documents.Length; i++)
        {
            var document = s_documents[i];
            var (lengths, units) = Decisions(i);
            var network = document.ToNetwork();
            int more = 0, decided = 0;
            foreach (float[] sample in Samples(i, units))
            {
                int decision = units(sample);
                if (decision < 0) continue;
                double[] exact = network.Evaluate([.. sample.Select(static x => (double)x)]);
                int expected = exact.Length == 1 ? (exact[0] > 0 ? 1 : 0) : exact.IndexOf(exact.Max());
                Require.That(decision == expected, $"{document.Name}: {decision}, not {expected}.");
                decided++;
                if (lengths(sample) < 0) more++;
            }

            Assert.True(more > 50, $"{document.Name}: {decided} decided, {more} of them by active units.");
        }
    }

    /// <summary>Random samples, and from one to the next the last one that is decided: there the bound is nearly the difference.</summary>
    private static IEnumerable<float[]> Samples(int i, Decision units)
    {
        var document = s_documents[i];
        var random = new Random(i);
        var form = NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto, TestContext.Current.CancellationToken).Integers!.Form;
        float[] from = Sample();
        for (int row = 0; row < 120; row++)
        {
            float[] to = Sample();
            yield return to;
            int first = units(from);
            double low = 0, high = 1;
            for (int step = 0; first >= 0 && units(to) != first && step < 30; step++)
            {
                double middle = (low + high) / 2;
                float[] sample = [.. from.Zip(to, (a, b) => (float)(a + (middle * ((double)b - a))))];
                if (units(sample) == first) low = middle;
                else high = middle;
                yield return sample;
            }

            from = to;
        }

        // Most inputs are numbers of codes, as pixels are; so errors are those of weights.
        float[] Sample() => [.. Enumerable.Range(0, form.InputCount).Select(p =>
        {
            float inside = IntegerNetworks.Inside(document, p, random.NextDouble());
            return random.Next(20) == 0 ? inside : MathF.Truncate(inside / form.Input(p).Scale) * form.Input(p).Scale;
        })];
    }

    /// <summary>What lengths alone decide, and what both do, without floats.</summary>
    private static (Decision Lengths, Decision Units) Decisions(int i)
    {
        string model = CompiledNetworks.Name(i, Lowering.Auto);
        var types = s_networks.Evaluate<float>(i, Lowering.Auto).Method.Module.Assembly.GetTypes();
        var network = (IntegerNetwork)Type("__Integers").GetField("Network")!.GetValue(null)!;
        return (network.Decide, Type("__ActiveUnits").GetMethod("Decide")!.CreateDelegate<Decision>());

        Type Type(string name) => Assert.Single(types, type => type.Name.Contains(model, StringComparison.Ordinal)
            && type.Name.EndsWith(name, StringComparison.Ordinal));
    }
}
