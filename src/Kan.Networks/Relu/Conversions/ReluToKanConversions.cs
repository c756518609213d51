using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Networks;

/// <summary>ReLU networks as KANs, exactly: Theorem 1.</summary>
public static class ReluToKanConversions
{
    /// <summary>The KAN that computes the same function (Theorem 1).</summary>
    /// <param name="network">Any ReLU network; a ReLU after the last layer is kept as a separate layer.</param>
    /// <param name="embedding">The placement of the ReLUs.</param>
    /// <returns>
    /// A network whose edges are linear or multiples of max(x, 0), each with the weight it comes from; biases become the biases of the
    /// layers. <see cref="ReluEmbedding.Fused"/> has exactly as many edges as there are weights that are not 0.
    /// </returns>
    public static KanNetwork ToKan(this ReluNetwork network, ReluEmbedding embedding = ReluEmbedding.Fused)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (embedding is not (ReluEmbedding.Fused or ReluEmbedding.Separate)) throw new ArgumentOutOfRangeException(nameof(embedding));
        var layers = new List<KanLayer>();
        bool pending = false;
        foreach (var layer in network.Layers)
        {
            if (pending && embedding == ReluEmbedding.Separate)
            {
                layers.Add(KanLayer.Activation(layer.InputCount, PiecewiseLinearFunction.Relu));
                pending = false;
            }

            var shape = pending ? PiecewiseLinearFunction.Relu : PiecewiseLinearFunction.Identity;
            var edges = layer.Weights.Entries().Select(entry => new KanEdge(entry.Column, entry.Row, entry.Value * shape));
            layers.Add(new KanLayer(layer.InputCount, layer.OutputCount, edges, layer.Biases));
            pending = layer.IsRectified;
        }

        if (pending) layers.Add(KanLayer.Activation(network.OutputCount, PiecewiseLinearFunction.Relu));
        return new KanNetwork(layers);
    }
}
