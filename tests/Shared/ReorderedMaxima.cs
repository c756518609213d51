using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Networks;

namespace Kan.Testing;

/// <summary>
/// Pairs of equal networks that no normal form shows to be: max(a, b, c) taken from the left and from the right, where a, b and c are
/// forms of what hidden layers compute.
/// </summary>
internal static class ReorderedMaxima
{
    private static readonly PiecewiseLinearFunction s_identity = PiecewiseLinearFunction.Identity;
    private static readonly PiecewiseLinearFunction s_relu = PiecewiseLinearFunction.Relu;

    /// <summary>The maximum of three forms of the last of some dense ReLU layers.</summary>
    /// <param name="seed">The seed of the weights.</param>
    /// <param name="widths">The number of inputs and of the units of each layer.</param>
    public static (KanNetwork Left, KanNetwork Right) Dense(int seed, params int[] widths)
    {
        var random = new Random(seed);
        var layers = new List<KanLayer>();
        for (int l = 0; l + 1 < widths.Length; l++)
        {
            var edges = new EdgeList();
            for (int p = 0; p < widths[l]; p++)
            {
                for (int q = 0; q < widths[l + 1]; q++) edges.Add(p, q, Eighths(random) * (l == 0 ? s_identity : s_relu));
            }

            layers.Add(new KanLayer(widths[l], widths[l + 1], edges, [.. Forms(random, widths[l + 1])]));
        }

        Rational[][] forms = [.. Enumerable.Range(0, 3).Select(_ => Forms(random, widths[^1]))];
        return (Of(0, 1, 2), Of(2, 1, 0));

        KanNetwork Of(int a, int b, int c)
        {
            var edges = new EdgeList();
            for (int p = 0; p < widths[^1]; p++)
            {
                edges.Add(p, 0, (forms[a][p] - forms[b][p]) * s_relu);
                edges.Add(p, 1, forms[b][p] * s_relu);
                edges.Add(p, 2, forms[c][p] * s_relu);
            }

            return new KanNetwork([.. layers, new KanLayer(widths[^1], 3, edges), .. Maxima(1)]);
        }
    }

    /// <summary>The sum of some maxima of three forms of the inputs.</summary>
    public static (KanNetwork Left, KanNetwork Right) Sum(int seed, int inputs, int terms)
    {
        var random = new Random(seed);
        Rational[][][] forms = [.. Enumerable.Range(0, terms)
            .Select(_ => Enumerable.Range(0, 3).Select(_ => Forms(random, inputs)).ToArray())];
        return (Of(0, 1, 2), Of(2, 1, 0));

        KanNetwork Of(int a, int b, int c)
        {
            var edges = new EdgeList();
            for (int i = 0; i < terms; i++)
            {
                for (int p = 0; p < inputs; p++)
                {
                    edges.Add(p, 3 * i, (forms[i][a][p] - forms[i][b][p]) * s_identity);
                    edges.Add(p, (3 * i) + 1, forms[i][b][p] * s_identity);
                    edges.Add(p, (3 * i) + 2, forms[i][c][p] * s_identity);
                }
            }

            return new KanNetwork([new KanLayer(inputs, 3 * terms, edges), .. Maxima(terms)]);
        }
    }

    /// <summary>From a - b, b and c of each term: max(a, b) - c and c, then the sum of the maxima.</summary>
    private static KanLayer[] Maxima(int terms)
    {
        EdgeList second = [], third = [];
        for (int i = 0; i < terms; i++)
        {
            second.Add(3 * i, 2 * i, s_relu);
            second.Add((3 * i) + 1, 2 * i, s_identity);
            second.Add((3 * i) + 2, 2 * i, (Rational)(-1) * s_identity);
            second.Add((3 * i) + 2, (2 * i) + 1, s_identity);
            third.Add(2 * i, 0, s_relu);
            third.Add((2 * i) + 1, 0, s_identity);
        }

        return [new KanLayer(3 * terms, 2 * terms, second), new KanLayer(2 * terms, 1, third)];
    }

    private static Rational[] Forms(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => Eighths(random))];

    private static Rational Eighths(Random random) => Rational.Create(random.Next(-8, 9), 8);

    private sealed class EdgeList : List<KanEdge>
    {
        public void Add(int input, int output, PiecewiseLinearFunction function)
        {
            if (!function.IsZero) Add(new KanEdge(input, output, function));
        }
    }
}
