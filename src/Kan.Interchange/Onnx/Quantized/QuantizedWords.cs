using System;

namespace Kan.Interchange.Onnx.Quantized;

/// <summary>Words of messages about integer networks.</summary>
internal static class QuantizedWords
{
    /// <summary>What is read, and what to do with the rest.</summary>
    public const string Remedy =
        "Integer networks are read where they are chains of Conv, Gemm or MatMul, Relu and pools, each layer between QuantizeLinear and "
        + "DequantizeLinear (or QLinearConv, QGemm, QLinearMatMul); else export the model in float32, before quantization.";

    /// <summary>What to do where a product and its bias are rounded apart.</summary>
    public const string Fuse =
        "Fuse MatMul and Add into one Gemm before quantizing: the preprocessing of onnxruntime.quantization does (quant_pre_process).";

    /// <summary>What to do about an operator that is no part of a chain of layers.</summary>
    public static string RemedyOf(string type) => type switch
    {
        "DynamicQuantizeLinear" => "Quantize the model statically, with samples (onnxruntime.quantization.quantize_static), or read the "
            + "model in float32, before quantization: Precision = Int8 quantizes that here.",
        "QLinearAdd" => Fuse,
        "ReduceMean" => "Export the average of an image as GlobalAveragePool (adaptive_avg_pool2d in PyTorch), which is computed in "
            + "integers.",
        _ => Remedy,
    };

    /// <summary>Why an operator is no part of a chain of layers, as the end of a sentence that begins with its node.</summary>
    public static string Reason(string type) => type switch
    {
        "DynamicQuantizeLinear" =>
            "chooses the range of its codes for each input while the model runs, so that there are no integers to read from the file",
        "QLinearAdd" => "adds numbers to codes, which are rounded apart from the sums of the layer before",
        "ReduceMean" => "adds numbers in an order that runtimes choose, in floating point",
        "ConvInteger" => "gives sums of 32 bits, which nodes behind it multiply and round apart from it",
        _ when type.StartsWith("QLinear", StringComparison.Ordinal) =>
            "computes on codes what no dense layer, convolution or pool does: the integer network is not a chain of such layers",
        _ => "is not part of a chain of dense layers, convolutions and pools, which an integer network must be to be read",
    };
}
