using System;
using System.Buffers.Binary;
using System.Linq;
using Kan.Interchange.Onnx.Proto;
using static Kan.Interchange.OnnxParts;

namespace Kan.Interchange;

/// <summary>
/// Writes integer networks as ONNX graphs of <c>QuantizeLinear</c>, <c>DequantizeLinear</c>, <c>Gemm</c>, <c>Conv</c> and <c>MaxPool</c>,
/// which runtimes fuse into integer kernels.
/// </summary>
/// <remarks>
/// Input and output are float matrices [batch, n] and [batch, m] with an open batch dimension; the input is [batch, channels, height,
/// width] where the first layer is over an image. Codes are <c>uint8</c>, weights <c>int8</c> with a scale for each output, biases <c>int32</c>. A
/// ReLU is the zero point 0: codes are saturated there; other lowest codes are a <c>Clip</c> of codes. If each input has its own scale, it
/// is divided by that first. A last convolution whose outputs are sums is <c>ConvInteger</c>. Codes of 16 bits are <c>uint16</c> of
/// operator set 21, for which runtimes have no integer kernels: they compute numbers nearby.
/// </remarks>
public static class QuantizedOnnxExporter
{
    private const string Input = "input", Output = "output";

    /// <summary>The bytes of the file.</summary>
    /// <param name="form">The network.</param>
    /// <param name="graphName">The name of the graph.</param>
    /// <exception cref="NotSupportedException">
    /// A scale has no float that gives the unit of a sum, or a layer has functions instead of weights.
    /// </exception>
    public static byte[] Export(IntegerForm form, string graphName = "kan")
    {
        ArgumentNullException.ThrowIfNull(form);
        if (form.Layers.Any(static layer => layer.HasCurves))
        {
            throw new NotSupportedException("The edges of the network are functions, and QuantizeLinear and DequantizeLinear are for "
                + "weights. Write a .kan.json file, which keeps the ranges for Precision.Int8, or C.");
        }

        var graph = new GraphProto { Name = graphName };
        var image = new QuantizedImageNodes(graph, form, Input);
        graph.Output.Add(Value(Output, form.OutputCount, Float32));
        string current = AddInputs(graph, form, out float scale);
        for (int l = 0; l < form.Layers.Length; l++)
        {
            var layer = form.Layers[l];
            bool isLast = l == form.Layers.Length - 1;
            string name = $"{Prefix}{l}", sums = isLast ? Output : name + ".sums";
            int lowest = layer.Lowest;
            if (layer.IsIdentity)
            {
                // The numbers of codes are the outputs, or get other codes.
                if (isLast) break;
                sums = current;
            }
            else if (layer.Window is { IsMaximum: true })
            {
                current = sums = image.AddMaximum(layer, l, current);
                if (isLast) break;

                // Codes are handed on, and none of them is below the lowest.
                lowest = 0;
            }
            else if (layer.Window is not null)
            {
                if (isLast)
                {
                    current = image.AddLast(layer, l, current);
                    break;
                }

                AddWeights(graph, layer, l, name, scale);
                sums = image.AddConvolution(layer, l, current);
            }
            else
            {
                AddWeights(graph, layer, l, name, scale);
                graph.Node.Add(Gemm(name, image.Row(current), name + ".weights", name + ".biases", sums));
                current = sums;
                if (isLast) break;
            }

            scale = layer.Codes.Scale;
            graph.Initializer.Add(Floats(name + ".scale", [scale]));
            graph.Initializer.Add(Codes(name + ".zero", [layer.Codes.Zero], form.IsWide, isScalar: true));
            if (layer.IsIdentity || (lowest > 0 && layer.IsRelu))
            {
                // Codes reach below 0: what a ReLU cuts off has codes before it.
                if (!layer.IsIdentity) sums = AddCodes(graph, sums, name + ".linear", name, name + ".linear.values", axis: null);
                if (!layer.IsRelu) throw new NotSupportedException(
                    $"The codes behind layer {l} become others with the lowest code {lowest}, which is not that of 0.");
                graph.Node.Add(Node("Relu", name + ".relu", [sums], name + ".relu"));
                sums = name + ".relu";
                lowest = 0;
            }

            current = AddCodes(graph, sums, name, name, name + ".values", axis: null, lowest);
        }

        current = image.Row(current);
        if (current != Output) Rename(graph, current);
        return File(graph, form.IsWide);
    }

    /// <summary>Makes a value the output.</summary>
    private static void Rename(GraphProto graph, string value)
    {
        foreach (var node in graph.Node)
        {
            for (int i = 0; i < node.Output.Count; i++)
            {
                if (node.Output[i] == value) node.Output[i] = Output;
            }
        }
    }

