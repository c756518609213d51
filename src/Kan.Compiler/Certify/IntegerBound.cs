using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Compiler.Integers;

namespace Kan.Compiler.Certify;

/// <summary>
/// Bounds of |integer - exact|. Each layer adds an error of its own: weights and biases that were rounded, codes that stand for a number
/// nearby, and numbers beyond the codes; what came before is weighed by |weight|, since ReLU brings no two numbers further apart, or
/// followed back with its sign, see <see cref="FollowedErrors"/>, whichever is less. All of the analysis rounds outward.
/// </summary>
internal sealed class IntegerBound
{
    /// <summary>What a sum of floating-point numbers may be off, relative to the sum of their magnitudes, for each term.</summary>
    private const double Unit = 2.3e-16;

    /// <summary>What conversions, multiplications and divisions of floats may move a number, relative to it.</summary>
    private const double StepRounding = 3.6e-7;

    /// <summary>What rounding may move a number of at most 256 steps whose distance from its code is measured.</summary>
    private const double MeasuredRounding = (CodeRange.Highest + 5) * StepRounding;

    /// <summary>What a measured distance of an input from the number of its code is off, relative to that number.</summary>
    private const double InputRounding = 1.3e-7;

    /// <summary>What an output may be off its sum, relative to it: two conversions to float and a product.</summary>
    internal const double OutputRounding = 1.8e-7;

    private readonly LinearLayer[] _layers;
    private readonly IntegerForm _form;
    private readonly LayerNorms?[] _norms;
    private readonly CodedRange[][] _steps;

    public IntegerBound(LinearLayer[] layers, IntegerForm form)
    {
        _layers = layers;
        _form = form;
        _norms = new LayerNorms?[layers.Length];
        _steps = new CodedRange[layers.Length][];
    }

    /// <summary>The ranges of the exact sums behind each layer.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="inputs">The ranges of the inputs, one for each or one for all.</param>
    public static CodedRange[][] Ranges(LinearLayer[] layers, ImmutableArray<InputRange> inputs)
    {
        var ranges = new CodedRange[layers.Length][];
        CodedRange[] before =
        [
            .. Enumerable.Range(0, layers[0].Inputs).Select(p => inputs[inputs.Length == 1 ? 0 : p])
                .Select(static range => new CodedRange(Enclosure.Of(range.Low).Low, Enclosure.Of(range.High).High)),
        ];
        for (int l = 0; l < layers.Length; l++)
        {
            var layer = layers[l];
            if (layer.IsRelu)
                before = Array.ConvertAll(before, static range => new CodedRange(Math.Max(range.Low, 0), Math.Max(range.High, 0)));
            ranges[l] = new CodedRange[layer.Outputs];
            for (int q = 0; q < layer.Outputs; q++)
            {
                double low = layer.Biases[q], high = low, size = Math.Abs(low);
                for (int p = 0; p < layer.Inputs; p++)
                {
                    double w = layer.Weights[(p * layer.Outputs) + q], a = w * before[p].Low, b = w * before[p].High;
                    low += Math.Min(a, b);
                    high += Math.Max(a, b);
                    size += Math.Max(Math.Abs(a), Math.Abs(b));
                }

                double slack = size * (layer.Inputs + 4) * Unit;
                ranges[l][q] = new CodedRange(low - slack, high + slack);
            }

            before = ranges[l];
        }

        return ranges;
    }

