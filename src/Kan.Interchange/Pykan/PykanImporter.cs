using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Linq;
using Kan.Interchange.Curves;
using Kan.Interchange.Tensors;
using Kan.Interchange.Torch;

namespace Kan.Interchange.Pykan;

/// <summary>
/// Reads a checkpoint of pykan 0.2: <c>NAME_config.yml</c> and the weights in <c>NAME_state</c>. Exact where all edges are piecewise linear
/// (k = 1 with the base identity or zero, symbolic x, abs and 0), else approximated within the given tolerance.
/// </summary>
internal static class PykanImporter
{
    private const string Remedy = "Save the checkpoint again with model.saveckpt(NAME) of pykan 0.2.";

    /// <exception cref="ModelFileException">A file is damaged or missing, or the network is not supported.</exception>
    public static ImportedModel Import(ModelFile config, ImportOptions options)
    {
        var settings = PykanConfig.Read(config);
        var activation = settings.BaseFunction(options);
        string statePath = PykanFiles.StateOf(config.Path);
        if (!Path.Exists(statePath)) throw new ModelFileException(statePath, ModelFileProblem.NotFound, $"The file does not exist. It "
            + $"holds the weights for '{Path.GetFileName(config.Path)}'. Copy it next to the configuration.");
        var state = ModelFile.Read(statePath);
        config.TotalBytes += state.Bytes.Length;
        var tensors = new Tensors(state, TorchArchive.Read(state));
        var layers = new List<SplineLayer>();
        int depth = settings.Widths.Length - 1;
        using (config.LimitWork())
        {
            for (int l = 0; l < depth; l++)
            {
                config.WorkingOn = $"Layer {l}";
                layers.Add(Layer(config, settings, tensors, l));
            }
        }

        tensors.RequireAllRead(depth);

        var model = NetworkApproximator.Approximate(config, SplineLayer.ToCurved(layers, activation, config), options, layers[0].Domain());
        var notes = ImmutableArray.Create($"The weights were read from '{Path.GetFileName(statePath)}' (SHA-256 {state.Hash}).");
        if (settings.HasPrunedInputs) notes = notes.Add($"The checkpoint does not store which inputs pruning kept, if it removed any: "
            + $"the network has {settings.Widths[0]} inputs, in their original order.");
        return model with { Name = Path.GetFileName(PykanFiles.StemOf(config.Path)), Notes = [.. notes, .. model.Notes] };
    }

    private static SplineLayer Layer(ModelFile config, PykanConfig settings, Tensors tensors, int l)
    {
        int inputs = settings.Widths[l], outputs = settings.Widths[l + 1];
        StoredTensor grid = tensors.Get($"act_fun.{l}.grid", inputs, -1), coef = tensors.Get($"act_fun.{l}.coef", inputs, outputs, -1),
            mask = tensors.Get($"act_fun.{l}.mask", inputs, outputs);
        StoredTensor baseFactor = tensors.Get($"act_fun.{l}.scale_base", inputs, outputs),
            splineFactor = tensors.Get($"act_fun.{l}.scale_sp", inputs, outputs);
        int count = coef.Dimensions[2];
        Rational[] Node(string name) => tensors.Get($"{name}_{l}", outputs).ToRationals(tensors.File);
        Rational[] innerScale = Node("subnode_scale"), innerBias = Node("subnode_bias"), outerScale = Node("node_scale"),
            outerBias = Node("node_bias");
        return new SplineLayer(tensors.File, $"layer {l}", inputs, outputs, grid, count)
        {
            Coefficients = (p, q) => coef.Values.AsSpan(((p * outputs) + q) * count, count).ToArray(),
            Mask = (p, q) => mask.Values[(p * outputs) + q],
            BaseFactor = (p, q) => baseFactor.Values[(p * outputs) + q],
            SplineFactor = (p, q) => splineFactor.Values[(p * outputs) + q],
            Symbolic = Symbolic(config, settings, tensors, l, inputs, outputs),
            Scales = [.. outerScale.Zip(innerScale, static (outer, inner) => outer * inner)],
            Biases = [.. Enumerable.Range(0, outputs).Select(q => (outerScale[q] * innerBias[q]) + outerBias[q])],
        };
    }

