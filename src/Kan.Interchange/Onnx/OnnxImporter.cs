using System;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;
using Kan.Interchange.Onnx.Proto;

namespace Kan.Interchange.Onnx;

/// <summary>Reads an ONNX graph that is a chain of piecewise-linear operators.</summary>
internal static class OnnxImporter
{
    private static readonly Dictionary<string, Action<OnnxNode, OnnxChain>> s_operators = new()
    {
        ["Gemm"] = OnnxLinearOperators.Gemm,
        ["MatMul"] = OnnxLinearOperators.MatMul,
        ["Add"] = OnnxLinearOperators.Add,
        ["Sub"] = OnnxLinearOperators.Sub,
        ["Mul"] = OnnxLinearOperators.Mul,
        ["Div"] = OnnxLinearOperators.Div,
        ["Neg"] = OnnxLinearOperators.Neg,
        ["BatchNormalization"] = OnnxLinearOperators.BatchNormalization,
        ["Relu"] = OnnxActivationOperators.Relu,
        ["Abs"] = OnnxActivationOperators.Abs,
        ["LeakyRelu"] = OnnxActivationOperators.LeakyRelu,
        ["PRelu"] = OnnxActivationOperators.PRelu,
        ["HardSigmoid"] = OnnxActivationOperators.HardSigmoid,
        ["Clip"] = OnnxActivationOperators.Clip,
        ["Max"] = OnnxActivationOperators.Extremum,
        ["Min"] = OnnxActivationOperators.Extremum,
        ["Identity"] = OnnxShapeOperators.Identity,
        ["Dropout"] = OnnxShapeOperators.Dropout,
        ["Flatten"] = OnnxShapeOperators.Flatten,
        ["Reshape"] = OnnxShapeOperators.Reshape,
    };

    private static readonly HashSet<string> s_curved =
        ["Sigmoid", "Tanh", "Softmax", "LogSoftmax", "Softplus", "Softsign", "Elu", "Selu", "Celu", "Gelu", "Exp", "Log", "Sqrt", "Pow", "Erf", "HardSwish", "Mish", "LayerNormalization", "Sin", "Cos"];

    /// <exception cref="ModelFileException">The file is damaged, or not such a chain.</exception>
    public static IReadOnlyList<LayerDescription> Import(ModelFile file)
    {
        var graph = Parse(file);
        var constants = ReadInitializers(graph, file);
        var inputs = graph.Input.Where(input => !constants.ContainsKey(input.Name)).ToList();
        if (inputs.Count != 1) throw file.Unsupported($"The graph has {inputs.Count} inputs ({Names(inputs)}); exactly one is supported. Concatenate them before exporting.");
        if (graph.Output.Count != 1) throw file.Unsupported($"The graph has {graph.Output.Count} outputs ({Names(graph.Output)}); exactly one is supported. Export the one that is needed.");

        var chain = new OnnxChain { File = file };
        ReadShape(inputs[0], chain);
        string current = inputs[0].Name;
        var passed = new HashSet<string>();
        for (int i = 0; i < graph.Node.Count; i++)
        {
            var proto = graph.Node[i];
            var node = new OnnxNode(proto, i, constants, file);
            string result = proto.Output.Count > 0 && proto.Output[0].Length > 0 ? proto.Output[0] : throw node.Malformed("has no output");
            if (result == current || passed.Contains(result) || constants.ContainsKey(result)) throw node.Malformed($"writes '{result}', which exists already");
            if (proto.Domain is not ("" or "ai.onnx")) throw node.Unsupported($"is of the operator set '{proto.Domain}'", "Only standard operators are supported.");

            if (ConstantOf(node, proto, constants, file) is { } constant)
            {
                constants.Add(result, constant);
                continue;
            }

            var convert = Operator(node);
            RequireChain(node, proto, current, passed, constants);
            convert(node, chain);
            node.RequireAllAttributesRead();
            passed.Add(current);
            passed.UnionWith(proto.Output.Skip(1));
            current = result;
        }

        if (current != graph.Output[0].Name)
            throw file.Unsupported($"The graph's output '{graph.Output[0].Name}' is not the result of its last node ('{current}'). Only chains are supported: remove what comes after the output.");
        return chain.Layers.Count > 0 ? chain.Layers : throw file.Unsupported("The graph computes nothing: its output is its input.");
    }

