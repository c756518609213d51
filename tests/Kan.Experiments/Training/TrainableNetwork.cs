using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Numerics;

namespace Kan.Experiments.Training;

/// <summary>Layers that are trained together, and the memory for one sample.</summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
internal sealed class TrainableNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[][] _values;
    private readonly T[][] _gradients;

    public TrainableNetwork(IEnumerable<TrainableLayer<T>> layers)
    {
        Layers = [.. layers];
        _values = [new T[Rows.WidthFor<T>(Layers[0].InputCount)],
            .. Layers.Select(static layer => new T[Rows.WidthFor<T>(layer.OutputCount)])];
        _gradients = [.. _values.Select(static row => new T[row.Length])];
        Trained = [.. Layers.SelectMany(static layer => layer.Parameters).Where(static parameters => parameters.IsTrained)];
    }

    public ImmutableArray<TrainableLayer<T>> Layers { get; }

    /// <summary>What training changes.</summary>
    public ImmutableArray<Parameters<T>> Trained { get; }

    public int ParameterCount => Trained.Sum(static parameters => parameters.Count);

    /// <summary>The outputs of the last call of <see cref="Forward"/>.</summary>
    public ReadOnlySpan<T> Outputs => _values[^1].AsSpan(0, Layers[^1].OutputCount);

    /// <summary>The outputs for one sample; they stay until the next call.</summary>
    public ReadOnlySpan<T> Forward(ReadOnlySpan<T> inputs)
    {
        inputs.CopyTo(_values[0]);
        for (int l = 0; l < Layers.Length; l++) Layers[l].Forward(_values[l], _values[l + 1]);
        return Outputs;
    }

    /// <summary>Adds the gradients of the sample that <see cref="Forward"/> saw last.</summary>
    /// <param name="outputGradients">The gradient of the loss by the outputs.</param>
    public void Backward(ReadOnlySpan<T> outputGradients)
    {
        outputGradients.CopyTo(_gradients[^1]);
        for (int l = Layers.Length - 1; l >= 0; l--)
            Layers[l].Backward(_values[l], _gradients[l + 1], l == 0 ? [] : _gradients[l]);
    }

    /// <summary>The network as it stands, exactly.</summary>
    public KanNetwork ToKanNetwork() => new(Layers.Select(static layer => layer.ToKanLayer()));
}
