using System;

namespace Kan.Analysis.Proofs;

/// <summary>The network at a point and its slopes there, in plain double: good enough to search with, never to decide.</summary>
internal static class PointEvaluation
{
    /// <summary>The nodes behind a layer.</summary>
    public static void Step(ProofLayer layer, double[] inputs, double[] outputs)
    {
        switch (layer.Kind)
        {
            case ProofLayerKind.Diagonal:
                for (int q = 0; q < layer.OutputCount; q++) outputs[q] = layer.Curves[q].At(inputs[q]).Value;
                break;
            case ProofLayerKind.Curved:
                layer.Biases.CopyTo(outputs, 0);
                for (int p = 0; p < layer.InputCount; p++)
                {
                    for (int e = layer.Starts[p]; e < layer.Starts[p + 1]; e++)
                        outputs[layer.Outputs[e]] += layer.Curves[e].At(inputs[p]).Value;
                }

                break;
            default:
                for (int q = 0; q < layer.OutputCount; q++) outputs[q] = layer.Biases[q] + Sum(layer, q, inputs);
                break;
        }
    }

    /// <summary>Evaluates all levels from level 0.</summary>
    public static void Run(ProofNetwork network, double[][] levels)
    {
        for (int l = 0; l < network.Depth; l++) Step(network.Layers[l], levels[l], levels[l + 1]);
    }

    /// <summary>Turns the slopes by the outputs of a network into those by its inputs, at the point of some levels.</summary>
    /// <param name="network">The network.</param>
    /// <param name="levels">All nodes at the point.</param>
    /// <param name="slopes">Slopes by level; those of the last are given.</param>
    public static void Slopes(ProofNetwork network, double[][] levels, double[][] slopes)
    {
        for (int l = network.Depth - 1; l >= 0; l--)
        {
            var layer = network.Layers[l];
            double[] behind = slopes[l + 1], before = slopes[l], x = levels[l];
            Array.Clear(before);
            switch (layer.Kind)
            {
                case ProofLayerKind.Diagonal:
                    for (int q = 0; q < layer.OutputCount; q++) before[q] = behind[q] == 0 ? 0 : behind[q] * layer.Curves[q].SlopeAt(x[q]);
                    break;
                case ProofLayerKind.Curved:
                    for (int p = 0; p < layer.InputCount; p++)
                    {
                        for (int e = layer.Starts[p]; e < layer.Starts[p + 1]; e++)
                            before[p] += behind[layer.Outputs[e]] * layer.Curves[e].SlopeAt(x[p]);
                    }

                    break;
                default:
                    for (int q = 0; q < layer.OutputCount; q++)
                    {
                        double c = behind[q];
                        if (c == 0) continue;
                        if (layer.Weights is { } weights) Kernels.AddScaled(c, weights.AsSpan(q * layer.Stride, layer.Stride), before);
                        else for (int k = layer.Starts[q]; k < layer.Starts[q + 1]; k++) before[layer.Columns[k]] += c * layer.Values[k];
                    }

                    break;
            }
        }
    }

    private static double Sum(ProofLayer layer, int output, double[] inputs)
    {
        double sum = 0;
        if (layer.Weights is { } weights)
            return Kernels.Enclose(weights.AsSpan(output * layer.Stride, layer.Stride), inputs, inputs).Center;
        for (int k = layer.Starts[output]; k < layer.Starts[output + 1]; k++) sum += layer.Values[k] * inputs[layer.Columns[k]];
        return sum;
    }
}
