using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Interchange.Onnx;

/// <summary>The network read so far: its layers, and the shape of the value that the next node takes.</summary>
internal sealed class OnnxChain
{
    // Weights and shapes may be used by many nodes: a small file could ask for a large model.
    private const int MaximumFunctions = 1 << 20;

    private readonly List<LayerDescription> _layers = [];
    private long _weights;
    private long _functions;

    public required ModelFile File { get; init; }

    /// <summary>Whether the first dimension counts samples.</summary>
    public bool HasBatch { get; set; } = true;

    /// <summary>The number of samples the file fixes; 0 where it is open.</summary>
    public long Batch { get; set; }

    /// <summary>The shape of one sample; null where the file does not say.</summary>
    public int[]? Sample { get; set; }

    public IReadOnlyList<LayerDescription> Layers => _layers;

    /// <summary>The number of values of one sample.</summary>
    public int Width(OnnxNode node) => Sample is not null
        ? Sample.Aggregate(1, static (product, dimension) => product * dimension)
        : throw node.Unsupported("comes first, but the input has no fixed shape", "Export the model with a fixed number of features.");

    /// <summary>Adds y = W x + b with W given row by row.</summary>
    public void Affine(OnnxNode node, int inputs, int outputs, Rational[] weights, Rational[]? biases)
    {
        if (inputs < 1 || outputs < 1) throw node.Malformed($"has weights of {inputs} inputs and {outputs} outputs");
        if (outputs > ModelLimits.Width) throw node.Unsupported($"has {outputs} outputs", $"At most {ModelLimits.Width} are supported.");
        if (Sample is { Length: not 1 })
            throw node.Unsupported($"takes samples of shape [{string.Join(", ", Sample)}]", "Put a Flatten before it.");
        if (Sample is not null && Sample[0] != inputs)
            throw node.Malformed($"has weights for {inputs} inputs, but the value before it has {Sample[0]}");
        _weights += weights.Length;
        if (_weights > ModelLimits.Parameters) throw node.Unsupported($"brings the model past {ModelLimits.Parameters} weights", "Compiled networks are small: reduce or prune the model.");
        _layers.Add(new AffineDescription(inputs, outputs, ImmutableArray.Create(weights), biases is null ? [] : ImmutableArray.Create(biases)));
        Sample = [outputs];
    }

    /// <summary>Adds x -> function(x), the same for all nodes.</summary>
    public void Activation(OnnxNode node, PiecewiseLinearFunction function) => _layers.Add(new ActivationDescription(Width(node), [function]));

    /// <summary>Adds x_i -> functions[i](x_i).</summary>
    public void Activation(OnnxNode node, IReadOnlyList<PiecewiseLinearFunction> functions)
    {
        _functions += functions.Count;
        if (_functions > MaximumFunctions) throw node.Unsupported($"brings the model past {MaximumFunctions} functions", "Compiled networks are small: reduce or prune the model.");
        if (functions.Count == 1) Activation(node, functions[0]);
        else _layers.Add(new ActivationDescription(functions.Count, [.. functions]));
    }

    /// <summary>Adds b to each value; into the biases where an affine layer came just before, as after MatMul.</summary>
    public void Shift(OnnxNode node, Rational[] shifts)
    {
        if (_layers.Count > 0 && _layers[^1] is AffineDescription affine)
        {
            var biases = Enumerable.Range(0, affine.Outputs)
                .Select(i => (affine.Biases.IsEmpty ? Rational.Zero : affine.Biases[i]) + shifts[shifts.Length == 1 ? 0 : i]);
            _layers[^1] = affine with { Biases = [.. biases] };
            return;
        }

        Activation(node, Array.ConvertAll(shifts, static shift => PiecewiseLinearFunction.Linear(Rational.One, shift)));
    }

    /// <summary>The numbers of a constant for each value of a sample (one number where all are the same), as broadcasting has it.</summary>
    public Rational[] Broadcast(OnnxNode node, OnnxTensor tensor)
    {
        var values = tensor.ToRationals(File);
        if (values.Length == 1 && tensor.Dimensions.Length <= (Sample?.Length ?? 0) + (HasBatch ? 1 : 0)) return values;
        int width = Width(node);
        int[] sample = Sample!;
        int[] shape = [.. tensor.Dimensions.SkipWhile(static dimension => dimension == 1)];
        bool fits = values.Length > 0 && shape.Length <= sample.Length && tensor.Dimensions.Length <= sample.Length + (HasBatch ? 1 : 0);
        for (int i = 1; fits && i <= shape.Length; i++) fits = shape[^i] == 1 || shape[^i] == sample[^i];
        if (!fits)
            throw node.Unsupported($"combines samples of shape [{string.Join(", ", sample)}] with the constant '{tensor.Name}' of shape {tensor.Shape}", "The constant must have one number, or one for each value of the sample.");

        var spread = new Rational[width];
        for (int i = 0; i < width; i++)
        {
            int rest = i, index = 0, stride = 1;
            for (int axis = 1; axis <= shape.Length; axis++)
            {
                int position = rest % sample[^axis];
                rest /= sample[^axis];
                if (shape[^axis] != 1) index += position * stride;
                stride *= shape[^axis];
            }

            spread[i] = values[index];
        }

        return spread;
    }
}
