using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// Networks of curves whose codes have 16 bits, since a tolerance asks for what 8 bits cannot keep: those of <see cref="CurveNetworks"/>,
/// knots that are searched, together and of each input, panels of all numbers, and sums that come near to both ends of 32 bits.
/// </summary>
internal static class WideCurveNetworks
{
    public static IReadOnlyList<KanDocument> All { get; } =
    [
        .. CurveNetworks.All.Select(static document => Wide(document)),
        Wide(Create("searched knots", 30, [5, 40, 3], 90, areShared: true)),
        Wide(Create("searched knots of each input", 31, [4, 7, 3], 60, areShared: false)),
        Wide(Create("many inputs", 32, [1500, 20, 2], 2, areShared: true)),
        Wide(Full(600)),
    ];

    private static KanDocument Wide(KanDocument document) =>
        document with { Name = document.Name + ", 16 bits", IntegerTolerance = 1e-12 };

    private static KanDocument Create(string name, int seed, int[] widths, int segments, bool areShared)
    {
        var random = new Random(seed);
        var layers = ImmutableArray.CreateBuilder<LayerDescription>();
        for (int l = 0; l + 1 < widths.Length; l++)
        {
            int n = widths[l], m = widths[l + 1];
            double reach = l == 0 ? 1 : 2;
            Rational[] shared = Knots();
            layers.Add(new GridDescription(m, [.. Enumerable.Range(0, n).Select(_ => (areShared ? shared : Knots()).ToImmutableArray())],
                [.. Enumerable.Range(0, n * (segments + 1) * m).Select(_ => Number(((random.NextDouble() * 2) - 1) / Math.Sqrt(n)))], []));

            Rational[] Knots() => [.. Enumerable.Range(0, segments + 1)
                .Select(i => Number(reach * (((2.0 * (i + (areShared ? 0 : random.NextDouble() * 0.8))) / segments) - 1)))];
        }

        return new KanDocument
        {
            Name = name,
            Layers = layers.ToImmutable(),
            InputRanges = [new(-1, 1)],
            Head = NetworkHead.Softmax,
        };
    }

    /// <summary>Edges of full height, which go up on each half of the inputs and down on the other.</summary>
    private static KanDocument Full(int inputs)
    {
        var up = PiecewiseLinearFunction.FromKnots([0, Rational.Create(1, 3), 1], [-1, Rational.Create(9, 10), 1]);
        return new KanDocument
        {
            Name = "sums of 32 bits",
            Layers = [new EdgesDescription(inputs, 3, [.. Enumerable.Range(0, 3 * inputs).Select(i =>
                new KanEdge(i / 3, i % 3, (Rational)(i / 3 * (i % 3) < inputs / 2 ? 1 : -1) * up))], [])],
            InputRanges = [new InputRange(0, 1)],
            Head = NetworkHead.Softmax,
        };
    }

    private static Rational Number(double number) => Rational.FromSingle((float)number);
}
