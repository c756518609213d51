using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx;
using Kan.Interchange.Onnx.Proto;

namespace Kan.Interchange.Onnx.Graph;

/// <summary>One node, its attributes and its inputs, read strictly: what is not understood is refused, never skipped.</summary>
internal sealed class OnnxNode
{
    private readonly NodeProto _proto;
    private readonly ModelFile _file;
    private readonly OnnxValue?[] _inputs;
    private readonly HashSet<string> _readAttributes = [];

    /// <param name="proto">What the file says.</param>
    /// <param name="title">How messages name the node.</param>
    /// <param name="inputs">The value of each input; null for one that is left out.</param>
    /// <param name="file">For complaints.</param>
    public OnnxNode(NodeProto proto, string title, OnnxValue?[] inputs, ModelFile file)
    {
        _proto = proto;
        _file = file;
        _inputs = inputs;
        Title = title;
    }

    public static string TitleOf(NodeProto proto, int index) =>
        proto.Name.Length > 0 ? $"The node '{proto.Name}' ({proto.OpType})" : $"Node {index} ({proto.OpType})";

    public string Title { get; }

    public string Operator => _proto.OpType;

    /// <summary>The operator set it belongs to; empty for that of ONNX.</summary>
    public string Domain => _proto.Domain == "ai.onnx" ? string.Empty : _proto.Domain;

    /// <summary>The name of the first result.</summary>
    public string Result => _proto.Output[0].Length > 0 ? _proto.Output[0] : _proto.Output.First(static output => output.Length > 0);

    public int OutputCount => _proto.Output.Count;

    public int InputCount => _inputs.Length;

    public ModelFile File => _file;

    /// <summary>The inputs that are given.</summary>
    public IEnumerable<OnnxValue> Inputs => _inputs.OfType<OnnxValue>();

    /// <summary>Whether an optional input is given.</summary>
    public bool HasInput(int input) => input < _inputs.Length && _inputs[input] is not null;

    /// <exception cref="ModelFileException">The input is missing.</exception>
    public OnnxValue Input(int input, string role = "input") => HasInput(input) ? _inputs[input]! : throw Malformed($"has no {role}");

    /// <summary>A constant input.</summary>
    /// <exception cref="ModelFileException">The input is missing or depends on the model's inputs.</exception>
    public OnnxValue Constant(int input, string role)
    {
        var value = Input(input, role);
        return value.IsConstant
            ? value
            : throw Unsupported($"takes its {role} from '{value.Name}', which depends on the model's inputs",
                "Only constants are supported there.");
    }

    /// <summary>A constant input of whole numbers: shapes, axes, indices.</summary>
    public int[] Integers(int input, string role)
    {
        var value = Constant(input, role);
        if (value.IsFloat) throw Malformed($"has a {role} that is not of an integer type");
        return [.. Enumerable.Range(0, value.Count).Select(i => ToInt32(value.Raw(i)))];
    }

    /// <summary>An attribute of whole numbers (older operator sets), or else an input; null if neither is given.</summary>
    public int[]? IntegersFromAttributeOrInput(string name, int input) =>
        Integers(name) ?? (HasInput(input) ? Integers(input, name) : null);

    public float Float(string name, float silent)
    {
        var attribute = Attribute(name, AttributeProto.Types.AttributeType.Float);
        if (attribute is null) return silent;
        return float.IsFinite(attribute.F) ? attribute.F : throw Malformed($"has {name} = {attribute.F}, which is not finite");
    }

    public long Integer(string name, long silent) => Attribute(name, AttributeProto.Types.AttributeType.Int)?.I ?? silent;

    public int[]? Integers(string name) =>
        Attribute(name, AttributeProto.Types.AttributeType.Ints)?.Ints.Select(static value =>
            (int)Math.Clamp(value, int.MinValue, int.MaxValue)).ToArray();

    public string Text(string name, string silent) =>
        Attribute(name, AttributeProto.Types.AttributeType.String)?.S.ToStringUtf8() ?? silent;

    public TensorProto? Tensor(string name) => Attribute(name, AttributeProto.Types.AttributeType.Tensor)?.T;

    public AttributeProto? Attribute(string name, AttributeProto.Types.AttributeType type)
    {
        _readAttributes.Add(name);
        var attribute = _proto.Attribute.FirstOrDefault(attribute => attribute.Name == name);
        if (attribute is null) return null;
        if (attribute.RefAttrName.Length > 0)
            throw Unsupported($"takes its attribute '{name}' from a function's attribute",
                "Inline the functions of the model before exporting.");

        // Writers of the first IR version left the type out.
        if (attribute.Type != type && attribute.Type != AttributeProto.Types.AttributeType.Undefined)
            throw Malformed($"has an attribute '{name}' of type {attribute.Type}, where {type} is expected");
        return attribute;
    }

    /// <summary>Attributes that say nothing about the result.</summary>
    public void Ignore(params string[] names) => _readAttributes.UnionWith(names);

    /// <summary>Refuses attributes that nothing has read: they could change the meaning.</summary>
    public void RequireAllAttributesRead()
    {
        foreach (var attribute in _proto.Attribute)
        {
            if (!_readAttributes.Contains(attribute.Name))
                throw Unsupported($"has the attribute '{attribute.Name}', which is not supported",
                    "Export the model in a recent opset (13 or later) for inference.");
        }
    }

    /// <summary>The number of an axis from 0, where the file may count from the end.</summary>
    public int Axis(long axis, int rank) => axis >= -rank && axis < rank
        ? (int)(axis < 0 ? axis + rank : axis)
        : throw Malformed($"has the axis {axis}, but a value of {rank} axes");

    /// <summary>The complaint about a node whose result for one sample depends on other samples.</summary>
    public SamplesMixException Mixes(string what) =>
        new(_file.Path, $"{Title} {what}, which mixes the samples of a batch. Keep the samples apart, along the first axis; or fix the "
            + $"batch size to 1 when exporting.");

    public ModelFileException Unsupported(string what, string remedy) => _file.Unsupported($"{Title} {what}. {remedy}");

    public ModelFileException Malformed(string what) =>
        _file.Malformed($"{Title} {what}. The file is damaged or was not written for inference; export it again.");

    private static int ToInt32(double value) => (int)Math.Clamp(value, int.MinValue, int.MaxValue);
}
