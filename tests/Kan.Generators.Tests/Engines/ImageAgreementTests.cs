using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Kan.Compiler;
using Kan.Testing;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// Code of layers over images against the reference evaluator: the same bits, single and in batches, whatever the inputs.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class ImageAgreementTests
{
    private static readonly KanDocument[] s_documents =
    [
        Network("padded", Image(1, 9, 9, 3, 3) with { PadTop = 1, PadLeft = 1, PadBottom = 1, PadRight = 1 }, 8, 1),
        Network("strided and dilated",
            Image(3, 11, 13, 3, 2) with { StrideY = 2, StrideX = 3, DilationY = 2, DilationX = 2, PadLeft = 1, ChannelsFirst = true }, 5,
            1),
        Network("many filters", Image(2, 6, 7, 2, 2), 37, 1),
        Network("grouped", Image(4, 6, 6, 3, 3) with { PadTop = 2 }, 6, 2),
        Network("by channel", Image(19, 5, 5, 3, 3) with { PadRight = 2, ChannelsFirst = true }, 19, 19),
        Network("by channel from the caller", Image(3, 5, 9, 2, 3), 3, 3),
        Network("wide groups", Image(6, 4, 4, 2, 2) with { DilationX = 2 }, 40, 2),
        Network("one axis", Image(2, 1, 30, 1, 5) with { StrideX = 2, PadLeft = 2, PadRight = 2 }, 16, 1),
        Network("with zeros", Image(2, 6, 6, 3, 3) with { PadTop = 1 }, 4, 1, zeros: true),
        new() { Name = "a maximum first", InputRanges = [new(-4, 4)],
            Layers = [new MaximumDescription(Image(3, 5, 6, 2, 3) with { PadTop = 1, StrideX = 2, ChannelsFirst = true })] },
    ];

    [Fact]
    public void Float_code_has_the_bits_of_the_reference() => Compare<float>(Precision.Single);

    [Fact]
    public void Double_code_has_the_bits_of_the_reference() => Compare<double>(Precision.Double);

    [Fact]
    public void Results_stay_within_the_certified_bound()
    {
        using var compiled = new CompiledNetworks(s_documents, Precision.Single, [Lowering.Auto]);
        for (int i = 0; i < s_documents.Length; i++)
        {
            var network = s_documents[i].ToNetwork();
            double bound = compiled.Info(i, Lowering.Auto).ErrorBound;
            Assert.InRange(bound, 0, 1e-2);
            var random = new Random(i);
            for (int sample = 0; sample < 10; sample++)
            {
                float[] inputs = [.. Enumerable.Range(0, network.InputCount).Select(_ => (float)((random.NextDouble() * 8) - 4))],
                    outputs = new float[network.OutputCount];
                compiled.Evaluate<float>(i, Lowering.Auto)(inputs, outputs);
                double[] exact = network.Evaluate([.. inputs.Select(static x => (double)x)]);
                for (int q = 0; q < outputs.Length; q++)
                    Require.That(Math.Abs(outputs[q] - exact[q]) <= bound,
                        $"{s_documents[i].Name}: output {q} is off by more than {bound:E2}.");
            }
        }
    }

    [Fact]
    public void Explain_says_that_there_is_no_local_map()
    {
        using var compiled = new CompiledNetworks([s_documents[0]], Precision.Single, [Lowering.Auto]);
        int n = s_documents[0].Layers[0].InputCount, m = s_documents[0].Layers[^1].OutputCount;
        Assert.Throws<NotSupportedException>(() => compiled.Explain<float>(0, Lowering.Auto)(new float[n], new float[n * m], new float[m]));
    }

    private static void Compare<T>(Precision precision)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        const int Rows = 11;
        using var compiled = new CompiledNetworks(s_documents, precision, [Lowering.Auto]);
        for (int i = 0; i < s_documents.Length; i++)
        {
            var plan = NetworkCompiler.Plan(s_documents[i], precision, Lowering.Auto, TestContext.Current.CancellationToken);
            var reference = new ReferenceEvaluator<T>(plan.Form);
            int n = plan.InputCount, m = plan.OutputCount;
            var random = new Random(i);
            T[] inputs = [.. Enumerable.Range(0, Rows * n).Select(k => Input<T>(random, k / n))], batch = new T[Rows * m],
                single = new T[m];
            compiled.EvaluateBatch<T>(i, Lowering.Auto)(inputs, batch);
            for (int row = 0; row < Rows; row++)
            {
                compiled.Evaluate<T>(i, Lowering.Auto)(inputs.AsSpan(row * n, n), single);
                T[] expected = reference.Evaluate(inputs.AsSpan(row * n, n));
                for (int q = 0; q < m; q++)
                {
                    Require.That(IsSame(expected[q], single[q]),
                        $"{s_documents[i].Name}, row {row}: output {q} is {single[q]}, the reference says {expected[q]}.");
                    Require.That(IsSame(expected[q], batch[(row * m) + q]), $"{s_documents[i].Name}, row {row} of a batch: output {q} is "
                        + $"{batch[(row * m) + q]}, the reference says {expected[q]}.");
                }
            }
        }
    }

    /// <summary>Later rows have infinities, NaN and zeros of both signs among their numbers.</summary>
    private static T Input<T>(Random random, int row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T number = T.CreateTruncating((random.NextDouble() * 8) - 4);
        return (row > 5 ? random.Next(40) : 40) switch
        {
            0 => T.PositiveInfinity,
            1 => T.NegativeInfinity,
            2 => row > 8 ? T.NaN : number,
            < 12 => T.NegativeZero,
            _ => number,
        };
    }

    private static bool IsSame<T>(T expected, T actual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.IsNaN(expected) ? T.IsNaN(actual) : expected == actual && T.IsNegative(expected) == T.IsNegative(actual);

    private static WindowGeometry Image(int channels, int height, int width, int kernelHeight, int kernelWidth) =>
        new() { Channels = channels, Height = height, Width = width, KernelHeight = kernelHeight, KernelWidth = kernelWidth };

    /// <summary>A convolution, ReLU, a maximum with padding and a matrix.</summary>
    private static KanDocument Network(string name, WindowGeometry geometry, int filters, int groups, bool zeros = false)
    {
        var random = new Random(name.Length);
        int inner = geometry.Channels / groups;
        var layers = new List<LayerDescription>
        {
            new ConvolutionDescription(geometry, filters, groups,
                [.. Numbers(random, filters * inner * geometry.KernelHeight * geometry.KernelWidth, zeros)],
                [.. Numbers(random, filters, zeros: false)]),
        };
        int nodes = layers[0].OutputCount;
        layers.Add(new ActivationDescription(nodes, [PiecewiseLinearFunction.Relu]));
        var pool =
            new MaximumDescription(Image(filters, geometry.OutputHeight, geometry.OutputWidth, Math.Min(2, geometry.OutputHeight),
            2) with
            { StrideX = 2, PadRight = 1 });
        layers.Add(pool);
        layers.Add(new AffineDescription(pool.OutputCount, 3, [.. Numbers(random, pool.OutputCount * 3, zeros: false)], []));
        return new KanDocument { Name = name, Layers = [.. layers], InputRanges = [new InputRange(-4, 4)] };
    }

    private static IEnumerable<Rational> Numbers(Random random, int count, bool zeros) =>
        Enumerable.Range(0, count).Select(i => zeros && i % 3 == 0
            ? Rational.Zero
            : Rational.FromSingle((float)((random.NextDouble() - 0.5) / 4)));
}
