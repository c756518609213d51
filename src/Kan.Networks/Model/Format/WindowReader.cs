using System.Collections.Immutable;
using System.Threading;

namespace Kan.Networks;

/// <summary>Reads layers over images.</summary>
internal static class WindowReader
{
    public const string Convolution = "convolution", Maximum = "maximum", ChannelsFirst = "channels-first", ChannelsLast = "channels-last";

    public static WindowDescription Read(string text, JsonValue value, string kind, CancellationToken cancellation)
    {
        const string Filters = "filters", Groups = "groups", Weights = "weights", Bias = "bias";
        string[] shared = ["kind", "channels", "size", "kernel", "strides", "padding", "dilations", "order"];
        bool isConvolution = kind == Convolution;
        var fields = new JsonFields(text, value, isConvolution ? "a convolution" : "a maximum",
            isConvolution ? [.. shared, Filters, Groups, Weights, Bias] : shared);
        var geometry = ReadGeometry(fields);
        if (!isConvolution)
        {
            // What does not fit together is an error of the whole layer.
            var maximum = new MaximumDescription(geometry);
            return maximum.Problem() is { } wrong ? throw fields.Fail(wrong, fields.Get("kernel")) : maximum;
        }

        int filters = LayerReader.ReadWidth(fields, Filters),
            groups = fields.Find(Groups) is null ? 1 : LayerReader.ReadWidth(fields, Groups);
        if (geometry.Problem(filters) is { } problem) throw fields.Fail(problem, fields.Get("kernel"));
        if (geometry.Channels % groups != 0 || filters % groups != 0)
            throw fields.Fail($"{groups} groups do not divide {geometry.Channels} channels and {filters} filters.", fields.Get(Groups));
        int inner = geometry.Channels / groups;
        long count = (long)filters * inner * geometry.KernelHeight * geometry.KernelWidth;
        var weights = LayerReader.ReadCounted(text, fields, Weights, count,
            $"{filters} filters x {inner} channels x {geometry.KernelHeight} x {geometry.KernelWidth} taps", cancellation);
        ImmutableArray<Rational> biases = fields.Find(Bias) is null
            ? []
            : LayerReader.ReadCounted(text, fields, Bias, filters, $"{filters} filters", cancellation);
        return new ConvolutionDescription(geometry, filters, groups, weights, biases);
    }

    private static WindowGeometry ReadGeometry(JsonFields fields)
    {
        int[] size = ReadIntegers(fields, "size", 2, 1, 1), kernel = ReadIntegers(fields, "kernel", 2, 1, 1),
            strides = ReadIntegers(fields, "strides", 2, 1, 1);
        int[] padding = ReadIntegers(fields, "padding", 4, 0, 0), dilations = ReadIntegers(fields, "dilations", 2, 1, 1);
        string? order = fields.FindString("order");
        if (order is not (null or ChannelsFirst or ChannelsLast))
            throw fields.Fail($"Found {JsonText.Describe(fields.Get("order"))} where \"{ChannelsLast}\" or \"{ChannelsFirst}\" was "
                + $"expected.", fields.Get("order"));
        return new WindowGeometry
        {
            Channels = LayerReader.ReadWidth(fields, "channels"),
            Height = size[0],
            Width = size[1],
            KernelHeight = kernel[0],
            KernelWidth = kernel[1],
            StrideY = strides[0],
            StrideX = strides[1],
            PadTop = padding[0],
            PadLeft = padding[1],
            PadBottom = padding[2],
            PadRight = padding[3],
            DilationY = dilations[0],
            DilationX = dilations[1],
            ChannelsFirst = order == ChannelsFirst,
        };
    }

    /// <summary>Integers of a field; the size of an image and of a kernel must be there, others have a default.</summary>
    private static int[] ReadIntegers(JsonFields fields, string name, int count, int least, int silent)
    {
        int[] numbers = new int[count];
        if (fields.Find(name) is null && name is not ("size" or "kernel"))
        {
            for (int i = 0; i < count; i++) numbers[i] = silent;
            return numbers;
        }

        var items = fields.ItemsOf(fields.Get(name)).Items;
        if (items.Count != count)
            throw fields.Fail($"Found {items.Count} numbers in \"{name}\" where {count} were expected.", fields.Get(name));
        for (int i = 0; i < count; i++) numbers[i] = fields.ToInteger(items[i], least, LayerDescription.MaximumWidth);
        return numbers;
    }
}
