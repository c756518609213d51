using System;
using System.Numerics;

namespace Kan.Networks;

/// <summary>
/// A bound of |computed - exact| for one sample: errors go forward through the layers with the values, each edge with the slopes that it
/// has between the computed and the exact value, each sum with the magnitudes of its own terms. Generated code computes the same bits.
/// </summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>, the precision of the form.</typeparam>
public sealed partial class RunningBound<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private static readonly T s_two = T.One + T.One;

    private readonly NetworkForm _form;
    private readonly RunningError _error;
    private readonly T _unit;
    private readonly T _tiny;

    /// <summary>A bound for samples of a form.</summary>
    /// <exception cref="NotSupportedException">A layer has no such bound.</exception>
    public RunningBound(NetworkForm form)
    {
        _form = form;
        _error = new RunningError(form.Precision);
        _unit = T.CreateChecked(_error.Unit);
        _tiny = T.CreateChecked(_error.Tiny);
        for (int l = 0; l < form.Layers.Length; l++)
        {
            if (RunningError.Unsupported(form.Layers[l]) is { } reason) throw new NotSupportedException($"Layer {l} {reason}.");
        }
    }

    /// <summary>
    /// The bound of each output: infinite for all where an input is not finite or a number may leave the number type.
    /// </summary>
    public T[] Evaluate(ReadOnlySpan<T> inputs)
    {
        var unbounded = new T[_form.OutputCount];
        Array.Fill(unbounded, T.PositiveInfinity);
        foreach (var input in inputs)
        {
            if (!T.IsFinite(input)) return unbounded;
        }

        var values = inputs.ToArray();
        var errors = new T[values.Length];
        var limit = T.CreateChecked(_error.Limit);
        foreach (var layer in _form.Layers)
        {
            errors = layer.Accept(new Layer(this, values, errors));
            values = new FormEvaluator<T, FloatOps<T>>(new NetworkForm(_form.Precision, [layer])).Evaluate(values);
            foreach (var error in errors)
            {
                if (!(error < limit)) return unbounded;
            }
        }

        return errors;
    }

    private T Units(int count) => T.CreateChecked(count) * _unit;

    /// <summary>The error of ReLU: none where the exact input is surely not above 0.</summary>
    private static T OfRelu(T x, T error) => x < T.Zero ? T.Max(x + error, T.Zero) : error;

    /// <summary>How far from x the exact input may be, and a breakpoint that a knot there was rounded from.</summary>
    private T Radius(T x, T error) => (((T.Abs(x) + error) * Units(4)) + _tiny) + error;

    /// <summary>The number of knots at or below x, and the segments that the exact input may be in.</summary>
    private static (int Own, int First, int Last) Segments(SegmentTable table, T x, T radius)
    {
        int own = 0;
        foreach (double knot in table.Knots)
        {
            if (x >= T.CreateChecked(knot)) own++;
        }

        int first = own, last = own;
        while (first > 0 && T.CreateChecked(table.Knots[first - 1]) >= x - radius) first--;
        while (last < table.Knots.Length && T.CreateChecked(table.Knots[last]) <= x + radius) last++;
        return (own, first, last);
    }

    /// <summary>What a function in segment form makes of an error, and of itself.</summary>
    private T OfFunction(SegmentTable table, FiniteEnds ends, T x, ref T value, T error)
    {
        var radius = Radius(x, error);
        var (own, first, last) = Segments(table, x, radius);
        T slope = Abs(table.Slopes[own]), steepest = slope;
        for (int j = first; j <= last; j++) steepest = T.Max(steepest, Abs(table.Slopes[j]));
        T start = Abs(table.Values[own]), distance = T.Abs(x - T.CreateChecked(table.Points[own]));
        var ops = default(FloatOps<T>);
        value = SegmentTerm.Line(ops, T.CreateChecked(table.Slopes[own]),
            SegmentTerm.Distance(ops, x, T.CreateChecked(table.Points[own]), ends), T.CreateChecked(table.Values[own]));
        var rounded = (((s_two * (slope * distance)) + start) + T.Abs(value)) * _unit;
        var carried = steepest * (first == last ? error : radius);
        return ((carried + rounded) * T.CreateChecked(_error.Inflation(0)))
            + (_tiny * (T.CreateChecked(RunningError.Floor(0)) + (s_two * (distance + radius))));
    }

    private static T Abs(double number) => T.Abs(T.CreateChecked(number));

    /// <summary>A layer at a point.</summary>
    /// <param name="bound">The network.</param>
    /// <param name="x">The computed inputs.</param>
    /// <param name="errors">How far they may be off.</param>
    private sealed partial class Layer(RunningBound<T> bound, T[] x, T[] errors) : ILayerFormVisitor<T[]>
    {
        public T[] Affine(AffineForm form) => Weigh(form, x, errors);

        public T[] Factored(FactoredForm form)
        {
            var (values, passed) = Activate(form.Activation);
            return Weigh(form.Affine, values, passed);
        }

        public T[] Elementwise(ElementwiseForm form) => Activate(form.Activation).Errors;

        /// <summary>
        /// The lines and the partial sums are computed once more: what each of them is tells what it rounds, and signs that mix keep it
        /// small.
        /// </summary>
        public T[] Rows(RowsForm form)
        {
            int n = form.InputCount, m = form.OutputCount, sums = SummationOrder.PartialSums(n, m, bound._form.Precision);
            T[] weighed = new T[m], beside = new T[m], lines = new T[m], partial = new T[m];
            var parts = new T[m * sums];
            for (int q = 0; q < m; q++) parts[q * sums] = T.CreateChecked(form.Biases[q]);
            var largest = T.Zero;
            for (int p = 0; p < n; p++)
            {
                var table = form.Segments[p];
                T radius = bound.Radius(x[p], errors[p]);
                var (own, first, last) = Segments(table, x[p], radius);
                if (table.HasExactKnots && errors[p] == T.Zero) first = last = own;
                T difference = x[p] - T.CreateChecked(table.Points[own]), distance = T.Abs(difference);

                // The difference, the slope and a part of the value round, as the slope tells; the rest of the value as the line.
                T factor = ((first == last ? errors[p] : radius) + (distance * bound.Units(3))) + bound._tiny;
                for (int q = 0; q < m; q++)
                {
                    T slope = T.CreateChecked(table.Slopes[(own * m) + q]);
                    T line = T.FusedMultiplyAdd(slope, difference, T.CreateChecked(table.Values[(own * m) + q]));
                    ref T part = ref parts[(q * sums) + (p % sums)];
                    part += line;
                    lines[q] += T.Abs(line);
                    partial[q] += T.Abs(part);
                    weighed[q] = T.FusedMultiplyAdd(T.Abs(slope), factor, weighed[q]);
                    for (int j = first; j <= last; j++)
                    {
                        if (j != own) beside[q] = T.FusedMultiplyAdd(Abs(table.Slopes[(j * m) + q]), radius, beside[q]);
                    }
                }

                T reach = distance + (first == last ? errors[p] : radius);
                if (reach > largest) largest = reach;
            }

            var (inflation, floor) = Correction(form, largest);
            for (int q = 0; q < m; q++)
            {
                foreach (var addition in SumTree.Additions(sums))
                {
                    ref T to = ref parts[(q * sums) + addition.To];
                    to += parts[(q * sums) + addition.From];
                    partial[q] += T.Abs(to);
                }

                T rounded = ((s_two * lines[q]) + partial[q] + Abs(form.Biases[q])) * bound._unit;
                weighed[q] = (((weighed[q] + beside[q]) + rounded) * inflation) + floor;
            }

            return weighed;
        }

        public T[] Convolution(ConvolutionForm form) => throw new NotSupportedException();

        public T[] Maximum(MaximumForm form) => throw new NotSupportedException();

        private (T[] Values, T[] Errors) Activate(ActivationForm form)
        {
            T[] values = new T[form.Count], passed = new T[form.Count];
            for (int i = 0; i < form.Count; i++)
            {
                values[i] = x[i] > T.Zero ? x[i] : T.Zero;
                passed[i] = form.IsRelu
                    ? OfRelu(x[i], errors[i])
                    : bound.OfFunction(form.Segments[i], form.Ends, x[i], ref values[i], errors[i]);
            }

            return (values, passed);
        }

        /// <summary>A term of 0 is added without rounding, so the additions from a term on are those of the terms that are not.</summary>
        private T[] Weigh(AffineForm form, T[] values, T[] passed)
        {
            int n = form.InputCount, m = form.OutputCount, sums = SummationOrder.PartialSums(n, m, bound._form.Precision);
            var more = bound.Units(RunningError.Depth(sums) + 1);
            var rounded = new T[sums];
            var weighed = new T[m];
            var largest = T.Zero;
            for (int p = n - 1; p >= 0; p--)
            {
                T size = T.Abs(values[p]), error = passed[p];
                if (size != T.Zero) rounded[p % sums] += bound._unit;
                T reach = size + error;
                if (reach > largest) largest = reach;
                if (reach == T.Zero) continue;
                T factor = (error + (size * (rounded[p % sums] + more))) + bound._tiny;
                for (int q = 0; q < m; q++) weighed[q] = T.FusedMultiplyAdd(Abs(form.Weights[(p * m) + q]), factor, weighed[q]);
            }

            var (inflation, floor) = Correction(form, largest);
            for (int q = 0; q < m; q++)
                weighed[q] = ((weighed[q] + (Abs(form.Biases[q]) * (rounded[0] + more))) * inflation) + floor;
            return weighed;
        }

        /// <summary>What makes up for what is rounded here, as a factor and as a number near 0.</summary>
        /// <param name="form">The layer.</param>
        /// <param name="largest">The largest input, or distance from an anchor, with its error.</param>
        private (T Factor, T Floor) Correction(LayerForm form, T largest)
        {
            int terms = RunningError.Terms(form);
            return (T.CreateChecked(bound._error.Inflation(terms)),
                bound._tiny * (T.CreateChecked(RunningError.Floor(terms)) + (T.CreateChecked(2.0 * form.InputCount) * largest)));
        }
    }
}