    /// <summary>The bound over the declared ranges, numbers beyond the codes included.</summary>
    /// <param name="ranges">The ranges of the exact sums behind each layer.</param>
    /// <param name="inputs">The ranges of the inputs, one for each or one for all.</param>
    /// <param name="cancellation">Observed between layers.</param>
    public ErrorCertificate Certify(CodedRange[][] ranges, ImmutableArray<InputRange> inputs, CancellationToken cancellation)
    {
        double bound = 0;
        CodedRange[] outer = [.. Enumerable.Range(0, _form.InputCount).Select(p => inputs[inputs.Length == 1 ? 0 : p])
            .Select(static range => new CodedRange(Enclosure.Of(range.Low).Low, Enclosure.Of(range.High).High))];
        _steps[0] = [.. outer.Select((range, p) => Steps(_form.Input(p), _form.LowestInput, range.Low, range.High))];
        double[] errors = new double[_form.InputCount];
        for (int p = 0; p < errors.Length; p++)
        {
            var range = inputs[inputs.Length == 1 ? 0 : p];
            errors[p] = OfInput(_form.Input(p), _form.LowestInput, new(Enclosure.Of(range.Low).Low, Enclosure.Of(range.High).High));
        }

        var followed = new FollowedErrors(this, _layers, _form, errors, outer, cancellation);
        for (int l = 0; l < _layers.Length; l++)
        {
            var layer = _layers[l];
            bool isLast = l == _layers.Length - 1;
            double[] next = new double[layer.Outputs];
            bool isFollowed = followed.IsWorthIt(l);
            var coded = new CodedError[next.Length];
            for (int q = 0; q < next.Length; q++)
            {
                double low = 0, high = 0, size = 0, carried = 0;
                for (int p = 0; p < layer.Inputs; p++)
                {
                    var codes = CodesBefore(l, p);
                    double w = layer.Weights[(p * layer.Outputs) + q], d = Deviation(l, p, q),
                        slack = DeviationSlack(l, p, q) * codes.Most;
                    double a = d * _steps[l][p].Low, b = d * _steps[l][p].High;
                    low += Math.Min(a, b) - slack;
                    high += Math.Max(a, b) + slack;
                    carried += Math.Abs(w) * errors[p];
                    size += Math.Abs(a) + Math.Abs(b) + slack;
                }

                double own = Math.Max(Math.Abs(low), Math.Abs(high)) + BiasError(l, q);
                next[q] = (own + carried + (size * layer.Inputs * Unit)) * (1 + ((layer.Inputs + 8) * Unit));
                if (isFollowed && followed.Bound(l, q) is var less && less < next[q]) next[q] = less;
                var range = isFollowed ? Both(ranges[l][q], followed.Range(l, q)) : ranges[l][q];
                if (isLast)
                {
                    double largest = Math.Max(Math.Abs(range.Low), Math.Abs(range.High)) + next[q];
                    double rounded = largest * OutputRounding;
                    if (!(largest + rounded <= float.MaxValue)) return ErrorCertificate.Infinite("an output may be beyond float");
                    bound = Math.Max(bound, next[q] + rounded);
                }
                else
                {
                    coded[q] = Coding(_form.Layers[l], range, next[q], _layers[l + 1].IsRelu);
                    next[q] = (next[q] + coded[q].Largest) * (1 + Unit);
                }
            }

            if (!isLast)
            {
                var integers = _form.Layers[l];
                _steps[l + 1] = [.. coded.Select(own =>
                    Steps(integers.Codes, integers.Lowest, own.Range.Low - own.Sum, own.Range.High + own.Sum))];
                followed.Add(coded, next);
            }

            errors = next;
        }

        return bound < double.PositiveInfinity
            ? new ErrorCertificate(bound, "")
            : ErrorCertificate.Infinite("the errors of its layers add up to more than a double holds");
    }

