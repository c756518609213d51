using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// A piecewise-linear Kolmogorov-Arnold network: layers of sparse edges, exact. The one representation of every model here; affine
/// layers, activations and skip connections are layers of such edges too.
/// </summary>
public sealed class KanNetwork
{
    /// <summary>A network of layers, first to last.</summary>
    /// <exception cref="ArgumentException">No layer, or neighboring layers whose widths differ.</exception>
    public KanNetwork(IEnumerable<KanLayer> layers)
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
    public ImmutableArray<KanLayer> Layers { get; }

    /// <summary>The number of inputs of the first layer.</summary>
    public int InputCount => Layers[0].InputCount;

    /// <summary>The number of outputs of the last layer.</summary>
    public int OutputCount => Layers[Layers.Length - 1].OutputCount;

    /// <summary>The widths as the papers write them: inputs, then the outputs of each layer.</summary>
    public ImmutableArray<int> Widths => [InputCount, .. Layers.Select(static layer => layer.OutputCount)];

    /// <summary>The exact outputs for exact inputs.</summary>
    /// <exception cref="ArgumentException">The number of inputs is wrong.</exception>
    public Rational[] Evaluate(IReadOnlyList<Rational> inputs)
    {
        Rational[]? values = null;
        foreach (var layer in Layers) values = layer.Evaluate(values ?? inputs);
        return values!;
    }

    /// <summary>The nearest doubles to the exact outputs for finite inputs.</summary>
    /// <exception cref="ArgumentException">The number of inputs is wrong.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An input is NaN or infinite.</exception>
    public double[] Evaluate(IReadOnlyList<double> inputs) =>
        Array.ConvertAll(Evaluate([.. inputs.Select(Rational.FromDouble)]), static value => value.ToDouble());
}
