using System;
using System.Collections.Generic;
using System.Numerics;

namespace Kan.Experiments.Training;

/// <summary>y = max(x, 0).</summary>
internal sealed class ReluLayer<T>(int size) : TrainableLayer<T>(size, size)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IReadOnlyList<Parameters<T>> Parameters => [];

    public override void Forward(ReadOnlySpan<T> x, Span<T> y)
    {
        var inputs = Rows.Of(x);
        var outputs = Rows.Of(y);
        for (int v = 0; v < inputs.Length; v++) outputs[v] = Vector.Max(inputs[v], Vector<T>.Zero);
    }

    public override void Backward(ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dx)
    {
        if (dx.IsEmpty) return;
        var inputs = Rows.Of(x);
        var slopes = Rows.Of(dy);
        var gradients = Rows.Of(dx);
        for (int v = 0; v < inputs.Length; v++)
            gradients[v] = Vector.ConditionalSelect(Vector.GreaterThan(inputs[v], Vector<T>.Zero), slopes[v], Vector<T>.Zero);
    }

    public override KanLayer ToKanLayer() => KanLayer.Activation(InputCount, PiecewiseLinearFunction.Relu);
}
