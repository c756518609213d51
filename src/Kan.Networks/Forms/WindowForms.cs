using System.Collections.Immutable;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// A convolution: one sum for each output, acc = fma(w, x, acc) from the bias on, over the taps on the image by row, then column, then
/// channel; then + 0. So a tap on padding may be computed with 0 or left out: the bits are the same.
/// </summary>
/// <param name="Geometry">Where the kernel stands.</param>
/// <param name="Filters">Channels of the outputs.</param>
/// <param name="Groups">Parts of the channels that do not see each other.</param>
/// <param name="FilterBiases">One number for each filter.</param>
/// <param name="Weights">The numbers by filter, row and column of the kernel, channel of the group.</param>
/// <param name="Ends">Bounds of x.</param>
public sealed record ConvolutionForm(WindowGeometry Geometry, int Filters, int Groups, ImmutableArray<double> FilterBiases,
    ImmutableArray<double> Weights, FiniteEnds Ends)
    : LayerForm(Geometry.InputCount, Geometry.PlaceCount * Filters, [])
{
    /// <inheritdoc/>
    public override LayerLowering Lowering => LayerLowering.Convolution;

    /// <summary>Channels that a filter sees.</summary>
    public int GroupChannels => Geometry.Channels / Groups;

    internal override T Accept<T>(ILayerFormVisitor<T> visitor) => visitor.Convolution(this);

    internal static ConvolutionForm Build(ConvolutionDescription layer, Precision precision)
    {
        var rounding = new Rounding(precision);
        int taps = layer.Geometry.KernelHeight * layer.Geometry.KernelWidth, inner = layer.GroupChannels;
        var weights = ImmutableArray.CreateBuilder<double>(layer.Weights.Length);
        for (int filter = 0; filter < layer.Filters; filter++)
        {
            for (int k = 0; k < taps; k++)
            {
                for (int c = 0; c < inner; c++) weights.Add(rounding.Round(layer.Weights[(((filter * inner) + c) * taps) + k]));
            }
        }

        bool absent = weights.Contains(0);
        var biases = layer.Biases.IsEmpty ? ImmutableArray.CreateRange(new double[layer.Filters]) : rounding.Round(layer.Biases);
        return new ConvolutionForm(layer.Geometry, layer.Filters, layer.Groups, biases, weights.MoveToImmutable(),
            new FiniteEnds(absent, absent));
    }
}

/// <summary>The largest number of each channel under a window; NaN if one of them is. Nothing is rounded.</summary>
/// <param name="Geometry">Where the window stands.</param>
public sealed record MaximumForm(WindowGeometry Geometry) : LayerForm(Geometry.InputCount, Geometry.PlaceCount * Geometry.Channels, [])
{
    /// <inheritdoc/>
    public override LayerLowering Lowering => LayerLowering.Maximum;

    internal override T Accept<T>(ILayerFormVisitor<T> visitor) => visitor.Maximum(this);
}
