using Google.Protobuf;
using Kan.Interchange.Onnx.Proto;

namespace Kan.Interchange;

/// <summary>The parts that written ONNX files are made of.</summary>
internal static class OnnxParts
{
    /// <summary>Types of elements.</summary>
    public const int Float32 = 1, UInt8 = 2, Int8 = 3, UInt16 = 4, Int32 = 6, Int64 = 7, Float64 = 11;

    /// <summary>What names of the values between begin with, so that users' names cannot meet them.</summary>
    public const string Prefix = "kan.";

    private const int IrVersion = 8, Opset = 13, WideIrVersion = 10, WideOpset = 21;

    /// <summary>The bytes of a file with a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="hasWideCodes">Whether it has codes of 16 bits, which a newer set of operators knows.</param>
    public static byte[] File(GraphProto graph, bool hasWideCodes = false)
    {
        var model = new ModelProto
        {
            IrVersion = hasWideCodes ? WideIrVersion : IrVersion,
            ProducerName = "Kan.Generators",
            Graph = graph,
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = hasWideCodes ? WideOpset : Opset });
        return model.ToByteArray();
    }

    /// <summary>An input or output of a graph: a matrix [batch, width] with an open batch dimension.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="width">Numbers of a sample.</param>
    /// <param name="type">The type of its elements.</param>
    public static ValueInfoProto Value(string name, int width, int type)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = type, Shape = new TensorShapeProto() };
        tensor.Shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "batch" });
        tensor.Shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = width });
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    /// <summary>A tensor of numbers.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">The type of its elements.</param>
    /// <param name="bytes">The elements, in little-endian order; the tensor keeps the array.</param>
    /// <param name="shape">The dimensions; none for a scalar.</param>
    public static TensorProto Tensor(string name, int type, byte[] bytes, params long[] shape)
    {
        var tensor = new TensorProto { Name = name, DataType = type, RawData = UnsafeByteOperations.UnsafeWrap(bytes) };
        tensor.Dims.AddRange(shape);
        return tensor;
    }

    /// <summary>A node of one output.</summary>
    /// <param name="operation">What it computes.</param>
    /// <param name="name">Its name.</param>
    /// <param name="inputs">The names of its inputs.</param>
    /// <param name="output">The name of its output.</param>
    public static NodeProto Node(string operation, string name, string[] inputs, string output)
    {
        var node = new NodeProto { OpType = operation, Name = name };
        node.Input.Add(inputs);
        node.Output.Add(output);
        return node;
    }

    /// <summary>An affine map y = W x + b of each sample, W being [outputs, inputs].</summary>
    /// <param name="name">The name of the node.</param>
    /// <param name="input">The name of x.</param>
    /// <param name="weights">The name of W.</param>
    /// <param name="biases">The name of b.</param>
    /// <param name="output">The name of y.</param>
    public static NodeProto Gemm(string name, string input, string weights, string biases, string output)
    {
        var node = Node("Gemm", name, [input, weights, biases], output);
        node.Attribute.Add(Integer("transB", 1));
        return node;
    }

    /// <summary>An attribute that is a whole number.</summary>
    public static AttributeProto Integer(string name, long value) =>
        new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };
}
