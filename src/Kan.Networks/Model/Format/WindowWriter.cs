using System;
using System.Text;

namespace Kan.Networks;

/// <summary>Writes layers over images.</summary>
internal static class WindowWriter
{
    /// <summary>Requires that a layer can be computed.</summary>
    /// <exception cref="ArgumentException">It cannot.</exception>
    public static void Require(WindowDescription layer)
    {
        if ((layer is ConvolutionDescription convolution ? convolution.Problem() : ((MaximumDescription)layer).Problem()) is { } problem)
            throw new ArgumentException(problem, nameof(layer));
    }

    public static void Write(StringBuilder output, WindowDescription layer)
    {
        var convolution = layer as ConvolutionDescription;
        output.Append('"').Append(convolution is null ? WindowReader.Maximum : WindowReader.Convolution).Append('"');
        WriteGeometry(output, layer.Geometry);
        if (convolution is null) return;
        LayerWriter.WriteField(output, "filters").Append(convolution.Filters);
        if (convolution.Groups > 1) LayerWriter.WriteField(output, "groups").Append(convolution.Groups);
        NumberArray.Write(LayerWriter.WriteField(output, "weights"), convolution.Weights);
        if (!convolution.Biases.IsEmpty) NumberArray.Write(LayerWriter.WriteField(output, "bias"), convolution.Biases);
    }

    private static void WriteGeometry(StringBuilder output, WindowGeometry geometry)
    {
        LayerWriter.WriteField(output, "channels").Append(geometry.Channels);
        WriteIntegers("size", geometry.Height, geometry.Width);
        WriteIntegers("kernel", geometry.KernelHeight, geometry.KernelWidth);
        if (geometry.StrideY != 1 || geometry.StrideX != 1) WriteIntegers("strides", geometry.StrideY, geometry.StrideX);
        if (geometry.PadTop + geometry.PadLeft + geometry.PadBottom + geometry.PadRight > 0)
            WriteIntegers("padding", geometry.PadTop, geometry.PadLeft, geometry.PadBottom, geometry.PadRight);
        if (geometry.DilationY != 1 || geometry.DilationX != 1) WriteIntegers("dilations", geometry.DilationY, geometry.DilationX);
        if (geometry.ChannelsFirst) LayerWriter.WriteField(output, "order").Append('"').Append(WindowReader.ChannelsFirst).Append('"');

        void WriteIntegers(string name, params int[] numbers) =>
            LayerWriter.WriteField(output, name).Append('[').Append(string.Join(", ", numbers)).Append(']');
    }
}
