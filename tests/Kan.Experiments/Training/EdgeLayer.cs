using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Kan.Experiments.Training;

/// <summary>
/// A KAN layer whose edges all have K breakpoints of their own: y_q = bias_q + sum over p of phi_(q,p)(x_p), where the biases take up the
/// values of the edges at their first breakpoints.
/// </summary>
internal sealed class EdgeLayer<T> : TrainableLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _vectors;
    private readonly Parameters<T> _breakpoints;
    private readonly Parameters<T> _slopes;
    private readonly Parameters<T> _biases;

    private EdgeLayer(int inputCount, int outputCount, int breakpointCount, Parameters<T> breakpoints, Parameters<T> slopes,
        Parameters<T> biases)
        : base(inputCount, outputCount)
    {
        _vectors = Rows.VectorsFor<T>(outputCount);
        BreakpointCount = breakpointCount;
        _breakpoints = breakpoints;
        _slopes = slopes;
        _biases = biases;
    }

    /// <summary>K, at least 1.</summary>
    public int BreakpointCount { get; }

    public override IReadOnlyList<Parameters<T>> Parameters => [_slopes, _biases, _breakpoints];

    /// <summary>A layer that computes the same function as an exact one, up to the rounding of its numbers.</summary>
    /// <param name="layer">Any layer. Edges of fewer breakpoints get further ones where they do not bend.</param>
    /// <param name="grid">Breakpoints that every edge is to have, increasing; bends that are free to form there. Empty for none.</param>
    /// <param name="trainBreakpoints">Whether breakpoints are trained too.</param>
    public static EdgeLayer<T> From(KanLayer layer, IReadOnlyList<Rational> grid, bool trainBreakpoints)
    {
        int width = Rows.WidthFor<T>(layer.OutputCount);
        var edges = layer.Edges.Select(edge => (edge.Input, edge.Output, edge.Function, Points: Union(edge.Function.Breakpoints, grid)))
            .ToList();
        int count = Math.Max(1, edges.Select(static edge => edge.Points.Count).Append(grid.Count).Max());
        var breakpoints = new T[layer.InputCount * count * width];
        var slopes = new T[layer.InputCount * (count + 1) * width];
        var biases = layer.Biases.ToArray();
        foreach (var (input, output, function, own) in edges)
        {
            var points = own.Concat(Enumerable.Repeat(own.Count > 0 ? own[^1] : Rational.Zero, count - own.Count)).ToList();
            biases[output] += function.Evaluate(points[0]);
            for (int i = 0; i <= count; i++)
            {
                if (i < count) breakpoints[(((input * count) + i) * width) + output] = Rounded(points[i]);
                slopes[(((input * (count + 1)) + i) * width) + output] =
                    Rounded(i == 0 ? function.SlopeLeftOf(points[0]) : function.SlopeRightOf(points[i - 1]));
            }
        }

        var rounded = new T[width];
        for (int q = 0; q < biases.Length; q++) rounded[q] = Rounded(biases[q]);
        int all = layer.InputCount * layer.OutputCount;
        return new EdgeLayer<T>(
            layer.InputCount, layer.OutputCount, count,
            new Parameters<T>(breakpoints, all * count) { IsTrained = trainBreakpoints },
            new Parameters<T>(slopes, all * (count + 1)),
            new Parameters<T>(rounded, layer.OutputCount));
    }

    public override void Forward(ReadOnlySpan<T> x, Span<T> y)
    {
        _biases.Values.CopyTo(y);
        var sums = Rows.Of(y);
        for (int p = 0; p < InputCount; p++)
        {
            var input = new Vector<T>(x[p]);
            var breakpoints = BreakpointsOf(_breakpoints.Values, p);
            var slopes = SlopesOf(_slopes.Values, p);
            for (int v = 0; v < sums.Length; v++) sums[v] = SegmentKernel.Add(sums[v], input, breakpoints[v..], slopes[v..], _vectors);
        }
    }

    public override void Backward(ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dx)
    {
        var outer = Rows.Of(dy);
        var biases = Rows.Of(_biases.Gradients);
        for (int v = 0; v < outer.Length; v++) biases[v] += outer[v];
        for (int p = 0; p < InputCount; p++)
        {
            var input = new Vector<T>(x[p]);
            var breakpoints = BreakpointsOf(_breakpoints.Values, p);
            var slopes = SlopesOf(_slopes.Values, p);
            var slopeGradients = SlopesOf(_slopes.Gradients, p);
            var breakpointGradients = BreakpointsOf(_breakpoints.Gradients, p);
            var sum = Vector<T>.Zero;
            for (int v = 0; v < outer.Length; v++)
            {
                SegmentKernel.AddSlopeGradients(outer[v], input, breakpoints[v..], slopeGradients[v..], _vectors);
                if (_breakpoints.IsTrained)
                    SegmentKernel.AddBreakpointGradients(outer[v], input, breakpoints[v..], slopes[v..], breakpointGradients[v..],
                        _vectors);
                sum += outer[v] * SegmentKernel.Slope(input, breakpoints[v..], slopes[v..], _vectors);
            }

            if (!dx.IsEmpty) dx[p] = Vector.Sum(sum);
        }
    }

    /// <summary>Breakpoints that have passed each other come to lie on each other: their segment is then empty.</summary>
    public override void Repair()
    {
        if (!_breakpoints.IsTrained) return;
        for (int p = 0; p < InputCount; p++)
        {
            var breakpoints = BreakpointsOf(_breakpoints.Values, p);
            for (int i = _vectors; i < breakpoints.Length; i++) breakpoints[i] = Vector.Max(breakpoints[i], breakpoints[i - _vectors]);
        }
    }

    public override KanLayer ToKanLayer()
    {
        var edges = new List<KanEdge>();
        var biases = _biases.Values.Take(OutputCount).Select(Exact).ToArray();
        int width = _vectors * Vector<T>.Count;
        for (int p = 0; p < InputCount; p++)
        {
            for (int q = 0; q < OutputCount; q++)
            {
                var points = new List<Rational>();
                var slopes = new List<Rational> { SlopeAt(p, 0, q) };
                for (int i = 0; i < BreakpointCount; i++)
                {
                    var point = Exact(_breakpoints.Values[(((p * BreakpointCount) + i) * width) + q]);
                    if (points.Count > 0 && points[^1] == point) slopes.RemoveAt(slopes.Count - 1);
                    else points.Add(point);
                    slopes.Add(SlopeAt(p, i + 1, q));
                }

                edges.Add(new KanEdge(p, q, PiecewiseLinearFunction.FromSlopes(points, slopes, points[0], Rational.Zero)));
            }
        }

        return new KanLayer(InputCount, OutputCount, edges, [.. biases]);

        Rational SlopeAt(int input, int segment, int output) =>
            Exact(_slopes.Values[(((input * (BreakpointCount + 1)) + segment) * width) + output]);
    }

    private Span<Vector<T>> BreakpointsOf(T[] rows, int input) =>
        Rows.Of(rows).Slice(input * BreakpointCount * _vectors, BreakpointCount * _vectors);

    private Span<Vector<T>> SlopesOf(T[] rows, int input) =>
        Rows.Of(rows).Slice(input * (BreakpointCount + 1) * _vectors, (BreakpointCount + 1) * _vectors);

    private static List<Rational> Union(IEnumerable<Rational> own, IEnumerable<Rational> grid) => [.. own.Concat(grid).Distinct().Order()];

    private static T Rounded(Rational value) => T.CreateChecked(typeof(T) == typeof(float) ? value.ToSingle() : value.ToDouble());
}
