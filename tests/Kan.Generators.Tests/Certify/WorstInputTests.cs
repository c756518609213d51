using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Kan.Generators.Tests.Engines;
using Xunit;

namespace Kan.Generators.Tests.Certify;

/// <summary>
/// No input of the range errs by more than what is certified: computed values against exact rationals, at inputs that a search makes worse
/// and worse.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class WorstInputTests
{
    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Double)]
    public void Random_networks_stay_within_the_bound(Precision precision)
    {
        for (int seed = 0; seed < (precision == Precision.Single ? 24 : 12); seed++)
        {
            var document = RandomNetworks.Create(seed, dyadic: false);
            foreach (var lowering in CompiledNetworks.Lowerings)
            {
                if (precision == Precision.Single) AssertWithin<float>(document, lowering, seed);
                else AssertWithin<double>(document, lowering, seed);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Awkward))]
    public void Awkward_networks_stay_within_the_bound(string name, KanLayer[] layers)
    {
        var document = Document(name, layers);
        foreach (var lowering in CompiledNetworks.Lowerings)
        {
            AssertWithin<float>(document, lowering, 1);
            AssertWithin<double>(document, lowering, 2);
        }
    }

    public static IEnumerable<TheoryDataRow<string, KanLayer[]>> Awkward()
    {
        // Terms that cancel, of every size, in one partial sum and in several.
        var random = new Random(3);
        yield return new("cancellation", [KanLayer.Affine(400, 1, (_, p) => Third(p % 2 == 0 ? 1e6 : -1e6) + Third(random.NextDouble()))]);
        yield return new("many outputs", [KanLayer.Affine(60, 200, (q, p) => Third(Math.Sin((60 * q) + p)))]);

        // A large bias beside a small function, in a layer that sums and in one that does not.
        var small = PiecewiseLinearFunction.FromSlopes([Third(-1), Third(1)], [Third(0.1), Third(-0.3), Third(0.2)], 0, Third(0.5));
        yield return new("bias", [new KanLayer(1, 1, [new KanEdge(0, 0, small)], [Third(1e6)])]);
        yield return new("diagonal bias",
            [new KanLayer(2, 2, [new KanEdge(0, 0, small), new KanEdge(1, 1, -small)], [Third(1e6), Third(-1e5)])]);

        // Edges of one input share their knots: the line of one is anchored at those of the others, however far.
        yield return new("far knots",
            [new KanLayer(1, 2, [new KanEdge(0, 0, PiecewiseLinearFunction.FromSlopes([Third(-3e4), Third(1e4)], [0, 1, 0], 0, 0)),
            new KanEdge(0, 1, PiecewiseLinearFunction.Linear(Third(2), Third(1)))])]);
        yield return new("one knot between",
            [new KanLayer(1, 2, [new KanEdge(0, 0, PiecewiseLinearFunction.FromSlopes([Third(-3e4), Third(5)], [1, 2, 0], 0, 0)),
            new KanEdge(0, 1, PiecewiseLinearFunction.FromSlopes([Third(5)], [Third(2), -1], 0, 0))])]);

        // Layers that amplify: errors of the first are all that counts. Then one whose paths cancel.
        yield return new("deep", [.. Enumerable.Range(0, 6).Select(_ => KanLayer.Affine(3, 3, (q, p) => Third(q == p ? 5 : 1)))]);
        yield return new("paths cancel",
            [Relus(8, 1), KanLayer.Affine(8, 8, (q, p) => Third(Math.Cos((8 * q) + p))), Relus(8, 3),
            KanLayer.Affine(8, 1, (_, p) => p % 2 == 0 ? 1 : -1)]);

        // Weights that are all rounded, by amounts of both signs, before bends that are exact and bends that are not; edges that are shapes
        // of themselves, since multiples of them would round.
        foreach (var low in new[] { 0, Rational.Create(1, 4), Rational.Create(1, 100) })
        {
            var bend = PiecewiseLinearFunction.FromSlopes([0], [low, 1], 0, 0);
            yield return new($"bends of {low}",
                [KanLayer.Affine(9, 12, (q, p) => Third(Math.Sin((9 * q) + p))), KanLayer.Activation(12, bend),
                KanLayer.Affine(12, 10, (q, p) => Third(Math.Cos((7 * q) + p)), [.. Enumerable.Repeat(Third(0.3), 10)]),
                KanLayer.Activation(10, bend), KanLayer.Affine(10, 2, (q, p) => Third(Math.Sin((5 * q) + (3 * p))))]);
        }

        foreach (int steep in new[] { 3, 1 })
        {
            var shape = PiecewiseLinearFunction.FromSlopes([Third(1)], [Third(0.7), steep], 0, Third(2));
            yield return new($"own shapes of {steep}",
                [KanLayer.Affine(3, 3, (q, p) => Third(q + p + 1)),
                new KanLayer(3, 2, [new KanEdge(0, 0, shape), new KanEdge(1, 0, -shape), new KanEdge(2, 1, shape)])]);
        }
    }

    private static KanLayer Relus(int size, int divisor) =>
        KanLayer.Activation([.. Enumerable.Repeat(Rational.Create(1, divisor) * PiecewiseLinearFunction.Relu, size)]);

    /// <summary>A number that no binary format has.</summary>
    private static Rational Third(double value) => Rational.FromDouble(value) / 3;

    private static KanDocument Document(string name, KanLayer[] layers) => new()
    {
        Name = name,
        InputRanges = [new InputRange(-4, 4)],
        Layers = [.. layers.Select(static layer => new EdgesDescription(layer.InputCount, layer.OutputCount, layer.Edges, layer.Biases))],
    };

    private static void AssertWithin<T>(KanDocument document, Lowering lowering, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var evaluation = new CertifiedEvaluation<T>(document, lowering);
        var random = new Random(seed);
        T low = T.CreateChecked(-4), high = T.CreateChecked(4);
        foreach (T[] start in AdversarialInputs.For<T>(evaluation.Network, seed).Where(x => x.All(value => value >= low && value <= high))
            .Take(6).Append([.. Enumerable.Repeat(high, evaluation.Network.InputCount)]))
        {
            // Uphill: a change that makes the error larger is kept.
            T[] x = start;
            double worst = evaluation.Error(x);
            for (int step = 0; step < 6; step++)
            {
                T[] changed = [.. x];
                for (int changes = 1 + random.Next(3); changes > 0; changes--)
                {
                    int at = random.Next(x.Length);
                    changed[at] = random.Next(3) switch
                    {
                        0 => T.CreateChecked((random.NextDouble() * 8) - 4),
                        1 => random.Next(2) == 0 ? low : high,
                        _ => T.Clamp(T.BitIncrement(changed[at]), low, high),
                    };
                }

                double error = evaluation.Error(changed);
                if (error > worst) (x, worst) = (changed, error);
            }
        }
    }
}
