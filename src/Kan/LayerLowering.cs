namespace Kan;

/// <summary>The form a layer is computed in.</summary>
public enum LayerLowering
{
    /// <summary>y = W x + b.</summary>
    Affine,

    /// <summary>An activation for each input, then an affine map: phi_(q,p) = w_(q,p) s_p.</summary>
    Factored,

    /// <summary>One function for each node; nothing is summed.</summary>
    Elementwise,

    /// <summary>One segment search for each input, then rows of values and slopes over the outputs.</summary>
    Rows,

    /// <summary>Sums of clamped differences.</summary>
    Clamp,

    /// <summary>ReLU units of Lemma 1.</summary>
    Relu,
}
