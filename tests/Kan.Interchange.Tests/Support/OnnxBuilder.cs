using System;
using System.Linq;
using Google.Protobuf;
using Kan.Interchange.Onnx.Proto;

namespace Kan.Interchange.Tests.Support;

/// <summary>Builds a chain from 'x' on, node by node.</summary>
internal sealed class OnnxBuilder
{
    private readonly GraphProto _graph = new();
    private string _current = "x";

    public OnnxBuilder(params long[] shape)
    {
        var type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1, Shape = new TensorShapeProto() } };
        type.TensorType.Shape.Dim.AddRange(shape.Select(static size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        _graph.Input.Add(new ValueInfoProto { Name = "x", Type = type });
    }

    public GraphProto Graph => _graph;

    public OnnxBuilder Floats(string name, long[] dimensions, params float[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = 1 };
        tensor.Dims.AddRange(dimensions);
        tensor.FloatData.AddRange(values);
        _graph.Initializer.Add(tensor);
        return this;
    }

    public OnnxBuilder Integers(string name, params long[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = 7 };
        tensor.Dims.Add(values.Length);
        tensor.Int64Data.AddRange(values);
        _graph.Initializer.Add(tensor);
        return this;
    }

    /// <summary>A node whose inputs are named; <c>*</c> is the result of the node before.</summary>
    public OnnxBuilder Node(string type, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = type, Name = "n" + _graph.Node.Count };
        node.Input.AddRange(inputs.Select(input => input == "*" ? _current : input));
        _current = "v" + _graph.Node.Count;
        node.Output.Add(_current);
        foreach (var (name, value) in attributes)
        {
            node.Attribute.Add(value switch
            {
                float f => new AttributeProto { Name = name, F = f, Type = AttributeProto.Types.AttributeType.Float },
                int i => new AttributeProto { Name = name, I = i, Type = AttributeProto.Types.AttributeType.Int },
                _ => throw new ArgumentException(name),
            });
        }

        _graph.Node.Add(node);
        return this;
    }

    public byte[] ToBytes()
    {
        if (_graph.Output.Count == 0) _graph.Output.Add(new ValueInfoProto { Name = _current });
        return new ModelProto { IrVersion = 8, Graph = _graph }.ToByteArray();
    }

    public KanDocument Import()
    {
        using var scratch = new Scratch();
        return ModelImporter.Import(scratch.Write("m.onnx", ToBytes()));
    }
}
