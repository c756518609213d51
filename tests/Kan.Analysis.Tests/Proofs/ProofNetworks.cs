using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Analysis.Tests.Proofs;

/// <summary>Small networks with random numbers that are short binary fractions, and statements about them.</summary>
internal static class ProofNetworks
{
    public static ImmutableArray<InputRange> Box(int inputs, int low = -1, int high = 1) =>
        [.. Enumerable.Repeat(new InputRange(low, high), inputs)];

    /// <summary>Affine layers with max(x, 0) between them, or KAN layers.</summary>
    public static KanNetwork Random(Random random, int inputs, int outputs = 1)
    {
        int hidden = random.Next(1, 3), width = random.Next(2, 6);
        return random.Next(2) == 0 ? Relu(random, inputs, outputs, hidden, width) : Kan(random, inputs, outputs, width);
    }

    public static KanNetwork Relu(Random random, int inputs, int outputs, int hidden, int width)
    {
        var layers = new List<KanLayer>();
        for (int l = 0; l < hidden; l++)
        {
            layers.Add(Affine(random, l == 0 ? inputs : width, width));
            layers.Add(KanLayer.Activation(width, PiecewiseLinearFunction.Relu));
        }

        layers.Add(Affine(random, width, outputs));
        return new KanNetwork(layers);
    }

    public static KanNetwork Kan(Random random, int inputs, int outputs, int width) =>
        new([Edges(random, inputs, width), Edges(random, width, outputs)]);

    /// <summary>The network with one more layer, a function of its only output.</summary>
    public static KanNetwork Then(this KanNetwork network, PiecewiseLinearFunction function) =>
        new([.. network.Layers, KanLayer.Activation(1, function)]);

    /// <summary>That the only output does not fall below a number; where it is strict, the number itself is too low.</summary>
    public static OutputStatement AtLeast(ImmutableArray<InputRange> box, Rational bound, bool isStrict = false) =>
        new([new ForbiddenCase(box, [new LinearCondition([1], [], -bound, IsStrict: !isStrict)])]);

    public static Rational Number(Random random) => Rational.Create(random.Next(-64, 65), 32);

    private static KanLayer Affine(Random random, int inputs, int outputs) =>
        KanLayer.Affine(inputs, outputs, (_, _) => Number(random), [.. Enumerable.Range(0, outputs).Select(_ => Number(random))]);

    private static KanLayer Edges(Random random, int inputs, int outputs) => new(
        inputs,
        outputs,
        from p in Enumerable.Range(0, inputs)
        from q in Enumerable.Range(0, outputs)
        select new KanEdge(p, q, PiecewiseLinearFunction.FromSlopes([-1, Rational.Create(random.Next(-20, 20), 32), 1],
            [Number(random), Number(random), Number(random), Number(random)], 0, Number(random))));
}
