using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text.Json;
using Kan.Interchange.Curves;
using Kan.Interchange.Tensors;

namespace Kan.Interchange.Keras;

/// <summary>The layers of a chain as those of a network, and the shape of the values behind the last.</summary>
internal sealed partial class KerasNetwork(ModelFile file, ImportOptions options, KerasWeights weights, bool isOld)
{
    private const string Supported = "Supported are Dense, Activation, ReLU, LeakyReLU, PReLU, ELU, Softmax, BatchNormalization, "
        + "Normalization, Rescaling, Flatten, Reshape, Permute, RepeatVector, Conv1D, Conv2D, DepthwiseConv2D, SeparableConv1D, "
        + "SeparableConv2D, and ZeroPadding, Cropping, UpSampling and pools of one or two axes; layers that act in training alone, such "
        + "as Dropout, are skipped";

    // keras.backend.epsilon().
    private const double Epsilon = 1e-7;

    private int[] _shape = [];

    public List<CurvedLayer> Layers { get; } = [];

    public List<string> Notes { get; } = [];

    /// <summary>The last activation, if it is kept as a separate step.</summary>
    public NetworkHead Head { get; private set; }

    private int Width => _shape.Aggregate(1, static (product, size) => product * size);

    private int Channels => _shape[^1];

    /// <summary>Adds all layers of a model.</summary>
    public void Add(KerasChain chain)
    {
        _shape = InputShape(chain);
        RequireWidth("The input of the model");
        int last = chain.Layers.Select(static (layer, i) => Changes(layer) ? i : 0).DefaultIfEmpty().Max();
        for (int i = 0; i < chain.Layers.Count; i++)
        {
            file.WorkingOn = chain.Layers[i].Title;
            Add(chain.Layers[i], isLast: i == last);
            RequireWidth(chain.Layers[i].Title);
        }

        if (Layers.Count == 0) Layers.Add(new CurvedLayer(new ActivationDescription(Width, [PiecewiseLinearFunction.Identity])));
    }

    private static bool Changes(KerasLayer layer) => layer.Kind is not ("InputLayer" or "Flatten" or "Reshape") && !IsOfTraining(layer);

    /// <summary>Whether a layer passes values on as they are, but in training.</summary>
    private static bool IsOfTraining(KerasLayer layer) => layer.Kind is "Dropout" or "SpatialDropout1D" or "SpatialDropout2D"
        or "AlphaDropout" or "GaussianNoise" or "GaussianDropout" or "ActivityRegularization" or "Identity";

    private int[] InputShape(KerasChain chain)
    {
        if (chain.Shape is { Length: > 0 } shape)
        {
            return shape.Contains(-1)
                ? throw file.Unsupported($"The shape of the input leaves a size open. Only models of samples of one size are read: build "
                    + $"the model with keras.Input(shape=...) of fixed sizes.")
                : shape;
        }

        return chain.Layers[0].Kind == "Dense" && weights.Of(chain.Layers[0]) is [{ Rank: 2 } kernel, ..] && kernel.Dimensions[0] > 0
            ? [kernel.Dimensions[0]]
            : throw file.Unsupported($"The file does not say the shape of the input. Begin the model with keras.Input(shape=...).");
    }

    private void RequireWidth(string owner)
    {
        long width = _shape.Aggregate(1L, static (product, size) => product > ModelLimits.Width ? product : product * size);
        if (width > ModelLimits.Width)
            throw file.Unsupported($"{owner} has {Text(_shape)} values; at most "
                + $"{ModelLimits.Width} are supported.");
    }

