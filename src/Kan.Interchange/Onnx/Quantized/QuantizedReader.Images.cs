using System.Linq;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Onnx.Proto;

namespace Kan.Interchange.Onnx.Quantized;

/// <content>Convolutions and pools.</content>
internal sealed partial class QuantizedReader
{
    private void Convolve(OnnxNode node, LayerIntegers kernels, string biases)
    {
        int[] sizes = Sizes(node, kernels);
        if (node.Operator == "Conv") _layers.Multiply(node, kernels, sizes);
        else _layers.Sum(node, kernels, sizes);
        if (biases.Length == 0) return;
        _layers.Add(node, (layer, before) =>
        {
            if (node.Operator == "Conv") _weights.AddBiases(node, biases, layer, before);
            else _weights.AddIntegers(node, biases, layer);
        });
    }

    /// <summary>A convolution of codes in one node, with its own scales.</summary>
    private void ConvolveCodes(OnnxNode node, NodeProto proto)
    {
        var tensor = new CodedTensor(Input(proto, 3), Input(proto, 4), Input(proto, 5), 0);
        Convolve(node, KernelsOfCodes(node, proto, scale: 1, zero: 2, tensor), Input(proto, 8));
        _layers.Code(node, RangeOf(node, Input(proto, 6), Input(proto, 7), OnnxTensor.UInt8, out int type), type);
    }

    /// <summary>A convolution of codes to sums of 32 bits, which other nodes multiply.</summary>
    private void ConvolveIntegers(OnnxNode node, NodeProto proto)
    {
        var tensor = new CodedTensor(Input(proto, 1), "", Input(proto, 3), 0);
        Convolve(node, KernelsOfCodes(node, proto, scale: -1, zero: 2, tensor) with { Rounding = SumRounding.Multiplied }, "");
    }

    private LayerIntegers KernelsOfCodes(OnnxNode node, NodeProto proto, int scale, int zero, CodedTensor tensor)
    {
        _layers.Require(node, _weights, proto, scale, zero);
        return _weights.Kernels(node, node, tensor, _layers.Image(node));
    }

    private void Maximum(OnnxNode node, NodeProto proto)
    {
        if (proto.Output.Count(static output => output.Length > 0) > 1) throw node.Unsupported("gives the places of the largest numbers",
            "Only the numbers are supported.");
        var (geometry, sizes) = ImageWindows.Pool(node, _layers.Image(node));
        _layers.Maximum(node, _graph.OperatorSet, geometry, sizes);
    }

    /// <summary>An average of codes in one node, with its own scales.</summary>
    private void AverageCodes(OnnxNode node, NodeProto proto)
    {
        if (node.Integer("channels_last", 0) != 0) throw node.Unsupported("has the channels along the last axis",
            "Save the model before a runtime optimises it, or export it again.");
        _layers.Require(node, _weights, proto, scale: 1, zero: 2);
        var (average, sizes) = Average(node, node.Operator == "QLinearGlobalAveragePool");
        _layers.Sum(node, average, sizes);
        _layers.Code(node, RangeOf(node, Input(proto, 3), Input(proto, 4), OnnxTensor.UInt8, out int type), type);
    }

    /// <summary>
    /// An average of each channel as a convolution whose weights are 1; what these stand for depends on the codes behind it.
    /// </summary>
    private (LayerIntegers Average, int[] Sizes) Average(OnnxNode node, bool isGlobal)
    {
        var image = _layers.Image(node);
        var (geometry, sizes) = isGlobal ? ImageWindows.Whole(node, image) : ImageWindows.Pool(node, image);
        int taps = geometry.KernelHeight * geometry.KernelWidth, channels = geometry.Channels;
        bool isPadded = ImageWindows.HasPadding(geometry), isWhole = geometry.PlaceCount == 1 && !isPadded
            && geometry.KernelHeight == geometry.Height && geometry.KernelWidth == geometry.Width;
        if (isPadded && node.Integer("count_include_pad", 0) == 0) throw node.Unsupported(
            "divides by other numbers at the edges of the image than within, as its windows reach over padding",
            "Pool without pads, or count them (count_include_pad).");
        if (geometry.DilationY > 1 || geometry.DilationX > 1) throw node.Unsupported("has dilations", "Averages without are supported.");
        node.Ignore("count_include_pad");
        return (new LayerIntegers(node.Title, taps, channels, [.. Enumerable.Repeat(1, taps * channels)], [1f / taps])
        {
            Window = new IntegerWindow(geometry, channels, channels),
            Rounding = isWhole ? SumRounding.WholeAverage : SumRounding.Average,
        }, sizes);
    }

    /// <summary>The sizes of the image that a convolution gives.</summary>
    private int[] Sizes(OnnxNode node, LayerIntegers kernels)
    {
        var geometry = kernels.Window!.Geometry;
        return _layers.Image(node).Sizes.Length == 2 ? [kernels.Outputs, geometry.OutputWidth]
            : [kernels.Outputs, geometry.OutputHeight, geometry.OutputWidth];
    }
}
