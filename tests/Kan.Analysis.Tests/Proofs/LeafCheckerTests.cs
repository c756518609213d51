using System;
using System.Collections.Immutable;
using System.Linq;
using Kan.Analysis.Proofs;
using Xunit;

namespace Kan.Analysis.Tests.Proofs;

/// <summary>Claims that nobody made, put to the checker of proofs.</summary>
public sealed class LeafCheckerTests
{
    private const int Claims = 1500;

    /// <summary>
    /// y = max(x, 0) + 1 less 2 x is 1 - x on [0, 3], from 1 to -2: y alone is at least 1, but the claim is about the difference.
    /// </summary>
    [Theory]
    [InlineData(-3, false)]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void A_claim_about_inputs_and_outputs_is_checked_with_both(int ofInput, bool holds)
    {
        KanLayer identity = KanLayer.Affine(1, 1, static (_, _) => 1), plusOne = KanLayer.Affine(1, 1, static (_, _) => 1, [1]);
        var network = new KanNetwork([identity, KanLayer.Activation(1, PiecewiseLinearFunction.Relu), plusOne]);
        var forbidden = new ForbiddenCase([new InputRange(0, 3)], [new LinearCondition([1], [ofInput], 0, IsStrict: false)]);
        var checker = new LeafChecker(network, [forbidden], TestContext.Current.CancellationToken);
        Assert.Equal([holds], checker.Check([0], [3], [], null, [new ProofClaim(0, [1], [])]));
    }

    /// <summary>
    /// The least numbers of a double are 4.9e-324 apart: y = 1.4 of that times x, with the slope as a weight or as that of a curve, is
    /// above 1.1 times what it rounds to, so no claim that it stays below may be accepted.
    /// </summary>
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 1_000_000_000)]
    [InlineData(false, 1_000_000_000)]
    public void Numbers_too_small_for_a_double_are_not_taken_for_what_they_become(bool isWeight, int multiple)
    {
        Rational smallest = Rational.FromDouble(double.Epsilon), slope = smallest * Rational.Create(14, 10);
        KanLayer layer = isWeight ? KanLayer.Affine(1, 1, (_, _) => slope)
            : KanLayer.Activation(1, PiecewiseLinearFunction.FromSlopes([-1], [0, slope], 0, 0));

        // Forbidden: y at or above the product of the rounded slope and the input, and a little more.
        var limit = smallest * multiple * Rational.Create(11, 10);
        var forbidden = new ForbiddenCase([new InputRange(multiple, multiple)], [new LinearCondition([-1], [], limit, IsStrict: false)]);
        var checker = new LeafChecker(new KanNetwork([layer]), [forbidden], TestContext.Current.CancellationToken);
        Assert.Equal([false], checker.Check([multiple], [multiple], [], null, [new ProofClaim(0, [1], [])]));
    }

    /// <summary>
    /// Claims that one point refutes, the lowest of some: conditions on outputs and inputs, boxes of any width, parts on one side of nodes,
    /// from which weights take something off. In narrow boxes the bounds are exact up to their rounding, so little is enough to accept one.
    /// Above what rounding and bends leave open, the same claims are true and mostly seen to be.
    /// </summary>
    [Fact]
    public void No_claim_is_accepted_that_a_point_refutes()
    {
        int accepted = 0, split = 0;
        for (int seed = 0; seed < Claims; seed++)
        {
            var random = new Random(seed);
            int inputs = random.Next(1, 4), outputs = random.Next(1, 3);
            var network = ProofNetworks.Random(random, inputs, outputs);
            double width = Math.Pow(2, -random.Next(0, 40)) * random.Next(0, 3);
            double[] low = [.. Enumerable.Range(0, inputs).Select(_ => random.Next(-256, 257) / 256.0)],
                high = [.. low.Select(x => x + (width * random.Next(1, 3)))];
            ImmutableArray<LinearCondition> conditions = [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => new LinearCondition(
                [.. Enumerable.Range(0, outputs).Select(_ => ProofNetworks.Number(random))],
                random.Next(2) == 0 ? [] : [.. Enumerable.Range(0, inputs).Select(_ => ProofNetworks.Number(random))], 0, IsStrict: false))];
            var points = Enumerable.Range(0, 40).Select(_ => Point(random, low, high)).ToArray();

            // The sides that the first point is on, of nodes that are split near their value there.
            NodePart[] parts = [.. Enumerable.Range(0, random.Next(0, 3)).Select(_ => Side(random, network, points[0]))];
            double[] weights = [.. parts.Select(_ => random.Next(3) * random.NextDouble())];
            int[] factors = [.. conditions.Select(_ => random.Next(1, 4))];
            var lowest = points.Where(point => parts.All(part => Beyond(network, part, point).Sign >= 0)).MinBy(Sum)!;
            if (parts.Length > 0) split++;

            // The first condition alone gets the constant: its factor divides it exactly.
            foreach (var (more, holds) in new[] { (Rational.Zero, false), (Rational.FromDouble(1e-3 + (50 * width)), true) })
            {
                ImmutableArray<LinearCondition> moved = [conditions[0] with { Constant = (more - Sum(lowest)) / factors[0] },
                    .. conditions[1..]];
                var forbidden = new ForbiddenCase([.. low.Zip(high, static (a, b) =>
                    new InputRange(Rational.FromDouble(a), Rational.FromDouble(b)))], moved);
                var checker = new LeafChecker(network, [forbidden], TestContext.Current.CancellationToken);
                bool isAccepted = checker.Check(low, high, parts, null, [new ProofClaim(0, [.. factors], [.. weights])])[0];
                if (holds) accepted += isAccepted ? 1 : 0;
                else Assert.False(isAccepted, $"seed {seed}");
            }

            Rational Sum(Rational[] x)
            {
                var y = network.Evaluate(x);
                var sum = Rational.Zero;
                for (int i = 0; i < conditions.Length; i++)
                {
                    for (int q = 0; q < y.Length; q++) sum += factors[i] * conditions[i].Outputs[q] * y[q];
                    for (int p = 0; p < conditions[i].Inputs.Length; p++) sum += factors[i] * conditions[i].Inputs[p] * x[p];
                }

                return sum;
            }
        }

        Assert.InRange(accepted, Claims / 2, Claims);
        Assert.InRange(split, Claims / 3, Claims);
    }

    private static Rational[] Point(Random random, double[] low, double[] high) => [.. low.Zip(high, (a, b) => random.Next(4) switch
    {
        0 => Rational.FromDouble(a),
        1 => Rational.FromDouble(b),
        _ => Rational.FromDouble(a + ((b - a) * random.NextDouble())),
    })];

    private static NodePart Side(Random random, KanNetwork network, Rational[] at)
    {
        int level = random.Next(1, network.Layers.Length), node = random.Next(network.Layers[level - 1].OutputCount);
        double value = Value(network, level, node, at).ToDouble() + ((random.NextDouble() - 0.5) * random.Next(0, 2));
        var part = new NodePart(level, node, value, random.Next(2) == 0);
        return Beyond(network, part, at).Sign >= 0 ? part : part with { IsAbove = !part.IsAbove };
    }

    /// <summary>How far a node is beyond the number that splits it.</summary>
    private static Rational Beyond(KanNetwork network, NodePart part, Rational[] at) =>
        (part.IsAbove ? 1 : -1) * (Value(network, part.Level, part.Node, at) - Rational.FromDouble(part.At));

    private static Rational Value(KanNetwork network, int level, int node, Rational[] at) =>
        new KanNetwork(network.Layers.Take(level)).Evaluate(at)[node];
}
