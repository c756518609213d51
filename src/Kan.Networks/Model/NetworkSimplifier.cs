using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>
/// Rewrites a network into the same function with fewer parts, exactly: activations move into the edges behind them, scalings into the
/// edges before them, and nodes that nothing depends on, or that depend on nothing, disappear.
/// </summary>
public static class NetworkSimplifier
{
    /// <summary>Breakpoints that an edge may have after a fold; chains of bent functions could multiply theirs without end.</summary>
    private const int MostFoldedBreakpoints = 1 << 14;

    /// <summary>Pieces of one composition that may be tried at all.</summary>
    private const long MostComposedPieces = 1L << 22;

    /// <summary>
    /// Segments that the edges behind an activation may have together after a fold: a curve of a thousand segments before tens of thousands
    /// of edges would take gigabytes, and stays a layer.
    /// </summary>
    private const long MostFoldedSegments = 1L << 23;

    /// <summary>The same function, simplified.</summary>
    /// <param name="network">Any network.</param>
    /// <param name="cancellation">Cancels the operation; observed between edges.</param>
    public static KanNetwork Simplify(KanNetwork network, CancellationToken cancellation = default)
    {
        var layers = network.Layers.ToList();
        FoldScalingsBackward(layers, cancellation);
        FoldActivationsForward(layers, cancellation);
        DropNodes(layers, cancellation);
        return new KanNetwork(layers);
    }

    /// <summary>A diagonal affine layer behind another layer (a bias, a batch normalization) scales that layer's edges.</summary>
    private static void FoldScalingsBackward(List<KanLayer> layers, CancellationToken cancellation)
    {
        for (int l = layers.Count - 1; l > 0; l--)
        {
            cancellation.ThrowIfCancellationRequested();
            if (layers[l - 1].Window is not null || !layers[l].IsDiagonal || !layers[l].IsAffine) continue;
            var scale = layers[l];
            var functions = DiagonalFunctions(scale);
            var previous = layers[l - 1];
            var biases = ImmutableArray.CreateBuilder<Rational>(previous.OutputCount);
            for (int q = 0; q < previous.OutputCount; q++) biases.Add(functions[q].Evaluate(previous.Biases[q]));
            layers[l - 1] = new KanLayer(
                previous.InputCount,
                previous.OutputCount,
                previous.Edges.Select(edge => edge with { Function = functions[edge.Output].Slopes[0] * edge.Function }),
                biases.MoveToImmutable());
            layers.RemoveAt(l);
        }
    }

    /// <summary>A diagonal layer in front of another layer composes with that layer's edges: phi_(q,p) becomes phi_(q,p) o psi_p.</summary>
    private static void FoldActivationsForward(List<KanLayer> layers, CancellationToken cancellation)
    {
        for (int l = layers.Count - 2; l >= 0; l--)
        {
            if (layers[l + 1].Window is not null || !layers[l].IsDiagonal) continue;
            var functions = DiagonalFunctions(layers[l]);
            var next = layers[l + 1];
            if (next.Edges.Sum(edge => (long)edge.Function.Slopes.Length * functions[edge.Input].Slopes.Length) > MostFoldedSegments)
                continue;
            var edges = new List<KanEdge>(next.Edges.Length);
            foreach (var edge in next.Edges)
            {
                cancellation.ThrowIfCancellationRequested();
                if (TryCompose(edge.Function, functions[edge.Input]) is not { } folded) break;
                edges.Add(edge with { Function = folded });
            }

            if (edges.Count < next.Edges.Length) continue;
            layers[l + 1] = new KanLayer(next.InputCount, next.OutputCount, edges, next.Biases);
            layers.RemoveAt(l);
        }
    }

    /// <summary>outer o inner, or null if it would have too many breakpoints.</summary>
    internal static PiecewiseLinearFunction? TryCompose(PiecewiseLinearFunction outer, PiecewiseLinearFunction inner)
    {
        if ((long)outer.Slopes.Length * inner.Slopes.Length > MostComposedPieces) return null;
        var composed = outer.Compose(inner);
        return composed.Breakpoints.Length > MostFoldedBreakpoints ? null : composed;
    }

    private static PiecewiseLinearFunction[] DiagonalFunctions(KanLayer layer)
    {
        var functions = layer.Biases.Select(PiecewiseLinearFunction.Constant).ToArray();
        foreach (var edge in layer.Edges) functions[edge.Output] = edge.Function.Shift(layer.Biases[edge.Output]);
        return functions;
    }

    /// <summary>Hidden nodes without outgoing edges go; nodes without varying incoming edges become biases behind them.</summary>
    private static void DropNodes(List<KanLayer> layers, CancellationToken cancellation)
    {
        // Constants are found from the inputs on, what is not read from the outputs back: in turns, so that long networks take few passes.
        bool changed = true;
        while (changed)
        {
            changed = false;
            for (int l = 0; l + 1 < layers.Count; l++) changed |= DropNodesBetween(layers, l, cancellation);
            for (int l = layers.Count - 3; l >= 0; l--) changed |= DropNodesBetween(layers, l, cancellation);
        }
    }

    /// <summary>The same for the nodes between a layer and the next; whether there were any.</summary>
    internal static bool DropNodesBetween(List<KanLayer> layers, int l, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        KanLayer before = layers[l], after = layers[l + 1];
        if (before.Window is not null || after.Window is not null) return false;
        var varies = new bool[before.OutputCount];
        var used = new bool[before.OutputCount];
        var constants = before.Biases.ToArray();
        foreach (var edge in before.Edges)
        {
            varies[edge.Output] |= !edge.Function.IsConstant;
            if (edge.Function.IsConstant) constants[edge.Output] += edge.Function.AnchorValue;
        }

        foreach (var edge in after.Edges) used[edge.Input] |= !edge.Function.IsConstant;
        var kept = Enumerable.Range(0, before.OutputCount).Where(node => varies[node] && used[node]).ToList();
        if (kept.Count == before.OutputCount) return false;
        if (kept.Count == 0)
        {
            // Nothing behind depends on the inputs. A layer needs a node; one that is 0 stays.
            if (before.OutputCount == 1 && before.Edges.IsEmpty && after.Edges.IsEmpty) return false;
            layers[l] = new KanLayer(before.InputCount, 1, []);
            layers[l + 1] = new KanLayer(1, after.OutputCount, [], ImmutableArray.Create(after.Evaluate(constants)));
            return true;
        }

        var position = new int[before.OutputCount];
        for (int i = 0; i < position.Length; i++) position[i] = -1;
        for (int i = 0; i < kept.Count; i++) position[kept[i]] = i;
        var biases = after.Biases.ToArray();
        var edges = new List<KanEdge>();
        foreach (var edge in after.Edges)
        {
            if (position[edge.Input] >= 0) edges.Add(edge with { Input = position[edge.Input] });
            else biases[edge.Output] += edge.Function.Evaluate(constants[edge.Input]);
        }

        layers[l] = new KanLayer(
            before.InputCount,
            kept.Count,
            before.Edges.Where(edge => position[edge.Output] >= 0).Select(edge => edge with { Output = position[edge.Output] }),
            [.. kept.Select(node => before.Biases[node])]);
        layers[l + 1] = new KanLayer(kept.Count, after.OutputCount, edges, ImmutableArray.Create(biases));
        return true;
    }
}
