using System;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;
using Kan.Fuzzing.Cases;
using Kan.Interchange.Onnx.Proto;
using Kan.Interchange.Tests.Support;

namespace Kan.Fuzzing.Onnx;

/// <summary>What a step of a network over images does.</summary>
internal enum ImageStepKind
{
    Convolution,
    Transposed,
    Maximum,
    Average,
    Normalization,
    Activation,
    Residual,
    Branches,
    Resize,
    Pad,
    Global,
}

/// <summary>A step of a network over images; what a kind has no use for does not matter.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Filters">Channels of the result.</param>
/// <param name="Kernel">Rows and columns of a kernel.</param>
/// <param name="Stride">Rows and columns from one window to the next; the factor of a resize.</param>
/// <param name="Dilation">Rows and columns from one tap to the next.</param>
/// <param name="Before">Padding above and left.</param>
/// <param name="After">Padding below and right.</param>
/// <param name="Groups">Parts of the channels.</param>
/// <param name="Choice">Chooses an operator, or a mode.</param>
internal sealed record ImageStep(ImageStepKind Kind, int Filters, int Kernel, int Stride, int Dilation, int Before, int After, int Groups,
    int Choice);

/// <summary>A small network over images, as a list of steps that an ONNX graph is written from.</summary>
internal sealed class ImageModel
{
    private const int MostMatrix = 2048, MostSteps = 7;

    private static readonly string[] s_activations = ["Relu", "LeakyRelu", "Clip", "Tanh", "Sigmoid", "Softplus", "Silu"];

    private int _channels;
    private int _height;
    private int _width;
    private int _names;
    private string _current = "x";

    /// <summary>The steps.</summary>
    public List<ImageStep> Steps { get; init; } = [];

    /// <summary>Channels, rows and columns of the input.</summary>
    public (int Channels, int Height, int Width) Input { get; set; } = (2, 10, 10);

    /// <summary>What weights are made from.</summary>
    public int Weights { get; set; } = 1;

    /// <summary>Another step, mostly one that fits.</summary>
    public static ImageStep Some(FuzzRandom random) => new(random.Pick(Enum.GetValues<ImageStepKind>()), random.Next(1, 18),
        random.Next(1, 5), random.OneIn(3) ? 2 : 1, random.OneIn(5) ? 2 : 1, random.Next(3), random.Next(3), random.OneIn(3) ? 2 : 1,
        random.Next(64));

    /// <summary>Changes a part.</summary>
    public void Mutate(FuzzRandom random)
    {
        int at = random.Next(Steps.Count + 1);
        switch (random.Next(8))
        {
            case 0:
                Input = (random.Next(1, 6), random.Next(1, 13), random.Next(1, 13));
                break;
            case 1:
                Weights = random.Next(1000);
                break;
            case 2 when Steps.Count > 1 && at < Steps.Count:
                Steps.RemoveAt(at);
                break;
            case 3 or 4 when Steps.Count < MostSteps:
                Steps.Insert(at, Some(random));
                break;
            default:
                if (at == Steps.Count) at--;
                var (step, other) = (Steps[at], Some(random));
                Steps[at] = random.Next(7) switch
                {
                    0 => step with { Filters = other.Filters },
                    1 => step with { Kernel = other.Kernel },
                    2 => step with { Stride = random.Next(1, 4) },
                    3 => step with { Dilation = random.Next(1, 4) },
                    4 => step with { Before = other.Before, After = other.After },
                    5 => step with { Groups = random.Next(1, 5) },
                    _ => step with { Choice = other.Choice },
                };
                break;
        }
    }

