namespace Kan.Networks;

/// <summary>The ways in which Theorem 1 turns a ReLU network into a KAN.</summary>
public enum ReluEmbedding
{
    /// <summary>
    /// The ReLU is part of the edges that leave it: phi_(q,p)(x) = W_qp max(x, 0). As many layers as the ReLU network has affine maps,
    /// and not one edge more than it has weights.
    /// </summary>
    Fused,

    /// <summary>
    /// Layers of linear edges and layers of ReLU edges alternate: L affine maps with ReLUs between them become 2 L - 1 layers, at one
    /// edge more for each ReLU unit.
    /// </summary>
    Separate,
}
