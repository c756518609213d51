using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>Drops what edges do outside the values that their inputs can take, by exact interval arithmetic from a box of inputs.</summary>
internal static class DomainRestriction
{
    public static void Apply(List<KanLayer> layers, IReadOnlyList<InputRange> box, CancellationToken cancellation)
    {
        InputRange[] ranges = [.. box];
        for (int l = 0; l < layers.Count; l++)
        {
            var layer = layers[l];
            var next = layer.Biases.Select(static bias => new InputRange(bias, bias)).ToArray();
            var edges = new List<KanEdge>(layer.Edges.Length);
            foreach (var edge in layer.Edges)
            {
                cancellation.ThrowIfCancellationRequested();
                var (low, high) = ranges[edge.Input];
                var (least, greatest) = edge.Function.RangeOn(low, high);
                var sum = next[edge.Output];
                next[edge.Output] = new InputRange(sum.Low + least, sum.High + greatest);
                edges.Add(edge with { Function = edge.Function.RestrictTo(low, high) });
            }

            layers[l] = new KanLayer(layer.InputCount, layer.OutputCount, edges, layer.Biases);
            ranges = next;
        }
    }
}
