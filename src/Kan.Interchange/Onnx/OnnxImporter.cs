using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Interchange.Curves;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Onnx.Operators;
using Kan.Interchange.Onnx.Proto;
using Kan.Interchange.Onnx.Quantized;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Onnx;

/// <summary>Reads an ONNX graph whose outputs are piecewise-linear functions of its inputs.</summary>
internal static class OnnxImporter
{
    private const long MostNameCharacters = 1 << 24;

    /// <exception cref="ModelFileException">The file is damaged, or not such a graph.</exception>
    public static ImportedModel Import(ModelFile file, ImportOptions options)
    {
        var graph = OnnxGraph.Read(file);
        if (Quantized(file, options, graph) is { } quantized) return quantized;
        Reading reading;
        try
        {
            using (file.LimitWork()) reading = Read(file, options, graph, keepsImages: true);
        }
        catch (BranchException)
        {
            using (file.LimitWork()) reading = Read(file, options, graph, keepsImages: false);
        }

        // Curves have their own limit.
        var model = NetworkApproximator.Approximate(file, reading.Layers, options, gridDomain: []);
        return model with
        {
            Notes = [.. reading.Notes, .. model.Notes],
            InputNames = reading.InputNames,
            OutputNames = reading.OutputNames,
            Head = reading.Head
        };
    }

    /// <summary>The model of a graph that computes in integers; null for any other.</summary>
    private static ImportedModel? Quantized(ModelFile file, ImportOptions options, OnnxGraph graph)
    {
        if (QuantizedChain.Find(graph, options.Outputs.IsDefaultOrEmpty ? graph.Outputs : options.Outputs) is not { } chain) return null;
        var (inputs, outputs) = Chosen(graph, file, options);
        if (inputs.Length != 1 || outputs.Length != 1)
            throw file.Unsupported($"The model is an integer network of {inputs.Length} inputs and {outputs.Length} outputs, and such "
                + $"are read with one of each. Select them (Inputs, Outputs), or export the model in float32, before quantization.");
        using var work = file.LimitWork();
        return QuantizedReader.Read(file, options, graph, chain, inputs[0], outputs[0]);
    }

    private static (string[] Inputs, string[] Outputs) Chosen(OnnxGraph graph, ModelFile file, ImportOptions options)
    {
        string[] outputs = Choose(options.Outputs, graph.Outputs, "output", "Outputs", file);
        var read = graph.InputsReadBy(outputs);
        return (Choose(options.Inputs,
            [.. graph.Inputs.Select(static input => input.Name).Where(name => !options.Inputs.IsDefaultOrEmpty || read.Contains(name))],
            "input", "Inputs", file), outputs);
    }

    /// <summary>What a graph says.</summary>
    private sealed record Reading(
        IReadOnlyList<CurvedLayer> Layers, ImmutableArray<string> Notes, ImmutableArray<string> InputNames,
        ImmutableArray<string> OutputNames, NetworkHead Head);

    private static Reading Read(ModelFile file, ImportOptions options, OnnxGraph graph, bool keepsImages)
    {
        var (inputs, outputs) = Chosen(graph, file, options);
        var shapes = inputs.Select(name => OnnxInputShape.Read(graph, name, file)).ToList();
        try
        {
            return Read(file, options, keepsImages, graph, inputs, shapes, outputs);
        }
        catch (SamplesMixException exception)
        {
            // Where the file fixes all sizes, the whole tensor may be meant as one sample, such as a column vector.
            if (!shapes.TrueForAll(static shape => shape.MayBeOneSample)) throw exception.ToModelFileException();
        }
        catch (ModelFileException exception)
            when (exception.Problem == ModelFileProblem.Malformed && shapes.Exists(static shape => shape.DeclaredBatch > 1)
            && shapes.TrueForAll(static shape => shape.MayBeOneSample))
        {
            // What does not fit together for one sample may fit where the first axis counts none.
            try
            {
                return Read(file, options, keepsImages, graph, inputs, shapes.ConvertAll(static shape => shape.AsOneSample()), outputs);
            }
            catch (Exception second) when (second is SamplesMixException or ModelFileException)
            {
                throw exception;
            }
        }

        try
        {
            return Read(file, options, keepsImages, graph, inputs, shapes.ConvertAll(static shape => shape.AsOneSample()), outputs);
        }
        catch (SamplesMixException exception)
        {
            throw exception.ToModelFileException();
        }
    }

