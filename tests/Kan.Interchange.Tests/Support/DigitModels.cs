using System.Linq;

namespace Kan.Interchange.Tests.Support;

/// <summary>Convolutional networks for handwritten digits, as ONNX graphs over any number of images.</summary>
internal static class DigitModels
{
    /// <summary>
    /// The shape of a well-known network: two convolutions of 5 x 5 with maxima behind them, then a matrix. At 28 x 28 it is that of the
    /// ONNX model zoo.
    /// </summary>
    /// <param name="size">Rows and columns of an image.</param>
    /// <param name="activation">The operator between layers.</param>
    public static OnnxBuilder Plain(int size, string activation = "Relu")
    {
        int second = size / 2, third = second / 3;
        var model = new OnnxBuilder([-1, 1, size, size]).Floats("k", [8, 1, 5, 5], Some(200))
            .Node("Conv", ["x", "k"], ("auto_pad", "SAME_UPPER"))
            .Floats("b", [8, 1, 1], Some(8)).Node("Add", ["*", "b"], ["s1"]);
        return model.Activated("s1", "a1", activation)
            .Node("MaxPool", ["*"], ("kernel_shape", OnnxBuilder.Ints(2, 2)), ("strides", OnnxBuilder.Ints(2, 2)))
            .Floats("l", [16, 8, 5, 5], Some(3200)).Node("Conv", ["*", "l"], ("auto_pad", "SAME_UPPER")).Floats("c", [16, 1, 1], Some(16))
            .Node("Add", ["*", "c"], ["s2"])
            .Activated("s2", "a2", activation)
            .Node("MaxPool", ["*"], ("kernel_shape", OnnxBuilder.Ints(3, 3)), ("strides", OnnxBuilder.Ints(3, 3)))
            .Integers("s", -1, third * third * 16).Node("Reshape", ["*", "s"])
            .Floats("w", [third * third * 16, 10], Some(third * third * 160)).Node("MatMul", ["*", "w"]).Floats("d", [1, 10], Some(10))
            .Node("Add", ["*", "d"]);
    }

    /// <summary>
    /// For images of 8 x 8: a stem, a block of the same size, one of half the size with a convolution on the way past it, an average and a
    /// matrix; behind each convolution a normalization.
    /// </summary>
    /// <param name="activation">The operator between layers.</param>
    /// <param name="scale">A factor of all weights: certificates of curves grow with what layers multiply by.</param>
    public static OnnxBuilder Residual(string activation = "Relu", float scale = 1)
    {
        var model = new OnnxBuilder([-1, 1, 8, 8]);
        Normalized(model, "x", "stem", 16, 1, 3, stride: 1, scale: scale);
        model.Activated("stem", "a", activation);
        Normalized(model, "a", "b1", 16, 16, 3, stride: 1, scale: scale);
        model.Activated("b1", "b2", activation);
        Normalized(model, "b2", "b3", 16, 16, 3, stride: 1, scale: scale);
        model.Node("Add", ["b3", "a"], ["b4"]).Activated("b4", "b", activation);
        Normalized(model, "b", "c1", 24, 16, 3, stride: 2, scale: scale);
        model.Activated("c1", "c2", activation);
        Normalized(model, "c2", "c3", 24, 24, 3, stride: 1, scale: scale);
        Normalized(model, "b", "past", 24, 16, 1, stride: 2, scale: scale);
        return model.Node("Add", ["c3", "past"], ["c4"]).Activated("c4", "c", activation)
            .Node("GlobalAveragePool", ["c"]).Node("Flatten", ["*"])
            .Floats("w", [24, 10], Some(240)).Floats("d", [10], Some(10)).Node("Gemm", ["*", "w", "d"]);
    }

    /// <summary>An activation; Silu, which is no operator, as graphs write it.</summary>
    /// <param name="model">What it is added to.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="name">The name of the result.</param>
    /// <param name="activation">The operator; Gelu and Silu are written as graphs write them.</param>
    public static OnnxBuilder Activated(this OnnxBuilder model, string input, string name, string activation) => activation switch
    {
        "Silu" => model.Node("Sigmoid", [input], [name + "s"]).Node("Mul", [input, name + "s"], [name]),
        "Gelu" => model.Floats(name + "r", [1], 1.41421354f).Floats(name + "o", [1], 1).Floats(name + "h", [1], 0.5f)
            .Node("Div", [input, name + "r"]).Node("Erf", ["*"]).Node("Add", ["*", name + "o"], [name + "e"])
            .Node("Mul", [input, name + "e"]).Node("Mul", ["*", name + "h"], [name]),
        _ => model.Node(activation, [input], [name]),
    };

    /// <summary>A convolution and the normalization behind it.</summary>
    /// <param name="model">What it is added to.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="name">The name of the result.</param>
    /// <param name="filters">Channels of the result.</param>
    /// <param name="channels">Channels of the input.</param>
    /// <param name="kernel">Rows and columns of the kernel, which is padded to keep the size.</param>
    /// <param name="stride">Places from one window to the next.</param>
    /// <param name="groups">Parts of the channels that do not see each other.</param>
    /// <param name="scale">A factor of the weights.</param>
    public static void Normalized(OnnxBuilder model, string input, string name, int filters, int channels, int kernel, int stride,
        int groups = 1, float scale = 1)
    {
        int pad = kernel / 2, weights = filters * channels / groups * kernel * kernel;
        model.Floats(name + "k", [filters, channels / groups, kernel, kernel], [.. Some(weights).Select(weight => scale * weight)])
            .Floats(name + "g", [filters], [.. Enumerable.Range(0, filters).Select(static i => 0.5f + (i % 3))])
            .Floats(name + "b", [filters], Some(filters)).Floats(name + "m", [filters], Some(filters))
            .Floats(name + "v", [filters], [.. Enumerable.Range(0, filters).Select(static i => 0.25f + (i % 5))])
            .Node("Conv", [input, name + "k"], [name + "c"], ("pads", OnnxBuilder.Ints(pad, pad, pad, pad)),
                ("strides", OnnxBuilder.Ints(stride, stride)), ("group", groups))
            .Node("BatchNormalization", [name + "c", name + "g", name + "b", name + "m", name + "v"], [name]);
    }

    /// <summary>Numbers of both signs, some of them 0.</summary>
    /// <param name="count">How many.</param>
    public static float[] Some(int count) => [.. Enumerable.Range(0, count).Select(static i => ((i * 37 % 23) - 11) / 32f)];
}
