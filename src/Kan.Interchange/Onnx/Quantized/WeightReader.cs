using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Kan.Interchange.Onnx.Graph;

namespace Kan.Interchange.Onnx.Quantized;

/// <summary>Reads the integers of layers: weights, their scales, biases.</summary>
internal sealed class WeightReader(OnnxGraph graph, FoldedConstants constants, ModelFile file)
{
    /// <summary>
    /// What the scale of biases may be off the product of the scales of inputs and weights, relative to it: runtimes take that product
    /// whatever the file says.
    /// </summary>
    private const double MostScaleError = 1e-5;

    /// <summary>Weights between <c>DequantizeLinear</c> and a product, possibly transposed in between.</summary>
    /// <param name="node">The node that multiplies.</param>
    /// <param name="name">The name of its weights.</param>
    /// <param name="outputsFirst">Whether it reads them with the outputs along the first axis.</param>
    public LayerIntegers Weights(OnnxNode node, string name, bool outputsFirst)
    {
        var (source, tensor, isTransposed) = Dequantized(node, name);
        return Weights(source, node.Title, tensor, outputsFirst != isTransposed);
    }

    /// <summary>The kernels of a convolution behind <c>DequantizeLinear</c>.</summary>
    /// <param name="node">The convolution.</param>
    /// <param name="name">The name of its weights.</param>
    /// <param name="layout">The image.</param>
    public LayerIntegers Kernels(OnnxNode node, string name, SampleLayout layout)
    {
        var (source, tensor, isTransposed) = Dequantized(node, name);
        if (isTransposed) throw source.Unsupported("has weights of a convolution that are transposed", "Fold the constants before "
            + "exporting.");
        return Kernels(source, node, tensor, layout);
    }

    /// <summary>
    /// The node that makes numbers of the weights of another one, what it reads, and whether they are transposed after it.
    /// </summary>
    private (OnnxNode Source, CodedTensor Tensor, bool IsTransposed) Dequantized(OnnxNode node, string name)
    {
        bool isTransposed = false;
        for (int i = 0; i < graph.Nodes.Count && graph.Writers.TryGetValue(name, out int writer); i++)
        {
            var proto = graph.Nodes[writer];
            var source = new OnnxNode(proto, OnnxNode.TitleOf(proto, writer), [], file);
            if (proto.OpType == "Transpose")
            {
                if (source.Integers("perm") is { } order && !order.AsSpan().SequenceEqual([1, 0]))
                    throw source.Unsupported($"reorders the axes of weights by [{string.Join(", ", order)}]",
                        "Only [1, 0], of a matrix, is supported there.");
                isTransposed = !isTransposed;
            }
            else if (proto.OpType == "DequantizeLinear" && proto.Input.Count >= 2)
            {
                if (source.Integer("block_size", 0) != 0)
                    throw source.Unsupported("has blocks of scales", "One scale for all weights, or one for each output, is supported.");
                return (source, new CodedTensor(proto.Input[0], proto.Input[1], proto.Input.Count > 2 ? proto.Input[2] : "",
                    (int)source.Integer("axis", 1)), isTransposed);
            }
            else if (proto.OpType != "Identity")
            {
                break;
            }

            name = proto.Input[0];
        }

        string found = constants.Find(name) is { } constant ? $"weights '{name}' of type {OnnxTensor.TypeName(constant.Type)}"
            : $"'{name}', which is not a constant that DequantizeLinear reads";
        throw node.Unsupported(
            $"multiplies codes with {found}: the model is an integer network whose weights are not integers",
            "Quantize the weights as well, or export the model in float32, before quantization.");
    }