    /// <summary>
    /// For two outputs, what the difference of their errors is at most, for a sample whose inputs are within their ranges: a number, and
    /// for each layer what the lengths of two vectors are multiplied with, its codes less the codes of 0, and what those codes are off. For
    /// a network of one output, the same of its error. Errors of the nodes of a layer are taken together as a vector, whose length a matrix
    /// multiplies with its largest singular value at most.
    /// </summary>
    /// <param name="cancellation">Observed in between.</param>
    /// <returns>By output k, then output j, then term: m * m * (2 * layers + 1) numbers.</returns>
    public double[] Differences(CancellationToken cancellation)
    {
        int last = _layers.Length - 1, m = _form.OutputCount;

        // The length of the vector of errors before a layer, term by term.
        double[] errors = new double[(2 * _layers.Length) + 1];
        errors[0] = InputSlack();
        errors[2] = 1;
        for (int l = 0; l < last; l++)
        {
            int outputs = _layers[l].Outputs;
            var norms = Norms(l, cancellation);
            for (int t = 0; t < errors.Length; t++) errors[t] *= norms.Weights;
            double step = _form.Layers[l].Codes.Scale;
            errors[(2 * l) + 1] += norms.Deviations;
            errors[0] += norms.Biases + (Math.Sqrt(outputs) * step * MeasuredRounding);
            errors[(2 * l) + 4] += step;
            for (int t = 0; t < errors.Length; t++) errors[t] *= 1 + (8 * Unit);
        }

        double[] table = new double[m * m * errors.Length];
        for (int k = 0; k < m; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int j = 0; j < m; j++)
            {
                if (j != k || m == 1) Difference(k, m == 1 ? null : j, errors).CopyTo(table, ((k * m) + j) * errors.Length);
            }
        }

