using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// One layer of a Kolmogorov-Arnold network: y_q = bias_q + sum over p of phi_(q,p)(x_p). Edges that are zero everywhere are not kept.
/// </summary>
public sealed class KanLayer
{
    private readonly ImmutableArray<KanEdge> _edges;
    private readonly ImmutableArray<Rational> _biases;

    // To copy a bias, and to copy and order an edge.
    private const int NodeSteps = 10, EdgeSteps = 20;

    /// <summary>A layer of the given edges.</summary>
    /// <param name="inputCount">n, at least 1.</param>
    /// <param name="outputCount">m, at least 1.</param>
    /// <param name="edges">The edges in any order; at most one for each pair of nodes.</param>
    /// <param name="biases">m numbers, or default for none.</param>
    /// <exception cref="ArgumentException">An edge out of range or twice, or a wrong number of biases.</exception>
    public KanLayer(int inputCount, int outputCount, IEnumerable<KanEdge> edges, ImmutableArray<Rational> biases = default)
    {
        if (inputCount < 1) throw new ArgumentOutOfRangeException(nameof(inputCount), "A layer needs at least one input.");
        if (outputCount < 1) throw new ArgumentOutOfRangeException(nameof(outputCount), "A layer needs at least one output.");
        ExactWork.Charge(outputCount * (long)NodeSteps);
        if (biases.IsDefault) biases = ImmutableArray.CreateRange(Enumerable.Repeat(Rational.Zero, outputCount));
        if (biases.Length != outputCount)
            throw new ArgumentException($"A layer of {outputCount} outputs needs {outputCount} biases, not {biases.Length}.",
                nameof(biases));

        var sorted = edges.ToArray();
        ExactWork.Charge(sorted.Length * (long)EdgeSteps);
        foreach (var edge in sorted)
        {
            if (edge.Input < 0 || edge.Input >= inputCount || edge.Output < 0 || edge.Output >= outputCount)
                throw new ArgumentException($"The edge ({edge.Input}, {edge.Output}) is outside a layer of {inputCount} inputs and "
                    + $"{outputCount} outputs.", nameof(edges));
        }

        if (!IsOrdered(sorted)) Array.Sort(sorted, Compare);
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Input == sorted[i - 1].Input && sorted[i].Output == sorted[i - 1].Output)
                throw new ArgumentException($"The edge ({sorted[i].Input}, {sorted[i].Output}) appears twice.", nameof(edges));
        }

        InputCount = inputCount;
        OutputCount = outputCount;
        _biases = biases;
        _edges = [.. sorted.Where(static edge => !edge.Function.IsZero)];
    }

    /// <summary>A layer over an image, as it is compiled: by its description, without edges.</summary>
    internal KanLayer(WindowDescription window)
    {
        InputCount = window.InputCount;
        OutputCount = window.OutputCount;
        Window = window;
    }

    /// <summary>
    /// The description of a layer that is compiled over an image; null if edges describe the layer. Such layers stay within the compiler.
    /// </summary>
    internal WindowDescription? Window { get; }

    /// <summary>The number of inputs, n.</summary>
    public int InputCount { get; }

    /// <summary>The number of outputs, m.</summary>
    public int OutputCount { get; }

    /// <summary>The edges that are not zero everywhere, ordered by input, then output.</summary>
    public ImmutableArray<KanEdge> Edges => Window is null ? _edges : throw NoEdges();

    /// <summary>One bias for each output.</summary>
    public ImmutableArray<Rational> Biases => Window is null ? _biases : throw NoEdges();

    /// <summary>Whether no edge bends.</summary>
    public bool IsAffine => Window is null && Edges.All(static edge => edge.Function.IsAffine);

    /// <summary>Whether each output reads at most one input and each input feeds at most one output, node for node.</summary>
    public bool IsDiagonal => Window is null && InputCount == OutputCount && Edges.All(static edge => edge.Input == edge.Output);

    private static InvalidOperationException NoEdges() => new("A layer over an image has no edges before it is expanded.");

    private static int Compare(KanEdge a, KanEdge b) => a.Input != b.Input ? a.Input.CompareTo(b.Input) : a.Output.CompareTo(b.Output);

    /// <summary>Most callers go through the nodes in order, and there may be a million edges.</summary>
    private static bool IsOrdered(KanEdge[] edges)
    {
        for (int i = 1; i < edges.Length; i++)
        {
            if (Compare(edges[i - 1], edges[i]) > 0) return false;
        }

        return true;
    }

    /// <summary>An affine layer y = W x + b.</summary>
    /// <param name="inputCount">n.</param>
    /// <param name="outputCount">m.</param>
    /// <param name="weight">W[output, input].</param>
    /// <param name="biases">m numbers, or default for none.</param>
    public static KanLayer Affine(int inputCount, int outputCount, Func<int, int, Rational> weight,
        ImmutableArray<Rational> biases = default)
    {
        var edges = new List<KanEdge>();
        for (int p = 0; p < inputCount; p++)
        {
            for (int q = 0; q < outputCount; q++)
            {
                var w = weight(q, p);
                if (!w.IsZero) edges.Add(new KanEdge(p, q, PiecewiseLinearFunction.Linear(w, Rational.Zero)));
            }
        }

        return new KanLayer(inputCount, outputCount, edges, biases);
    }

    /// <summary>An activation layer: y_i = function(x_i).</summary>
    public static KanLayer Activation(int size, PiecewiseLinearFunction function) => Activation([.. Enumerable.Repeat(function, size)]);

    /// <summary>An activation layer with a separate function for each node: y_i = functions[i](x_i).</summary>
    public static KanLayer Activation(IReadOnlyList<PiecewiseLinearFunction> functions) =>
        new(functions.Count, functions.Count, functions.Select(static (function, i) => new KanEdge(i, i, function)));

    /// <summary>The exact outputs for exact inputs.</summary>
    /// <exception cref="ArgumentException">The number of inputs is wrong.</exception>
    public Rational[] Evaluate(IReadOnlyList<Rational> inputs)
    {
        if (inputs.Count != InputCount)
            throw new ArgumentException($"The layer has {InputCount} inputs, not {inputs.Count}.", nameof(inputs));
        if (Window is not null) return Window.Evaluate(inputs);
        var outputs = Biases.ToArray();
        foreach (var edge in Edges) outputs[edge.Output] += edge.Function.Evaluate(inputs[edge.Input]);
        return outputs;
    }
}