    /// <summary>Weights that a node reads as integers.</summary>
    /// <param name="node">The node that names them.</param>
    /// <param name="title">The node that multiplies.</param>
    /// <param name="tensor">Their names.</param>
    /// <param name="outputsFirst">Whether the outputs are along the first axis.</param>
    public LayerIntegers Weights(OnnxNode node, string title, CodedTensor tensor, bool outputsFirst)
    {
        var integers = Integers(node, tensor.Integers);
        if (integers.Dimensions is not [var rows, var columns] || rows == 0 || columns == 0)
            throw node.Unsupported($"has weights '{tensor.Integers}' of shape {TensorShape.Text(integers.Dimensions)}",
                "A matrix is needed where an integer network is read.");
        int n = outputsFirst ? columns : rows, m = outputsFirst ? rows : columns;
        if (n > ModelLimits.Width || m > ModelLimits.Width) throw node.Unsupported($"has weights '{tensor.Integers}' of shape "
            + $"{TensorShape.Text(integers.Dimensions)}", $"At most {ModelLimits.Width} nodes are supported.");
        double[] ordered = integers.Values;
        if (!outputsFirst)
        {
            ordered = new double[ordered.Length];
            for (int i = 0; i < ordered.Length; i++) ordered[i] = integers.Values[(i % n * m) + (i / n)];
        }

        var scales = Scales(node, tensor, m, n, rank: 2, outputsFirst ? 0 : 1);
        return new LayerIntegers(title, n, m, Differences(node, tensor, ordered, n, m), scales);
    }

    /// <summary>The kernels of a convolution that a node reads as integers.</summary>
    /// <param name="node">The node that names them.</param>
    /// <param name="convolution">The convolution.</param>
    /// <param name="tensor">Their names.</param>
    /// <param name="layout">The image.</param>
    public LayerIntegers Kernels(OnnxNode node, OnnxNode convolution, CodedTensor tensor, SampleLayout layout)
    {
        var integers = Integers(node, tensor.Integers);
        long groups = convolution.Integer("group", 1);
        int[] shape = integers.Dimensions;
        if (shape.Length != layout.Sizes.Length + 1 || groups < 1 || shape[0] % groups != 0 || shape[1] * groups != layout.Sizes[0])
            throw convolution.Malformed($"has weights of shape {TensorShape.Text(shape)} in {groups} groups for samples of shape "
                + TensorShape.Text(layout.Sizes));
        if (convolution.Integers("kernel_shape") is { } stated && !stated.AsSpan().SequenceEqual(shape.AsSpan(2)))
            throw convolution.Malformed(
                $"states the kernel [{string.Join(", ", stated)}], but has weights of shape {TensorShape.Text(shape)}");
        int filters = shape[0];
        var (geometry, _) = ImageWindows.Geometry(convolution, layout, shape[2..], filters, roundsUp: false);
        var window = new IntegerWindow(geometry, filters, (int)groups);
        int count = window.FilterWeights;
        var scales = Scales(node, tensor, filters, count, shape.Length, outputAxis: 0);
        return new LayerIntegers(convolution.Title, count, filters, Differences(node, tensor, integers.Values, count, filters), scales)
        {
            Window = window,
        };
    }

    private OnnxTensor Integers(OnnxNode node, string name)
    {
        var integers = Constant(node, name, "weights");
        return integers.Type is OnnxTensor.Int8 or OnnxTensor.UInt8
            ? integers
            : throw node.Unsupported($"has weights '{name}' of type {OnnxTensor.TypeName(integers.Type)}",
                "Integer networks are read with weights of int8 or uint8.");
    }

    /// <summary>What 1 in a weight stands for: one scale for all, or one for each output; 1 where sums get their scale later.</summary>
    private ImmutableArray<float> Scales(OnnxNode node, CodedTensor tensor, int outputs, int inputs, int rank, int outputAxis)
    {
        if (tensor.Scale.Length == 0) return [1f];
        var scales = Scales(node, tensor.Scale);
        int axis = tensor.Axis < 0 ? tensor.Axis + rank : tensor.Axis;
        if (scales.Length == 1 || (scales.Length == outputs && axis == outputAxis)) return scales;
        throw node.Unsupported(
            $"has {scales.Length} scales along axis {tensor.Axis} of its weights, which have {inputs} inputs and {outputs} outputs",
            "One scale for all weights, or one for each output, is supported.");
    }

