using System;
using System.Collections.Generic;
using System.Linq;

namespace SampleApp.Service;

/// <summary>
/// The edge functions of the KAN that matter for a drawing, as numbers to draw: the functions of the file that was compiled.
/// </summary>
internal static class KanEdges
{
    private const int NodesShown = 6;
    private const int PixelsShown = 3;

    /// <summary>The nodes before the outputs whose edges to the winner differ most from what a blank page gives.</summary>
    public static IReadOnlyList<DecidingNode> Deciding(NumericNetwork network, float[] pixels, int winner)
    {
        var layers = network.Layers;
        double[] drawn = Array.ConvertAll(pixels, static pixel => (double)pixel);
        var blank = new double[pixels.Length];
        for (int l = 0; l < layers.Count - 1; l++) (drawn, blank) = (layers[l].Apply(drawn), layers[l].Apply(blank));
        return
        [
            .. Enumerable.Range(0, drawn.Length)
                .OrderByDescending(node => Math.Abs(Change(node)))
                .Take(NodesShown)
                .Select(node => new DecidingNode(
                    node, Change(node), Curve(layers, layers.Count - 1, node, winner, drawn[node]), Strongest(layers, node, pixels))),
        ];

        double Change(int node) => Value(layers[^1], node, winner, drawn[node]) - Value(layers[^1], node, winner, blank[node]);
    }

    private static EdgeCurve[] Strongest(IReadOnlyList<NumericLayer> layers, int node, float[] pixels) =>
    [
        .. Enumerable.Range(0, pixels.Length)
            .Where(p => pixels[p] != 0)
            .OrderByDescending(p => Math.Abs(Value(layers[^2], p, node, pixels[p]) - Value(layers[^2], p, node, 0)))
            .Take(PixelsShown)
            .Select(p => Curve(layers, layers.Count - 2, p, node, pixels[p])),
    ];

    private static double Value(NumericLayer layer, int input, int output, double x) => layer.Edge(input, output)?.Evaluate(x) ?? 0;

    private static EdgeCurve Curve(IReadOnlyList<NumericLayer> layers, int layer, int input, int output, double x)
    {
        double[] breakpoints = layers[layer].Edge(input, output) is { Breakpoints.IsEmpty: false } edge ? edge.Breakpoints.ToArray() : [0];
        double low = Math.Min(x, breakpoints[0]), high = Math.Max(x, breakpoints[^1]);
        double margin = Math.Max((high - low) / 4, 0.25);
        double[] at = [low - margin, .. breakpoints, high + margin];
        return new EdgeCurve(layer, input, output, at, Array.ConvertAll(at, point => Value(layers[layer], input, output, point)), x,
            Value(layers[layer], input, output, x));
    }
}
