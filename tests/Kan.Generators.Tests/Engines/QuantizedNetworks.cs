using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// Networks whose integers are those of a file: weights of the full range, neighbours of which leave 16 bits, and codes of every kind.
/// </summary>
internal static class QuantizedNetworks
{
    public static IReadOnlyList<KanDocument> All { get; } =
    [
        Create("full range", 1, [70, 40, 33, 5], CodesBehind.Relu, codesOutputs: false),
        Create("codes of outputs", 2, [20, 65, 10], CodesBehind.Relu, codesOutputs: true),
        Create("codes around 0", 3, [19, 18, 17, 3], CodesBehind.Linear, codesOutputs: true),
        Create("a lowest code", 4, [33, 70, 20, 6], CodesBehind.LowestIsZero, codesOutputs: true),
        Create("other codes behind ReLU", 5, [12, 30, 9, 4], CodesBehind.Recoded, codesOutputs: false),
        Create("one output of a file", 6, [9, 17, 1], CodesBehind.Relu, codesOutputs: true),
        Create("one layer of a file", 7, [130, 70], CodesBehind.Relu, codesOutputs: false),
        Create("fewer codes", 8, [37, 18, 17, 3], CodesBehind.Limited, codesOutputs: true),
    ];

    private enum CodesBehind
    {
        Relu,
        Linear,
        LowestIsZero,
        Recoded,
        Limited,
    }

    private static KanDocument Create(string name, int seed, int[] widths, CodesBehind kind, bool codesOutputs)
    {
        var random = new Random(seed);
        var before = new CodeRange(0.0217f, 100 + seed);
        var codes = new QuantizedCodes(before, []) { LowestInput = kind == CodesBehind.Limited ? 70 : 0 };
        var layers = ImmutableArray.CreateBuilder<LayerDescription>();
        for (int l = 0; l + 1 < widths.Length; l++)
        {
            int n = widths[l], m = widths[l + 1];
            bool isLast = l == widths.Length - 2;
            ImmutableArray<float> scales =
                [.. Enumerable.Range(0, seed % 2 == 0 ? 1 : m).Select(_ => (float)(0.004 + (random.NextDouble() * 0.02)))];
            var weights = Enumerable.Range(0, n * m)
                .Select(i => Rational.FromSingle(scales[scales.Length == 1 ? 0 : i / n])
                    * (random.Next(3) switch { 0 => -128, 1 => 127, _ => random.Next(-128, 128) }));
            var biases = Enumerable.Range(0, m)
                .Select(q => Rational.FromSingle(before.Scale * scales[scales.Length == 1 ? 0 : q]) * random.Next(-5000, 5000));
            layers.Add(new AffineDescription(n, m, [.. weights], [.. biases]));
            var range = new CodeRange(before.Scale * scales.Average() * (float)Math.Sqrt(n) * 60, 0);
            ImmutableArray<CodeStep> steps = isLast ? codesOutputs ? [new(range with { Zero = 128 }, 0)] : [] : kind switch
            {
                CodesBehind.Linear => [new(range with { Zero = 120 }, 0)],
                CodesBehind.Limited => [new(range with { Zero = 190 }, 128)],
                CodesBehind.LowestIsZero => [new(range with { Zero = 120 }, 120)],
                CodesBehind.Recoded => [new(range with { Zero = 128 }, 0), new(new CodeRange(range.Scale * 0.7f, 128), 128)],
                _ => [new(range, 0)],
            };
            if (steps.Any(static step => step.IsRelu)) layers.Add(new ActivationDescription(m, [PiecewiseLinearFunction.Relu]));
            codes = codes with { Layers = codes.Layers.Add(new QuantizedLayer(scales, steps)) };
            if (!steps.IsEmpty) before = steps[^1].Range;
        }

        return new KanDocument
        {
            Name = name,
            Layers = layers.ToImmutable(),
            Codes = codes,
            InputRanges = [codes.InputRange],
            Head = widths[^1] == 1 ? NetworkHead.Sigmoid : NetworkHead.Softmax,
        };
    }
}