    /// <summary>The inputs as codes; their scale, or 1 where each was divided by its own.</summary>
    private static string AddInputs(GraphProto graph, IntegerForm form, out float scale)
    {
        const string Name = Prefix + Input;
        if (form.Inputs.Length == 1)
        {
            scale = form.Inputs[0].Scale;
            graph.Initializer.Add(Floats(Name + ".scale", [scale]));
            graph.Initializer.Add(Codes(Name + ".zero", [form.Inputs[0].Zero], form.IsWide, isScalar: true));
            return AddCodes(graph, Input, Name, Name, Name + ".values", axis: null, form.LowestInput);
        }

        var scales = Floats(Name + ".scales", [.. form.Inputs.Select(static input => input.Scale)]);
        graph.Initializer.Add(scales);
        graph.Node.Add(Node("Div", Name + ".divided", [Input, scales.Name], Name + ".divided"));
        scale = 1;
        bool isShared = form.Inputs.Select(static input => input.Zero).Distinct().Count() == 1;
        graph.Initializer.Add(isShared
            ? [Floats(Name + ".scale", [1]), Codes(Name + ".zero", [form.Inputs[0].Zero], form.IsWide, isScalar: true)]
            : [Floats(Name + ".scale", [.. form.Inputs.Select(static _ => 1f)], isScalar: false),
                Codes(Name + ".zero", [.. form.Inputs.Select(static input => input.Zero)], form.IsWide, isScalar: false)]);
        return AddCodes(graph, Name + ".divided", Name, Name, Name + ".values", isShared ? null : 1);
    }

    /// <summary>
    /// Adds the nodes that turn numbers into codes and back; the scale and the zero point are initializers named after an owner.
    /// </summary>
    private static string AddCodes(GraphProto graph, string from, string name, string owner, string values, int? axis, int lowest = 0)
    {
        string codes = name + ".codes";
        Add("QuantizeLinear", from, codes);
        if (lowest > 0)
        {
            graph.Initializer.Add(Codes(name + ".lowest", [lowest], isWide: false, isScalar: true));
            graph.Node.Add(Node("Clip", name + ".limited", [codes, name + ".lowest"], name + ".limited"));
            codes = name + ".limited";
        }

        Add("DequantizeLinear", codes, values);
        return values;

        void Add(string operation, string input, string output)
        {
            var node = Node(operation, output, [input, owner + ".scale", owner + ".zero"], output);
            if (axis is { } of) node.Attribute.Add(Integer("axis", of));
            graph.Node.Add(node);
        }
    }

    private static void AddWeights(GraphProto graph, IntegerLayerForm layer, int l, string name, float scale)
    {
        int m = layer.Biases.Length, n = layer.Weights.Length / m;
        byte[] weights = new byte[n * m], biases = new byte[m * sizeof(int)];
        for (int q = 0; q < m; q++)
        {
            for (int p = 0; p < n; p++)
                weights[(q * n) + p] = unchecked((byte)(layer.Window is null ? layer.Weight(p, q) : layer.Weights[(q * n) + p]));
            BinaryPrimitives.WriteInt32LittleEndian(biases.AsSpan(q * sizeof(int)), layer.Biases[q]);
        }

        graph.Initializer.Add(Tensor(name + ".weightCodes", Int8, weights,
            layer.Window is null ? [m, n] : QuantizedImageNodes.KernelShape(layer.Window)));
        graph.Initializer.Add(Tensor(name + ".biasCodes", OnnxParts.Int32, biases, m));
        graph.Initializer.Add(Floats(name + ".weightScales", [.. layer.Units.Select((unit, q) => Scale(unit, scale, l, q))],
            isScalar: false));
        graph.Initializer.Add(Floats(name + ".biasScales", [.. layer.Units], isScalar: false));
        graph.Initializer.Add(Tensor(name + ".weightZeros", Int8, new byte[m], m));
        var dequantized = Node("DequantizeLinear", name + ".weights",
            [name + ".weightCodes", name + ".weightScales", name + ".weightZeros"], name + ".weights");
        dequantized.Attribute.Add(Integer("axis", 0));
        graph.Node.Add(dequantized);
        var bias = Node("DequantizeLinear", name + ".biases", [name + ".biasCodes", name + ".biasScales"], name + ".biases");
        bias.Attribute.Add(Integer("axis", 0));
        graph.Node.Add(bias);
    }

    /// <summary>The float that gives the unit when it is multiplied with the scale of the inputs: runtimes multiply so.</summary>
    private static float Scale(float unit, float scale, int l, int q)
    {
        float near = unit / scale;
        foreach (float candidate in (ReadOnlySpan<float>)[near, MathF.BitIncrement(near), MathF.BitDecrement(near)])
        {
            if (candidate * scale == unit) return candidate;
        }

        throw new NotSupportedException(
            $"No scale of the weights of output {q} of layer {l} gives the unit {unit:R} with the scale {scale:R} of its inputs.");
    }

    private static TensorProto Floats(string name, float[] values, bool? isScalar = null)
    {
        byte[] bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        return isScalar ?? values.Length == 1 ? Tensor(name, Float32, bytes) : Tensor(name, Float32, bytes, values.Length);
    }

    private static TensorProto Codes(string name, int[] codes, bool isWide, bool isScalar)
    {
        int size = isWide ? sizeof(ushort) : sizeof(byte);
        byte[] bytes = new byte[codes.Length * size];
        for (int i = 0; i < codes.Length; i++)
        {
            if (isWide) BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(i * size), (ushort)codes[i]);
            else bytes[i] = (byte)codes[i];
        }

        int type = isWide ? OnnxParts.UInt16 : UInt8;
        return isScalar ? Tensor(name, type, bytes) : Tensor(name, type, bytes, codes.Length);
    }
}
