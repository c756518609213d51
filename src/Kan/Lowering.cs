namespace Kan;

/// <summary>How layers that are not affine are compiled. Layers whose edges are all linear are always compiled as affine maps.</summary>
public enum Lowering
{
    /// <summary>For each layer, the lowering that the cost model expects to be fastest.</summary>
    Auto,

    /// <summary>Finds each input's segment once, then adds a row of values and slopes over all outputs.</summary>
    Rows,

    /// <summary>Sums of clamped differences: a_i min(max(x - b_i, 0), h_i).</summary>
    Clamp,

    /// <summary>The ReLU units of the paper's Lemma 1.</summary>
    Relu,
}