    private static List<SymbolicTerm> Symbolic(ModelFile config, PykanConfig settings, Tensors tensors, int l, int inputs, int outputs)
    {
        StoredTensor mask = tensors.Get($"symbolic_fun.{l}.mask", outputs, inputs),
            affine = tensors.Get($"symbolic_fun.{l}.affine", outputs, inputs, 4);
        var terms = new List<SymbolicTerm>();
        if (!settings.IsSymbolicEnabled) return terms;
        string[][]? names = null;
        for (int q = 0; q < outputs; q++)
        {
            for (int p = 0; p < inputs; p++)
            {
                int at = (q * inputs) + p;
                if (mask.Values[at] == 0) continue;
                names ??= settings.SymbolicNames(l, inputs, outputs) ?? throw config.Malformed($"The state has symbolic edges in layer "
                    + $"{l}, but the file has no symbolic.funs_name.{l}. {Remedy}");
                string name = names[q][p];
                if (SymbolicFunction.Find(name) is not { } function)
                {
                    throw config.Unsupported(name is "sgn"
                        ? $"The edge from input {p} to output {q} of layer {l} is the symbolic function sgn, which jumps. Fix this edge "
                        + $"to another function, or unfix it."
                        : $"The edge from input {p} to output {q} of layer {l} is the symbolic function '{name}', which is not known. "
                        + $"Known functions: {SymbolicFunction.Names}. Fix this edge to one of them, or unfix it.");
                }

                var numbers = affine.Values.AsSpan(at * 4, 4);
                terms.Add(new SymbolicTerm(p, q, mask.Values[at], function, numbers[0], numbers[1], numbers[2], numbers[3]));
            }
        }

        return terms;
    }

    /// <summary>The tensors of the state, each looked up by name and shape.</summary>
    private sealed class Tensors
    {
        private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);
        private readonly HashSet<string> _read = new(StringComparer.Ordinal);

        public Tensors(ModelFile file, StateDict dict)
        {
            File = file;
            foreach (var tensor in dict.Tensors) _tensors.Add(tensor.Name, tensor);
        }

        public ModelFile File { get; }

        /// <summary>A tensor of finite numbers with the sizes given; -1 stands for any but 0.</summary>
        public StoredTensor Get(string name, params int[] sizes)
        {
            if (!_tensors.TryGetValue(name, out var tensor))
                throw File.Malformed($"The state has no tensor '{name}', which the configuration requires. {Remedy}");
            bool fits = tensor.Rank == sizes.Length && !Enumerable.Range(0, sizes.Length)
                .Any(axis => sizes[axis] < 0 ? tensor.Dimensions[axis] == 0 : tensor.Dimensions[axis] != sizes[axis]);
            if (!fits)
            {
                var required = sizes.Select(static size => size < 0 ? "any" : size.ToString(CultureInfo.InvariantCulture));
                throw File.Malformed($"The tensor '{name}' has the shape {tensor.Shape}, but the widths in the configuration require "
                    + $"[{string.Join(", ", required)}]. {Remedy}");
            }

            _read.Add(name);
            return tensor.RequireFinite(File);
        }

        /// <summary>Refuses tensors that nothing has read: they would change the meaning.</summary>
        public void RequireAllRead(int depth)
        {
            if (_tensors.Keys.FirstOrDefault(name => !_read.Contains(name) && name != "input_id") is { } other)
                throw File.Unsupported($"The state holds the tensor '{other}', which a network of {depth} layers of pykan 0.2 does not "
                    + $"have. Save the checkpoint of the network alone.");
        }
    }
}
