using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Compiler;

namespace Kan.Generators.Tests.Engines;

/// <summary>Networks that integers compute: many shapes, with the ends that kernels have.</summary>
internal static class IntegerNetworks
{
    private const int Rows = 50;

    public static IReadOnlyList<KanDocument> All { get; } =
    [
        Create("tiny", 1, [3, 2], NetworkHead.Softmax),
        Create("one layer", 2, [6, 4], NetworkHead.Softmax),
        Create("one output", 3, [17, 20, 1], NetworkHead.Sigmoid),
        Create("wide", 4, [33, 150, 7], NetworkHead.Softmax),
        Create("deep", 5, [70, 40, 36, 20, 5], NetworkHead.Softmax),
        Create("many outputs", 6, [12, 18, 40], NetworkHead.Softmax),
        Create("images", 7, [200, 128, 64, 10], NetworkHead.Softmax) with { InputRanges = [new(0, 1)] },
        Create("calibrated", 8, [40, 30, 24, 4], NetworkHead.Softmax) with { HiddenRanges = [new(-2, 2), new(-1, Rational.Create(3, 2))] },
        Create("far from zero", 9, [5, 9, 3], NetworkHead.Softmax) with { InputRanges =
            [new(100, 101), new(-7, -6), new(0, 0), new(-1000, 1), new(Rational.Create(-1, 1000), 3)] },
        Create("a bottleneck", 10, [20, 2, 20], NetworkHead.Softmax, bends: false),
        Create("tiny inputs", 12, [8, 12, 3], NetworkHead.Softmax) with { InputRanges = [new(0, Rational.FromDouble(1e-25))] },
        Create("without weights", 11, [4, 6, 3], NetworkHead.Softmax, density: 0.1),
        Create("wide, then deep", 13, [130, 44, 36, 20, 5], NetworkHead.Softmax) with { InputRanges = [new(0, 1)] },
        Create("mostly zeros", 14, [300, 270, 16, 5], NetworkHead.Softmax) with { InputRanges = [new(0, 1)] },
    ];

    /// <summary>Random samples, then some with what is hard to round and what is no number.</summary>
    public static IEnumerable<float[]> Samples(int i) => Samples(All[i], i);

    /// <summary>The same for any document.</summary>
    public static IEnumerable<float[]> Samples(KanDocument document, int i)
    {
        var form = NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto, CancellationToken.None).Integers!.Form;
        var random = new Random(100 + i);
        for (int row = 0; row < Rows; row++)
            yield return [.. Enumerable.Range(0, form.InputCount)
                .Select(p => Inside(document, p, row % 5 == 4 ? random.Next(2)
                    : row % 5 == 3 && random.Next(16) > 0 ? 0 : random.NextDouble()))];
        float[] special = [float.NegativeInfinity, float.PositiveInfinity, 1e30f, -1e30f, -0f, float.Epsilon, float.MaxValue];
        for (int row = 0; row < 8; row++)
            yield return [.. Enumerable.Range(0, form.InputCount)
                .Select(p => random.Next(3) == 0
                    ? special[random.Next(special.Length)]
                    : (random.Next(512) - 256.5f) * form.Input(p).Scale)];
        float[] unknown = [.. Enumerable.Range(0, form.InputCount).Select(p => Inside(document, p, 0.5))];
        unknown[^1] = float.NaN;
        yield return unknown;
    }

    internal static float Inside(KanDocument document, int p, double share)
    {
        var range = Range(document, p);
        double low = range.Low.ToDouble(), high = range.High.ToDouble();
        return (float)Math.Clamp(low + (share * (high - low)), low, high);
    }

    internal static InputRange Range(KanDocument document, int p) => document.InputRanges[document.InputRanges.Length == 1 ? 0 : p];

    /// <summary>A network with random weights; each other input has a range that is its own.</summary>
    private static KanDocument Create(string name, int seed, int[] widths, NetworkHead head, bool bends = true, double density = 1)
    {
        var random = new Random(seed);
        var layers = new List<LayerDescription>();
        for (int l = 0; l + 1 < widths.Length; l++)
        {
            int n = widths[l], m = widths[l + 1];
            if (l > 0 && bends) layers.Add(new ActivationDescription(n, [PiecewiseLinearFunction.Relu]));
            layers.Add(new AffineDescription(
                n, m, [.. Enumerable.Range(0, n * m)
                    .Select(_ => random.NextDouble() < density ? Number(random, 2 / Math.Sqrt(n)) : Rational.Zero)],
                    [.. Enumerable.Range(0, m).Select(_ => Number(random, 0.5))]));
        }

        ImmutableArray<InputRange> ranges =
            [.. Enumerable.Range(0, widths[0])
            .Select(i => seed % 2 == 0 ? new InputRange(-1, 1) : new InputRange(-1 - (i % 3), 1 + (i % 5)))];
        return new KanDocument
        {
            Name = name,
            Layers = [.. layers],
            InputRanges = ranges.Distinct().Count() == 1 ? [ranges[0]] : ranges,
            Head = head
        };
    }

    private static Rational Number(Random random, double size) => Rational.FromSingle((float)(((random.NextDouble() * 2) - 1) * size));
}
