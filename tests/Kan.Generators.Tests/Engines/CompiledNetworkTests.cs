using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Compiler;
using Kan.Compiler.Emit;
using Kan.Testing;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary>What holds for compiled networks beside their bits: certificates, local maps, memory, arguments.</summary>
[Trait("Speed", "Slow")]
public sealed class CompiledNetworkTests(CompiledNetworkTests.SingleNetworks single) : IClassFixture<CompiledNetworkTests.SingleNetworks>
{
    private static readonly KanDocument[] s_documents =
        [.. Enumerable.Range(200, 12).Select(static seed => RandomNetworks.Create(seed, dyadic: false)),
        RandomNetworks.OnGrid(8, 19, 18) with { InputRanges = [new InputRange(-4, 4)] }];

    [Fact]
    public void Results_stay_within_the_certified_bound()
    {
        var compiled = single.Compiled;
        double sharpest = double.PositiveInfinity;
        for (int i = 0; i < s_documents.Length; i++)
        {
            var network = s_documents[i].ToNetwork();
            var random = new Random(i);
            for (int sample = 0; sample < 20; sample++)
            {
                float[] inputs = Sample(random, network.InputCount), outputs = new float[network.OutputCount];
                double[] exact = network.Evaluate([.. inputs.Select(static x => (double)x)]);
                foreach (var lowering in CompiledNetworks.Lowerings)
                {
                    double bound = compiled.Info(i, lowering).ErrorBound;
                    compiled.Evaluate<float>(i, lowering)(inputs, outputs);
                    for (int q = 0; q < outputs.Length; q++)
                    {
                        double error = Math.Abs(outputs[q] - exact[q]);
                        Require.That(error <= bound,
                            $"{s_documents[i].Name}, {lowering}: output {q} is off by {error:E2}, certified were {bound:E2}.");
                        if (error > 0) sharpest = Math.Min(sharpest, bound / error);
                    }
                }
            }
        }

        // A bound that is met nowhere within a factor of a thousand would say nothing.
        Assert.InRange(sharpest, 1, 1000);
    }