    private static GraphProto Parse(ModelFile file)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(file.Bytes);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw file.Malformed("The file is not an ONNX model, or is damaged or cut short. Export or copy it again.", exception);
        }

        if (model.Graph is null || model.Graph.Node.Count == 0) throw file.Malformed("The file holds no ONNX graph with nodes. Export the model again.");
        if (model.Graph.SparseInitializer.Count > 0) throw file.Unsupported("The graph has sparse initializers. Export the model with dense ones.");
        return model.Graph;
    }

    private static Dictionary<string, OnnxTensor> ReadInitializers(GraphProto graph, ModelFile file)
    {
        var constants = new Dictionary<string, OnnxTensor>();
        long total = 0;
        foreach (var tensor in graph.Initializer)
        {
            var constant = OnnxTensor.Read(tensor, tensor.Name, file);
            total += constant.Values.Length;
            if (total > ModelLimits.Parameters) throw file.Unsupported($"The model has more than {ModelLimits.Parameters} numbers. Compiled networks are small: reduce or prune the model.");
            if (!constants.TryAdd(tensor.Name, constant)) throw file.Malformed($"The tensor '{tensor.Name}' appears twice. Export the model again.");
        }

        return constants;
    }

    private static void ReadShape(ValueInfoProto input, OnnxChain chain)
    {
        if (input.Type?.TensorType is not { Shape: { } shape }) return;
        var dimensions = shape.Dim.Select(static dimension => dimension.DimValue).ToList();
        chain.HasBatch = dimensions.Count > 1;
        if (chain.HasBatch) chain.Batch = dimensions[0];
        var sample = dimensions.Skip(chain.HasBatch ? 1 : 0).ToList();
        if (sample.Any(static dimension => dimension < 0)) throw chain.File.Malformed($"The input '{input.Name}' has a negative dimension. Export the model again.");
        if (sample.Contains(0)) return;
        long width = 1;
        foreach (long dimension in sample)
        {
            width = dimension > ModelLimits.Width ? ModelLimits.Width + 1L : width * dimension;
            if (width > ModelLimits.Width) throw chain.File.Unsupported($"The input '{input.Name}' has more than {ModelLimits.Width} values; no more are supported.");
        }

        chain.Sample = [.. sample.Select(static dimension => (int)dimension)];
        if (chain.Sample.Length == 0) chain.Sample = [1];
    }

    /// <summary>The constant that a node stands for, if it does.</summary>
    private static OnnxTensor? ConstantOf(OnnxNode node, NodeProto proto, Dictionary<string, OnnxTensor> constants, ModelFile file)
    {
        switch (proto.OpType)
        {
            case "Constant":
                var tensor = node.Tensor("value");
                var floats = node.Attribute("value_floats", AttributeProto.Types.AttributeType.Floats)?.Floats;
                var single = node.Attribute("value_float", AttributeProto.Types.AttributeType.Float);
                var integers = node.Attribute("value_ints", AttributeProto.Types.AttributeType.Ints)?.Ints;
                node.RequireAllAttributesRead();
                string name = proto.Output[0];
                if (tensor is not null) return OnnxTensor.Read(tensor, name, file);
                if (floats is not null) return new OnnxTensor(name, [floats.Count], [.. floats.Select(static value => (double)value)], IsFloat: true);
                if (single is not null) return new OnnxTensor(name, [], [single.F], IsFloat: true);
                if (integers is not null) return new OnnxTensor(name, [integers.Count], [.. integers.Select(static value => (double)value)], IsFloat: false);
                throw node.Malformed("has no value");
            case "Identity" when node.IsConstant(0):
                return constants[proto.Input[0]];
            default:
                return null;
        }
    }

    private static Action<OnnxNode, OnnxChain> Operator(OnnxNode node)
    {
        if (s_operators.TryGetValue(node.Operator, out var convert)) return convert;
        string remedy = s_curved.Contains(node.Operator)
            ? "It is not piecewise linear. At the end of a classifier, export the values before it; elsewhere train with ReLU, LeakyReLU, Clip or HardSigmoid in its place."
            : "Supported are " + string.Join(", ", s_operators.Keys.Append("Constant").Order(StringComparer.Ordinal)) + ".";
        throw node.Unsupported("has an operator that is not supported", remedy);
    }

    private static void RequireChain(OnnxNode node, NodeProto proto, string current, HashSet<string> passed, Dictionary<string, OnnxTensor> constants)
    {
        var computed = proto.Input.Where(input => input.Length > 0 && !constants.ContainsKey(input)).ToList();
        foreach (string input in computed)
        {
            if (passed.Contains(input)) throw node.Unsupported($"reads '{input}', which an earlier node has read already", "Only chains are supported, without branches and skip connections.");
            if (input != current) throw node.Malformed($"reads '{input}', which no node before it has written");
        }

        if (computed.Count == 0) throw node.Unsupported("computes a constant", "Fold constants when exporting (onnxsim does).");
        if (computed.Count > 1) throw node.Unsupported($"reads '{current}' more than once", "Only one input may be computed.");
    }

    private static string Names(IEnumerable<ValueInfoProto> values) => string.Join(", ", values.Take(8).Select(static value => $"'{value.Name}'"));
}
