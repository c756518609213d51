using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text.Json;
using Kan.Interchange.Curves;

namespace Kan.Interchange.RTNeural;

/// <summary>
/// Reads the JSON of RTNeural, as its scripts for Keras and PyTorch write it: dense layers, batch normalization, PReLU and activations in a
/// chain. Every number is the double nearest to its text, which for a network trained in float is that float.
/// </summary>
internal static class RTNeuralImporter
{
    private const int MaxDepth = 16;

    /// <exception cref="ModelFileException">The file is damaged, of another format, or holds what is not supported.</exception>
    public static ImportedModel Import(ModelFile file, ImportOptions options)
    {
        var work = file.LimitWork();
        try
        {
            using var document = JsonDocument.Parse(file.Bytes,
                new JsonDocumentOptions { MaxDepth = MaxDepth, CommentHandling = JsonCommentHandling.Skip });
            var root = new JsonPlace(file, string.Empty, document.RootElement);
            if (root.Value.ValueKind != JsonValueKind.Object || root.Find("in_shape") is not { } shape
                || root.Find("layers") is not { } layers)
                throw file.Unsupported("The file is JSON, but not a model of RTNeural, which has 'in_shape' and 'layers'; a network in "
                + "the format of Kan has a name that ends in .kan.json.");
            if (layers.Count == 0) throw file.Malformed("layers is empty. The file holds no network.");

            var chain = new Chain(file, options, shape.Width());
            for (int i = 0; i < layers.Count; i++) chain.Add(layers[i], isLast: i == layers.Count - 1);

            // Curves have their own limit.
            work.Dispose();
            var model = NetworkApproximator.Approximate(file, chain.Layers, options, gridDomain: []);
            return model with { Notes = [.. chain.Notes, .. model.Notes], Head = chain.Head };
        }
        catch (JsonException exception)
        {
            throw new ModelFileException(file.Path, ModelFileProblem.Malformed, $"The file is not valid JSON: "
                + $"{exception.Message.TrimEnd('.')}.", exception.LineNumber is { } line ? (int)line + 1 : 0, 0, exception);
        }
        finally
        {
            work.Dispose();
        }
    }

    /// <summary>The layers so far, and how many values the last gives.</summary>
    private sealed class Chain(ModelFile file, ImportOptions options, int width)
    {
        private int _width = width;

        public List<CurvedLayer> Layers { get; } = [];

        public List<string> Notes { get; } = [];

        /// <summary>The last activation, if it is kept as a separate step.</summary>
        public NetworkHead Head { get; private set; }

        public void Add(JsonPlace layer, bool isLast)
        {
            file.WorkingOn = layer.Path;
            string type = layer["type"].Text();
            int outputs = layer["shape"].Width();
            switch (type)
            {
                case "dense" or "time-distributed-dense":
                    Layers.Add(new CurvedLayer(Dense(layer["weights"], outputs)));
                    _width = outputs;
                    Activate(layer, isLast);
                    return;
                case "activation":
                    Activate(layer, isLast);
                    break;
                case "prelu":
                    double[] slopes = layer["weights"][0][0].Numbers(_width);
                    Layers.Add(new CurvedLayer(new ActivationDescription(
                        _width, [.. slopes.Select(static slope => TrainedFunctions.Leaky(Rational.FromDouble(slope)))])));
                    break;
                case "batchnorm":
                    Layers.Add(new CurvedLayer(new ActivationDescription(_width, Normalization(layer))));
                    break;
                case "gru" or "lstm":
                    throw file.Unsupported($"{layer.Path} is a recurrent layer ({type}): its output depends on the samples before. Only "
                        + $"networks that map each sample alone can be compiled.");
                case "conv1d" or "conv2d" or "batchnorm2d":
                    throw file.Unsupported($"{layer.Path} is a layer of type {type}, which in RTNeural runs over a stream and remembers "
                        + $"samples before. Export the model to ONNX with a window of samples as its input.");
                default:
                    throw file.Unsupported($"{layer.Path} has the type '{MessageText.Name(type)}'. Supported are dense, "
                        + $"time-distributed-dense, activation, prelu and batchnorm.");
            }

            if (outputs != _width) throw file.Malformed($"{layer.Path}.shape ends in {outputs}, but the layer before gives {_width} "
                + $"values, and this type keeps their number. The file is damaged.");
        }

        private AffineDescription Dense(JsonPlace weights, int outputs)
        {
            var rows = weights[0];
            if (rows.Count != _width) throw file.Malformed($"{rows.Path} has {rows.Count} rows; expected one for each of the {_width} "
                + $"values of the layer before. The file is damaged.");
            var matrix = new Rational[_width * outputs];
            for (int p = 0; p < _width; p++)
            {
                double[] row = rows[p].Numbers(outputs);
                for (int q = 0; q < outputs; q++) matrix[(q * _width) + p] = Rational.FromDouble(row[q]);
            }

            ImmutableArray<Rational> biases = weights.Count > 1 ? [.. weights[1].Numbers(outputs).Select(Rational.FromDouble)] : [];
            return new AffineDescription(_width, outputs, ImmutableArray.Create(matrix), biases);
        }

        private ImmutableArray<PiecewiseLinearFunction> Normalization(JsonPlace layer)
        {
            var weights = layer["weights"];
            double epsilon = layer["epsilon"].Number();
            bool isAffine = weights.Count == 4;
            if (!isAffine && weights.Count != 2) throw file.Malformed($"{weights.Path} has {weights.Count} members; expected four "
                + $"(gamma, beta, mean, variance) or two (mean, variance).");
            double[] mean = weights[isAffine ? 2 : 0].Numbers(_width), variance = weights[isAffine ? 3 : 1].Numbers(_width);
            double[]? gamma = isAffine ? weights[0].Numbers(_width) : null, beta = isAffine ? weights[1].Numbers(_width) : null;
            Notes.Add($"{layer.Path} normalizes by its running statistics: gamma / sqrt(variance + epsilon) is irrational, so the "
                + $"parameter is the nearest double.");
            return [.. mean.Select((_, i) =>
                TrainedFunctions.Normalization(file, layer.Path, i, mean[i], variance[i], epsilon, gamma?[i] ?? 1, beta?[i] ?? 0))];
        }

        private void Activate(JsonPlace layer, bool isLast)
        {
            if (layer.Find("activation") is not { } place || place.Text() is not { Length: > 0 } name || name == "linear") return;
            if (name == "softmax")
            {
                if (!isLast) throw file.Unsupported($"{place.Path} is a softmax between layers, which divides by a value computed from "
                    + $"all of them. Only a final softmax can be left out.");
                if (options.Head == ModelHead.Refuse)
                    throw file.Unsupported($"{place.Path} is a final softmax, which is not piecewise linear. Specify Head = keep, which "
                        + $"makes it a separate step, or Head = drop: the outputs are then the values before it, which order classes in "
                        + $"the same way.");
                Leave(NetworkHead.Softmax);
                return;
            }

            if (isLast && name == "sigmoid" && options.Head != ModelHead.Refuse)
            {
                Leave(NetworkHead.Sigmoid);
                return;
            }

            Layers.Add(CurvedLayer.Activation(_width, ActivationFunction.Parse(name, isDouble: false, file), place.Path));

            void Leave(NetworkHead head)
            {
                if (options.Head == ModelHead.Keep) Head = head;
                else Notes.Add($"The {name} of {layer.Path} was left out: the outputs are the values before it.");
            }
        }
    }
}
