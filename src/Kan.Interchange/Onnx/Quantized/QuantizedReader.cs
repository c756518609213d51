using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Onnx.Proto;

namespace Kan.Interchange.Onnx.Quantized;

/// <summary>
/// Reads a graph that computes in integers as what it is: node by node from the input to the output, with what is known of the value on the
/// way. What a runtime's integer kernels would not compute in the same integers is refused.
/// </summary>
internal sealed partial class QuantizedReader
{
    /// <summary>The operators that are read in integer networks only.</summary>
    public static readonly string[] Names =
    [
        "ConvInteger", "MatMulInteger", "QGemm", "QLinearAveragePool", "QLinearConv", "QLinearGlobalAveragePool", "QLinearMatMul",
        "QuantizeLinear",
    ];

    private readonly ModelFile _file;
    private readonly ImportOptions _options;
    private readonly OnnxGraph _graph;
    private readonly QuantizedChain _chain;
    private readonly WeightReader _weights;
    private readonly SampleShapes _shapes;
    private readonly List<string> _notes = [];
    private readonly LayerSequence _layers;

    private OnnxNode? _head;
    private NetworkHead _kind;

    private QuantizedReader(ModelFile file, ImportOptions options, OnnxGraph graph, QuantizedChain chain, ValueLayout? layout)
    {
        (_file, _options, _graph, _chain) = (file, options, graph, chain);
        var constants = new FoldedConstants(graph, file);
        _weights = new WeightReader(graph, constants, file);
        _shapes = new SampleShapes(graph, constants);
        _layers = new LayerSequence(file, layout);
    }

    /// <summary>The integer network of a graph.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">What it does not contain.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="chain">Its chain.</param>
    /// <param name="input">The input.</param>
    /// <param name="output">The output.</param>
    /// <exception cref="ModelFileException">It is not a chain of dense layers.</exception>
    public static ImportedModel Read(ModelFile file, ImportOptions options, OnnxGraph graph, QuantizedChain chain, string input,
        string output)
    {
        var nodes = chain.Between(input, output, file);
        var type = graph.Inputs.First(given => given.Name == input).Type?.TensorType?.ElemType ?? OnnxTensor.Float32;
        if (type != OnnxTensor.Float32) throw file.Unsupported($"The input '{input}' of the integer network is of type "
            + $"{OnnxTensor.TypeName(type)}, where float32 is expected. Keep the QuantizeLinear of the input in the model.");
        var reader = new QuantizedReader(file, options, graph, chain, LayoutOf(graph, input, file));
        foreach (int index in nodes)
        {
            var node = new OnnxNode(graph.Nodes[index], OnnxNode.TitleOf(graph.Nodes[index], index), [], file);
            file.WorkingOn = node.Title;
            reader.Take(node, graph.Nodes[index]);
        }

        var (layers, codes) = reader._layers.End(output);
        if (options.Head == ModelHead.Keep && reader._head is null)
            reader._notes.Add("The model does not end in a Softmax, LogSoftmax, Sigmoid or ArgMax, so that there is no head to keep.");
        return new ImportedModel(layers)
        {
            Codes = codes,
            Head = options.Head == ModelHead.Keep ? reader._kind : NetworkHead.None,
            Notes = [.. reader._notes,
                "The file is an integer network: its codes and weights of 8 bits are kept, and compiled as they are (Precision = Int8)."],
        };
    }

    /// <summary>How the values of a sample are arranged; null if the file leaves their number to the first layer.</summary>
    private static ValueLayout? LayoutOf(OnnxGraph graph, string input, ModelFile file)
    {
        var sizes = graph.Inputs.First(given => given.Name == input).Type?.TensorType?.Shape?.Dim;
        if (sizes is not { Count: > 0 } || (sizes.Count == 2 && sizes[1].DimValue == 0)) return null;
        var shape = OnnxInputShape.Read(graph, input, file);
        int[] own = shape.Shape[(shape.BatchAxis < 0 ? 0 : 1)..];
        return new ValueLayout(own.Length == 0 ? [1] : own, null);
    }

