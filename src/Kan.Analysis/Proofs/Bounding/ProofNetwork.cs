using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Analysis.Proofs;

/// <summary>A network in double: level 0 holds the inputs, level l the nodes behind layer l - 1.</summary>
internal sealed class ProofNetwork
{
    public ProofNetwork(KanNetwork network, CancellationToken cancellation)
    {
        Layers = [.. network.Layers.Select(layer => new ProofLayer(layer, cancellation))];
        Sizes = [network.InputCount, .. network.Layers.Select(static layer => layer.OutputCount)];
        Strides = [.. Sizes.Select(ProofLayer.Padded)];
        Widest = Strides.Max();
    }

    public ProofLayer[] Layers { get; }

    public int Depth => Layers.Length;

    /// <summary>The number of nodes of each level.</summary>
    public int[] Sizes { get; }

    /// <summary>The same, rounded up to whole vectors.</summary>
    public int[] Strides { get; }

    public int Widest { get; }

    public int InputCount => Sizes[0];

    public int OutputCount => Sizes[^1];

    /// <summary>An array of numbers for each level.</summary>
    public double[][] NewLevels() => [.. Strides.Select(static stride => new double[stride])];
}
