using System;
using System.Linq;
using System.Numerics;
using Kan.Testing;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// Generated code of every lowering, single and in batches, against the reference evaluator: the same bits, whatever the input. The class
/// also runs in processes with narrower and wider vectors, see <see cref="HardwareSettingsTests"/>.
/// </summary>
[Trait("Speed", "Slow")]
[Collection(typeof(AgreementGroup))]
public sealed class EngineAgreementTests(AgreementNetworks networks)
{
    [Fact]
    public void Float_code_has_the_bits_of_the_reference() => CompareWithReference<float>(AgreementSet.Floats);

    [Fact]
    public void Double_code_has_the_bits_of_the_reference() => CompareWithReference<double>(AgreementSet.Doubles);

    [Fact]
    public void Dyadic_networks_give_the_exact_bits_in_every_form()
    {
        foreach (var subject in networks.Cases(AgreementSet.Dyadic))
        {
            int n = subject.InputCount, m = subject.OutputCount;
            var evaluate = networks.Evaluate<double>(subject);
            var outputs = new double[m];
            for (int k = 0; k < subject.Expected.Length; k++)
            {
                if (k % m == 0) evaluate(subject.Inputs.AsSpan(k / m * n, n), outputs);
                Require.That(
                    subject.Expected[k] == outputs[k % m],
                    $"{subject.Network}, {subject.Lowering}: output {k % m} is {outputs[k % m]:R}, exactly {subject.Expected[k]:R}.");
            }
        }
    }

