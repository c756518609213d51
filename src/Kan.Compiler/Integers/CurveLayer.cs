using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Compiler.Integers;

/// <summary>A layer whose nodes add piecewise-linear functions of what is before it.</summary>
/// <param name="Inputs">n.</param>
/// <param name="Outputs">m.</param>
/// <param name="Edges">The edges, ordered by input.</param>
/// <param name="Biases">m biases.</param>
internal sealed record CurveLayer(int Inputs, int Outputs, CurveEdge[] Edges, double[] Biases)
{
    /// <summary>The interval beyond which no edge varies: what is cut off outside changes nothing.</summary>
    public CodedRange Varying { get; } = Edges.Aggregate(new CodedRange(double.PositiveInfinity, double.NegativeInfinity),
        static (all, edge) => new CodedRange(Math.Min(all.Low, edge.Curve.Varying.Low), Math.Max(all.High, edge.Curve.Varying.High)));

    /// <summary>Where the edges of each input begin, and the end of the last.</summary>
    public int[] Starts { get; } = StartsOf(Edges, Inputs);

    /// <summary>The edges of an input.</summary>
    public ArraySegment<CurveEdge> EdgesOf(int input) => new(Edges, Starts[input], Starts[input + 1] - Starts[input]);

    /// <summary>
    /// Whether weights alone do not compute a network: its first layer bends, or a later one has edges that are not multiples of ReLU.
    /// </summary>
    public static bool AreIn(KanNetwork network)
    {
        for (int l = 0; l < network.Layers.Length; l++)
        {
            var layer = network.Layers[l];
            if (layer.Window is not null) return false;
            if (!layer.IsAffine && (l == 0
                || layer.Edges.Any(static edge => !edge.Function.IsConstant && !LinearLayer.IsMultipleOfRelu(edge.Function)))) return true;
        }

        return false;
    }

    /// <summary>The layers of a network.</summary>
    /// <exception cref="NoIntegerFormException">A number is beyond float.</exception>
    public static CurveLayer[] Of(KanNetwork network, CancellationToken cancellation)
    {
        var layers = new CurveLayer[network.Layers.Length];
        for (int l = 0; l < layers.Length; l++)
        {
            var layer = network.Layers[l];
            if (layer.Window is not null) throw new NoIntegerFormException($"layer {l} is over an image");
            var edges = new List<CurveEdge>(layer.Edges.Length);
            var constants = layer.Biases.ToArray();
            foreach (var edge in layer.Edges)
            {
                if ((edges.Count & 0x3FF) == 0) cancellation.ThrowIfCancellationRequested();
                if (edge.Function.IsConstant) constants[edge.Output] += edge.Function.AnchorValue;
                else edges.Add(new CurveEdge(edge.Input, edge.Output, DoubleCurve.Of(edge.Function) ?? throw Beyond(l)));
            }

            double[] biases = [.. constants.Select(static bias => bias.ToDouble())];
            if (!biases.All(static bias => Math.Abs(bias) <= float.MaxValue)) throw Beyond(l);
            layers[l] = new CurveLayer(layer.InputCount, layer.OutputCount, [.. edges], biases);
        }

        return layers;
    }

    private static NoIntegerFormException Beyond(int layer) => new($"a number of layer {layer} is beyond float");

    private static int[] StartsOf(CurveEdge[] edges, int inputs)
    {
        int[] starts = new int[inputs + 1];
        for (int e = 0, p = 0; p <= inputs; p++)
        {
            while (e < edges.Length && edges[e].Input < p) e++;
            starts[p] = e;
        }

        return starts;
    }
}

/// <summary>One edge of a layer.</summary>
/// <param name="Input">The input.</param>
/// <param name="Output">The output.</param>
/// <param name="Curve">Its function, which varies.</param>
internal readonly record struct CurveEdge(int Input, int Output, DoubleCurve Curve);
