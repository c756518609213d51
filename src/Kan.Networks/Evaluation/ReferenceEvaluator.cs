using System;
using System.Collections.Immutable;
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

    /// <summary>The outputs for some inputs.</summary>
    /// <exception cref="ArgumentException">The number of inputs is wrong.</exception>
    public T[] Evaluate(ReadOnlySpan<T> inputs)
    {
        if (inputs.Length != _form.InputCount)
            throw new ArgumentException($"The network has {_form.InputCount} inputs, not {inputs.Length}.", nameof(inputs));
        var values = inputs.ToArray();
        foreach (var layer in _form.Layers) values = Evaluate(layer, values);
        return values;
    }

    private T[] Evaluate(LayerForm layer, T[] x) => layer switch
    {
        AffineForm affine => Affine(affine, x),
        FactoredForm factored => Affine(factored.Affine, Activate(factored.Activation, x)),
        ElementwiseForm elementwise => Activate(elementwise.Activation, x),
        RowsForm rows => Sum(rows, (q, p, sum) => sum + Segment(rows.Segments[p], x[p], q, rows.OutputCount, rows.Ends)),
        UnitsForm units => Sum(units, (q, p, sum) => AddUnits(units, x[p], q, p, sum)),
        _ => throw new ArgumentException($"Forms of type {layer.GetType().Name} cannot be evaluated.", nameof(layer)),
    };

    private T[] Affine(AffineForm form, T[] x)
    {
        var y = Sum(form, (q, p, sum) => T.FusedMultiplyAdd(T.CreateChecked(form.Weights[(p * form.OutputCount) + q]), Bound(x[p], form.Ends), sum));
        for (int q = 0; q < y.Length; q++) y[q] += T.Zero;
        return y;
    }

    private static T[] Activate(ActivationForm form, T[] x)
    {
        var y = new T[form.Count];
        for (int i = 0; i < y.Length; i++)
            y[i] = form.IsRelu ? AtLeast(x[i], T.Zero) : Segment(form.Segments[i], x[i], 0, 1, form.Ends);
        return y;
    }

    private static T Segment(SegmentTable table, T x, int output, int outputs, FiniteEnds ends)
    {
        int j = 0;
        foreach (double knot in table.Knots)
        {
            if (x >= T.CreateChecked(knot)) j++;
        }

        T t = Bound(x - T.CreateChecked(table.Points[j]), ends);
        return T.FusedMultiplyAdd(T.CreateChecked(table.Slopes[(j * outputs) + output]), t, T.CreateChecked(table.Values[(j * outputs) + output]));
    }

    private static T AddUnits(UnitsForm form, T x, int output, int input, T sum)
    {
        for (int i = 0; i < form.Kinds.Length; i++)
        {
            var unit = form.Units[(input * form.Kinds.Length) + i];
            T b = T.CreateChecked(unit.Points[output]);
            T bend = form.Kinds[i] switch
            {
                UnitKind.LowRay => AtMost(Bound(x - b, form.Ends), T.Zero),
                UnitKind.Clamp => AtMost(AtLeast(x - b, T.Zero), T.CreateChecked(unit.Heights[output])),
                UnitKind.LeftRelu => AtLeast(Bound(b - x, new FiniteEnds(form.Ends.High, form.Ends.Low)), T.Zero),
                _ => AtLeast(Bound(x - b, form.Ends), T.Zero),
            };
            sum = T.FusedMultiplyAdd(T.CreateChecked(unit.Weights[output]), bend, sum);
        }

        return sum;
    }

    /// <summary>The partial sums of each output over its inputs, combined in the fixed tree.</summary>
    private T[] Sum(LayerForm layer, Func<int, int, T, T> addTerm)
    {
        int count = SummationOrder.PartialSums(layer.InputCount, layer.OutputCount, _form.Precision);
        var y = new T[layer.OutputCount];
        var sums = new T[count];
        for (int q = 0; q < y.Length; q++)
        {
            Array.Clear(sums);
            sums[0] = T.CreateChecked(layer.Biases[q]);
            for (int p = 0; p < layer.InputCount; p++) sums[p % count] = addTerm(q, p, sums[p % count]);
            for (int half = count / 2; half > 0; half /= 2)
            {
                for (int i = 0; i < half; i++) sums[i] += sums[i + half];
            }

            y[q] = sums[0];
        }

        return y;
    }

    private static T Bound(T value, FiniteEnds ends)
    {
        if (ends.Low) value = AtLeast(value, T.MinValue);
        if (ends.High) value = AtMost(value, T.MaxValue);
        return value;
    }

    private static T AtLeast(T value, T bound) => value < bound ? bound : value;

    private static T AtMost(T value, T bound) => value > bound ? bound : value;
}
