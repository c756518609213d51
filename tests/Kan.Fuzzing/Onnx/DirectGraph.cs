using System;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;
using Kan.Interchange.Onnx.Proto;

namespace Kan.Fuzzing.Onnx;

/// <summary>
/// A graph over one image, computed node by node in double from the definitions of its operators, with no code of the product but the
/// message. What it does not know exactly, it does not judge.
/// </summary>
internal sealed class DirectGraph
{
    private const int MostValues = 1 << 16;
    private const long MostProducts = 1 << 25;

    // What each operator may say here; with anything else a graph is not judged.
    private static readonly Dictionary<string, string[]> s_attributes = new()
    {
        ["Conv"] = ["strides", "dilations", "pads", "group"],
        ["ConvTranspose"] = ["strides", "pads"],
        ["MaxPool"] = ["kernel_shape", "strides", "pads"],
        ["AveragePool"] = ["kernel_shape", "strides", "pads", "count_include_pad"],
        ["GlobalAveragePool"] = [],
        ["GlobalMaxPool"] = [],
        ["BatchNormalization"] = [],
        ["Relu"] = [],
        ["LeakyRelu"] = ["alpha"],
        ["Clip"] = [],
        ["Tanh"] = [],
        ["Sigmoid"] = [],
        ["Softplus"] = [],
        ["Mul"] = [],
        ["Add"] = [],
        ["Concat"] = ["axis"],
        ["Flatten"] = [],
        ["MatMul"] = [],
        ["Resize"] = ["mode", "nearest_mode", "coordinate_transformation_mode"],
        ["Pad"] = ["mode"],
    };

    private readonly GraphProto _graph;
    private readonly int[] _shape;
    private readonly Dictionary<string, Values> _constants = [];
    private long _products;

    private DirectGraph(GraphProto graph, int[] shape)
    {
        _graph = graph;
        _shape = shape;
    }

    /// <summary>A value of four axes, or of two behind a Flatten.</summary>
    private sealed record Values(int[] Shape, double[] Numbers)
    {
        public int Channels => Shape[1];

        public int Height => Shape[2];

        public int Width => Shape[3];
    }

