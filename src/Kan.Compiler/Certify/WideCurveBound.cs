using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Compiler.Integers;

namespace Kan.Compiler.Certify;

/// <summary>
/// A bound of |integer - exact| of a network of curves with codes of 16 bits, as that of <see cref="CurveBound"/>. What the integers of an
/// edge are off the exact function is bounded for each segment, at its ends and where the exact function bends, since it is linear in
/// between but for weights, which are off by less than one, and for what is rounded down. All of the analysis rounds outward.
/// </summary>
internal sealed class WideCurveBound(CurveLayer[] layers, IntegerForm form)
{
    /// <summary>What a sum of floating-point numbers may be off, relative to the sum of their magnitudes, for each term.</summary>
    private const double Unit = 2.3e-16;

    /// <summary>What an output may be off its sum, relative to it: two conversions to float and a product.</summary>
    private const double OutputRounding = 1.8e-7;

    /// <summary>The bound over the declared ranges, numbers beyond the codes included.</summary>
    /// <param name="ranges">The ranges of the exact sums behind each layer.</param>
    /// <param name="inputs">The ranges of the inputs, one for each or one for all.</param>
    /// <param name="cancellation">Observed between inputs.</param>
    public ErrorCertificate Certify(CodedRange[][] ranges, ImmutableArray<InputRange> inputs, CancellationToken cancellation)
    {
        var exact = CurveBound.Inputs(form.InputCount, inputs);
        double[] errors = new double[form.InputCount];
        for (int l = 0; l < layers.Length; l++)
        {
            double[] coded = [.. exact.Select((range, p) =>
                CurveBound.Coded(CodesBefore(l, p), range, errors[p], layers[l].Varying))];
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
            var segments = new ReachedSegments(integers.WideCurves!, p, codes, exact[p], errors[p]);
            for (int e = layer.Starts[p]; e < layer.Starts[p + 1]; e++)
            {
                var (curve, q) = (layer.Edges[e].Curve, layer.Edges[e].Output);
                var (least, most, slack) = segments.Deviations(curve, integers, start + q);
                low[q] += least - slack;
                high[q] += most + slack;
                size[q] += Math.Max(Math.Abs(least), Math.Abs(most)) + slack;
                var all = curve.ValuesOn(hull);
                carried[q] += Math.Min(curve.SteepestOn(hull) * coded[p], all.High - all.Low);
            }

            start += integers.WideCurves!.KnotsOf(p).Length * m;
        }

        return [.. carried.Select((own, q) => (Math.Max(Math.Abs(low[q]), Math.Abs(high[q])) + own + (size[q] * (layer.Inputs + 4) * Unit))
            * (1 + ((layer.Inputs + 8) * Unit)))];
    }

    private CodeRange CodesBefore(int l, int p) => l == 0 ? form.Input(p) : form.Layers[l - 1].Codes;
}