    private void Add(KerasLayer layer, bool isLast)
    {
        switch (layer.Kind)
        {
            case "InputLayer":
            case var _ when IsOfTraining(layer):
                break;
            case "Flatten":
                if (layer.Find("data_format")?.Text() == "channels_first" && _shape.Count(static size => size > 1) > 1)
                    throw ChannelsFirst(layer);
                _shape = [Width];
                break;
            case "Reshape":
                Reshape(layer);
                break;
            case "Dense":
                Dense(layer);
                Activate(layer, layer.Find("activation"), isLast);
                break;
            case "Activation":
                Activate(layer, layer.Find("activation"), isLast);
                break;
            case "ReLU":
                Bend(layer, Relu(layer));
                break;
            case "LeakyReLU":
                Bend(layer, TrainedFunctions.Leaky(layer.Number("negative_slope") ?? layer.Number("alpha") ?? Rational.FromSingle(0.3f)));
                break;
            case "PReLU":
                Slopes(layer);
                break;
            case "ELU":
                var alpha = layer.Number("alpha") ?? Rational.One;
                Bend(layer, new ActivationFunction($"elu({alpha.ToDouble()})", null, Activations.Elu(RealFunction.X, alpha.ToDouble())));
                break;
            case "Softmax":
                ActivateHead(layer, NetworkHead.Softmax, "softmax", isLast);
                break;
            case "BatchNormalization":
                Normalize(layer);
                break;
            case "Normalization":
                Standardize(layer);
                break;
            case "Rescaling":
                Rescale(layer);
                break;
            case "Conv1D" or "Conv2D" or "DepthwiseConv2D":
                Convolve(layer, layer.Kind == "Conv1D" ? 1 : 2, layer.Kind == "DepthwiseConv2D");
                Activate(layer, layer.Find("activation"), isLast);
                break;
            case "SeparableConv1D" or "SeparableConv2D":
                ConvolveApart(layer);
                Activate(layer, layer.Find("activation"), isLast);
                break;
            case "ZeroPadding1D" or "ZeroPadding2D":
                Pad(layer);
                break;
            case "Cropping1D" or "Cropping2D":
                Crop(layer);
                break;
            case "UpSampling1D" or "UpSampling2D":
                Enlarge(layer);
                break;
            case "Permute":
                Permute(layer);
                break;
            case "RepeatVector":
                Repeat(layer);
                break;
            case "MaxPooling1D" or "MaxPooling2D" or "AveragePooling1D" or "AveragePooling2D" or "GlobalMaxPooling1D"
                or "GlobalMaxPooling2D" or "GlobalAveragePooling1D" or "GlobalAveragePooling2D":
                Pool(layer);
                break;
            case "Sequential" or "Functional" or "Model":
                throw file.Unsupported($"{layer.Title} is a model inside the model. Add its layers one by one, or export the model to "
                    + $"ONNX.");
            case "LSTM" or "GRU" or "SimpleRNN" or "Bidirectional" or "RNN":
                throw file.Unsupported($"{layer.Title} is recurrent: its output depends on the steps before. {Supported}.");
            case "LayerNormalization" or "GroupNormalization" or "UnitNormalization" or "RMSNormalization":
                throw file.Unsupported($"{layer.Title} divides by a value computed from each sample, which is not piecewise linear. Train "
                    + $"with BatchNormalization instead. {Supported}.");
            case "ThresholdedReLU":
                throw file.Unsupported($"{layer.Title} jumps at its threshold, and networks are continuous. {Supported}.");
            default:
                throw file.Unsupported($"{layer.Title} is of a class that is not supported. {Supported}.");
        }
    }

    private void Reshape(KerasLayer layer)
    {
        var items = layer.Find("target_shape") is { } place ? KerasLayer.Items(place) : throw file.Malformed($"{layer.Title} has no "
            + $"target_shape. The file is damaged.");
        int[] shape = [.. items.Select(static item => item.Value.ValueKind == JsonValueKind.Number && item.Value.TryGetInt32(out int size)
            && size == -1 ? -1 : KerasLayer.Size(item))];
        long known = shape.Where(static size => size > 0).Aggregate(1L, static (product, size) =>
            product > ModelLimits.Width ? product : product * size);
        int open = shape.Count(static size => size < 0);
        if (open > 1 || (open == 0 ? known != Width : Width % known != 0))
            throw file.Malformed($"{layer.Title} makes {Text(shape)} of {Width} values. The file is damaged.");
        _shape = [.. shape.Select(size => size < 0 ? (int)(Width / known) : size)];
    }

