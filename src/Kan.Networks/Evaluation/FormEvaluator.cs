using System;

namespace Kan.Networks;

/// <summary>The meaning of forms, over numbers or over intervals of them.</summary>
/// <typeparam name="T">Numbers, or intervals of them.</typeparam>
/// <typeparam name="TOps">Their operations.</typeparam>
internal sealed class FormEvaluator<T, TOps>(NetworkForm form)
    where T : struct
    where TOps : struct, IFormOps<T>
{
    private static TOps Ops => default;

    /// <summary>The outputs for some inputs, of which there is the right number.</summary>
    public T[] Evaluate(ReadOnlySpan<T> inputs)
    {
        var values = inputs.ToArray();
        foreach (var layer in form.Layers) values = layer.Accept(new Layer(form.Precision, values));
        return values;
    }

    /// <summary>A layer at a point.</summary>
    private sealed class Layer(Precision precision, T[] x) : ILayerFormVisitor<T[]>
    {
        public T[] Affine(AffineForm form) => Affine(form, x);

        public T[] Factored(FactoredForm form) => Affine(form.Affine, Activate(form.Activation, x));

        public T[] Elementwise(ElementwiseForm form) => Activate(form.Activation, x);

        public T[] Rows(RowsForm form) => Sum(form, (q, p, sum) => Ops.InSegment(
            form.Segments[p],
            x[p],
            (Form: form, Table: form.Segments[p], Output: q, Sum: sum),
            static (term, j, x) => SegmentTerm.AddTo(
                Ops, term.Sum, Slope(term.Table, j, term.Output, term.Form.OutputCount), Distance(term.Table, j, x, term.Form.Ends),
                Value(term.Table, j, term.Output, term.Form.OutputCount))));

        public T[] Units(UnitsForm form) => Sum(form, (q, p, sum) => AddUnits(form, x[p], q, p, sum));

        public T[] Convolution(ConvolutionForm form)
        {
            var y = new T[form.OutputCount];
            WindowEvaluator.Evaluate<T, TOps>(Ops, form, x, y);
            return y;
        }

        public T[] Maximum(MaximumForm form)
        {
            var y = new T[form.OutputCount];
            WindowEvaluator.Evaluate<T, TOps>(Ops, form, x, y);
            return y;
        }

        private T[] Affine(AffineForm form, T[] x)
        {
            var y = Sum(form, (q, p, sum) =>
                Ops.Fma(Ops.Constant(form.Weights[(p * form.OutputCount) + q]), Ops.Bounded(x[p], form.Ends), sum));
            for (int q = 0; q < y.Length; q++) y[q] = Ops.Add(y[q], Ops.Zero);
            return y;
        }

        private static T[] Activate(ActivationForm form, T[] x)
        {
            var y = new T[form.Count];
            for (int i = 0; i < y.Length; i++)
            {
                y[i] = form.IsRelu
                    ? Ops.AtLeast(x[i], Ops.Zero)
                    : Ops.InSegment(form.Segments[i], x[i], (Table: form.Segments[i], form.Ends), static (function, j, x) =>
                        SegmentTerm.Line(Ops, Slope(function.Table, j, 0, 1), Distance(function.Table, j, x, function.Ends),
                            Value(function.Table, j, 0, 1)));
            }

            return y;
        }

        private static T Slope(SegmentTable table, int segment, int output, int outputs) =>
            Ops.Constant(table.Slopes[(segment * outputs) + output]);

        private static T Value(SegmentTable table, int segment, int output, int outputs) =>
            Ops.Constant(table.Values[(segment * outputs) + output]);

        private static T Distance(SegmentTable table, int segment, T x, FiniteEnds ends) =>
            SegmentTerm.Distance(Ops, x, Ops.Constant(table.Points[segment]), ends);

        private static T AddUnits(UnitsForm form, T x, int output, int input, T sum)
        {
            for (int i = 0; i < form.Kinds.Length; i++)
            {
                var unit = form.Units[(input * form.Kinds.Length) + i];
                T point = Ops.Constant(unit.Points[output]), weight = Ops.Constant(unit.Weights[output]);
                T height = unit.Heights.IsEmpty ? Ops.Zero : Ops.Constant(unit.Heights[output]);
                sum = UnitTerm.AddTo(Ops, form.Kinds[i], x, point, height, weight, form.Ends, sum);
            }

            return sum;
        }

        /// <summary>The partial sums of each output over its inputs, combined in the fixed tree.</summary>
        private T[] Sum(LayerForm layer, Func<int, int, T, T> addTerm)
        {
            int count = SummationOrder.PartialSums(layer.InputCount, layer.OutputCount, precision);
            var tree = SumTree.Additions(count);
            var y = new T[layer.OutputCount];
            var sums = new T[count];
            for (int q = 0; q < y.Length; q++)
            {
                Array.Fill(sums, Ops.Zero);
                sums[0] = Ops.Constant(layer.Biases[q]);
                for (int p = 0; p < layer.InputCount; p++) sums[p % count] = addTerm(q, p, sums[p % count]);
                y[q] = SumTree.Total(Ops, sums, tree);
            }

            return y;
        }
    }
}
