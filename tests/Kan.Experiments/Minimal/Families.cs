using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Experiments.Minimal;

/// <summary>Families of functions that grow with a number n, as networks of both kinds.</summary>
internal static class Families
{
    /// <summary>The breakpoints of each edge of a layer of curves.</summary>
    public const int Breakpoints = 3;

    /// <summary>One KAN layer of n inputs and n outputs, whose edges have k breakpoints each, all different for each input.</summary>
    public static KanNetwork Curves(int n)
    {
        var random = new Random(n);
        var edges = new List<KanEdge>();
        for (int p = 0; p < n; p++)
        {
            int[] places = [.. Enumerable.Range(1, n * Breakpoints).OrderBy(_ => random.Next())];
            for (int q = 0; q < n; q++)
            {
                Rational[] own = [.. places.Skip(q * Breakpoints).Take(Breakpoints).Order().Select(static place => (Rational)place)];
                edges.Add(new KanEdge(p, q, PiecewiseLinearFunction.FromSlopes(own, Slopes(random), 0, random.Next(1, 10))));
            }
        }

        return new KanNetwork([new KanLayer(n, n, edges)]);
    }

    /// <summary>
    /// A sum of n hinges w ReLU(a x + t) of n inputs, as a ReLU network of one hidden layer. No weight is 0, no two a are parallel, and the
    /// last number of each a is negative, the others positive, so that all hinges bend where all inputs are large.
    /// </summary>
    public static ReluNetwork Hinges(int n)
    {
        var random = new Random(n);
        (int, int, Rational)[] weights =
            [.. from unit in Enumerable.Range(0, n) from input in Enumerable.Range(0, n) select (unit, input, Weight(unit, input))];
        Rational[] biases = [.. Enumerable.Range(0, n).Select(_ => (Rational)random.Next(1, 10))];
        (int, int, Rational)[] outer =
            [.. Enumerable.Range(0, n).Select(unit => (0, unit, (Rational)((random.Next(2) == 0 ? -1 : 1) * random.Next(1, 10))))];
        return new ReluNetwork(
        [
            new ReluLayer(SparseMatrix.Create(n, n, weights), [.. biases], rectified: true),
            new ReluLayer(SparseMatrix.Create(1, n, outer), default, rectified: false),
        ]);

        // The first numbers are equal and the last are not, so no two rows are parallel.
        Rational Weight(int unit, int input) => input == 0 ? 1 : input == n - 1 ? -(1 + unit) : random.Next(1, 10);
    }

    /// <summary>The same as a KAN of two layers, with each t on an edge.</summary>
    public static KanNetwork HingesAsKan(ReluNetwork hinges)
    {
        var units = hinges.Layers[0];
        var inner = from entry in units.Weights.Entries()
                    let constant = entry.Column == 0 ? units.Biases[entry.Row] : Rational.Zero
                    select new KanEdge(entry.Column, entry.Row, PiecewiseLinearFunction.Linear(entry.Value, constant));
        var outer = from entry in hinges.Layers[1].Weights.Entries()
                    select new KanEdge(entry.Column, 0, entry.Value * PiecewiseLinearFunction.Relu);
        return new KanNetwork([new KanLayer(units.InputCount, units.OutputCount, inner), new KanLayer(units.OutputCount, 1, outer)]);
    }

    private static Rational[] Slopes(Random random)
    {
        while (true)
        {
            int[] slopes = [.. Enumerable.Range(0, Breakpoints + 1).Select(_ => random.Next(1, 10))];
            if (Enumerable.Range(0, Breakpoints).All(i => slopes[i] != slopes[i + 1]))
                return [.. slopes.Select(static slope => (Rational)slope)];
        }
    }
}
