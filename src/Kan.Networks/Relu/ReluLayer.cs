using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Networks;

/// <summary>One layer of a ReLU network: z = W x + b, and y = max(z, 0) or y = z.</summary>
public sealed class ReluLayer
{
    /// <summary>A layer.</summary>
    /// <param name="weights">W, m x n, with m and n at least 1.</param>
    /// <param name="biases">b, m numbers, or default for none.</param>
    /// <param name="rectified">Whether the ReLU follows.</param>
    /// <exception cref="ArgumentException">An empty matrix, or a wrong number of biases.</exception>
    public ReluLayer(SparseMatrix weights, ImmutableArray<Rational> biases, bool rectified)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.RowCount < 1 || weights.ColumnCount < 1)
            throw new ArgumentException("A layer needs at least one input and one output.", nameof(weights));
        if (biases.IsDefault) biases = [.. Enumerable.Repeat(Rational.Zero, weights.RowCount)];
        if (biases.Length != weights.RowCount)
            throw new ArgumentException($"A layer of {weights.RowCount} outputs needs {weights.RowCount} biases, not {biases.Length}.",
                nameof(biases));
        Weights = weights;
        Biases = biases;
        IsRectified = rectified;
    }

    /// <summary>W; a row for each output.</summary>
    public SparseMatrix Weights { get; }

    /// <summary>b; one for each output.</summary>
    public ImmutableArray<Rational> Biases { get; }

    /// <summary>Whether the ReLU follows.</summary>
    public bool IsRectified { get; }

    /// <summary>The number of inputs, n.</summary>
    public int InputCount => Weights.ColumnCount;

    /// <summary>The number of outputs, m.</summary>
    public int OutputCount => Weights.RowCount;

    /// <summary>The number of non-zero weights and biases.</summary>
    public int NonZeroCount => Weights.NonZeroCount + Biases.Count(static bias => !bias.IsZero);

    /// <summary>The exact outputs for exact inputs.</summary>
    /// <exception cref="ArgumentException">The number of inputs is wrong.</exception>
    public Rational[] Evaluate(IReadOnlyList<Rational> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count != InputCount)
            throw new ArgumentException($"The layer has {InputCount} inputs, not {inputs.Count}.", nameof(inputs));
        var outputs = Weights.Multiply(inputs);
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] += Biases[i];
            if (IsRectified && outputs[i].Sign < 0) outputs[i] = Rational.Zero;
        }

        return outputs;
    }
}
