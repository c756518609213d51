using System;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Benchmarks.Workloads;

/// <summary>Networks from seeds: the time of a network depends on its shape, not on what it has learnt.</summary>
internal static class RandomNetworks
{
    /// <summary>A ReLU network; a share of its weights is 0, at random places.</summary>
    public static KanDocument Mlp(string name, int seed, double zeros, params int[] widths)
    {
        var random = new Random(seed);
        var layers = ImmutableArray.CreateBuilder<LayerDescription>();
        for (int l = 0; l + 1 < widths.Length; l++)
        {
            int n = widths[l], m = widths[l + 1];
            double scale = Math.Sqrt(6.0 / n);
            if (l > 0) layers.Add(new ActivationDescription(n, [PiecewiseLinearFunction.Relu]));
            layers.Add(new AffineDescription(
                n, m,
                [.. Enumerable.Range(0, n * m).Select(_ => random.NextDouble() < zeros ? Rational.Zero : Number(random, scale))],
                [.. Enumerable.Range(0, m).Select(_ => Number(random, 0.5))]));
        }

        return new KanDocument { Name = name, Layers = layers.ToImmutable() };
    }

    /// <summary>A KAN on uniform grids over [-1, 1], shared by the edges of an input; end segments extend.</summary>
    public static KanDocument Kan(string name, int seed, int segments, params int[] widths)
    {
        var random = new Random(seed);
        ImmutableArray<Rational> knots = [.. Enumerable.Range(0, segments + 1).Select(i => Rational.FromSingle((2f * i / segments) - 1))];
        var layers = widths.Zip(widths.Skip(1)).Select(shape => (LayerDescription)new GridDescription(
            shape.Second,
            [.. Enumerable.Repeat(knots, shape.First)],
            [.. Enumerable.Range(0, shape.First * (segments + 1) * shape.Second).Select(_ => Number(random, 2 / Math.Sqrt(shape.First)))],
            []));
        return new KanDocument { Name = name, Layers = [.. layers] };
    }

    /// <summary>One layer whose edges bend at places of their own.</summary>
    public static KanDocument Distinct(string name, int seed, int breakpoints, int inputs, int outputs)
    {
        var random = new Random(seed);
        var edges = from p in Enumerable.Range(0, inputs)
                    from q in Enumerable.Range(0, outputs)
                    select new KanEdge(p, q, PiecewiseLinearFunction.FromSlopes(
                        [.. Enumerable.Range(0, breakpoints).Select(_ => Number(random, 1)).Order()],
                        [.. Enumerable.Range(0, breakpoints + 1).Select(_ => Number(random, 1))],
                        Rational.Zero,
                        Number(random, 1)));
        return new KanDocument { Name = name, Layers = [new EdgesDescription(inputs, outputs, [.. edges], [])] };
    }

    /// <summary>One layer of dense weights behind a ReLU.</summary>
    public static KanDocument Factored(string name, int seed, int inputs, int outputs)
    {
        var mlp = Mlp(name, seed, 0, inputs, inputs, outputs);
        return mlp with { Layers = mlp.Layers.RemoveAt(0) };
    }

    /// <summary>Samples a little beyond the grids, so that end segments count.</summary>
    public static float[] Inputs(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2.4f) - 1.2f)];
    }

    private static Rational Number(Random random, double scale) => Rational.FromSingle((float)(((random.NextDouble() * 2) - 1) * scale));
}
