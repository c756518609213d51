namespace Kan.Interchange;

/// <summary>How many sums a layer needs memory for while it is computed.</summary>
internal static class LayerSums
{
    /// <summary>Its partial sums; those of one place of an image; none where nothing is summed.</summary>
    public static int Of(LayerForm layer, Precision precision) => layer switch
    {
        ElementwiseForm or MaximumForm => 0,
        ConvolutionForm convolution => convolution.Filters,
        _ => layer.OutputCount * SummationOrder.PartialSums(layer.InputCount, layer.OutputCount, precision),
    };
}