    /// <summary>Whole tiles, parts of tiles, whole blocks of samples and parts of them.</summary>
    [Fact]
    public void Batches_of_every_size_have_the_bits_of_single_samples()
    {
        foreach (var subject in networks.Cases(AgreementSet.Batches))
        {
            int n = subject.InputCount, m = subject.OutputCount;
            float[] inputs = Array.ConvertAll(subject.Inputs, static x => (float)x), expected = new float[inputs.Length / n * m];
            var evaluate = networks.Evaluate<float>(subject);
            var batch = networks.EvaluateBatch<float>(subject);
            for (int row = 0; row * n < inputs.Length; row++) evaluate(inputs.AsSpan(row * n, n), expected.AsSpan(row * m, m));
            for (int k = 0; k < subject.Expected.Length; k++) AssertSameBits((float)subject.Expected[k], expected[k], subject, k);

            foreach (int rows in new[] { 0, 1, 2, 3, 5, 6, 7, 8, 23, 24, 25, 31, 32, 33, 64, 95, 96, 97, 200 })
            {
                float[] outputs = [.. Enumerable.Repeat(7f, (rows * m) + 1)];
                batch(inputs.AsSpan(0, rows * n), outputs.AsSpan(0, rows * m));
                Assert.Equal(7f, outputs[^1]);
                for (int k = 0; k < rows * m; k++) AssertSameBits(expected[k], outputs[k], subject, k);
            }
        }
    }

    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Double)]
    public void Segments_found_by_arithmetic_are_those_of_all_comparisons(Precision precision)
    {
        if (precision == Precision.Single) CompareWithReference<float>(AgreementSet.FloatGrids);
        else CompareWithReference<double>(AgreementSet.DoubleGrids);
    }

    [Fact]
    public void Integer_code_has_the_bits_of_the_reference() => CompareWithReference<float>(AgreementSet.Integers, least: 5_000);

    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Double)]
    public void Code_of_layers_over_images_has_the_bits_of_the_reference(Precision precision)
    {
        if (precision == Precision.Single) CompareWithReference<float>(AgreementSet.FloatImages, least: 500);
        else CompareWithReference<double>(AgreementSet.DoubleImages, least: 500);
    }

    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Double)]
    public void Bounds_of_samples_have_the_bits_of_the_reference(Precision precision)
    {
        if (precision == Precision.Single) CompareBounds<float>(AgreementSet.FloatBounds);
        else CompareBounds<double>(AgreementSet.DoubleBounds);
    }

    /// <summary>Also the reference gives the same bits under every setting: one network of each set, in every form.</summary>
    [Fact]
    public void The_reference_gives_what_is_recorded()
    {
        foreach (var set in Enum.GetValues<AgreementSet>().Where(static set => set != AgreementSet.Dyadic))
        {
            foreach (var subject in networks.Cases(set).Where(static subject => subject.Document is 1 or 3))
            {
                var rows = AgreementSets.Rows(set, subject.Inputs, subject.InputCount);
                double[] actual = AgreementSets.Reference(AgreementSets.Of(set).Documents[subject.Document], subject.Precision,
                    subject.Lowering, rows);
                Assert.Equal(subject.Expected.Length, actual.Length);
                for (int k = 0; k < actual.Length; k++) AssertSameBits(subject.Expected[k], actual[k], subject, k);
            }
        }
    }

    private void CompareWithReference<T>(AgreementSet set, int least = 10_000)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        int compared = 0;
        foreach (var subject in networks.Cases(set))
        {
            int n = subject.InputCount, m = subject.OutputCount;
            T[] inputs = Array.ConvertAll(subject.Inputs, static x => T.CreateTruncating(x));
            T[] single = new T[subject.Expected.Length], batch = new T[single.Length];
            var evaluate = networks.Evaluate<T>(subject);
            for (int row = 0; row * n < inputs.Length; row++) evaluate(inputs.AsSpan(row * n, n), single.AsSpan(row * m, m));
            networks.EvaluateBatch<T>(subject)(inputs, batch);
            for (int k = 0; k < single.Length; k++)
            {
                T expected = T.CreateTruncating(subject.Expected[k]);
                AssertSameBits(expected, single[k], subject, k);
                AssertSameBits(expected, batch[k], subject, k);
                compared++;
            }
        }

        Assert.InRange(compared, least / AgreementNetworks.Share, int.MaxValue);
    }

    private void CompareBounds<T>(AgreementSet set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        int finite = 0;
        foreach (var subject in networks.Cases(set))
        {
            int n = subject.InputCount, m = subject.OutputCount;
            T[] inputs = Array.ConvertAll(subject.Inputs, static x => T.CreateTruncating(x)), plain = new T[m], outputs = new T[m],
                bounds = new T[m];
            var evaluate = networks.Evaluate<T>(subject);
            var bounded = networks.EvaluateWithBound<T>(subject);
            for (int k = 0; k < subject.Expected.Length; k++)
            {
                // Without vectors every operation is a call.
                if (!Vector.IsHardwareAccelerated && k / m % 2 == 1) continue;
                int q = k % m;
                if (q == 0)
                {
                    evaluate(inputs.AsSpan(k / m * n, n), plain);
                    bounded(inputs.AsSpan(k / m * n, n), outputs, bounds);
                }

                AssertSameBits(T.CreateTruncating(subject.Expected[k]), plain[q], subject, k);
                AssertSameBits(plain[q], outputs[q], subject, k);
                AssertSameBits(T.CreateTruncating(subject.Bounds[k]), bounds[q], subject, k);
                finite += T.IsFinite(bounds[q]) ? 1 : 0;
            }
        }

        Assert.InRange(finite, 1_500 / AgreementNetworks.Share, int.MaxValue);
    }

    private static void AssertSameBits<T>(T expected, T actual, AgreementCase subject, int k)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The payload of a NaN is not part of the contract; everything else is, the sign of zero included.
        bool same = T.IsNaN(expected) ? T.IsNaN(actual) : expected == actual && T.IsNegative(expected) == T.IsNegative(actual);
        if (same) return;
        var inputs = subject.Inputs.Skip(k / subject.OutputCount * subject.InputCount).Take(Math.Min(12, subject.InputCount));
        string where = $"{subject.Network}, {subject.Lowering}: output {k % subject.OutputCount}";
        Assert.Fail($"{where} is {actual}, the reference says {expected}, for [{string.Join(", ", inputs)}].");
    }
}