    /// <summary>Weights less their zero points, by output, then input.</summary>
    private ImmutableArray<int> Differences(OnnxNode node, CodedTensor tensor, double[] integers, int inputs, int outputs)
    {
        var zeros = tensor.Zero.Length == 0 ? null : Constant(node, tensor.Zero, "zero point").Values;
        if (zeros is not null && zeros.Length != 1 && zeros.Length != outputs)
            throw node.Unsupported($"has {zeros.Length} zero points of weights for {outputs} outputs",
                "One for all, or one for each output, is supported.");
        var weights = ImmutableArray.CreateBuilder<int>(integers.Length);
        for (int i = 0; i < integers.Length; i++)
        {
            int output = i / inputs;
            double from = zeros is null ? 0 : zeros[zeros.Length == 1 ? 0 : output], weight = integers[i] - from;
            if (weight is < sbyte.MinValue or > sbyte.MaxValue)
            {
                throw node.Unsupported(
                    string.Create(CultureInfo.InvariantCulture, $"has the weight {integers[i]} with the zero point {from} "
                    + $"('{tensor.Integers}', input {i % inputs}, output {output}), a difference of 9 bits"),
                    "Differences from -128 to 127 are supported: quantize weights symmetrically, as int8 "
                    + "(weight_type=QuantType.QInt8).");
            }

            weights.Add((int)weight);
        }

        return weights.MoveToImmutable();
    }

    /// <summary>Gives a layer its biases: integers, or floats that nothing has quantised.</summary>
    /// <param name="node">The node that adds them.</param>
    /// <param name="name">Their name.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="before">The codes before it.</param>
    public void AddBiases(OnnxNode node, string name, LayerIntegers layer, CodeRange before)
    {
        if (constants.Find(name) is { IsFloat: true } floats)
        {
            if (floats.Type != OnnxTensor.Float32)
                throw node.Unsupported($"adds biases '{name}' of type {OnnxTensor.TypeName(floats.Type)}",
                    "Integer networks are read with biases of float32, or int32 behind DequantizeLinear.");
            double[] spread = Spread(node, floats, layer.Outputs);
            int wrong = Array.FindIndex(spread, static bias => !double.IsFinite(bias));
            if (wrong >= 0) throw file.NotFinite(name, spread[wrong], wrong, [spread.Length]);
            layer.FloatBiases = Array.ConvertAll(spread, static bias => (float)bias);
            return;
        }

        if (!graph.Writers.TryGetValue(name, out int writer)
            || graph.Nodes[writer] is not { OpType: "DequantizeLinear", Input.Count: >= 2 } proto)
            throw node.Unsupported($"adds '{name}', which is neither a constant nor integers behind DequantizeLinear",
                QuantizedWords.Remedy);
        var source = new OnnxNode(proto, OnnxNode.TitleOf(proto, writer), [], file);
        if (proto.Input.Count > 2 && proto.Input[2].Length > 0
            && Constant(source, proto.Input[2], "zero point").Values.Any(static zero => zero != 0))
            throw source.Unsupported("has a zero point of biases other than 0",
            "Biases are integers of the unit of the sums, without zero point.");
        AddIntegers(source, proto.Input[0], layer);
        var scales = Scales(source, proto.Input[1]);
        if (scales.Length != 1 && scales.Length != layer.Outputs) throw source.Unsupported($"has {scales.Length} scales of biases for "
            + $"{layer.Outputs} outputs", "One for all, or one for each output, is supported.");
        for (int q = 0; q < layer.Outputs; q++)
        {
            float scale = scales[scales.Length == 1 ? 0 : q], unit = layer.Unit(before, q);
            if (!(Math.Abs((double)scale - unit) <= MostScaleError * unit))
                throw source.Unsupported($"gives the bias of output {q} the scale {scale:R}, where the scales of inputs and weights give "
                    + $"{unit:R}", "Biases must have the product of the two scales: quantize the model again.");
        }
    }

