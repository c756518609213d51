using System;

namespace Kan.Interchange.Onnx.Quantized;

/// <summary>Words of messages about integer networks.</summary>
internal static class QuantizedWords
{
    /// <summary>What is read, and what to do with the rest.</summary>
    public const string Remedy =
        "Integer networks are read where they are chains of Gemm or MatMul and Relu, each layer between QuantizeLinear and "
        + "DequantizeLinear (or QGemm, QLinearMatMul); else export the model in float32, before quantization.";

    /// <summary>What to do where a product and its bias are rounded apart.</summary>
    public const string Fuse =
        "Fuse MatMul and Add into one Gemm before quantizing: the preprocessing of onnxruntime.quantization does (quant_pre_process).";

    /// <summary>What to do about an operator that is no part of a chain of dense layers.</summary>
    public static string RemedyOf(string type) => type switch
    {
        "DynamicQuantizeLinear" => "Quantize the model statically, with samples (onnxruntime.quantization.quantize_static), or read the "
            + "model in float32, before quantization: Precision = Int8 quantizes that here.",
        "QLinearAdd" => Fuse,
        _ => Remedy,
    };

    /// <summary>Why an operator is no part of a chain of dense layers, as the end of a sentence that begins with its node.</summary>
    public static string Reason(string type) => type switch
    {
        "DynamicQuantizeLinear" =>
            "chooses the range of its codes for each input while the model runs, so that there are no integers to read from the file",
        "QLinearAdd" => "adds numbers to codes, which are rounded apart from the sums of the layer before",
        _ when type.Contains("Conv", StringComparison.Ordinal) || type.Contains("Pool", StringComparison.Ordinal) =>
            "is over an image, and integer networks are read where all layers are dense",
        _ when type.StartsWith("QLinear", StringComparison.Ordinal) =>
            "computes on codes what no dense layer does: the integer network is not a chain of such layers",
        _ => "is not part of a chain of dense layers, which an integer network must be to be read",
    };
}
