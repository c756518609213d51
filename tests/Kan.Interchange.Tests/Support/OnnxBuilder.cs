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

    /// <param name="shape">The sizes of 'x'; -1 is any number of samples.</param>
    public OnnxBuilder(params long[] shape)
    {
        var type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1, Shape = new TensorShapeProto() } };
        type.TensorType.Shape.Dim.AddRange(shape.Select(static size => size < 0
            ? new TensorShapeProto.Types.Dimension { DimParam = "N" }
            : new TensorShapeProto.Types.Dimension { DimValue = size }));
        _graph.Input.Add(new ValueInfoProto { Name = "x", Type = type });
    }

    public GraphProto Graph => _graph;

    /// <summary>A list for an attribute.</summary>
    public static int[] Ints(params int[] values) => values;

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

    /// <summary>A constant of another type: 2 for uint8, 3 for int8, 6 for int32.</summary>
    public OnnxBuilder Codes(string name, int type, long[] dimensions, params int[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = type };
        tensor.Dims.AddRange(dimensions);
        tensor.Int32Data.AddRange(values);
        _graph.Initializer.Add(tensor);
        return this;
    }

    /// <summary>The value that the last node gives, or the input.</summary>
    public string Current => _current;

    /// <summary>Puts the last node into an operator set of its own.</summary>
    public OnnxBuilder In(string domain)
    {
        _graph.Node[^1].Domain = domain;
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
                string s =>
                    new AttributeProto { Name = name, S = ByteString.CopyFromUtf8(s), Type = AttributeProto.Types.AttributeType.String },
                int[] list =>
                    new AttributeProto
                    {
                        Name = name,
                        Ints = { list.Select(static item => (long)item) },
                        Type = AttributeProto.Types.AttributeType.Ints
                    },
                float[] list => new AttributeProto { Name = name, Floats = { list }, Type = AttributeProto.Types.AttributeType.Floats },
                TensorProto tensor => new AttributeProto { Name = name, T = tensor, Type = AttributeProto.Types.AttributeType.Tensor },
                _ => throw new ArgumentException(name),
            });
        }

        _graph.Node.Add(node);
        return this;
    }

    /// <summary>The same with names for the results.</summary>
    public OnnxBuilder Node(string type, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        Node(type, inputs, attributes);
        var node = _graph.Node[^1];
        node.Output.Clear();
        node.Output.AddRange(outputs);
        _current = outputs[0];
        return this;
    }

    /// <summary>Another input.</summary>
    public OnnxBuilder Input(string name, params long[] shape)
    {
        _graph.Input.Add(new OnnxBuilder(shape)._graph.Input[0]);
        _graph.Input[^1].Name = name;
        return this;
    }

    public OnnxBuilder Output(string name)
    {
        _graph.Output.Add(new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1 } }
        });
        return this;
    }

    public byte[] ToBytes(int opset = 13)
    {
        if (_graph.Output.Count == 0) Output(_current);
        _graph.Name = "g";
        return new ModelProto
        {
            IrVersion = 8,
            Graph = _graph,
            OpsetImport = { new OperatorSetIdProto { Version = opset },
            new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 } }
        }.ToByteArray();
    }

    public KanDocument Import() => Import(ImportOptions.None).Document;

    public ImportResult Import(ImportOptions options)
    {
        using var scratch = new Scratch();
        return ModelImporter.Import(scratch.Write("m.onnx", ToBytes()), options);
    }
}
