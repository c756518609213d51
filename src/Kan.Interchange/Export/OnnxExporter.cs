using System;
using System.Buffers.Binary;
using Kan.Interchange.Onnx.Proto;
using static Kan.Interchange.OnnxParts;

namespace Kan.Interchange;

/// <summary>
/// Writes networks as ONNX graphs of <c>Gemm</c> and <c>Relu</c> nodes only, which runtimes and verifiers both support.
/// </summary>
/// <remarks>
/// Input and output are matrices [batch, n] and [batch, m] with an open batch dimension. Each affine map y = W x + b is one <c>Gemm</c>
/// with W [m, n] as its transposed second operand and b [m] as its third. Weights are written densely: a file of a KAN of n inputs with k
/// breakpoints each holds n^2 (k + 1) numbers that only choose the input of each unit.
/// </remarks>
public static class OnnxExporter
{
    // Protocol buffers end at 2 GiB; stay clear of it.
    private const long MaximumBytes = 1L << 30;

    /// <summary>
    /// Writes a piecewise-linear KAN through its ReLU form (Theorem 2 of arXiv 2503.01702), units merged by input, factored.
    /// </summary>
    /// <param name="network">Any network.</param>
    /// <param name="options">The options. Default: float32.</param>
    /// <exception cref="OverflowException">A number does not fit the number type.</exception>
    /// <exception cref="NotSupportedException">The dense matrices would not fit in a file.</exception>
    public static OnnxExport Export(KanNetwork network, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Export(network.ToRelu(ReluUnits.Merged), options);
    }

    /// <summary>Writes a ReLU network.</summary>
    /// <param name="network">Any network.</param>
    /// <param name="options">The options. Default: float32.</param>
    /// <exception cref="OverflowException">A number does not fit the number type.</exception>
    /// <exception cref="NotSupportedException">The dense matrices would not fit in a file.</exception>
    public static OnnxExport Export(ReluNetwork network, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        options ??= new OnnxExportOptions();
        RequireNames(options);
        network = options.Fuse ? network.Fuse() : network.FuseWhereSmaller();
        RequireSize(network, options.Precision);

        var rounder = new NumberRounder(options.Precision);
        var graph = new GraphProto { Name = options.GraphName };
        graph.Input.Add(Value(options.InputName, network.InputCount, ElementType(options.Precision)));
        graph.Output.Add(Value(options.OutputName, network.OutputCount, ElementType(options.Precision)));
        string current = options.InputName;
        for (int l = 0; l < network.Layers.Length; l++)
        {
            var layer = network.Layers[l];
            bool isLast = l == network.Layers.Length - 1;
            graph.Initializer.Add(Weights(layer, l, rounder, options));
            graph.Initializer.Add(Biases(layer, l, rounder, options));
            string sums = isLast && !layer.IsRectified ? options.OutputName : $"{Prefix}gemm{l}";
            graph.Node.Add(Gemm($"gemm{l}", current, WeightsName(l), BiasesName(l), sums));
            current = sums;
            if (!layer.IsRectified) continue;
            current = isLast ? options.OutputName : $"{Prefix}relu{l}";
            graph.Node.Add(Node("Relu", $"relu{l}", [sums], current));
        }

        return new OnnxExport(File(graph), rounder.Report);
    }

    private static TensorProto Weights(ReluLayer layer, int index, NumberRounder rounder, OnnxExportOptions options)
    {
        var dense = new double[layer.OutputCount * layer.InputCount];
        foreach (var (row, column, value) in layer.Weights.Entries())
            dense[(row * layer.InputCount) + column] = rounder.Round(value, index);
        return Tensor(WeightsName(index), ElementType(options.Precision), Raw(dense, options.Precision), layer.OutputCount,
            layer.InputCount);
    }

    private static TensorProto Biases(ReluLayer layer, int index, NumberRounder rounder, OnnxExportOptions options)
    {
        var dense = new double[layer.OutputCount];
        for (int q = 0; q < dense.Length; q++) dense[q] = rounder.Round(layer.Biases[q], index);
        return Tensor(BiasesName(index), ElementType(options.Precision), Raw(dense, options.Precision), layer.OutputCount);
    }

    private static byte[] Raw(double[] values, Precision precision)
    {
        int size = precision == Precision.Single ? sizeof(float) : sizeof(double);
        var bytes = new byte[values.Length * size];
        for (int i = 0; i < values.Length; i++)
        {
            var place = bytes.AsSpan(i * size);
            if (precision == Precision.Single) BinaryPrimitives.WriteSingleLittleEndian(place, (float)values[i]);
            else BinaryPrimitives.WriteDoubleLittleEndian(place, values[i]);
        }

        return bytes;
    }

    private static string WeightsName(int layer) => $"{Prefix}weights{layer}";

    private static string BiasesName(int layer) => $"{Prefix}biases{layer}";

    private static int ElementType(Precision precision) => precision == Precision.Single ? Float32 : Float64;

    private static void RequireNames(OnnxExportOptions options)
    {
        if (options.Precision is not (Precision.Single or Precision.Double))
            throw new ArgumentOutOfRangeException(nameof(options), $"The precision {options.Precision} is not a number type of ONNX.");
        if (string.IsNullOrEmpty(options.GraphName) || string.IsNullOrEmpty(options.InputName) || string.IsNullOrEmpty(options.OutputName))
            throw new ArgumentException("The graph, its input and its output need names.", nameof(options));
        if (options.InputName == options.OutputName) throw new ArgumentException($"The input and the output are both named "
            + $"'{options.InputName}'; values of a graph need distinct names.", nameof(options));
        foreach (string name in (string[])[options.InputName, options.OutputName])
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal)) throw new ArgumentException($"The name '{name}' begins with "
                + $"'{Prefix}', which is reserved for intermediate values; choose another.", nameof(options));
        }
    }

    private static void RequireSize(ReluNetwork network, Precision precision)
    {
        long numbers = 0;
        foreach (var layer in network.Layers) numbers += ((long)layer.InputCount + 1) * layer.OutputCount;
        long bytes = numbers * (precision == Precision.Single ? sizeof(float) : sizeof(double));
        if (bytes > MaximumBytes)
            throw new NotSupportedException($"The dense matrices of the ReLU form hold {numbers} numbers, {bytes} bytes; a single ONNX "
                + $"file holds at most {MaximumBytes}. Reduce the inputs or the breakpoints of each input.");
    }
}