    private static Reading Read(ModelFile file, ImportOptions options, bool keepsImages, OnnxGraph graph, string[] inputs,
        List<OnnxInputShape> shapes, string[] outputs)
    {
        long batch = shapes.Max(static shape => shape.DeclaredBatch);
        var context = new OnnxContext(file, options, batch)
        {
            FinalValues = OnnxOperators.FinalValues(graph, outputs),
            KeepsImages = keepsImages,
            OperatorSet = graph.OperatorSet
        };
        var evaluation = new OnnxEvaluation(graph, context);
        for (int i = 0; i < inputs.Length; i++) evaluation.AddInput(inputs[i], shapes[i]);
        var results = outputs.Select(evaluation.Compute).ToList();

        var forms = new List<AffineCombination>();
        foreach (var (name, value) in outputs.Zip(results))
        {
            if (!value.IsFloat) throw file.Unsupported($"The output '{name}' holds integers. Specify an output of floating-point numbers.");
            if (value.Count == 0) throw file.Unsupported($"The output '{name}' of shape {TensorShape.Text(value.Shape)} has no values.");
            forms.AddRange(Enumerable.Range(0, value.Count).Select(value.Form));
        }

        if (forms.Count > ModelLimits.Width)
            throw file.Unsupported($"The model has {forms.Count} outputs; at most {ModelLimits.Width} are supported.");
        foreach (var form in forms) context.Curves.WithoutJumps(form);
        var head = options.Head == ModelHead.Keep ? KeptHead(file, context, outputs, results) : NetworkHead.None;
        var layers = LayerPlacement.Build(file, context.Units, forms);
        if (layers.Count == 0) layers = [new CurvedLayer(new ActivationDescription(forms.Count, [PiecewiseLinearFunction.Identity]))];
        return new Reading(
            layers,
            [.. context.Notes],
            Names(inputs, shapes.ConvertAll(static shape => shape.Count), file),
            Names(outputs, results.ConvertAll(static value => value.Count), file),
            head);
    }

    /// <summary>The one head of all outputs; none if no output has any.</summary>
    private static NetworkHead KeptHead(ModelFile file, OnnxContext context, string[] outputs, List<OnnxValue> results)
    {
        var heads = results.ConvertAll(static value => value.Head);
        if (heads.TrueForAll(static head => head is null))
        {
            context.Note("The model does not end in a Softmax, LogSoftmax, Sigmoid or ArgMax, so that there is no head to keep.");
            return NetworkHead.None;
        }

        int first = heads.FindIndex(static head => head is not null);
        var kind = heads[first]!.Kind;
        if (heads.Count > 1 && (kind != NetworkHead.Sigmoid || !heads.TrueForAll(head => head?.Kind == kind)))
            throw file.Unsupported($"{heads[first]!.Title} makes the output '{outputs[first]}', one of {heads.Count}, and a class keeps "
                + $"one head for all of its outputs. Select that output alone (Outputs = {outputs[first]}), or drop heads (Head = drop).");
        if (heads.Find(static head => head?.Obstacle is not null) is { } head)
            throw file.Unsupported(
                $"{head.Title} cannot be kept: {head.Obstacle}. Drop it (Head = drop): the outputs are then the values before it.");
        return kind;
    }

    /// <summary>The requested names, or the only one there is.</summary>
    private static string[] Choose(ImmutableArray<string> asked, IReadOnlyList<string> available, string role, string option,
        ModelFile file)
    {
        if (asked.IsDefaultOrEmpty)
        {
            if (available.Count == 1) return [available[0]];
            throw available.Count == 0
                ? file.Malformed($"The graph has no {role}s. Export the model again.")
                : file.Unsupported($"The graph has {available.Count} {role}s ({List(available)}). Name the ones to use, in order: "
                + $"{option} = {string.Join(",", available.Take(2))}.");
        }

        string[] names = [.. asked];
        if (names.Distinct().Count() != names.Length)
            throw file.Unsupported(
                $"{option} names '{names.GroupBy(static name => name).First(static group => group.Count() > 1).Key}' twice.");
        if (role == "input" && names.FirstOrDefault(name => !available.Contains(name)) is { } missing)
            throw file.Unsupported($"The graph has no input '{missing}', which {option} specifies; it has {List(available)}.");
        return names;
    }

    /// <summary>One name for each value if there are several tensors; none if there is only one.</summary>
    private static ImmutableArray<string> Names(string[] tensors, List<int> counts, ModelFile file)
    {
        if (tensors.Length == 1) return [];
        long characters = tensors.Select((name, i) => (name.Length + 8L) * counts[i]).Sum();
        if (characters > MostNameCharacters)
            throw file.Unsupported($"The names of the {counts.Sum(static count => (long)count)} values of {tensors.Length} tensors take "
                + $"{characters} characters; at most {MostNameCharacters} are supported. Give the tensors shorter names.");
        return [.. tensors.SelectMany((name, i) => counts[i] == 1
            ? [name]
            : Enumerable.Range(0, counts[i]).Select(place => $"{name}[{place}]"))];
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Take(8).Select(static name => $"'{name}'"));
}
