using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Compiler.Integers;

namespace Kan.Compiler.Certify;

/// <summary>
/// A bound of |integer - exact| of a network of curves. Each layer adds an error of its own: what the integers of its edges are off the
/// exact functions at the numbers of their codes, code by code; what came before is weighed by the steepest slope of each edge, as far as
/// its values are apart at all. Codes are off their numbers by half a step, and by what lies beyond them, as far as an edge varies there.
/// All of the analysis rounds outward.
/// </summary>
internal sealed class CurveBound(CurveLayer[] layers, IntegerForm form)
{
    /// <summary>What a sum of floating-point numbers may be off, relative to the sum of their magnitudes, for each term.</summary>
    private const double Unit = 2.3e-16;

    /// <summary>What conversions, multiplications and divisions of floats may move a number of steps, relative to it.</summary>
    private const double StepRounding = 3.6e-7;

    /// <summary>What an output may be off its sum, relative to it: two conversions to float and a product.</summary>
    private const double OutputRounding = 1.8e-7;

    private readonly double[] _points = new double[CodeRange.Highest + 1];
    private readonly double[] _values = new double[CodeRange.Highest + 1];

    /// <summary>The ranges of the exact sums behind each layer.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="inputs">The ranges of the inputs, one for each or one for all.</param>
    public static CodedRange[][] Ranges(CurveLayer[] layers, ImmutableArray<InputRange> inputs)
    {
        var ranges = new CodedRange[layers.Length][];
        var before = Inputs(layers[0].Inputs, inputs);
        for (int l = 0; l < layers.Length; l++)
        {
            var layer = layers[l];
            double[] low = (double[])layer.Biases.Clone(), high = (double[])layer.Biases.Clone();
            double[] size = Array.ConvertAll(layer.Biases, Math.Abs);
            foreach (var edge in layer.Edges)
            {
                var values = edge.Curve.ValuesOn(before[edge.Input]);
                low[edge.Output] += values.Low;
                high[edge.Output] += values.High;
                size[edge.Output] += Math.Max(Math.Abs(values.Low), Math.Abs(values.High));
            }

            before = ranges[l] = new CodedRange[layer.Outputs];
            for (int q = 0; q < before.Length; q++)
            {
                double slack = size[q] * (layer.Inputs + 4) * Unit;
                before[q] = new CodedRange(low[q] - slack, high[q] + slack);
            }
        }

        return ranges;
    }

    /// <summary>The bound over the declared ranges, numbers beyond the codes included.</summary>
    /// <param name="ranges">The ranges of the exact sums behind each layer.</param>
    /// <param name="inputs">The ranges of the inputs, one for each or one for all.</param>
    /// <param name="cancellation">Observed between inputs.</param>
    public ErrorCertificate Certify(CodedRange[][] ranges, ImmutableArray<InputRange> inputs, CancellationToken cancellation)
    {
        var exact = Inputs(form.InputCount, inputs);
        double[] errors = new double[form.InputCount];
        for (int l = 0; l < layers.Length; l++)
        {
            double[] coded = [.. exact.Select((range, p) => Coded(CodesBefore(l, p), range, errors[p], layers[l].Varying))];
            if (!coded.All(static error => error < double.PositiveInfinity))
                return ErrorCertificate.Infinite("the errors of its layers add up to more than a double holds");
            errors = Through(l, exact, errors, coded, cancellation);
            exact = ranges[l];
        }

        double bound = 0;
        for (int q = 0; q < errors.Length; q++)
        {
            double largest = Math.Max(Math.Abs(exact[q].Low), Math.Abs(exact[q].High)) + errors[q];
            double rounded = largest * OutputRounding;
            if (!(largest + rounded <= float.MaxValue)) return ErrorCertificate.Infinite("an output may be beyond float");
            bound = Math.Max(bound, errors[q] + rounded);
        }

        return new ErrorCertificate(bound, "");
    }

    /// <summary>The ranges of inputs, rounded outward.</summary>
    internal static CodedRange[] Inputs(int count, ImmutableArray<InputRange> inputs) =>
    [
        .. Enumerable.Range(0, count).Select(p => inputs[inputs.Length == 1 ? 0 : p])
            .Select(static range => new CodedRange(Enclosure.Of(range.Low).Low, Enclosure.Of(range.High).High)),
    ];

