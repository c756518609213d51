using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// Nodes that nothing bends, such as units that are always on: those that are affine combinations of others go; if more are left than
/// outputs read them, one sum for each of these outputs stands for all; and if nothing else is between two layers, these are one.
/// </summary>
internal static class LinearNodesPass
{
    public static void Apply(SimplificationRun run)
    {
        for (int l = 0; l + 1 < run.Layers.Count; l++)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            if (Collapse(run, l))
            {
                l--;
                continue;
            }

            int[] linear = LinearNodes(run.Layers[l + 1]);
            while (linear.Length > 0 && CombinationsPass.Apply(run, l, linear)) linear = LinearNodes(run.Layers[l + 1]);
            Sum(run, l, linear);
        }
    }

    /// <summary>The nodes that something reads, and that nothing bends.</summary>
    private static int[] LinearNodes(KanLayer next)
    {
        var isRead = new bool[next.InputCount];
        var isBent = new bool[next.InputCount];
        foreach (var edge in next.Edges)
        {
            isRead[edge.Input] = true;
            isBent[edge.Input] |= !edge.Function.IsAffine;
        }

        return [.. Enumerable.Range(0, next.InputCount).Where(q => isRead[q] && !isBent[q])];
    }

    private static bool Collapse(SimplificationRun run, int l)
    {
        KanLayer layer = run.Layers[l], next = run.Layers[l + 1];
        bool isSingle = layer.Edges.GroupBy(static edge => edge.Output).All(static group => !group.Skip(1).Any());
        if (!isSingle && (!next.IsAffine || IsLarger(run, layer, next))) return false;
        if (Compose(run, layer, next, isSingle) is not { } one) return false;
        return run.Replace(SimplificationKind.CollapsedLayer, l, [.. Enumerable.Range(0, layer.OutputCount)], one);
    }

    /// <summary>
    /// Whether one layer surely has more edges than the two have numbers, as the product of factors has: it takes long to be exact.
    /// </summary>
    private static bool IsLarger(SimplificationRun run, KanLayer layer, KanLayer next)
    {
        // Of sums of doubles, far more than rounding can make of 0.
        const double Clear = 1e-9;
        long most = run.SizeOf(layer) + run.SizeOf(next), count = 0;
        var weights = next.Edges.ToLookup(static edge => edge.Input, static edge => (edge.Output, edge.Function.Slopes[0].ToDouble()));
        double[] sums = new double[next.OutputCount], sizes = new double[next.OutputCount];
        foreach (var edges in layer.Edges.GroupBy(static edge => edge.Input))
        {
            run.Cancellation.ThrowIfCancellationRequested();
            Array.Clear(sums);
            Array.Clear(sizes);
            foreach (var edge in edges)
            {
                double slope = edge.Function.Slopes[^1].ToDouble();
                foreach (var (output, weight) in weights[edge.Output])
                {
                    sums[output] += slope * weight;
                    sizes[output] += Math.Abs(slope * weight);
                }
            }

            for (int q = 0; q < sums.Length; q++)
            {
                if (double.IsFinite(sizes[q]) && Math.Abs(sums[q]) > Clear * sizes[q]) count++;
            }
        }

        return count > most;
    }

    /// <summary>Both layers as one; null if a function would have too many breakpoints.</summary>
    private static KanLayer? Compose(SimplificationRun run, KanLayer layer, KanLayer next, bool isSingle)
    {
        var incoming = layer.Edges.ToLookup(static edge => edge.Output);
        var biases = next.Biases.ToArray();
        var terms = new Dictionary<(int Input, int Output), List<PiecewiseLinearFunction>>();
        foreach (var edge in next.Edges)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            var bias = layer.Biases[edge.Input];
            if (!incoming.Contains(edge.Input))
            {
                biases[edge.Output] += edge.Function.Evaluate(bias);
                continue;
            }

            if (!isSingle) biases[edge.Output] += edge.Function.Evaluate(bias);
            foreach (var source in incoming[edge.Input])
            {
                if (isSingle && NetworkSimplifier.TryCompose(edge.Function, source.Function.Shift(bias)) is null) return null;
                var composed = isSingle ? edge.Function.Compose(source.Function.Shift(bias)) : edge.Function.Slopes[0] * source.Function;
                if (!terms.TryGetValue((source.Input, edge.Output), out var own)) terms.Add((source.Input, edge.Output), own = []);
                own.Add(composed);
            }
        }

        return new KanLayer(
            layer.InputCount,
            next.OutputCount,
            terms.Select(static term => new KanEdge(term.Key.Input, term.Key.Output, PiecewiseLinearFunction.Sum(term.Value))),
            ImmutableArray.Create(biases));
    }

    /// <summary>One node for each output that reads linear nodes, in place of these.</summary>
    private static void Sum(SimplificationRun run, int l, int[] linear)
    {
        KanLayer layer = run.Layers[l], next = run.Layers[l + 1];
        var gone = linear.ToHashSet();
        int[] outputs = [.. next.Edges.Where(edge => gone.Contains(edge.Input)).Select(static edge => edge.Output).Distinct().Order()];
        if (outputs.Length >= linear.Length || outputs.Length == 0) return;
        int[] kept = [.. Enumerable.Range(0, layer.OutputCount).Where(q => !gone.Contains(q))];
        var position = new int[layer.OutputCount];
        for (int i = 0; i < kept.Length; i++) position[kept[i]] = i;
        var place = new int[next.OutputCount];
        for (int i = 0; i < outputs.Length; i++) place[outputs[i]] = kept.Length + i;

        var incoming = layer.Edges.ToLookup(static edge => edge.Output);
        var biases = kept.Select(q => layer.Biases[q]).Concat(Enumerable.Repeat(Rational.Zero, outputs.Length)).ToArray();
        var sums = new Dictionary<(int Input, int Output), List<PiecewiseLinearFunction>>();
        foreach (var edge in next.Edges.Where(edge => gone.Contains(edge.Input)))
        {
            run.Cancellation.ThrowIfCancellationRequested();
            int output = place[edge.Output];
            biases[output] += edge.Function.Evaluate(layer.Biases[edge.Input]);
            foreach (var source in incoming[edge.Input])
            {
                if (!sums.TryGetValue((source.Input, output), out var terms)) sums.Add((source.Input, output), terms = []);
                terms.Add(edge.Function.Slopes[0] * source.Function);
            }
        }

        var first = new KanLayer(
            layer.InputCount,
            biases.Length,
            [
                .. layer.Edges.Where(edge => !gone.Contains(edge.Output)).Select(edge => edge with { Output = position[edge.Output] }),
                .. sums.Select(static sum => new KanEdge(sum.Key.Input, sum.Key.Output, PiecewiseLinearFunction.Sum(sum.Value))),
            ],
            [.. biases]);
        var second = new KanLayer(
            biases.Length,
            next.OutputCount,
            [
                .. next.Edges.Where(edge => !gone.Contains(edge.Input)).Select(edge => edge with { Input = position[edge.Input] }),
                .. outputs.Select(output => new KanEdge(place[output], output, PiecewiseLinearFunction.Identity)),
            ],
            next.Biases);
        run.Replace(SimplificationKind.SummedNodes, l, linear, first, second);
    }
}