    /// <summary>The graph.</summary>
    public ModelProto ToProto()
    {
        (_channels, _height, _width) = Input;
        _current = "x";
        _names = 0;
        var model = new OnnxBuilder([1, _channels, _height, _width]);
        model.Graph.Input[0].Type.TensorType.Shape.Dim[0] = new TensorShapeProto.Types.Dimension { DimParam = "N" };
        foreach (var step in Steps) Add(model, step);
        int numbers = _channels * _height * _width;
        if (numbers is > 0 and <= MostMatrix)
            model.Node("Flatten", [_current]).Floats("matrix", [numbers, 3], Numbers(numbers * 3, numbers)).Node("MatMul", ["*", "matrix"]);
        return ModelProto.Parser.ParseFrom(model.ToBytes());
    }

    private void Add(OnnxBuilder model, ImageStep step)
    {
        switch (step.Kind)
        {
            case ImageStepKind.Convolution:
                // One by channel now and then.
                _current = step.Choice % 4 == 0
                    ? Convolution(model, _current, step with { Filters = _channels, Groups = _channels }, isSame: false)
                    : Convolution(model, _current, step, isSame: false);
                Moved(step);
                _channels = step.Choice % 4 == 0 ? _channels : step.Filters;
                break;
            case ImageStepKind.Transposed:
                Transposed(model, step);
                break;
            case ImageStepKind.Maximum or ImageStepKind.Average:
                model.Node(step.Kind == ImageStepKind.Maximum ? "MaxPool" : "AveragePool", [_current], [Name()],
                    step.Kind == ImageStepKind.Maximum
                        ? [("kernel_shape", Pair(step.Kernel)), ("strides", Pair(step.Stride)), ("pads", Pads(step))]
                        : [("kernel_shape", Pair(step.Kernel)), ("strides", Pair(step.Stride)), ("pads", Pads(step)),
                            ("count_include_pad", step.Choice % 2)]);
                _current = model.Current;
                Moved(step with { Dilation = 1 });
                break;
            case ImageStepKind.Normalization:
                string name = Name();
                model.Floats(name + "g", [_channels], Numbers(_channels, 1)).Floats(name + "b", [_channels], Numbers(_channels, 1))
                    .Floats(name + "m", [_channels], Numbers(_channels, 1))
                    .Floats(name + "v", [_channels], [.. Enumerable.Range(0, _channels).Select(static i => 0.25f + (i % 5))])
                    .Node("BatchNormalization", [_current, name + "g", name + "b", name + "m", name + "v"], [name]);
                _current = name;
                break;
            case ImageStepKind.Activation:
                _current = Activated(model, _current, step.Choice);
                break;
            case ImageStepKind.Residual:
                string inner = Activated(model, Convolution(model, _current, step, isSame: true), step.Choice);
                int before = _channels;
                _channels = step.Filters;
                inner = Convolution(model, inner, step with { Filters = before, Groups = 1 }, isSame: true);
                _channels = before;
                model.Node("Add", [_current, inner], [Name()]);
                _current = Activated(model, model.Current, step.Choice / 8);
                break;
            case ImageStepKind.Branches:
                string left = Activated(model, Convolution(model, _current, step with { Groups = 1 }, isSame: true), step.Choice),
                    right = Activated(model, Convolution(model, _current, step with { Groups = 1, Kernel = 1 }, isSame: true), step.Choice);
                model.Node("Concat", [left, right], [Name()], ("axis", 1));
                _current = model.Current;
                _channels = 2 * step.Filters;
                break;
            case ImageStepKind.Resize:
                string scales = Name();
                model.Floats(scales, [4], 1, 1, step.Stride, 1 + (step.Choice % 2))
                    .Node("Resize", [_current, "", scales], [Name()], ("mode", "nearest"), ("nearest_mode", "floor"),
                        ("coordinate_transformation_mode", "asymmetric"));
                _current = model.Current;
                (_height, _width) = (_height * step.Stride, _width * (1 + (step.Choice % 2)));
                break;
            case ImageStepKind.Pad:
                string pads = Name();
                model.Integers(pads, 0, 0, step.Before, step.After, 0, 0, step.After, step.Before)
                    .Node("Pad", [_current, pads], [Name()], ("mode", (string[])["constant", "edge", "reflect"] is var modes
                        ? modes[step.Choice % 3] : ""));
                _current = model.Current;
                (_height, _width) = (_height + step.Before + step.After, _width + step.Before + step.After);
                break;
            default:
                model.Node(step.Choice % 2 == 0 ? "GlobalAveragePool" : "GlobalMaxPool", [_current], [Name()]);
                _current = model.Current;
                (_height, _width) = (1, 1);
                break;
        }
    }

