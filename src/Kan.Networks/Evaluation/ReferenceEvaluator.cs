using System;
using System.Numerics;

namespace Kan.Networks;

/// <summary>
/// The arithmetic contract as code: one number at a time, each operation correctly rounded, in the order that <see cref="SummationOrder"/>
/// fixes. Generated code gives the same bits on every machine; the sign and payload of a NaN are unspecified.
/// </summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>, the precision of the form.</typeparam>
public sealed class ReferenceEvaluator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private readonly NetworkForm _form;

    /// <summary>An evaluator of a form.</summary>
    /// <exception cref="ArgumentException">The form's precision is not that of <typeparamref name="T"/>.</exception>
    public ReferenceEvaluator(NetworkForm form)
    {
        ArgumentNullException.ThrowIfNull(form);
        var precision = typeof(T) == typeof(float) ? Precision.Single : Precision.Double;
        if (form.Precision != precision) throw new ArgumentException($"The form computes in {form.Precision}, not {precision}.", nameof(form));
        _form = form;
    }

    private static FloatOps<T> Ops => default;

    /// <summary>The outputs for some inputs.</summary>
    /// <exception cref="ArgumentException">The number of inputs is wrong.</exception>
    public T[] Evaluate(ReadOnlySpan<T> inputs)
    {
        if (inputs.Length != _form.InputCount)
            throw new ArgumentException($"The network has {_form.InputCount} inputs, not {inputs.Length}.", nameof(inputs));
        var values = inputs.ToArray();
        foreach (var layer in _form.Layers) values = layer.Accept(new Layer(this, values));
        return values;
    }

    /// <summary>A layer at a point.</summary>
    private sealed class Layer(ReferenceEvaluator<T> evaluator, T[] x) : ILayerFormVisitor<T[]>
    {
        public T[] Affine(AffineForm form) => evaluator.Affine(form, x);

        public T[] Factored(FactoredForm form) => evaluator.Affine(form.Affine, Activate(form.Activation, x));

        public T[] Elementwise(ElementwiseForm form) => Activate(form.Activation, x);

        public T[] Rows(RowsForm form) => evaluator.Sum(form, (q, p, sum) => AddSegment(form, x[p], q, p, sum));

        public T[] Units(UnitsForm form) => evaluator.Sum(form, (q, p, sum) => AddUnits(form, x[p], q, p, sum));
    }

    private T[] Affine(AffineForm form, T[] x)
    {
        var y = Sum(form, (q, p, sum) =>
            Ops.Fma(T.CreateChecked(form.Weights[(p * form.OutputCount) + q]), Ops.Bounded(x[p], form.Ends), sum));
        for (int q = 0; q < y.Length; q++) y[q] = Ops.Add(y[q], T.Zero);
        return y;
    }

    private static T[] Activate(ActivationForm form, T[] x)
    {
        var y = new T[form.Count];
        for (int i = 0; i < y.Length; i++)
        {
            if (form.IsRelu)
            {
                y[i] = Ops.AtLeast(x[i], T.Zero);
                continue;
            }

            var (slope, distance, value) = Segment(form.Segments[i], x[i], 0, 1, form.Ends);
            y[i] = SegmentTerm.Line(Ops, slope, distance, value);
        }

        return y;
    }

    private static T AddSegment(RowsForm form, T x, int output, int input, T sum)
    {
        var (slope, distance, value) = Segment(form.Segments[input], x, output, form.OutputCount, form.Ends);
        return SegmentTerm.AddTo(Ops, sum, slope, distance, value);
    }

    /// <summary>The slope of the segment of x, the distance of x from its anchor point, and the value there.</summary>
    private static (T Slope, T Distance, T Value) Segment(SegmentTable table, T x, int output, int outputs, FiniteEnds ends)
    {
        int j = 0;
        foreach (double knot in table.Knots)
        {
            if (x >= T.CreateChecked(knot)) j++;
        }

        T distance = SegmentTerm.Distance(Ops, x, T.CreateChecked(table.Points[j]), ends);
        return (T.CreateChecked(table.Slopes[(j * outputs) + output]), distance, T.CreateChecked(table.Values[(j * outputs) + output]));
    }

    private static T AddUnits(UnitsForm form, T x, int output, int input, T sum)
    {
        for (int i = 0; i < form.Kinds.Length; i++)
        {
            var unit = form.Units[(input * form.Kinds.Length) + i];
            T point = T.CreateChecked(unit.Points[output]), weight = T.CreateChecked(unit.Weights[output]);
            T height = unit.Heights.IsEmpty ? T.Zero : T.CreateChecked(unit.Heights[output]);
            sum = UnitTerm.AddTo(Ops, form.Kinds[i], x, point, height, weight, form.Ends, sum);
        }

        return sum;
    }

    /// <summary>The partial sums of each output over its inputs, combined in the fixed tree.</summary>
    private T[] Sum(LayerForm layer, Func<int, int, T, T> addTerm)
    {
        int count = SummationOrder.PartialSums(layer.InputCount, layer.OutputCount, _form.Precision);
        var tree = SumTree.Additions(count);
        var y = new T[layer.OutputCount];
        var sums = new T[count];
        for (int q = 0; q < y.Length; q++)
        {
            Array.Clear(sums);
            sums[0] = T.CreateChecked(layer.Biases[q]);
            for (int p = 0; p < layer.InputCount; p++) sums[p % count] = addTerm(q, p, sums[p % count]);
            y[q] = SumTree.Total(Ops, sums, tree);
        }

        return y;
    }
}
