using System;
using System.Threading;

namespace Kan.Compiler.Certify;

/// <summary>
/// How much an error behind a layer can become at the outputs: intervals that hold the entries of every Jacobian of the layers after it.
/// For two points of a box, the outputs differ by such a matrix times their difference, since the network is piecewise linear; the signs of
/// slopes are kept, so that paths which cancel cancel here too.
/// </summary>
internal static class Sensitivity
{
    /// <summary>Outputs times edges beyond which <see cref="Worst"/> gives up: some 0.2 seconds.</summary>
    private const long MostSteps = 100_000_000;

    /// <summary>Entries of a matrix beyond which it gives up: 32 MiB.</summary>
    private const long MostEntries = 1 << 22;

    /// <summary>The bound of each output's error.</summary>
    /// <param name="network">The exact network.</param>
    /// <param name="slopes">For each layer but the first, what holds the slopes of each edge on the box of its inputs.</param>
    /// <param name="errors">For each layer, the error that each of its outputs takes on in it, for exact inputs.</param>
    /// <param name="cancellation">Observed between layers and every few thousand edges.</param>
    /// <returns>One bound for each output; null where that would take too long, or says no more than the errors do.</returns>
    public static double[]? Worst(KanNetwork network, Enclosure[]?[] slopes, double[][] errors, CancellationToken cancellation)
    {
        int outputs = network.OutputCount, depth = network.Layers.Length;
        long steps = 0;
        for (int l = 1; l < depth; l++)
        {
            steps += (long)outputs * network.Layers[l].Edges.Length;
            if ((long)outputs * Math.Max(outputs, network.Layers[l].InputCount) > MostEntries) return null;
        }

        if (steps > MostSteps || depth == 1) return null;

        var jacobian = new Enclosure[outputs * outputs];
        for (int k = 0; k < outputs; k++) jacobian[(k * outputs) + k] = Enclosure.Exactly(1);
        double[] bounds = (double[])errors[depth - 1].Clone();
        for (int l = depth - 1; l > 0; l--)
        {
            var layer = network.Layers[l];
            var next = new Enclosure[layer.InputCount * outputs];
            for (int e = 0; e < layer.Edges.Length; e++)
            {
                if ((e & 0x3FF) == 0) cancellation.ThrowIfCancellationRequested();
                var edge = layer.Edges[e];
                int from = edge.Output * outputs, to = edge.Input * outputs;
                for (int k = 0; k < outputs; k++) next[to + k] += slopes[l]![e] * jacobian[from + k];
            }

            jacobian = next;
            for (int p = 0; p < layer.InputCount; p++)
            {
                for (int k = 0; k < outputs; k++)
                    bounds[k] = Outward.Sum(bounds[k], Outward.Product(jacobian[(p * outputs) + k].Magnitude, errors[l - 1][p]));
            }
        }

        return bounds;
    }
}