    private void Take(OnnxNode node, NodeProto proto)
    {
        if (_head is not null && _options.Head == ModelHead.Drop && (proto.OpType is "QuantizeLinear" or "DequantizeLinear")) return;
        if (_head is { } head && !SampleShapes.Arranges(proto.OpType))
            throw node.Unsupported($"takes the result of {char.ToLowerInvariant(head.Title[0]) + head.Title[1..]}, which is therefore "
                + $"not the last operation", "Select the values before it (Outputs), or export the model without what follows.");
        if (node.Domain is not ("" or "com.microsoft")
            || (node.Domain.Length > 0 && proto.OpType
                is not ("QGemm" or "QLinearMatMul" or "QuantizeLinear" or "DequantizeLinear" or "QLinearAveragePool"
                or "QLinearGlobalAveragePool"))) throw Refuse(node);
        if (proto.OpType is not "MatMul" && proto.OpType is not "Add" && !_chain.Depends(proto.Input[0]))
            throw node.Unsupported($"takes '{proto.Input[0]}', a constant, as its first operand", QuantizedWords.Remedy);
        switch (proto.OpType)
        {
            case var arranges when SampleShapes.Arranges(arranges):
                _layers.Arrange(node, layout => _shapes.Behind(node, proto, layout));
                break;
            case "QuantizeLinear":
                _layers.Code(node, RangeOf(node, proto, out int coded), coded);
                break;
            case "DequantizeLinear":
                _layers.Decode(node, RangeOf(node, proto, out int decoded), decoded);
                break;
            case "Relu":
                _layers.Bound(node, 0, float.PositiveInfinity);
                break;
            case "Clip" when _layers.HasCodes:
                _layers.Limit(node, Limit(node, proto, "min", 1, float.NegativeInfinity),
                    Limit(node, proto, "max", 2, float.PositiveInfinity));
                break;
            case "Cast" when _layers.HasCodes:
                _layers.Cast(node, (int)node.Integer("to", 0));
                break;
            case "Clip":
                _layers.Bound(node, Limit(node, proto, "min", 1, float.NegativeInfinity),
                    Limit(node, proto, "max", 2, float.PositiveInfinity));
                break;
            case "Gemm":
                Gemm(node, proto);
                break;
            case "MatMul":
                if (!_chain.Depends(proto.Input[0]))
                    throw node.Unsupported("multiplies weights with codes, in this order", QuantizedWords.Remedy);
                _layers.Multiply(node, _weights.Weights(node, Input(proto, 1), outputsFirst: false));
                break;
            case "Add" when _layers.IsSum:
                int spatial = _layers.Image(node).Sizes.Length - 1;
                _layers.AddIntegers(node, layer =>
                    _weights.AddIntegers(node, Input(proto, _chain.Depends(proto.Input[0]) ? 1 : 0), layer, spatial));
                break;
            case "Add":
                _layers.Add(node, (layer, before) =>
                    _weights.AddBiases(node, Input(proto, _chain.Depends(proto.Input[0]) ? 1 : 0), layer, before));
                break;
            case "QGemm" or "QLinearMatMul":
                MultiplyCodes(node, proto);
                break;
            case "MatMulInteger":
                _layers.Require(node, _weights, proto, scale: -1, zero: 2);
                _layers.Sum(node, _weights.Weights(node, node.Title, new CodedTensor(Input(proto, 1), "", Input(proto, 3), 0),
                    outputsFirst: false) with
                { Rounding = SumRounding.Multiplied });
                break;
            case "ConvInteger":
                ConvolveIntegers(node, proto);
                break;
            case "Conv":
                Convolve(node, _weights.Kernels(node, Input(proto, 1), _layers.Image(node)), Input(proto, 2));
                break;
            case "QLinearConv":
                ConvolveCodes(node, proto);
                break;
            case "MaxPool":
                Maximum(node, proto);
                break;
            case "AveragePool" or "GlobalAveragePool":
                var (average, sizes) = Average(node, node.Operator == "GlobalAveragePool");
                _layers.Multiply(node, average, sizes);
                break;
            case "QLinearAveragePool" or "QLinearGlobalAveragePool":
                AverageCodes(node, proto);
                break;
            case "Cast" when _layers.IsSum:
                if (node.Integer("to", 0) is not OnnxTensor.Float32 and var to)
                    throw node.Unsupported($"turns sums into type {OnnxTensor.TypeName((int)to)}",
                        "Integer networks are read where sums become float32.");
                break;
            case "Mul" when _layers.IsSum:
                _layers.Scale(node, _weights.Units(node, Input(proto, 1), _layers.Image(node).Sizes.Length - 1));
                break;
            case "Softmax" or "LogSoftmax" or "Sigmoid" or "ArgMax":
                Head(node, proto.OpType);
                break;
            default:
                throw Refuse(node);
        }

        // What says nothing about the value of a chain, or was looked at above.
        node.Ignore("axis", "saturate", "block_size", "output_dtype", "precision", "allowzero", "keepdims", "select_last_index", "beta",
            "shape", "axes", "min", "max", "storage_order", "perm");
        node.RequireAllAttributesRead();
    }

    private static ModelFileException Refuse(OnnxNode node) =>
        node.Unsupported(QuantizedWords.Reason(node.Operator), QuantizedWords.RemedyOf(node.Operator));