    /// <summary>The graph of a file; null where it is not one of those that are known here.</summary>
    /// <param name="bytes">The file.</param>
    public static DirectGraph? TryRead(byte[] bytes)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }

        if (model.Graph is not { Input: [{ Type.TensorType.Shape.Dim: { Count: 4 } sizes }], Output.Count: 1 } graph
            || model.OpsetImport.FirstOrDefault(static set => set.Domain.Length == 0)?.Version != 13
            || graph.SparseInitializer.Count > 0) return null;
        int[] shape = [1, .. sizes.Skip(1).Select(static size => (int)Math.Clamp(size.DimValue, 0, MostValues))];
        var direct = new DirectGraph(graph, shape);
        foreach (var node in graph.Node)
        {
            if (node.Domain.Length > 0 || node.Output.Count != 1 || !s_attributes.TryGetValue(node.OpType, out string[]? known)
                || node.Attribute.Any(attribute => !known.Contains(attribute.Name))) return null;
        }

        foreach (var tensor in graph.Initializer)
        {
            if (Read(tensor) is not { } values || !direct._constants.TryAdd(tensor.Name, values)) return null;
        }

        return direct;
    }

    /// <summary>The outputs; null where something is not known.</summary>
    /// <param name="inputs">The numbers of the image.</param>
    public double[]? Evaluate(double[] inputs)
    {
        var values = new Dictionary<string, Values>(_constants);
        _products = 0;
        if (inputs.Length != Count(_shape) || !values.TryAdd(_graph.Input[0].Name, new Values(_shape, inputs))) return null;
        foreach (var node in _graph.Node)
        {
            var read = new List<Values?>();
            foreach (string name in node.Input)
            {
                if (name.Length > 0 && !values.ContainsKey(name)) return null;
                read.Add(name.Length == 0 ? null : values[name]);
            }

            if (read.Count == 0 || read[0] is not { } data || Compute(node, data, read) is not { } result
                || !values.TryAdd(node.Output[0], result)) return null;
        }

        return values.TryGetValue(_graph.Output[0].Name, out var output) ? output.Numbers : null;
    }

    private static Values? Read(TensorProto tensor)
    {
        if (tensor.DataType is not (1 or 7) || tensor.Dims.Any(static size => size is < 0 or > MostValues) || tensor.RawData.Length > 0
            || tensor.DataLocation != 0) return null;
        int[] shape = [.. tensor.Dims.Select(static size => (int)size)];
        double[] numbers = tensor.DataType == 1
            ? [.. tensor.FloatData.Select(static number => (double)number)]
            : [.. tensor.Int64Data.Select(static number => (double)number)];
        return Count(shape) == numbers.Length ? new Values(shape, numbers) : null;
    }

    private static long Count(int[] shape) => shape.Aggregate(1L, static (product, size) => product * size);

    private Values? Compute(NodeProto node, Values data, List<Values?> read)
    {
        bool isImage = data.Shape.Length == 4 && data.Shape[0] == 1;
        var second = read.Count > 1 ? read[1] : null;
        return (node.OpType, read.Count) switch
        {
            ("Conv", 2 or 3) when isImage && second is { Shape.Length: 4 } => Convolve(node, data, second, read.Count > 2 ? read[2] : null),
            ("ConvTranspose", 2) when isImage && second is { Shape.Length: 4 } => Transpose(node, data, second),
            ("MaxPool" or "AveragePool", 1) when isImage => Pool(node, data),
            ("GlobalAveragePool" or "GlobalMaxPool", 1) when isImage && data.Numbers.Length > 0 => Global(node, data),
            ("BatchNormalization", 5) when isImage && read.TrueForAll(static values => values is not null) => Normalize(data, read),
            ("Relu", 1) => Each(data, static x => Math.Max(x, 0)),
            ("LeakyRelu", 1) when Number(node, "alpha") is { } alpha => Each(data, x => x < 0 ? alpha * x : x),
            ("Clip", 3) when second is { Numbers: [var low] } && read[2] is { Numbers: [var high] } && low <= high =>
                Each(data, x => Math.Clamp(x, low, high)),
            ("Tanh", 1) => Each(data, Math.Tanh),
            ("Sigmoid", 1) => Each(data, static x => 1 / (1 + Math.Exp(-x))),
            ("Softplus", 1) => Each(data, static x => Math.Log(1 + Math.Exp(x))),
            ("Mul" or "Add", 2) when second is not null && second.Shape.SequenceEqual(data.Shape) =>
                new Values(data.Shape, [.. data.Numbers.Zip(second.Numbers, (a, b) => node.OpType == "Add" ? a + b : a * b)]),
            ("Concat", 2) when isImage && Integer(node, "axis") == 1 && second is { Shape: [1, _, var h, var w] } && h == data.Height
                && w == data.Width => new Values([1, data.Channels + second.Channels, h, w], [.. data.Numbers, .. second.Numbers]),
            ("Flatten", 1) when isImage => new Values([1, data.Numbers.Length], data.Numbers),
            ("MatMul", 2) when data.Shape is [1, var n] && second is { Shape: [var rows, var m] } && rows == n =>
                new Values([1, m], [.. Enumerable.Range(0, m)
                    .Select(q => Enumerable.Range(0, n).Sum(p => data.Numbers[p] * second.Numbers[(p * m) + q]))]),
            ("Resize", 3) when isImage && second is null && read[2] is { Numbers: [1, 1, var y, var x] } => Resize(node, data, y, x),
            ("Pad", 2) when isImage && second is { Numbers: [0, 0, _, _, 0, 0, _, _] } => Pad(node, data, second.Numbers),
            _ => null,
        };
    }

    private static Values Each(Values data, Func<double, double> function) =>
        new(data.Shape, Array.ConvertAll(data.Numbers, x => function(x)));

    private static Values Normalize(Values data, List<Values?> read)
    {
        int places = data.Height * data.Width;
        return new Values(data.Shape, [.. data.Numbers.Select((x, i) =>
        {
            int c = i / places;
            return (read[1]!.Numbers[c] * (x - read[3]!.Numbers[c]) / Math.Sqrt(read[4]!.Numbers[c] + (double)1e-5f)) + read[2]!.Numbers[c];
        })]);
    }

    private static Values Global(NodeProto node, Values data)
    {
        int places = data.Height * data.Width;
        var channels = data.Numbers.Chunk(places);
        return new Values([1, data.Channels, 1, 1], [.. node.OpType == "GlobalMaxPool"
            ? channels.Select(static own => own.Max())
            : channels.Select(static own => own.Average())]);
    }

    private Values? Convolve(NodeProto node, Values data, Values kernel, Values? bias)
    {
        long groups = node.Attribute.Any(static attribute => attribute.Name == "group") ? Integer(node, "group") : 1;
        if (groups < 1 || kernel.Shape[0] % groups != 0 || kernel.Shape[1] * groups != data.Channels
            || (bias is not null && bias.Numbers.Length != kernel.Shape[0])) return null;
        if (Windows(node, data, kernel.Height, kernel.Width) is not { } window) return null;
        int filters = kernel.Shape[0], inner = kernel.Shape[1], perGroup = filters / (int)groups;
        var result = Empty(filters, window);
        if (result is null || !Spend(result.Numbers.Length * (long)inner * kernel.Height * kernel.Width)) return null;
        for (int i = 0; i < result.Numbers.Length; i++)
        {
            var (filter, row, column) = Place(result, i);
            double sum = bias is null ? 0 : bias.Numbers[filter];
            for (int c = 0; c < inner; c++)
            {
                foreach (var (ky, kx, y, x) in window.Taps(row, column))
                    sum += At(data, (filter / perGroup * inner) + c, y, x)
                        * kernel.Numbers[(((((filter * inner) + c) * kernel.Height) + ky) * kernel.Width) + kx];
            }

            result.Numbers[i] = sum;
        }

        return result;
    }

    /// <summary>Each input is added to all places that its kernel covers.</summary>
    private Values? Transpose(NodeProto node, Values data, Values kernel)
    {
        if (kernel.Shape[0] != data.Channels || Sizes(node, "strides", 2, 1) is not { } strides
            || Sizes(node, "pads", 4, 0) is not { } pads) return null;
        int height = ((data.Height - 1) * strides[0]) + kernel.Height - pads[0] - pads[2],
            width = ((data.Width - 1) * strides[1]) + kernel.Width - pads[1] - pads[3], filters = kernel.Shape[1];
        if (height < 1 || width < 1 || (long)height * width * filters > MostValues
            || !Spend(data.Numbers.Length * (long)filters * kernel.Height * kernel.Width)) return null;
        var result = new Values([1, filters, height, width], new double[filters * height * width]);
        for (int i = 0; i < data.Numbers.Length; i++)
        {
            var (c, row, column) = Place(data, i);
            for (int k = 0; k < kernel.Shape[1] * kernel.Height * kernel.Width; k++)
            {
                int filter = k / kernel.Width / kernel.Height, y = (row * strides[0]) + (k / kernel.Width % kernel.Height) - pads[0],
                    x = (column * strides[1]) + (k % kernel.Width) - pads[1];
                if (y >= 0 && y < height && x >= 0 && x < width)
                    result.Numbers[(((filter * height) + y) * width) + x] +=
                        data.Numbers[i] * kernel.Numbers[(c * kernel.Shape[1] * kernel.Height * kernel.Width) + k];
            }
        }

        return result;
    }

    private Values? Pool(NodeProto node, Values data)
    {
        if (Sizes(node, "kernel_shape", 2, 0) is not [> 0, > 0] kernel || Windows(node, data, kernel[0], kernel[1]) is not { } window
            || Empty(data.Channels, window) is not { } result || !Spend(result.Numbers.Length * (long)kernel[0] * kernel[1])) return null;
        bool countsPadding = node.Attribute.Any(static attribute => attribute is { Name: "count_include_pad", I: not 0 });
        for (int i = 0; i < result.Numbers.Length; i++)
        {
            var (c, row, column) = Place(result, i);
            double[] under = [.. window.Taps(row, column)
                .Where(tap => tap.Y >= 0 && tap.Y < data.Height && tap.X >= 0 && tap.X < data.Width)
                .Select(tap => At(data, c, tap.Y, tap.X))];
            if (under.Length == 0) return null;
            result.Numbers[i] = node.OpType == "MaxPool"
                ? under.Max()
                : under.Sum() / (countsPadding ? kernel[0] * kernel[1] : under.Length);
        }

        return result;
    }

    private static Values? Resize(NodeProto node, Values data, double y, double x)
    {
        if (Text(node, "mode") != "nearest" || Text(node, "nearest_mode") != "floor"
            || Text(node, "coordinate_transformation_mode") != "asymmetric" || !(y is 1 or 2 or 3 && x is 1 or 2 or 3)) return null;
        int height = data.Height * (int)y, width = data.Width * (int)x;
        if ((long)data.Channels * height * width > MostValues) return null;
        return new Values([1, data.Channels, height, width], [.. Enumerable.Range(0, data.Channels * height * width)
            .Select(i => At(data, i / width / height, i / width % height / (int)y, i % width / (int)x))]);
    }

    private static Values? Pad(NodeProto node, Values data, double[] pads)
    {
        string mode = Text(node, "mode") ?? "constant";
        int[] by = Array.ConvertAll(pads, static pad => (int)Math.Clamp(pad, -1, MostValues));
        int height = data.Height + by[2] + by[6], width = data.Width + by[3] + by[7];
        if (by.Min() < 0 || (long)data.Channels * height * width > MostValues || mode is not ("constant" or "edge" or "reflect")
            || (mode == "reflect" && (Math.Max(by[2], by[6]) >= data.Height || Math.Max(by[3], by[7]) >= data.Width))) return null;
        return new Values([1, data.Channels, height, width], [.. Enumerable.Range(0, data.Channels * height * width).Select(i =>
        {
            int row = (i / width % height) - by[2], column = (i % width) - by[3];
            if (mode != "constant") (row, column) = (Within(row, data.Height, mode), Within(column, data.Width, mode));
            return At(data, i / width / height, row, column);
        })]);
    }

    private static int Within(int place, int size, string mode) => mode == "edge" ? Math.Clamp(place, 0, size - 1)
        : place < 0 ? -place : place >= size ? (2 * (size - 1)) - place : place;

    /// <summary>A number of an image; 0 on padding.</summary>
    private static double At(Values data, int channel, int row, int column) =>
        row < 0 || row >= data.Height || column < 0 || column >= data.Width
            ? 0 : data.Numbers[(((channel * data.Height) + row) * data.Width) + column];

    private static (int Channel, int Row, int Column) Place(Values values, int index) =>
        (index / values.Width / values.Height, index / values.Width % values.Height, index % values.Width);

    private static Values? Empty(int channels, Window window) =>
        (long)channels * window.Height * window.Width is var count and <= MostValues
        ? new Values([1, channels, window.Height, window.Width], new double[count])
        : null;

    private bool Spend(long products) => (_products += products) <= MostProducts;

    private static Window? Windows(NodeProto node, Values data, int height, int width)
    {
        if (Sizes(node, "strides", 2, 1) is not { } strides || Sizes(node, "dilations", 2, 1) is not { } dilations
            || Sizes(node, "pads", 4, 0) is not { } pads || strides.Min() < 1 || dilations.Min() < 1) return null;
        int roomY = data.Height + pads[0] + pads[2] - (dilations[0] * (height - 1)) - 1,
            roomX = data.Width + pads[1] + pads[3] - (dilations[1] * (width - 1)) - 1;
        return height < 1 || width < 1 || roomY < 0 || roomX < 0 ? null
            : new Window(height, width, strides, dilations, pads, (roomY / strides[0]) + 1, (roomX / strides[1]) + 1);
    }

    /// <summary>Where a kernel stands.</summary>
    private sealed record Window(int KernelHeight, int KernelWidth, int[] Strides, int[] Dilations, int[] Pads, int Height, int Width)
    {
        public IEnumerable<(int KernelY, int KernelX, int Y, int X)> Taps(int row, int column)
        {
            for (int ky = 0; ky < KernelHeight; ky++)
            {
                int y = (row * Strides[0]) + (ky * Dilations[0]) - Pads[0];
                for (int kx = 0; kx < KernelWidth; kx++)
                    yield return (ky, kx, y, (column * Strides[1]) + (kx * Dilations[1]) - Pads[1]);
            }
        }
    }

    /// <summary>Small numbers of an attribute, or as many of another where it is not there; null where they are none.</summary>
    private static int[]? Sizes(NodeProto node, string name, int count, int silent)
    {
        if (node.Attribute.FirstOrDefault(attribute => attribute.Name == name) is not { } found)
            return [.. Enumerable.Repeat(silent, count)];
        return found.Ints.Count == count && found.Ints.All(static size => size is >= 0 and < 1 << 10)
            ? [.. found.Ints.Select(static size => (int)size)]
            : null;
    }

    private static long Integer(NodeProto node, string name) => node.Attribute.First(attribute => attribute.Name == name).I;

    private static double? Number(NodeProto node, string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name)?.F;

    private static string? Text(NodeProto node, string name) =>
        node.Attribute.FirstOrDefault(attribute => attribute.Name == name)?.S.ToStringUtf8();
}
