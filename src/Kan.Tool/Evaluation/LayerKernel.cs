using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Kan.Tool;

/// <summary>One layer of a <see cref="PanelEvaluator{T}"/>.</summary>
internal abstract class LayerKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    public abstract void Run(ReadOnlySpan<T> x, Span<T> y);

    public static LayerKernel<T> Create(LayerForm form, Precision precision) => form.Accept(new Choice(precision));

    private sealed class Choice(Precision precision) : ILayerFormVisitor<LayerKernel<T>>
    {
        public LayerKernel<T> Affine(AffineForm form) => new AffineKernel<T>(form, null, precision);

        public LayerKernel<T> Factored(FactoredForm form) =>
            new AffineKernel<T>(form.Affine, new Activation<T>(form.Activation), precision);

        public LayerKernel<T> Elementwise(ElementwiseForm form) => new ElementwiseKernel<T>(form);

        public LayerKernel<T> Rows(RowsForm form) => new RowsKernel<T>(form, precision);

        public LayerKernel<T> Units(UnitsForm form) => new UnitsKernel<T>(form, precision);

        public LayerKernel<T> Convolution(ConvolutionForm form) => new ConvolutionKernel<T>(form);

        public LayerKernel<T> Maximum(MaximumForm form) => new MaximumKernel<T>(form);
    }
}

/// <summary>A convolution, number by number.</summary>
internal sealed class ConvolutionKernel<T>(ConvolutionForm form) : LayerKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    public override void Run(ReadOnlySpan<T> x, Span<T> y) => WindowEvaluator.Evaluate(default(FloatOps<T>), form, x, y);
}

/// <summary>A maximum, number by number.</summary>
internal sealed class MaximumKernel<T>(MaximumForm form) : LayerKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    public override void Run(ReadOnlySpan<T> x, Span<T> y) => WindowEvaluator.Evaluate(default(FloatOps<T>), form, x, y);
}

/// <summary>Partial sums over the inputs, combined in the fixed tree; outputs are held in vectors, padded to whole ones.</summary>
internal abstract class SumKernel<T> : LayerKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private readonly Vector<T>[] _biases;
    private readonly Vector<T>[] _sums;
    private readonly ImmutableArray<SumAddition> _tree;
    private readonly int _count;
    private readonly int _outputs;

    protected SumKernel(LayerForm form, Precision precision)
    {
        _outputs = form.OutputCount;
        Width = (_outputs + Vector<T>.Count - 1) / Vector<T>.Count;
        _count = SummationOrder.PartialSums(form.InputCount, form.OutputCount, precision);
        _tree = SumTree.Additions(_count);
        _biases = Pad(form.Biases, 1, _outputs, Width);
        _sums = new Vector<T>[_count * Width];
    }

    protected static VectorOps<T> Ops => default;

    /// <summary>Vectors that hold the outputs.</summary>
    protected int Width { get; }

    /// <summary>Whether +0 is added to each output, so that it is never -0.</summary>
    protected virtual bool EndsWithZero => false;

    public override void Run(ReadOnlySpan<T> x, Span<T> y)
    {
        Array.Clear(_sums);
        _biases.CopyTo(_sums, 0);
        for (int p = 0; p < x.Length; p++) Add(p, x[p], _sums.AsSpan(p % _count * Width, Width));
        foreach (var addition in _tree)
        {
            for (int i = 0; i < Width; i++) _sums[(addition.To * Width) + i] += _sums[(addition.From * Width) + i];
        }

        if (EndsWithZero)
        {
            for (int i = 0; i < Width; i++) _sums[i] += Vector<T>.Zero;
        }

        MemoryMarshal.Cast<Vector<T>, T>(_sums.AsSpan(0, Width))[.._outputs].CopyTo(y);
    }

    /// <summary>Adds what an input contributes to each output.</summary>
    protected abstract void Add(int input, T x, Span<Vector<T>> sums);

    /// <summary>Rows of numbers, each padded with zeros to whole vectors.</summary>
    protected static Vector<T>[] Pad(IReadOnlyList<double> numbers, int rows, int columns, int width)
    {
        var vectors = new Vector<T>[rows * width];
        var lanes = MemoryMarshal.Cast<Vector<T>, T>(vectors.AsSpan());
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                lanes[(row * width * Vector<T>.Count) + column] = T.CreateChecked(numbers[(row * columns) + column]);
        }

        return vectors;
    }
}

