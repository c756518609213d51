using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx.Proto;

namespace Kan.Interchange.Onnx;

/// <summary>One node, its attributes and its constant inputs, read strictly: what is not understood is refused, never skipped.</summary>
internal sealed class OnnxNode
{
    private readonly NodeProto _proto;
    private readonly IReadOnlyDictionary<string, OnnxTensor> _constants;
    private readonly ModelFile _file;
    private readonly HashSet<string> _readAttributes = [];

    public OnnxNode(NodeProto proto, int index, IReadOnlyDictionary<string, OnnxTensor> constants, ModelFile file)
    {
        _proto = proto;
        _constants = constants;
        _file = file;
        Title = proto.Name.Length > 0 ? $"The node '{proto.Name}' ({Operator})" : $"Node {index} ({Operator})";
    }

    public string Title { get; }

    public string Operator => _proto.OpType;

    public int InputCount => _proto.Input.Count;

    /// <summary>Whether an input is given and a constant.</summary>
    public bool IsConstant(int input) => HasInput(input) && _constants.ContainsKey(_proto.Input[input]);

    /// <summary>Whether an optional input is given.</summary>
    public bool HasInput(int input) => input < _proto.Input.Count && _proto.Input[input].Length > 0;

    /// <exception cref="ModelFileException">The input is missing or computed.</exception>
    public OnnxTensor Constant(int input, string role)
    {
        if (!HasInput(input)) throw Malformed($"has no {role}");
        return _constants.TryGetValue(_proto.Input[input], out var tensor)
            ? tensor
            : throw Unsupported($"takes its {role} from a computed value", "Only constants are supported there: fold constants when exporting (onnxsim does).");
    }

    /// <summary>Requires that the computed value is the first input.</summary>
    public void RequireDataFirst(string role)
    {
        if (!HasInput(0)) throw Malformed("has no input");
        if (IsConstant(0)) throw Unsupported($"has a constant as its first input and the data as its {role}", "Exchange them, so that rows are samples.");
    }

    public float Float(string name, float silent)
    {
        var attribute = Attribute(name, AttributeProto.Types.AttributeType.Float);
        if (attribute is null) return silent;
        return float.IsFinite(attribute.F) ? attribute.F : throw Malformed($"has {name} = {attribute.F}, which is not finite");
    }

    public long Integer(string name, long silent) => Attribute(name, AttributeProto.Types.AttributeType.Int)?.I ?? silent;

    public TensorProto? Tensor(string name) => Attribute(name, AttributeProto.Types.AttributeType.Tensor)?.T;

    public AttributeProto? Attribute(string name, AttributeProto.Types.AttributeType type)
    {
        _readAttributes.Add(name);
        var attribute = _proto.Attribute.FirstOrDefault(attribute => attribute.Name == name);
        if (attribute is null) return null;
        if (attribute.RefAttrName.Length > 0)
            throw Unsupported($"takes its attribute '{name}' from a function's attribute", "Inline the functions of the model before exporting.");

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
                throw Unsupported($"has the attribute '{attribute.Name}', which is not supported", "Export the model in a recent opset (13 or later) for inference.");
        }
    }

    public ModelFileException Unsupported(string what, string remedy) => _file.Unsupported($"{Title} {what}. {remedy}");

    public ModelFileException Malformed(string what) => _file.Malformed($"{Title} {what}. The file is damaged or was not written for inference; export it again.");
}
