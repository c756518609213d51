using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// An exact ReLU network: affine layers, each followed by the ReLU or not. Two affine layers may follow each other (the factored form
/// that <see cref="KanToReluConversions.ToRelu(KanNetwork, ReluUnits)"/> gives); <see cref="Fuse"/> multiplies them out.
/// </summary>
public sealed class ReluNetwork
{
    /// <summary>A network of layers, first to last.</summary>
    /// <exception cref="ArgumentException">No layer, or neighboring layers whose widths differ.</exception>
    public ReluNetwork(IEnumerable<ReluLayer> layers)
    {
        Layers = [.. layers];
        if (Layers.IsEmpty) throw new ArgumentException("A network needs at least one layer.", nameof(layers));
        for (int i = 1; i < Layers.Length; i++)
        {
            if (Layers[i - 1].OutputCount != Layers[i].InputCount)
                throw new ArgumentException($"Layer {i - 1} has {Layers[i - 1].OutputCount} outputs, but layer {i} has "
                    + $"{Layers[i].InputCount} inputs.", nameof(layers));
        }
    }

    /// <summary>The layers, first to last; at least one.</summary>
    public ImmutableArray<ReluLayer> Layers { get; }

    /// <summary>The number of inputs of the first layer.</summary>
    public int InputCount => Layers[0].InputCount;

    /// <summary>The number of outputs of the last layer.</summary>
    public int OutputCount => Layers[^1].OutputCount;

    /// <summary>Inputs, then the outputs of each layer.</summary>
    public ImmutableArray<int> Widths => [InputCount, .. Layers.Select(static layer => layer.OutputCount)];

    /// <summary>The number of ReLU units in all layers.</summary>
    public int UnitCount => Layers.Sum(static layer => layer.IsRectified ? layer.OutputCount : 0);

    /// <summary>The number of non-zero weights and biases.</summary>
    public int NonZeroCount => Layers.Sum(static layer => layer.NonZeroCount);

    /// <summary>The exact outputs for exact inputs.</summary>
    /// <exception cref="ArgumentException">The number of inputs is wrong.</exception>
    public Rational[] Evaluate(IReadOnlyList<Rational> inputs)
    {
        Rational[]? values = null;
        foreach (var layer in Layers) values = layer.Evaluate(values ?? inputs);
        return values!;
    }

    /// <summary>
    /// The same function in which no affine layer precedes another without a ReLU between them: the standard feed-forward form, with
    /// the depth of Theorem 3.
    /// </summary>
    /// <remarks>
    /// W2 (W1 x + b1) + b2 = (W2 W1) x + (W2 b1 + b2). The product often has many more entries that are not 0 than its factors, so
    /// compare <see cref="NonZeroCount"/> before using it for anything but export; <see cref="ConversionReport"/> gives both numbers
    /// without multiplying.
    /// </remarks>
    /// <param name="entryLimit">The maximum number of terms that a product may have.</param>
    /// <exception cref="MatrixTooLargeException">A product has more, and nothing was allocated for it.</exception>
    public ReluNetwork Fuse(int entryLimit = SparseMatrix.DefaultEntryLimit) => FuseWhere(static (_, _) => true, entryLimit);

    /// <summary>
    /// The same function in which an affine layer before another is multiplied out where the product, as a dense matrix, has fewer
    /// entries than its factors: what tools need that keep dense matrices.
    /// </summary>
    /// <remarks>Selections and other factors that only pass values on disappear; low-rank factors stay.</remarks>
    public ReluNetwork FuseWhereSmaller() => FuseWhere(static (first, second) =>
        (long)second.OutputCount * first.InputCount < ((long)first.OutputCount * first.InputCount)
            + ((long)second.OutputCount * second.InputCount), int.MaxValue);

    private ReluNetwork FuseWhere(Func<ReluLayer, ReluLayer, bool> condition, int entryLimit)
    {
        var fused = new List<ReluLayer>();
        foreach (var layer in Layers)
        {
            if (fused.Count == 0 || fused[^1].IsRectified || !condition(fused[^1], layer))
            {
                fused.Add(layer);
                continue;
            }

            var first = fused[^1];
            var biases = layer.Weights.Multiply(first.Biases);
            for (int i = 0; i < biases.Length; i++) biases[i] += layer.Biases[i];
            fused[^1] = new ReluLayer(layer.Weights.Multiply(first.Weights, entryLimit), [.. biases], layer.IsRectified);
        }

        return new ReluNetwork(fused);
    }
}