    /// <summary>A layout that is found wrongly is slow, not wrong: its bits are compared elsewhere.</summary>
    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Double)]
    public void Grids_of_equal_distances_are_found(Precision precision)
    {
        var documents = AgreementSets.Of(precision == Precision.Single ? AgreementSet.FloatGrids : AgreementSet.DoubleGrids).Documents;
        var uniform =
            documents.Where(document => NetworkCompiler.Plan(document, precision, Lowering.Auto, TestContext.Current.CancellationToken)
            .Layers[0].Layout.IsUniform).Select(static document => document.Name).ToList();
        foreach (string name in new[] { "grid 0", "grid 1", "grid 3", "grid 4", "grid 8", "grid 9" }) Assert.Contains(name, uniform);
    }

    [Fact]
    public void Explain_gives_the_affine_map_of_the_region() => CompareLocalMaps(s_documents, CompiledNetworks.Lowerings);

    /// <summary>Chains of affine layers and ReLUs, dense, by lists and by windows.</summary>
    [Fact]
    public void Explain_sees_the_sides_of_stored_ReLUs() =>
        CompareLocalMaps([.. Enumerable.Range(0, RandomNetworks.BatchShapes).Select(static i => RandomNetworks.ForBatches(i))],
            [Lowering.Auto]);

    [Fact]
    public void Explain_finds_the_segment_of_a_shared_curve() => CompareLocalMaps([.. RandomNetworks.SharedCurves], [Lowering.Auto]);

    /// <summary>They would pass if the networks were computed in another way.</summary>
    [Fact]
    public void Shared_curves_are_looked_up()
    {
        foreach (var document in RandomNetworks.SharedCurves)
        {
            bool isOnSteps = RandomNetworks.StepCurves.Append(RandomNetworks.PassedCurve).Any(other => other.Name == document.Name);
            var options = new CompilerOptions
            {
                Target = new TargetType("Tests", ["public sealed partial class Net"], IsStatic: false),
                Precision = Precision.Single,
                Lowering = Lowering.Auto
            };
            string text = string.Concat(NetworkCompiler.Compile(document, options, TestContext.Current.CancellationToken).Files);
            Assert.Contains("CurveTable<float>.Create(", text, StringComparison.Ordinal);
            Assert.Equal(isOnSteps, text.Contains("LayRows(", StringComparison.Ordinal));
        }
    }

    private static void CompareLocalMaps(KanDocument[] documents, Lowering[] lowerings)
    {
        using var compiled = new CompiledNetworks(documents, Precision.Double, lowerings);
        for (int i = 0; i < documents.Length; i++)
        {
            var network = documents[i].ToNetwork();
            int n = network.InputCount, m = network.OutputCount;
            var random = new Random(i);
            for (int sample = 0; sample < 5; sample++)
            {
                double[] inputs = [.. Sample(random, n).Select(static x => (double)x)];
                var (slopes, constants) = LocalMapOf(network, inputs);
                double scale = slopes.Concat(constants).Max(Math.Abs) + 1;
                foreach (var lowering in lowerings)
                {
                    double[] jacobian = new double[m * n], offset = new double[m];
                    compiled.Explain<double>(i, lowering)(inputs, jacobian, offset);
                    for (int k = 0; k < jacobian.Length; k++) Assert.Equal(slopes[k], jacobian[k], 1e-9 * scale);
                    for (int q = 0; q < m; q++) Assert.Equal(constants[q], offset[q], 1e-9 * scale);
                }
            }
        }
    }

    [Fact]
    public void A_million_evaluations_allocate_nothing()
    {
        for (int i = 0; i < 12; i++) AssertAllocatesNothing(single.Compiled, i, i, 10_000);

        // A million calls of code as a release has it: what is compiled for a debugger takes half a minute for them.
        using var release = new CompiledNetworks([s_documents[1]], Precision.Single, [Lowering.Auto], isRelease: true);
        AssertAllocatesNothing(release, 0, 1, 1_000_000);

        static void AssertAllocatesNothing(CompiledNetworks compiled, int place, int document, int calls)
        {
            var evaluate = compiled.Evaluate<float>(place, Lowering.Auto);
            var network = s_documents[document].ToNetwork();
            float[] inputs = Sample(new Random(document), network.InputCount), outputs = new float[network.OutputCount];
            evaluate(inputs, outputs);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int call = 0; call < calls; call++) evaluate(inputs, outputs);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Fact]
    public void Wrong_lengths_and_overlaps_throw_before_anything_is_written()
    {
        var compiled = single.Compiled;
        var network = s_documents[3].ToNetwork();
        int n = network.InputCount, m = network.OutputCount;
        var evaluate = compiled.Evaluate<float>(3, Lowering.Auto);
        var batch = compiled.EvaluateBatch<float>(3, Lowering.Auto);
        var explain = compiled.Explain<float>(3, Lowering.Auto);
        float[] untouched = [.. Enumerable.Repeat(7f, 10_000)];
        foreach (int wrong in new[] { 0, n - 1, n + 1 })
        {
            var thrown = Assert.Throws<ArgumentException>(() => evaluate(new float[wrong], untouched.AsSpan(0, m)));
            Assert.Contains(" " + n + " ", thrown.Message, StringComparison.Ordinal);
            Assert.Equal("inputs", thrown.ParamName);
        }

        Assert.Equal("outputs", Assert.Throws<ArgumentException>(() => evaluate(new float[n], untouched.AsSpan(0, m + 1))).ParamName);
        Assert.Throws<ArgumentException>(() => batch(new float[(2 * n) + 1], untouched.AsSpan(0, 2 * m)));
        Assert.Throws<ArgumentException>(() => batch(new float[2 * n], untouched.AsSpan(0, m)));
        Assert.Throws<ArgumentException>(() => batch(untouched.AsSpan(0, 2 * n), untouched.AsSpan(n, 2 * m)));
        Assert.Throws<ArgumentException>(() => explain(new float[n], untouched.AsSpan(0, (n * m) - 1), untouched.AsSpan(5000, m)));
        Assert.Throws<ArgumentException>(() => explain(new float[n], untouched.AsSpan(0, n * m), untouched.AsSpan(0, m)));
        Assert.All(untouched, static value => Assert.Equal(7f, value));
    }

    [Fact]
    public void Inputs_and_outputs_of_one_sample_may_overlap()
    {
        var compiled = single.Compiled;
        for (int i = 0; i < s_documents.Length; i++)
        {
            var network = s_documents[i].ToNetwork();
            int n = network.InputCount, m = network.OutputCount;
            float[] memory = Sample(new Random(i), n + m), outputs = new float[m];
            var evaluate = compiled.Evaluate<float>(i, Lowering.Auto);
            evaluate(memory.AsSpan(0, n), outputs);
            evaluate(memory.AsSpan(0, n), memory.AsSpan(0, m));
            Assert.Equal(outputs, memory[..m]);
        }
    }

    private static float[] Sample(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 8) - 4))];

    /// <summary>The map multiplied out from the exact slopes and intercepts around exact hidden values.</summary>
    private static (double[] Jacobian, double[] Constants) LocalMapOf(KanNetwork network, double[] inputs)
    {
        int n = inputs.Length;
        Rational[] z = [.. inputs.Select(Rational.FromDouble)];
        double[][] rows = [.. Enumerable.Range(0, n).Select(p => Enumerable.Range(0, n + 1).Select(i => i == p ? 1.0 : 0.0).ToArray())];
        foreach (var layer in network.Layers)
        {
            List<double[]> next = [];
            for (int q = 0; q < layer.OutputCount; q++)
            {
                next.Add(new double[n + 1]);
                next[q][n] = layer.Biases[q].ToDouble();
            }

            foreach (var edge in layer.Edges)
            {
                int segment = edge.Function.SegmentOf(z[edge.Input]);
                double slope = edge.Function.Slopes[segment].ToDouble();
                for (int i = 0; i <= n; i++) next[edge.Output][i] += slope * rows[edge.Input][i];
                next[edge.Output][n] += edge.Function.InterceptOf(segment).ToDouble();
            }

            z = layer.Evaluate(z);
            rows = [.. next];
        }

        return ([.. rows.SelectMany(row => row[..n])], [.. rows.Select(row => row[n])]);
    }

    /// <summary>The documents in float, compiled once for all tests.</summary>
    public sealed class SingleNetworks : IDisposable
    {
        internal CompiledNetworks Compiled { get; } = new(s_documents, Precision.Single);

        /// <inheritdoc/>
        public void Dispose() => Compiled.Dispose();
    }
}