    /// <param name="model">What it is added to.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="step">Its numbers.</param>
    /// <param name="isSame">Whether padding keeps the size.</param>
    private string Convolution(OnnxBuilder model, string input, ImageStep step, bool isSame)
    {
        string name = Name();
        int inner = Math.Max(1, _channels / step.Groups), weights = step.Filters * inner * step.Kernel * step.Kernel;
        int extent = step.Dilation * (step.Kernel - 1);
        if (isSame) step = step with { Stride = 1, Before = extent / 2, After = extent - (extent / 2) };
        model.Floats(name + "k", [step.Filters, inner, step.Kernel, step.Kernel], Numbers(weights, inner * step.Kernel * step.Kernel))
            .Floats(name + "b", [step.Filters], Numbers(step.Filters, 1))
            .Node("Conv", step.Choice % 3 == 0 ? [input, name + "k"] : [input, name + "k", name + "b"], [name],
                ("strides", Pair(step.Stride)), ("dilations", Pair(step.Dilation)), ("pads", Pads(step)), ("group", step.Groups));
        return name;
    }

    private void Transposed(OnnxBuilder model, ImageStep step)
    {
        string name = Name();
        int weights = _channels * step.Filters * step.Kernel * step.Kernel;
        model.Floats(name + "k", [_channels, step.Filters, step.Kernel, step.Kernel], Numbers(weights, _channels))
            .Node("ConvTranspose", [_current, name + "k"], [name], ("strides", Pair(step.Stride)), ("pads", Pads(step)));
        _current = name;
        int added = step.Kernel - step.Before - step.After;
        (_channels, _height, _width) = (step.Filters, ((_height - 1) * step.Stride) + added, ((_width - 1) * step.Stride) + added);
    }

    private string Activated(OnnxBuilder model, string input, int choice)
    {
        string kind = s_activations[choice % s_activations.Length], name = Name();
        if (kind == "Silu") model.Node("Sigmoid", [input], [name + "s"]).Node("Mul", [input, name + "s"], [name]);
        else if (kind == "Clip")
            model.Floats(name + "l", [], -1).Floats(name + "h", [], 0.75f).Node("Clip", [input, name + "l", name + "h"], [name]);
        else if (kind == "LeakyRelu") model.Node(kind, [input], [name], ("alpha", 0.25f));
        else model.Node(kind, [input], [name]);
        return name;
    }

    /// <summary>The size behind a window.</summary>
    private void Moved(ImageStep step)
    {
        int extent = (step.Dilation * (step.Kernel - 1)) + 1;
        _height = Math.Max(0, _height + step.Before + step.After - extent) / step.Stride + 1;
        _width = Math.Max(0, _width + step.Before + step.After - extent) / step.Stride + 1;
    }

    /// <summary>Numbers of both signs, some of them 0, such that sums of as many terms stay small.</summary>
    private float[] Numbers(int count, int terms)
    {
        int salt = Weights + (31 * ++_names);
        float scale = 1f / (8 * (1 + (int)Math.Sqrt(terms)));
        return [.. Enumerable.Range(0, count).Select(i => (((((i + salt) * 37) + (i / 23 * salt)) % 23) - 11) * scale)];
    }

    private string Name() => "t" + ++_names;

    private static int[] Pair(int size) => OnnxBuilder.Ints(size, size);

    private static int[] Pads(ImageStep step) => OnnxBuilder.Ints(step.Before, step.Before, step.After, step.After);
}