/// <summary>
/// acc = fma(w, h, acc), with h = x or s(x). Terms of weights that are 0 change no bit unless h is not finite, so the vectors of them at
/// both ends of an input's row are left out: matrices of ReLU networks are mostly such blocks.
/// </summary>
internal sealed class AffineKernel<T> : SumKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private readonly Activation<T>? _activation;
    private readonly Vector<T>[] _weights;
    private readonly (int First, int Count)[] _parts;
    private readonly FiniteEnds _ends;

    public AffineKernel(AffineForm form, Activation<T>? activation, Precision precision)
        : base(form, precision)
    {
        _activation = activation;
        _ends = form.Ends;
        _weights = Pad(form.Weights, form.InputCount, form.OutputCount, Width);
        _parts = new (int, int)[form.InputCount];
        for (int p = 0; p < _parts.Length; p++)
        {
            var row = _weights.AsSpan(p * Width, Width);
            int first = row.IndexOfAnyExcept(Vector<T>.Zero);
            if (first >= 0) _parts[p] = (first, row.LastIndexOfAnyExcept(Vector<T>.Zero) + 1 - first);
        }
    }

    protected override bool EndsWithZero => true;

    protected override void Add(int input, T x, Span<Vector<T>> sums)
    {
        T height = default(FloatOps<T>).Bounded(_activation is null ? x : _activation.Evaluate(input, x), _ends);
        var (first, count) = T.IsFinite(height) ? _parts[input] : (0, Width);
        var value = new Vector<T>(height);
        var weights = _weights.AsSpan((input * Width) + first, count);
        sums = sums.Slice(first, count);
        for (int i = 0; i < sums.Length; i++) sums[i] = Ops.Fma(weights[i], value, sums[i]);
    }
}

/// <summary>y = s(x), node for node.</summary>
internal sealed class ElementwiseKernel<T>(ElementwiseForm form) : LayerKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private readonly Activation<T> _activation = new(form.Activation);

    public override void Run(ReadOnlySpan<T> x, Span<T> y)
    {
        for (int i = 0; i < x.Length; i++) y[i] = _activation.Evaluate(i, x[i]);
    }
}

/// <summary>acc = acc + fma(a[j], t, v[j]).</summary>
internal sealed class RowsKernel<T>(RowsForm form, Precision precision) : SumKernel<T>(form, precision)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private readonly Segments<T>[] _segments = [.. form.Segments.Select(static table => new Segments<T>(table))];
    private readonly Vector<T>[][] _values =
        [.. form.Segments.Select(table =>
        Pad(table.Values, table.SegmentCount, form.OutputCount, (form.OutputCount + Vector<T>.Count - 1) / Vector<T>.Count))];
    private readonly Vector<T>[][] _slopes =
        [.. form.Segments.Select(table =>
        Pad(table.Slopes, table.SegmentCount, form.OutputCount, (form.OutputCount + Vector<T>.Count - 1) / Vector<T>.Count))];

    private readonly FiniteEnds _ends = form.Ends;

    protected override void Add(int input, T x, Span<Vector<T>> sums)
    {
        var (j, t) = _segments[input].Find(x, _ends);
        var difference = new Vector<T>(t);
        var values = _values[input].AsSpan(j * Width, Width);
        var slopes = _slopes[input].AsSpan(j * Width, Width);
        for (int i = 0; i < sums.Length; i++) sums[i] = SegmentTerm.AddTo(Ops, sums[i], slopes[i], difference, values[i]);
    }
}

/// <summary>acc = fma(w, unit(x - b), acc) for each unit.</summary>
internal sealed class UnitsKernel<T> : SumKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private readonly UnitsForm _form;
    private readonly (Vector<T>[] Points, Vector<T>[] Heights, Vector<T>[] Weights)[] _units;

    public UnitsKernel(UnitsForm form, Precision precision)
        : base(form, precision)
    {
        _form = form;
        int m = form.OutputCount;
        _units =
            [.. form.Units.Select(unit =>
            (Pad(unit.Points, 1, m, Width), unit.Heights.IsEmpty ? [] : Pad(unit.Heights, 1, m, Width), Pad(unit.Weights, 1, m, Width)))];
    }

    protected override void Add(int input, T x, Span<Vector<T>> sums)
    {
        var value = new Vector<T>(x);
        for (int u = 0; u < _form.Kinds.Length; u++)
        {
            var kind = _form.Kinds[u];
            var (points, heights, weights) = _units[(input * _form.Kinds.Length) + u];
            for (int i = 0; i < sums.Length; i++)
            {
                var height = heights.Length == 0 ? default : heights[i];
                sums[i] = UnitTerm.AddTo(Ops, kind, value, points[i], height, weights[i], _form.Ends, sums[i]);
            }
        }
    }
}
