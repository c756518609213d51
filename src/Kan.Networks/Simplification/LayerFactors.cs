using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Threading;

namespace Kan.Networks;

/// <summary>
/// A layer as it is, or as two between which nothing bends: the first sums its edges into a few nodes, the second is a matrix of these.
/// Both together are exactly one layer, whose edges are the sums over the nodes.
/// </summary>
/// <param name="first">The layer, or the first of the two.</param>
/// <param name="second">The second, which is affine; null for a layer as it is.</param>
internal sealed class LayerFactors(KanLayer first, KanLayer? second = null)
{
    private KanLayer? _product;

    public KanLayer First => first;

    public KanLayer? Second => second;

    /// <summary>The layers in a row.</summary>
    public IEnumerable<KanLayer> Layers => second is null ? [first] : [first, second];

    /// <summary>The one layer that they are, in exact arithmetic.</summary>
    /// <param name="cancellation">Cancels the work; observed between inputs.</param>
    public KanLayer Product(CancellationToken cancellation) =>
        _product ??= second is null ? first : Multiply(first, second, cancellation);

    /// <summary>The size of the numbers or segments of all layers.</summary>
    /// <param name="goal">What is counted.</param>
    public long SizeBy(SimplificationGoal goal) => Layers.Sum(layer => LayerSize.By(goal, layer));

    private static KanLayer Multiply(KanLayer first, KanLayer second, CancellationToken cancellation)
    {
        int nodes = first.OutputCount, outputs = second.OutputCount;
        var rows = new Fractions[outputs];
        var weights = second.Edges.GroupBy(static edge => edge.Output).ToDictionary(static edges => edges.Key, static edges => edges);
        var biases = second.Biases.ToArray();
        for (int q = 0; q < outputs; q++)
        {
            var row = new Rational[nodes];
            foreach (var edge in weights.TryGetValue(q, out var own) ? own : Enumerable.Empty<KanEdge>())
            {
                row[edge.Input] = edge.Function.Slopes[0];
                biases[q] += edge.Function.AnchorValue + (row[edge.Input] * first.Biases[edge.Input]);
            }

            rows[q] = new Fractions(row);
        }

        var result = new List<KanEdge>();
        foreach (var edges in first.Edges.GroupBy(static edge => edge.Input))
        {
            cancellation.ThrowIfCancellationRequested();
            Rational[] points = [.. edges.SelectMany(static edge => edge.Function.Breakpoints).Distinct().Order()];
            var anchor = points.Length == 0 ? Rational.Zero : points[0];
            var slopes = new Rational[points.Length + 1][];
            for (int i = 0; i < slopes.Length; i++) slopes[i] = new Rational[nodes];
            var values = new Rational[nodes];
            foreach (var edge in edges)
            {
                slopes[0][edge.Output] = edge.Function.Slopes[0];
                for (int i = 0; i < points.Length; i++) slopes[i + 1][edge.Output] = edge.Function.SlopeRightOf(points[i]);
                values[edge.Output] = edge.Function.Evaluate(anchor);
            }

            Fractions[] columns = [.. slopes.Select(static column => new Fractions(column))];
            var anchors = new Fractions(values);
            for (int q = 0; q < outputs; q++)
            {
                var function = PiecewiseLinearFunction.FromSlopes(points, [.. columns.Select(column => column.Times(rows[q]))], anchor,
                    anchors.Times(rows[q]));
                if (function.IsConstant) biases[q] += function.AnchorValue;
                else result.Add(new KanEdge(edges.Key, q, function));
            }
        }

        return new KanLayer(first.InputCount, outputs, result, [.. biases]);
    }

    /// <summary>Fractions over one denominator: products of rows are then sums of integers, which are reduced once.</summary>
    private sealed class Fractions
    {
        private readonly (int Node, BigInteger Numerator)[] _numerators;
        private readonly BigInteger[] _all;
        private readonly BigInteger _denominator = BigInteger.One;
        private readonly long _words;

        public Fractions(Rational[] values)
        {
            foreach (var value in values)
            {
                if (_denominator % value.Denominator == 0) continue;
                _denominator *= value.Denominator / BigInteger.GreatestCommonDivisor(_denominator, value.Denominator);
                ExactWork.Charge(_denominator.GetBitLength());
            }

            _all = Array.ConvertAll(values, value => value.Numerator * (_denominator / value.Denominator));
            _numerators = [.. _all.Select(static (numerator, node) => (node, numerator)).Where(static pair => !pair.numerator.IsZero)];
            _words = 1 + (_numerators.Length == 0 ? 0 : _numerators.Max(static pair => pair.Numerator.GetBitLength()) / 32);
        }

        public Rational Times(Fractions other)
        {
            ExactWork.Charge(_numerators.Length * _words * other._words);
            var sum = BigInteger.Zero;
            foreach (var (node, numerator) in _numerators)
            {
                if (!other._all[node].IsZero) sum += numerator * other._all[node];
            }

            return sum.IsZero ? Rational.Zero : Rational.Create(sum, _denominator * other._denominator);
        }
    }
}

/// <summary>A network some of whose layers are two.</summary>
/// <param name="Parts">By layer of the network whose shape it has, what stands for it.</param>
internal sealed record FactoredNetwork(IReadOnlyList<LayerFactors> Parts)
{
    /// <summary>A network without factors.</summary>
    public static FactoredNetwork Of(KanNetwork network) => new([.. network.Layers.Select(static layer => new LayerFactors(layer))]);

    /// <summary>The network with all layers in a row.</summary>
    public KanNetwork Network { get; } = new(Parts.SelectMany(static part => part.Layers));

    /// <summary>The size of the numbers or segments of all layers.</summary>
    /// <param name="goal">What is counted.</param>
    public long SizeBy(SimplificationGoal goal) => Parts.Sum(part => part.SizeBy(goal));

    /// <summary>The network with the layers of another one of that shape where it has no factors.</summary>
    /// <param name="network">The other network.</param>
    public FactoredNetwork With(KanNetwork network) =>
        new([.. Parts.Zip(network.Layers, static (part, layer) => part.Second is null ? new LayerFactors(layer) : part)]);

    /// <summary>The same function in the shape before, exactly.</summary>
    /// <param name="cancellation">Cancels the work.</param>
    public KanNetwork Product(CancellationToken cancellation) => new(Parts.Select(part => part.Product(cancellation)));
}
