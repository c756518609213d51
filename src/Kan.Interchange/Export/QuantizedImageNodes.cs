using System;
using System.Buffers.Binary;
using System.Linq;
using Kan.Interchange.Onnx.Proto;
using static Kan.Interchange.OnnxParts;

namespace Kan.Interchange;

/// <summary>
/// Layers over images of a written integer network. Nodes have the channels of a place together, where ONNX has channels first: values are
/// transposed between layers over images and others, which runtimes look through.
/// </summary>
internal sealed class QuantizedImageNodes
{
    private readonly GraphProto _graph;

    /// <summary>Channels, rows and columns of the value; null for a row of nodes.</summary>
    private (int Channels, int Height, int Width)? _shape;

    private int _values;

    /// <summary>Declares the input: an image where the first layer is over one.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="form">The network.</param>
    /// <param name="input">The name of the input.</param>
    public QuantizedImageNodes(GraphProto graph, IntegerForm form, string input)
    {
        _graph = graph;
        graph.Input.Add(Value(input, form.InputCount, Float32));
        if (form.Layers[0].Window?.Geometry is not { } geometry || !IsPlain(geometry)) return;
        var dimensions = graph.Input[0].Type.TensorType.Shape.Dim;
        dimensions.RemoveAt(1);
        _shape = (geometry.Channels, geometry.Height, geometry.Width);
        foreach (int size in (int[])[geometry.Channels, geometry.Height, geometry.Width])
            dimensions.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
    }

    /// <summary>The shape of the weights of a convolution.</summary>
    public static long[] KernelShape(IntegerWindow window) =>
        [window.Filters, window.GroupChannels, window.Geometry.KernelHeight, window.Geometry.KernelWidth];

    /// <summary>The value as a row of nodes.</summary>
    /// <param name="value">The name of the value.</param>
    public string Row(string value)
    {
        if (_shape is not var (channels, height, width)) return value;
        _shape = null;
        if (channels > 1 && height * width > 1) value = Add("Transpose", [value], Attribute("perm", 0, 2, 3, 1));
        return Reshaped(value, 0, channels * height * width);
    }

    /// <summary>Adds a maximum.</summary>
    public string AddMaximum(IntegerLayerForm layer, int l, string value)
    {
        var geometry = layer.Window!.Geometry;
        value = Image(geometry, value);
        var node = Window("MaxPool", $"{Prefix}{l}", [value], geometry, layer.Window.Filters);
        node.Attribute.Add(Attribute("kernel_shape", geometry.KernelHeight, geometry.KernelWidth));
        return node.Output[0];
    }

    /// <summary>Adds a convolution whose sums get codes.</summary>
    public string AddConvolution(IntegerLayerForm layer, int l, string value)
    {
        string name = $"{Prefix}{l}";
        return Convolution("Conv", name, layer.Window!, Image(layer.Window!.Geometry, value), name + ".weights", name + ".biases");
    }

    /// <summary>Adds a convolution whose sums are outputs: integers, which become numbers and are multiplied with their units.</summary>
    public string AddLast(IntegerLayerForm layer, int l, string value)
    {
        string name = $"{Prefix}{l}";
        var numbers = _graph.Node.Single(node => node.Output.Contains(value));
        _graph.Node.Remove(numbers);
        value = Image(layer.Window!.Geometry, numbers.Input[0]);
        int filters = layer.Window.Filters;
        byte[] weights = [.. layer.Weights.Select(static weight => unchecked((byte)weight))], biases = new byte[filters * sizeof(int)],
            units = new byte[filters * sizeof(float)];
        for (int q = 0; q < filters; q++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(biases.AsSpan(q * sizeof(int)), layer.Biases[q]);
            BinaryPrimitives.WriteSingleLittleEndian(units.AsSpan(q * sizeof(float)), layer.Units[q]);
        }

        _graph.Initializer.Add(Tensor(name + ".weightCodes", Int8, weights, KernelShape(layer.Window)));
        _graph.Initializer.Add(Tensor(name + ".weightZero", Int8, [0]));
        _graph.Initializer.Add(Tensor(name + ".biasCodes", OnnxParts.Int32, biases, filters, 1, 1));
        _graph.Initializer.Add(Tensor(name + ".units", Float32, units, filters, 1, 1));
        string sums = Convolution("ConvInteger", name, layer.Window, value, name + ".weightCodes", numbers.Input[2], name + ".weightZero");
        return Add("Mul", [Add("Cast", [Add("Add", [sums, name + ".biasCodes"])], Integer("to", Float32)), name + ".units"]);
    }

    private static bool IsPlain(WindowGeometry geometry) =>
        geometry.ChannelsFirst || geometry.Channels == 1 || geometry.Height * geometry.Width == 1;

    /// <summary>The value as the image that a window is over.</summary>
    private string Image(WindowGeometry geometry, string value)
    {
        var shape = (geometry.Channels, geometry.Height, geometry.Width);
        if (_shape == shape) return value;
        value = Row(value);
        _shape = shape;
        if (IsPlain(geometry)) return Reshaped(value, 0, geometry.Channels, geometry.Height, geometry.Width);
        value = Reshaped(value, 0, geometry.Height, geometry.Width, geometry.Channels);
        return Add("Transpose", [value], Attribute("perm", 0, 3, 1, 2));
    }

    private string Convolution(string operation, string name, IntegerWindow window, params string[] inputs)
    {
        var node = Window(operation, name, inputs, window.Geometry, window.Filters);
        node.Attribute.Add(Integer("group", window.Groups));
        return node.Output[0];
    }

    private NodeProto Window(string operation, string name, string[] inputs, WindowGeometry geometry, int filters)
    {
        var node = Node(operation, name, inputs, name + ".sums");
        node.Attribute.Add(Attribute("strides", geometry.StrideY, geometry.StrideX));
        node.Attribute.Add(Attribute("dilations", geometry.DilationY, geometry.DilationX));
        node.Attribute.Add(Attribute("pads", geometry.PadTop, geometry.PadLeft, geometry.PadBottom, geometry.PadRight));
        _graph.Node.Add(node);
        _shape = (filters, geometry.OutputHeight, geometry.OutputWidth);
        return node;
    }

    private string Reshaped(string value, params int[] sizes)
    {
        byte[] bytes = new byte[sizes.Length * sizeof(long)];
        for (int i = 0; i < sizes.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), sizes[i]);
        string name = $"{Prefix}shape{_values}";
        _graph.Initializer.Add(Tensor(name, OnnxParts.Int64, bytes, sizes.Length));
        return Add("Reshape", [value, name]);
    }

    private string Add(string operation, string[] inputs, params AttributeProto[] attributes)
    {
        string name = $"{Prefix}arranged{_values++}";
        var node = Node(operation, name, inputs, name);
        node.Attribute.Add(attributes);
        _graph.Node.Add(node);
        return name;
    }

    private static AttributeProto Attribute(string name, params int[] values) => new()
    {
        Name = name,
        Ints = { values.Select(static value => (long)value) },
        Type = AttributeProto.Types.AttributeType.Ints,
    };
}