    private void Gemm(OnnxNode node, NodeProto proto)
    {
        string biases = Input(proto, 2);
        if (node.Float("alpha", 1) != 1 || (biases.Length > 0 && node.Float("beta", 1) != 1))
            throw node.Unsupported($"has alpha = {node.Float("alpha", 1)} and beta = {node.Float("beta", 1)}",
                "Both must be 1 where an integer network is read.");
        if (node.Integer("transA", 0) != 0) throw node.Mixes("reads samples along the second axis").ToModelFileException();
        _layers.Multiply(node, _weights.Weights(node, Input(proto, 1), outputsFirst: node.Integer("transB", 0) != 0));
        if (biases.Length > 0) _layers.Add(node, (layer, before) => _weights.AddBiases(node, biases, layer, before));
    }

    /// <summary>A product of codes in one node, with its own scales.</summary>
    private void MultiplyCodes(OnnxNode node, NodeProto proto)
    {
        bool isGemm = proto.OpType == "QGemm";
        if (isGemm && (node.Float("alpha", 1) != 1 || node.Integer("transA", 0) != 0))
            throw node.Unsupported($"has alpha = {node.Float("alpha", 1)} and transA = {node.Integer("transA", 0)}",
                "1 and 0 are supported.");
        bool outputsFirst = isGemm && node.Integer("transB", 0) != 0;
        _layers.Require(node, _weights, proto, scale: 1, zero: 2);
        _layers.Sum(node, _weights.Weights(node, node.Title,
            new CodedTensor(Input(proto, 3), Input(proto, 4), Input(proto, 5), outputsFirst ? 0 : 1), outputsFirst));
        string biases = isGemm ? Input(proto, 6) : "", scale = Input(proto, isGemm ? 7 : 6), zero = Input(proto, isGemm ? 8 : 7);
        if (biases.Length > 0) _layers.Add(node, (layer, _) => _weights.AddIntegers(node, biases, layer));
        if (scale.Length > 0) _layers.Code(node, RangeOf(node, scale, zero, OnnxTensor.UInt8, out int type), type);
    }

    private void Head(OnnxNode node, string type)
    {
        if (_options.Head == ModelHead.Refuse)
            throw node.Unsupported("has an operator that is not piecewise linear", "At the end of a classifier, keep it as a separate "
                + "step (Head = keep), drop it (Head = drop, which keeps the order of the outputs) or export the values before it.");
        if (_options.Head == ModelHead.Keep && node.Integer("select_last_index", 0) != 0)
            throw _file.Unsupported($"{node.Title} cannot be kept: it picks the last of several equal values, where Decide picks the "
                + $"first. Drop it (Head = drop): the outputs are then the values before it.");
        if (_options.Head == ModelHead.Keep && type != "Sigmoid" && node.Integer("axis", type == "ArgMax" ? 0 : -1) is not (1 or -1))
            throw _file.Unsupported($"{node.Title} cannot be kept: it compares values along axis {node.Integer("axis", 0)}. Drop it "
                + $"(Head = drop): the outputs are then the values before it.");
        if (_options.Head == ModelHead.Drop) _notes.Add($"{node.Title} was left out: the outputs are the values before it.");
        _head = node;
        _kind = type switch
        {
            "Softmax" => NetworkHead.Softmax,
            "LogSoftmax" => NetworkHead.LogSoftmax,
            "Sigmoid" => NetworkHead.Sigmoid,
            _ => NetworkHead.ArgMax
        };
    }

    private float Limit(OnnxNode node, NodeProto proto, string attribute, int input, float silent) =>
        Input(proto, input) is { Length: > 0 } name ? (float)_weights.Constant(node, name, attribute).Values.FirstOrDefault(silent)
            : node.Attribute(attribute, AttributeProto.Types.AttributeType.Float)?.F ?? silent;

    private CodeRange RangeOf(OnnxNode node, NodeProto proto, out int type) =>
        RangeOf(node, Input(proto, 1), Input(proto, 2), (int)node.Integer("output_dtype", OnnxTensor.UInt8), out type);

    /// <summary>What codes stand for, as codes of 0 to 255.</summary>
    private CodeRange RangeOf(OnnxNode node, string scale, string zero, int silentType, out int type)
    {
        var scales = _weights.Scales(node, scale);
        var zeros = zero.Length == 0 ? null : _weights.Constant(node, zero, "zero point");
        type = zeros?.Type ?? silentType;
        if (type is not (OnnxTensor.UInt8 or OnnxTensor.Int8))
            throw node.Unsupported($"has codes of type {OnnxTensor.TypeName(type)}", "Codes of uint8 and int8 are supported.");
        if (scales.Length != 1 || zeros is { Values.Length: not 1 }) throw node.Unsupported($"has {scales.Length} scales of values that "
            + $"depend on the input",
            "One scale and one zero point for all values of a layer are supported: quantize activations per tensor.");
        return new CodeRange(scales[0], (int)(zeros?.Values[0] ?? 0) + (type == OnnxTensor.Int8 ? 128 : 0));
    }

    private static string Input(NodeProto proto, int input) => input < proto.Input.Count ? proto.Input[input] : "";
}