        return table;
    }

    /// <summary>What the measured distances of the inputs from the numbers of their codes are off, as a vector's length.</summary>
    public double InputSlack() => Length(_form.InputCount, p => _form.Input(p).Scale * CodeRange.Highest * InputRounding);

    /// <summary>Upper bounds of what a layer makes of the length of a vector.</summary>
    /// <param name="l">The layer.</param>
    /// <param name="cancellation">Observed in between.</param>
    public LayerNorms Norms(int l, CancellationToken cancellation)
    {
        if (_norms[l] is { } known) return known;
        var layer = _layers[l];
        int outputs = layer.Outputs;
        double[] deviations = new double[layer.Weights.Length];
        for (int p = 0; p < layer.Inputs; p++)
        {
            for (int q = 0; q < outputs; q++) deviations[(p * outputs) + q] = Deviation(l, p, q);
        }

        // A weight is the nearest double of an exact one, and a deviation is off a little: lengths of such matrices are added.
        double nearest = Length(layer.Weights.Length, i => layer.Weights[i] * LinearLayer.Relative);
        double slack = Length(layer.Weights.Length, i => DeviationSlack(l, i / outputs, i % outputs));
        var norms = new LayerNorms(
            SpectralNorm.Bound(layer.Weights, layer.Inputs, outputs, cancellation) + nearest,
            SpectralNorm.Bound(deviations, layer.Inputs, outputs, cancellation) + slack,
            Length(outputs, q => BiasError(l, q)));
        _norms[l] = norms;
        return norms;
    }

    /// <summary>Upper bounds of the lengths of a node's weights, and of what they are off for each step of the codes before it.</summary>
    /// <param name="l">The layer.</param>
    /// <param name="q">The node.</param>
    public (double Weights, double Deviations) NodeNorms(int l, int q) =>
        (Length(_layers[l].Inputs, p => _layers[l].Weights[(p * _layers[l].Outputs) + q] * (1 + LinearLayer.Relative)),
            Length(_layers[l].Inputs, p => Math.Abs(Deviation(l, p, q)) + DeviationSlack(l, p, q)));

    /// <summary>The terms of the difference of two outputs, or of one output alone.</summary>
    private double[] Difference(int k, int? j, double[] errors)
    {
        int last = _layers.Length - 1, m = _form.OutputCount, n = _layers[last].Inputs;
        double[] weights = _layers[last].Weights;
        double length = Length(n, Weight);
        double[] difference = Array.ConvertAll(errors, term => term * length);
        difference[0] += BiasError(last, k) + (j is { } other ? BiasError(last, other) : 0);
        difference[(2 * last) + 1] += Length(n, p => j is { } next
            ? Math.Abs(Deviation(last, p, k) - Deviation(last, p, next))
            + (2 * (DeviationSlack(last, p, k) + DeviationSlack(last, p, next)))
            : Math.Abs(Deviation(last, p, k)) + DeviationSlack(last, p, k));
        return Array.ConvertAll(difference, static term => term * (1 + (8 * Unit)));

        double Weight(int p)
        {
            double own = weights[(p * m) + k], next = j is { } index ? weights[(p * m) + index] : 0;
            return Math.Abs(own - next) + ((Math.Abs(own) + Math.Abs(next)) * 2 * LinearLayer.Relative);
        }
    }

    /// <summary>An upper bound of the length of a vector.</summary>
    internal static double Length(int count, Func<int, double> number)
    {
        double squares = 0;
        for (int i = 0; i < count; i++)
        {
            double own = number(i);
            squares += own * own;
        }

        return (Math.Sqrt(squares) * (1 + ((count + 8) * Unit))) + 1e-150;
    }

    /// <summary>What the codes of a node before a layer are above its code of 0, at least and at most.</summary>
    internal CodedRange StepsOf(int l, int p) => _steps[l][p];

    internal CodeRange CodesBefore(int l, int p) => l == 0 ? _form.Input(p) : _form.Layers[l - 1].Codes;

    /// <summary>What a step of an input's code adds too little: the exact weight's share less the integer's.</summary>
    internal double Deviation(int l, int p, int q)
    {
        var form = _form.Layers[l];
        return (_layers[l].Weights[(p * form.OutputCount) + q] * CodesBefore(l, p).Scale) - ((double)form.Units[q] * form.Weight(p, q));
    }

    /// <summary>What the deviation itself may be off.</summary>
    internal double DeviationSlack(int l, int p, int q)
    {
        var form = _form.Layers[l];
        double share = Math.Abs(_layers[l].Weights[(p * form.OutputCount) + q] * CodesBefore(l, p).Scale);
        return (share * 4 * Unit) + double.Epsilon;
    }

    private double BiasError(int l, int q)
    {
        double exact = _layers[l].Biases[q], rounded = (double)_form.Layers[l].Units[q] * _form.Layers[l].Biases[q];
        return Math.Abs(exact - rounded) + ((Math.Abs(exact) + Math.Abs(rounded)) * 2 * Unit);
    }

    /// <summary>What coding a sum adds to what is off, where the sum itself is off by an error.</summary>
    private static CodedError Coding(IntegerLayerForm layer, CodedRange exact, double error, bool isRelu)
    {
        var codes = layer.Codes;
        double above = Math.Max(exact.High, 0) + error - codes.High,
            below = isRelu ? 0 : codes.Number(layer.Lowest) - (Math.Min(exact.Low, 0) - error), half = HalfStep(codes);

        // Two numbers that a ReLU passes stay as far apart, two that it does not are both 0.
        double least = isRelu && !(exact.Low >= error) ? 0 : 1, most = isRelu && exact.High <= -error ? 0 : 1;
        return new CodedError(error, least, most, half, Math.Max(0, above), Math.Max(0, below), exact);
    }

    /// <summary>What the code of an input is off: half a step, and what is beyond the codes.</summary>
    internal static double OfInput(CodeRange codes, int lowest, CodedRange range) =>
        HalfStep(codes) + (Math.Max(0, Math.Max(range.High - codes.High, codes.Number(lowest) - range.Low)) * (1 + (2 * Unit)));

    /// <summary>What two bounds of a range leave of it.</summary>
    private static CodedRange Both(CodedRange one, CodedRange other) =>
        new(other.Low > one.Low ? other.Low : one.Low, other.High < one.High ? other.High : one.High);

    /// <summary>The codes of numbers in a range, less the code of 0; one further at each end makes up for all rounding.</summary>
    private static CodedRange Steps(CodeRange codes, int lowest, double low, double high)
    {
        double least = lowest - codes.Zero, most = codes.Most - codes.Zero;
        return new CodedRange(Math.Min(Math.Max(Math.Floor(low / codes.Scale) - 1, least), most),
            Math.Max(Math.Min(Math.Ceiling(high / codes.Scale) + 1, most), least));
    }

    /// <summary>Half a step of codes, and what rounding may move a number of as many steps as there are codes.</summary>
    internal static double HalfStep(CodeRange codes) => codes.Scale * (0.5 + ((codes.Most + 5) * StepRounding));
}
