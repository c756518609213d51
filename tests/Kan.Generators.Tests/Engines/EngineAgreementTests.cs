using System;
using System.Linq;
using System.Numerics;
using Kan.Compiler;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// Generated code of every lowering, single and in batches, against the reference evaluator: the same bits, whatever the input. The class
/// also runs in processes with narrower and wider vectors, see <see cref="HardwareSettingsTests"/>.
/// </summary>
public sealed class EngineAgreementTests
{
    [Fact]
    public void Float_code_has_the_bits_of_the_reference() => CompareWithReference<float>(Precision.Single, firstSeed: 0);

    [Fact]
    public void Double_code_has_the_bits_of_the_reference() => CompareWithReference<double>(Precision.Double, firstSeed: 100);

    [Fact]
    public void Dyadic_networks_give_the_exact_bits_in_every_form()
    {
        KanDocument[] documents = [.. Enumerable.Range(1000, 24).Select(static seed => RandomNetworks.Create(seed, dyadic: true))];
        using var compiled = new CompiledNetworks(documents, Precision.Double);
        for (int i = 0; i < documents.Length; i++)
        {
            var network = documents[i].ToNetwork();
            var random = new Random(i);
            for (int sample = 0; sample < 20; sample++)
            {
                double[] inputs = [.. Enumerable.Range(0, network.InputCount).Select(_ => random.Next(-64, 65) / 16.0)];
                double[] exact = network.Evaluate(inputs), outputs = new double[network.OutputCount];
                foreach (var lowering in CompiledNetworks.Lowerings)
                {
                    compiled.Evaluate<double>(i, lowering)(inputs, outputs);
                    for (int q = 0; q < outputs.Length; q++)
                        Assert.True(exact[q] == outputs[q], $"{documents[i].Name}, {lowering}: output {q} is {outputs[q]:R}, exactly {exact[q]:R}.");
                }
            }
        }
    }

    /// <summary>Whole tiles, parts of tiles, whole blocks of samples and parts of them.</summary>
    [Fact]
    public void Batches_of_every_size_have_the_bits_of_single_samples()
    {
        KanDocument[] documents = [.. Enumerable.Range(0, RandomNetworks.BatchShapes).Select(static i => RandomNetworks.ForBatches(i))];
        using var compiled = new CompiledNetworks(documents, Precision.Single, [Lowering.Auto]);
        for (int i = 0; i < documents.Length; i++)
        {
            var network = documents[i].ToNetwork();
            int n = network.InputCount, m = network.OutputCount;
            var random = new Random(i);
            float[] inputs = [.. Enumerable.Range(0, 200 * n).Select(_ => (float)((random.NextDouble() * 8) - 4))];
            inputs[n] = float.NaN;
            inputs[5 * n] = float.PositiveInfinity;
            float[] expected = new float[200 * m];
            for (int row = 0; row < 200; row++) compiled.Evaluate<float>(i, Lowering.Auto)(inputs.AsSpan(row * n, n), expected.AsSpan(row * m, m));
            var reference = new ReferenceEvaluator<float>(NetworkCompiler.Plan(documents[i], Precision.Single, Lowering.Auto, TestContext.Current.CancellationToken).Form);
            for (int row = 0; row < 10; row++)
            {
                float[] outputs = reference.Evaluate(inputs.AsSpan(row * n, n));
                for (int q = 0; q < m; q++) AssertSameBits(outputs[q], expected[(row * m) + q], documents[i], Lowering.Auto, q, inputs[(row * n)..((row + 1) * n)]);
            }

            foreach (int rows in new[] { 0, 1, 2, 3, 5, 6, 7, 8, 23, 24, 25, 31, 32, 33, 64, 95, 96, 97, 200 })
            {
                float[] outputs = [.. Enumerable.Repeat(7f, (rows * m) + 1)];
                compiled.EvaluateBatch<float>(i, Lowering.Auto)(inputs.AsSpan(0, rows * n), outputs.AsSpan(0, rows * m));
                Assert.Equal(7f, outputs[^1]);
                for (int k = 0; k < rows * m; k++) AssertSameBits(expected[k], outputs[k], documents[i], Lowering.Auto, k % m, inputs[(k / m * n)..((k / m * n) + n)]);
            }
        }
    }

    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Double)]
    public void Segments_found_by_arithmetic_are_those_of_all_comparisons(Precision precision)
    {
        KanDocument[] documents = [.. Enumerable.Range(0, RandomNetworks.Grids).Select(static i => RandomNetworks.OnGrid(i, 37, 20)), .. Enumerable.Range(0, RandomNetworks.Grids).Select(static i => RandomNetworks.OnGrid(i, 3, 4))];
        var uniform = documents.Where(document => NetworkCompiler.Plan(document, precision, Lowering.Auto, TestContext.Current.CancellationToken).Layers[0].Layout.IsUniform).Select(static document => document.Name).ToList();
        foreach (string name in new[] { "grid 0", "grid 1", "grid 3", "grid 4", "grid 8", "grid 9" }) Assert.Contains(name, uniform);
        if (precision == Precision.Single) CompareWithReference<float>(documents, precision, [Lowering.Auto], 0);
        else CompareWithReference<double>(documents, precision, [Lowering.Auto], 0);
    }

    private static void CompareWithReference<T>(Precision precision, int firstSeed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T> =>
        CompareWithReference<T>([.. Enumerable.Range(firstSeed, 24).Select(static seed => RandomNetworks.Create(seed, dyadic: false))], precision, CompiledNetworks.Lowerings, firstSeed);

    private static void CompareWithReference<T>(KanDocument[] documents, Precision precision, Lowering[] lowerings, int firstSeed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        using var compiled = new CompiledNetworks(documents, precision, lowerings);
        int compared = 0;
        for (int i = 0; i < documents.Length; i++)
        {
            var network = documents[i].ToNetwork();
            T[][] samples = [.. AdversarialInputs.For<T>(network, firstSeed + i)];
            foreach (var lowering in lowerings)
            {
                var reference = new ReferenceEvaluator<T>(NetworkCompiler.Plan(documents[i], precision, lowering).Form);
                var evaluate = compiled.Evaluate<T>(i, lowering);
                var batch = new T[samples.Length * network.OutputCount];
                compiled.EvaluateBatch<T>(i, lowering)([.. samples.SelectMany(static sample => sample)], batch);
                var outputs = new T[network.OutputCount];
                for (int s = 0; s < samples.Length; s++)
                {
                    T[] expected = reference.Evaluate(samples[s]);
                    evaluate(samples[s], outputs);
                    for (int q = 0; q < outputs.Length; q++)
                    {
                        AssertSameBits(expected[q], outputs[q], documents[i], lowering, q, samples[s]);
                        AssertSameBits(expected[q], batch[(s * outputs.Length) + q], documents[i], lowering, q, samples[s]);
                        compared++;
                    }
                }
            }
        }

        Assert.True(compared > 10_000);
    }

    private static void AssertSameBits<T>(T expected, T actual, KanDocument document, Lowering lowering, int output, T[] inputs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The payload of a NaN is not part of the contract; everything else is, the sign of zero included.
        bool same = T.IsNaN(expected) ? T.IsNaN(actual) : expected == actual && T.IsNegative(expected) == T.IsNegative(actual);
        Assert.True(same, $"{document.Name}, {lowering}: output {output} is {actual}, the reference says {expected}, for [{string.Join(", ", inputs.Take(12))}].");
    }
}
