using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Kan.Experiments.Training;

/// <summary>
/// A KAN layer of one edge for each node, y_p = f_p(x_p), of K breakpoints each: what Theorem 1 makes of a layer of ReLUs.
/// </summary>
internal sealed class NodeLayer<T> : TrainableLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _vectors;
    private readonly Parameters<T> _breakpoints;
    private readonly Parameters<T> _slopes;
    private readonly Parameters<T> _values;

    /// <summary>A layer of ReLUs.</summary>
    /// <param name="size">The number of nodes.</param>
    /// <param name="trainBreakpoints">Whether breakpoints are trained too.</param>
    public NodeLayer(int size, bool trainBreakpoints)
        : base(size, size)
    {
        _vectors = Rows.VectorsFor<T>(size);
        int width = Rows.WidthFor<T>(size);
        var slopes = new T[2 * width];
        slopes.AsSpan(width, size).Fill(T.One);
        _breakpoints = new Parameters<T>(new T[width], size) { IsTrained = trainBreakpoints };
        _slopes = new Parameters<T>(slopes, 2 * size);
        _values = new Parameters<T>(new T[width], size);
    }

    public override IReadOnlyList<Parameters<T>> Parameters => [_slopes, _values, _breakpoints];

    public override void Forward(ReadOnlySpan<T> x, Span<T> y)
    {
        var inputs = Rows.Of(x);
        var outputs = Rows.Of(y);
        var values = Rows.Of(_values.Values);
        for (int v = 0; v < inputs.Length; v++)
            outputs[v] = SegmentKernel.Add(values[v], inputs[v], Rows.Of(_breakpoints.Values)[v..], Rows.Of(_slopes.Values)[v..], _vectors);
    }

    public override void Backward(ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dx)
    {
        var inputs = Rows.Of(x);
        var outer = Rows.Of(dy);
        var gradients = Rows.Of(dx);
        var values = Rows.Of(_values.Gradients);
        for (int v = 0; v < inputs.Length; v++)
        {
            ReadOnlySpan<Vector<T>> breakpoints = Rows.Of(_breakpoints.Values)[v..], slopes = Rows.Of(_slopes.Values)[v..];
            values[v] += outer[v];
            SegmentKernel.AddSlopeGradients(outer[v], inputs[v], breakpoints, Rows.Of(_slopes.Gradients)[v..], _vectors);
            if (_breakpoints.IsTrained)
                SegmentKernel.AddBreakpointGradients(outer[v], inputs[v], breakpoints, slopes, Rows.Of(_breakpoints.Gradients)[v..],
                    _vectors);
            if (!gradients.IsEmpty) gradients[v] = outer[v] * SegmentKernel.Slope(inputs[v], breakpoints, slopes, _vectors);
        }
    }

    public override KanLayer ToKanLayer()
    {
        int width = _vectors * Vector<T>.Count;
        return KanLayer.Activation([.. Enumerable.Range(0, InputCount).Select(p =>
        {
            var point = Exact(_breakpoints.Values[p]);
            return PiecewiseLinearFunction.FromSlopes([point], [Exact(_slopes.Values[p]), Exact(_slopes.Values[width + p])], point,
                Exact(_values.Values[p]));
        })]);
    }
}
