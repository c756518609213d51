namespace Kan;

/// <summary>The form in which a layer is computed.</summary>
public enum LayerLowering
{
    /// <summary>y = W x + b.</summary>
    Affine,

    /// <summary>One activation per input, then an affine map: phi_(q,p) = w_(q,p) s_p.</summary>
    Factored,

    /// <summary>One function per node, with no summation.</summary>
    Elementwise,

    /// <summary>One segment search per input, then rows of values and slopes over the outputs.</summary>
    Rows,

    /// <summary>Sums of clamped differences.</summary>
    Clamp,

    /// <summary>The ReLU units of the paper's Lemma 1.</summary>
    Relu,

    /// <summary>The same weights at each place of an image.</summary>
    Convolution,

    /// <summary>The largest number of each channel under a window.</summary>
    Maximum,
}