    private void Dense(KerasLayer layer)
    {
        var tensors = weights.Of(layer);
        bool hasBias = HasBias(layer);
        RequireCount(layer, tensors, hasBias ? 2 : 1, hasBias ? "a kernel and a bias" : "a kernel");
        var kernel = tensors[0];
        if (kernel.Rank != 2 || kernel.Dimensions[0] != Channels || kernel.Dimensions[1] < 1)
            throw file.Malformed($"{layer.Title} has a kernel of shape {kernel.Shape} for {Channels} values. The file is damaged.");
        int inputs = Channels, places = Width / inputs, outputs = kernel.Dimensions[1];
        if (hasBias) RequireShape(layer, tensors[1], "bias", [outputs]);
        var numbers = kernel.ToRationals(file);
        var matrix = new Rational[numbers.Length];
        for (int p = 0; p < inputs; p++)
        {
            for (int q = 0; q < outputs; q++) matrix[(q * inputs) + p] = numbers[(p * outputs) + q];
        }

        var factors = ImmutableArray.Create(matrix);
        ImmutableArray<Rational> biases = hasBias ? ImmutableArray.Create(tensors[1].ToRationals(file)) : [];
        if (places == 1) Layers.Add(new CurvedLayer(new AffineDescription(inputs, outputs, factors, biases)));
        else
        {
            // The same matrix at each place is a kernel of one tap.
            var geometry = new WindowGeometry { Channels = inputs, Height = 1, Width = places, KernelHeight = 1, KernelWidth = 1 };
            var convolution = new ConvolutionDescription(geometry, outputs, 1, factors, biases);
            if (convolution.Problem() is { } problem) throw file.Unsupported($"{layer.Title} cannot be computed: {problem}");
            Layers.Add(new CurvedLayer(convolution));
        }

        _shape = [.. _shape[..^1], outputs];
    }

    /// <summary>Adds an activation by its name.</summary>
    private void Activate(KerasLayer layer, JsonPlace? activation, bool isLast)
    {
        if (activation is not { } place) return;
        if (place.Value.ValueKind != JsonValueKind.String)
            throw file.Unsupported($"{layer.Title} has an activation that is no name but an object or a function of the program's, whose "
                + $"code is not in the file. Use an activation of Keras by its name, or a layer for it.");
        string name = place.Text();
        var head = name switch
        {
            "softmax" => NetworkHead.Softmax,
            "log_softmax" => NetworkHead.LogSoftmax,
            "sigmoid" when isLast && options.Head != ModelHead.Refuse => NetworkHead.Sigmoid,
            _ => NetworkHead.None,
        };
        if (head != NetworkHead.None) ActivateHead(layer, head, name, isLast);
        else if (name != "linear") Bend(layer, KerasActivations.Of(layer, name, isOld));
    }

    private void ActivateHead(KerasLayer layer, NetworkHead head, string name, bool isLast)
    {
        if (!isLast || (head != NetworkHead.Sigmoid && Width != Channels))
            throw file.Unsupported($"{layer.Title} has a {name} between layers or over several places, which divides by a value computed "
                + $"from all of them. Only a final {name} of one row can be left out.");
        if (options.Head == ModelHead.Refuse)
            throw file.Unsupported($"{layer.Title} has a final {name}, which is not piecewise linear. Specify Head = keep, which makes it "
                + $"a separate step, or Head = drop: the outputs are then the values before it, which order classes in the same way.");
        if (options.Head == ModelHead.Keep) Head = head;
        else Notes.Add($"The {name} of the layer '{layer.Name}' was left out: the outputs are the values before it.");
    }

    private void Bend(KerasLayer layer, PiecewiseLinearFunction function) =>
        Layers.Add(new CurvedLayer(new ActivationDescription(Width, [function])));

    private void Bend(KerasLayer layer, ActivationFunction function)
    {
        if (function.Exact?.Equals(PiecewiseLinearFunction.Identity) != true)
            Layers.Add(CurvedLayer.Activation(Width, function, layer.Title));
    }

    private static bool HasBias(KerasLayer layer) => layer.Flag("use_bias", layer.Flag("bias", true));

    private void RequireCount(KerasLayer layer, IReadOnlyList<StoredTensor> tensors, int count, string what)
    {
        if (tensors.Count != count)
            throw file.Malformed($"{layer.Title} has {tensors.Count} weights in the file; expected {count}: {what}. The file is damaged, "
                + $"or the layer was changed by a program (quantized, low rank).");
    }

    private void RequireShape(KerasLayer layer, StoredTensor tensor, string what, int[] shape)
    {
        if (!tensor.Dimensions.SequenceEqual(shape))
            throw file.Malformed($"{layer.Title} has a {what} of shape {tensor.Shape}; expected {Text(shape)}. The file is damaged.");
    }

    private static string Text(int[] shape) => StoredTensor.ShapeText(shape.Select(static size => (long)size));

    private ModelFileException ChannelsFirst(KerasLayer layer) => file.Unsupported($"{layer.Title} has the channels first. Only "
        + $"channels_last is read, the default of Keras: convert the model, or export it to ONNX.");
}
