namespace Kan;

/// <summary>How the layers that bend are compiled. Layers whose edges are all linear are always affine.</summary>
public enum Lowering
{
    /// <summary>The form that the cost model expects to be fastest, layer by layer.</summary>
    Auto,

    /// <summary>Find the segment of each input once, then add a row of values and slopes over all outputs.</summary>
    Rows,

    /// <summary>Sums of clamped differences: a_i min(max(x - b_i, 0), h_i).</summary>
    Clamp,

    /// <summary>The ReLU units of the paper's Lemma 1.</summary>
    Relu,
}
