using System;
using System.Threading;

namespace Kan.Compiler.Certify;

/// <summary>
/// How much an error behind a layer can become at the outputs: intervals that hold the entries of every Jacobian of the layers after it.
/// For two points of a box, the outputs differ by a mean of such matrices times their difference, since the network is piecewise linear;
/// the signs of slopes are kept, so that paths which cancel cancel here too.
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
    /// <param name="steepest">
    /// For each layer whose edges of one input are multiples of one function: what holds the slope of each edge where that function is
    /// steepest on the box. Null for others.
    /// </param>
    /// <param name="errors">For each layer, the error that each of its outputs takes on in it, for exact inputs.</param>
    /// <param name="cancellation">Observed between layers and every few thousand edges.</param>
    /// <returns>One bound for each output; null where that would take too long, or says no more than the errors do.</returns>
    public static double[]? Worst(KanNetwork network, Enclosure[]?[] slopes, Enclosure[]?[] steepest, double[][] errors,
        CancellationToken cancellation)
    {
        int outputs = network.OutputCount, depth = network.Layers.Length;
        long steps = 0;
        for (int l = 1; l < depth; l++)
        {
            steps += (long)outputs * network.Layers[l].Edges.Length;
            if ((long)outputs * Math.Max(outputs, network.Layers[l].InputCount) > MostEntries) return null;
        }

        if (steps > MostSteps || depth == 1) return null;

        errors = PastDiagonals(network, slopes, errors);
        var joint = new JointSensitivity(outputs);
        var jacobian = new Enclosure[outputs * outputs];
        for (int k = 0; k < outputs; k++) jacobian[(k * outputs) + k] = Enclosure.Exactly(1);
        double[] bounds = (double[])errors[depth - 1].Clone(), own = new double[outputs];
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

            Array.Clear(own, 0, outputs);
            for (int p = 0; p < layer.InputCount; p++)
            {
                for (int k = 0; k < outputs; k++)
                    own[k] = Outward.Sum(own[k], Outward.Product(next[(p * outputs) + k].Magnitude, errors[l - 1][p]));
            }

            if (steepest[l] is { } slope) joint.Narrow(own, layer, slope, errors[l - 1], jacobian, cancellation);
            for (int k = 0; k < outputs; k++) bounds[k] = Outward.Sum(bounds[k], own[k]);
            jacobian = next;
        }

        return bounds;
    }

    /// <summary>
    /// The errors before a layer of one edge for each node, taken behind it: what an error becomes there depends on its own edge alone.
    /// </summary>
    private static double[][] PastDiagonals(KanNetwork network, Enclosure[]?[] slopes, double[][] errors)
    {
        double[][] moved = (double[][])errors.Clone();
        for (int l = 1; l < moved.Length; l++)
        {
            var layer = network.Layers[l];
            if (!layer.IsDiagonal) continue;
            double[] behind = (double[])moved[l].Clone();
            for (int e = 0; e < layer.Edges.Length; e++)
            {
                var edge = layer.Edges[e];
                behind[edge.Output] = Outward.Sum(behind[edge.Output],
                    Outward.Product(slopes[l]![e].Magnitude, moved[l - 1][edge.Input]));
            }

            moved[l - 1] = new double[moved[l - 1].Length];
            moved[l] = behind;
        }

        return moved;
    }
}