    /// <summary>What the sums behind a layer are off.</summary>
    /// <param name="l">The layer.</param>
    /// <param name="exact">The exact ranges before it.</param>
    /// <param name="errors">What the numbers before it are off.</param>
    /// <param name="coded">What the numbers of their codes are off, as far as an edge varies.</param>
    /// <param name="cancellation">Observed between inputs.</param>
    private double[] Through(int l, CodedRange[] exact, double[] errors, double[] coded, CancellationToken cancellation)
    {
        var layer = layers[l];
        var integers = form.Layers[l];
        int m = layer.Outputs, start = 0;
        double[] low = new double[m], high = new double[m], size = new double[m], carried = new double[m];
        for (int q = 0; q < m; q++)
        {
            double bias = (double)integers.Units[q] * integers.Biases[q];
            low[q] = high[q] = bias - layer.Biases[q];
            size[q] = 2 * (Math.Abs(bias) + Math.Abs(layer.Biases[q]));
        }

        for (int p = 0; p < layer.Inputs; p++)
        {
            cancellation.ThrowIfCancellationRequested();
            var codes = CodesBefore(l, p);
            CodedRange hull = new(Math.Min(exact[p].Low, codes.Low), Math.Max(exact[p].High, codes.High));
            var places = Places(integers.Curves!, p, codes, exact[p], errors[p]);
            double furthest = Math.Max(Math.Abs(codes.Low), Math.Abs(codes.High));
            for (int e = layer.Starts[p]; e < layer.Starts[p + 1]; e++)
            {
                var (curve, q) = (layer.Edges[e].Curve, layer.Edges[e].Output);
                var (least, most, largest) = Deviations(curve, q, places, start, m, integers);
                double slack = curve.Slack(furthest) + (largest * 2 * Unit);
                low[q] += least - slack;
                high[q] += most + slack;
                size[q] += Math.Max(Math.Abs(least), Math.Abs(most)) + slack;
                var all = curve.ValuesOn(hull);
                carried[q] += Math.Min(curve.SteepestOn(hull) * coded[p], all.High - all.Low);
            }

            start += integers.Curves!.KnotsOf(p).Length * m;
        }

        return [.. carried.Select((own, q) => (Math.Max(Math.Abs(low[q]), Math.Abs(high[q])) + own + (size[q] * (layer.Inputs + 4) * Unit))
            * (1 + ((layer.Inputs + 8) * Unit)))];
    }

    /// <summary>The codes that an input may have, and their weights; their numbers are written to the points.</summary>
    private (int Segment, int Weight)[] Places(IntegerCurves curves, int input, CodeRange codes, CodedRange exact, double error)
    {
        // One code further at each end makes up for all rounding.
        double first = Math.Floor((exact.Low - error) / codes.Scale) + codes.Zero - 1,
            last = Math.Ceiling((exact.High + error) / codes.Scale) + codes.Zero + 1;
        int low = (int)Math.Max(0, Math.Min(first, CodeRange.Highest)), high = (int)Math.Max(low, Math.Min(last, CodeRange.Highest));
        var places = new (int Segment, int Weight)[high - low + 1];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = curves.Place(input, low + i);
            _points[i] = (double)codes.Scale * (low + i - codes.Zero);
        }

        return places;
    }

    /// <summary>The least and the greatest of what the integers of an edge are above it, and the size of what they stand for.</summary>
    private (double Least, double Most, double Largest) Deviations(DoubleCurve curve, int q, (int Segment, int Weight)[] places, int start,
        int m, IntegerLayerForm integers)
    {
        curve.Evaluate(_points.AsSpan(0, places.Length), _values);
        var curves = integers.Curves!;
        double unit = integers.Units[q], least = double.PositiveInfinity, most = double.NegativeInfinity, largest = 0;
        for (int i = 0; i < places.Length; i++)
        {
            var (segment, weight) = places[i];
            int at = start + (segment * m) + q;
            double value = unit * (((curves.Whole - weight) * curves.Values[at]) + (weight * curves.Values[at + m]));
            double deviation = value - _values[i];
            least = Math.Min(least, deviation);
            most = Math.Max(most, deviation);
            largest = Math.Max(largest, Math.Abs(value) + Math.Abs(_values[i]));
        }

        return (least, most, largest);
    }

    private CodeRange CodesBefore(int l, int p) => l == 0 ? form.Input(p) : form.Layers[l - 1].Codes;

    /// <summary>What the number of a code is off, where what is coded is off by an error, as far as an edge varies there.</summary>
    internal static double Coded(CodeRange codes, CodedRange exact, double error, CodedRange varying)
    {
        if (varying.Low > varying.High) return 0;
        double above = exact.High > codes.High ? Cut(exact.High) - Cut(codes.High) : 0,
            below = exact.Low < codes.Low ? Cut(codes.Low) - Cut(exact.Low) : 0,
            rounding = (Math.Abs(exact.High) + Math.Abs(exact.Low) + codes.High - codes.Low) * 4 * Unit;
        return (error + (codes.Scale * (0.5 + ((codes.Most + 5) * StepRounding))) + Math.Max(above, below) + rounding) * (1 + (4 * Unit));

        double Cut(double number) => Math.Min(Math.Max(number, varying.Low), varying.High);
    }
}