    /// <summary>Gives a layer integer biases of the unit of its sums.</summary>
    /// <param name="node">The node that adds them.</param>
    /// <param name="name">Their name.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="spatial">The axes behind that of the biases.</param>
    public void AddIntegers(OnnxNode node, string name, LayerIntegers layer, int spatial = 0)
    {
        var integers = Constant(node, name, "biases");
        if (integers.Type != OnnxTensor.Int32) throw node.Unsupported($"has biases '{name}' of type "
            + $"{OnnxTensor.TypeName(integers.Type)}, rounded apart from the sums",
            $"Biases of int32 in the unit of the sums are supported. {QuantizedWords.Fuse}");
        layer.Biases = Array.ConvertAll(Spread(node, integers, layer.Outputs, spatial), static bias => (int)bias);
    }

    /// <summary>A constant that a node must have.</summary>
    public OnnxTensor Constant(OnnxNode node, string name, string role) =>
        constants.Find(name) ?? throw node.Unsupported($"takes its {role} from '{name}', which is not a constant, or is computed in a "
            + $"way that is not known", "Fold the constants before exporting.");

    /// <summary>Scales above 0.</summary>
    public ImmutableArray<float> Scales(OnnxNode node, string name)
    {
        var tensor = Constant(node, name, "scale");
        if (tensor.Type != OnnxTensor.Float32)
            throw node.Unsupported($"has a scale '{name}' of type {OnnxTensor.TypeName(tensor.Type)}", "Scales of float32 are supported.");
        if (tensor.Values.Length == 0 || tensor.Values.Any(static scale => !(scale > 0) || double.IsInfinity(scale)))
            throw node.Malformed($"has a scale '{name}' that is not a number above 0");
        return [.. tensor.Values.Select(static scale => (float)scale)];
    }

    /// <summary>What 1 in a sum stands for.</summary>
    /// <param name="node">The node that multiplies sums.</param>
    /// <param name="name">Its factors.</param>
    /// <param name="spatial">The axes behind that of the outputs.</param>
    public ImmutableArray<float> Units(OnnxNode node, string name, int spatial)
    {
        var units = Scales(node, name);
        var tensor = Constant(node, name, "scale");
        return units.Length == 1 || HasAxis(tensor, units.Length, spatial) ? units
            : throw node.Unsupported($"multiplies sums with numbers of shape {TensorShape.Text(tensor.Dimensions)}",
                "One for all, or one for each output, is supported.");
    }

    private static double[] Spread(OnnxNode node, OnnxTensor biases, int outputs, int spatial = 0)
    {
        if (HasAxis(biases, outputs, spatial)) return biases.Values;
        if (biases.Values.Length == 1) return [.. Enumerable.Repeat(biases.Values[0], outputs)];
        throw node.Unsupported($"adds biases of shape {TensorShape.Text(biases.Dimensions)} to {outputs} outputs",
            "One bias for each output, or one for all, is supported.");
    }

    /// <summary>Whether a tensor has a number for each output, and some axes of size 1 behind them.</summary>
    private static bool HasAxis(OnnxTensor tensor, int outputs, int spatial) => tensor.Values.Length == outputs
        && (tensor.Dimensions.Length == 0 || (tensor.Dimensions.Length > spatial && tensor.Dimensions[^(1 + spatial)] == outputs));
}

/// <summary>The names of integers and of what they stand for.</summary>
/// <param name="Integers">The integers.</param>
/// <param name="Scale">Their scales; empty for none.</param>
/// <param name="Zero">Their zero points; empty for none.</param>
/// <param name="Axis">The axis of the scales, where there are several.</param>
internal readonly record struct CodedTensor(string Integers, string Scale, string Zero, int Axis);
