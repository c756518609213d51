using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Tensors;

namespace Kan.Interchange.StateDicts;

/// <summary>What a module of a plain network does.</summary>
internal enum DenseKind
{
    /// <summary>y = W x + b.</summary>
    Linear,

    /// <summary>BatchNorm1d by its running statistics.</summary>
    Normalisation,

    /// <summary>PReLU: an activation whose slopes were trained.</summary>
    Activation,
}

/// <summary>The tensors of one module, known by what they are called and by their shapes.</summary>
internal sealed class DenseModule
{
    private readonly Dictionary<string, StoredTensor> _tensors;

    private DenseModule(string name, Dictionary<string, StoredTensor> tensors, ModelFile file)
    {
        Name = name;
        _tensors = tensors;
        Kind = Classify(file);
    }

    /// <summary>The path of the module, such as <c>layers.0</c>.</summary>
    public string Name { get; }

    public DenseKind Kind { get; }

    public StoredTensor? Weight => Find("weight");

    /// <summary>The number of values it takes; 0 for any.</summary>
    public int Inputs => Kind switch
    {
        DenseKind.Linear => Weight!.Dimensions[1],
        DenseKind.Normalisation => Find("running_mean")!.Values.Length,
        _ => Weight!.Values.Length == 1 ? 0 : Weight.Values.Length,
    };

    /// <summary>The number of values it gives; 0 for as many as it takes.</summary>
    public int Outputs => Kind == DenseKind.Linear ? Weight!.Dimensions[0] : Inputs;

    /// <summary>Name and shape, for people.</summary>
    public string Title => Kind == DenseKind.Linear ? $"'{Name}' ({Inputs} to {Outputs})" : $"'{Name}'";

    public StoredTensor? Find(string tensor) => _tensors.GetValueOrDefault(tensor);

    /// <summary>The modules of a state dict, in order of their first tensor.</summary>
    /// <exception cref="ModelFileException">A tensor belongs to no module that is known.</exception>
    public static List<DenseModule> Group(IReadOnlyList<StoredTensor> tensors, ModelFile file)
    {
        var groups = new List<(string Name, Dictionary<string, StoredTensor> Tensors)>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var tensor in tensors)
        {
            int dot = tensor.Name.LastIndexOf('.');
            string module = dot < 0 ? string.Empty : tensor.Name[..dot], suffix = tensor.Name[(dot + 1)..];
            if (suffix is "weight_g" or "weight_v" or "weight_orig" or "weight_u" or "weight_mask" or "original0" or "original1")
                throw file.Unsupported($"The tensor '{tensor.Name}' is part of a weight that is recomputed on every run. Remove the "
                    + $"parametrization before saving (remove_weight_norm, remove_parametrizations, prune.remove).");
            if (suffix is not ("weight" or "bias" or "running_mean" or "running_var" or "num_batches_tracked"))
                throw file.Unsupported($"The tensor '{tensor.Name}' of shape {tensor.Shape} belongs to no Linear, BatchNorm1d or PReLU "
                    + $"module. Export the model to ONNX, which stores how its parts are connected.");
            if (!places.TryGetValue(module, out int place))
            {
                places.Add(module, place = groups.Count);
                groups.Add((module, new(StringComparer.Ordinal)));
            }

            groups[place].Tensors.Add(suffix, tensor);
        }

        return groups.ConvertAll(group => new DenseModule(group.Name, group.Tensors, file));
    }

    private DenseKind Classify(ModelFile file)
    {
        var weight = Find("weight");
        var bias = Find("bias");
        if (Find("running_mean") is { } mean)
        {
            var others = new[] { Find("running_var"), weight, bias }.OfType<StoredTensor>();
            if (Find("running_var") is null || mean.Rank != 1
                || others.Any(other => !other.Dimensions.AsSpan().SequenceEqual(mean.Dimensions)))
                throw file.Malformed($"The module '{Name}' normalizes {mean.Shape} values, but its tensors differ in shape, or its "
                + $"variance is missing. Save the model again.");
            return DenseKind.Normalisation;
        }

        if (weight is null || Find("running_var") is not null) throw file.Unsupported($"The module '{Name}' has no weight or no running "
            + $"mean, so it is not a Linear, BatchNorm1d or PReLU. Export the model to ONNX.");
        if (!weight.Type.IsFloat())
            throw file.Unsupported($"The tensor '{weight.Name}' holds integers. Save the model in float32 (it must not be quantized).");
        switch (weight.Rank)
        {
            case 2 when weight.Dimensions[0] > 0 && weight.Dimensions[1] > 0:
                if (bias is not null && (bias.Rank != 1 || bias.Values.Length != weight.Dimensions[0]))
                    throw file.Malformed($"The tensor '{bias.Name}' has the shape {bias.Shape}, but '{weight.Name}' has {weight.Shape}. "
                        + $"Save the model again.");
                return DenseKind.Linear;
            case 1 when bias is null && weight.Values.Length > 0:
                return DenseKind.Activation;
            case 1 when bias is not null:
                throw file.Unsupported($"The module '{Name}' has a weight and a bias of shape {weight.Shape} and no running statistics, "
                    + $"like a LayerNorm, which divides by a value computed from each sample and is not piecewise linear. Train with "
                    + $"BatchNorm1d instead.");
            default:
                throw file.Unsupported($"The tensor '{weight.Name}' has the shape {weight.Shape}, like a convolution. Only Linear, "
                    + $"BatchNorm1d and PReLU are read from a state dict; export the model to ONNX.");
        }
    }
}
