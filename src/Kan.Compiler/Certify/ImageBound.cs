using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Compiler.Integers;

namespace Kan.Compiler.Certify;

/// <summary>
/// Bounds of |integer - exact| for networks over images, node by node. A sum adds an error of its own, which all places of a filter have
/// alike: rounded weights and biases; what came before is weighed by |weight|. A maximum is off by no more than its most uncertain input.
/// Codes, what cuts off, and maxima are monotone, so they change places: a node is rounded behind the maxima that follow its sum, where
/// values beyond the codes are fewest. All of the analysis rounds outward.
/// </summary>
/// <param name="layers">The exact layers.</param>
/// <param name="form">The integers.</param>
internal sealed class ImageBound(ImageLayer[] layers, IntegerForm form)
{
    /// <summary>What a sum of floating-point numbers may be off, relative to the sum of their magnitudes, for each term.</summary>
    private const double Unit = 2.3e-16;

    /// <summary>The ranges of the exact values behind each layer, before what cuts off behind it.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="inputs">The ranges of the inputs, one for each or one for all.</param>
    /// <param name="cancellation">Observed between layers.</param>
    public static CodedRange[][] Ranges(ImageLayer[] layers, ImmutableArray<InputRange> inputs, CancellationToken cancellation)
    {
        var ranges = new CodedRange[layers.Length][];
        CodedRange[] before = [.. Enumerable.Range(0, layers[0].Inputs).Select(p => Outer(inputs[inputs.Length == 1 ? 0 : p]))];
        for (int l = 0; l < layers.Length; l++)
        {
            cancellation.ThrowIfCancellationRequested();
            var layer = layers[l];
            double[] low = new double[layer.Outputs], high = new double[layer.Outputs], size = new double[layer.Outputs];
            if (layer.IsMaximum)
            {
                low.AsSpan().Fill(double.NegativeInfinity);
                high.AsSpan().Fill(double.NegativeInfinity);
                layer.Visit((q, p, _) => (low[q], high[q]) = (Math.Max(low[q], before[p].Low), Math.Max(high[q], before[p].High)));
            }
            else
            {
                if (l > 0) before = Array.ConvertAll(before, range => Passed(range, Sum(layers, l - 1).Passed));
                for (int q = 0; q < low.Length; q++) low[q] = high[q] = layer.Biases[q % layer.Channels];
                for (int q = 0; q < low.Length; q++) size[q] = Math.Abs(low[q]);
                layer.Visit((q, p, w) =>
                {
                    double a = layer.Weights[w] * before[p].Low, b = layer.Weights[w] * before[p].High;
                    low[q] += Math.Min(a, b);
                    high[q] += Math.Max(a, b);
                    size[q] += Math.Max(Math.Abs(a), Math.Abs(b));
                });
            }

            double rounding = layer.IsMaximum ? 0 : (layer.Terms + 4) * Unit;
            before = ranges[l] = [.. low.Select((own, q) => new CodedRange(own - (size[q] * rounding), high[q] + (size[q] * rounding)))];
        }

        return ranges;
    }

    /// <summary>The bound over the declared ranges, numbers beyond the codes included.</summary>
    /// <param name="ranges">The ranges of the exact values behind each layer.</param>
    /// <param name="inputs">The ranges of the inputs, one for each or one for all.</param>
    /// <param name="cancellation">Observed between layers.</param>
    public ErrorCertificate Certify(CodedRange[][] ranges, ImmutableArray<InputRange> inputs, CancellationToken cancellation)
    {
        double[] errors = new double[form.InputCount];
        for (int p = 0; p < errors.Length; p++)
            errors[p] = IntegerBound.OfInput(form.Input(p), form.LowestInput, Outer(inputs[inputs.Length == 1 ? 0 : p]));
        for (int l = 0; l < layers.Length; l++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (l > 0 && !layers[l].IsMaximum && Sum(layers, l - 1) is var sum && sum.Channels > 0)
            {
                for (int p = 0; p < errors.Length; p++) errors[p] = Coded(form.Layers[l - 1], ranges[l - 1][p], errors[p], sum.Passed);
            }

            errors = layers[l].IsMaximum ? OfMaximum(layers[l], errors) : OfSums(l, errors);
        }

        double bound = 0;
        for (int q = 0; q < errors.Length; q++)
        {
            var range = ranges[layers.Length - 1][q];
            double largest = Math.Max(Math.Abs(range.Low), Math.Abs(range.High)) + errors[q],
                rounded = largest * IntegerBound.OutputRounding;
            if (!(largest + rounded <= float.MaxValue)) return ErrorCertificate.Infinite("an output may be beyond float");
            bound = Math.Max(bound, errors[q] + rounded);
        }

        return bound < double.PositiveInfinity
            ? new ErrorCertificate(bound, "")
            : ErrorCertificate.Infinite("the errors of its layers add up to more than a double holds");
    }

    /// <summary>The sum whose codes are behind a layer; a maximum of inputs has none, and passes all.</summary>
    private static ImageLayer Sum(ImageLayer[] layers, int l)
    {
        while (l > 0 && layers[l].IsMaximum) l--;
        return layers[l];
    }

    private static CodedRange Outer(InputRange range) => new(Enclosure.Of(range.Low).Low, Enclosure.Of(range.High).High);

    private static CodedRange Passed(CodedRange range, CodedRange passed) => new(Clamp(range.Low, passed), Clamp(range.High, passed));

    private static double Clamp(double number, CodedRange range) => Math.Min(Math.Max(number, range.Low), range.High);

    private static double[] OfMaximum(ImageLayer layer, double[] before)
    {
        double[] errors = new double[layer.Outputs];
        layer.Visit((q, p, _) => errors[q] = Math.Max(errors[q], before[p]));
        return errors;
    }

    private double[] OfSums(int l, double[] before)
    {
        var layer = layers[l];
        double[] own = Own(l), errors = new double[layer.Outputs];
        layer.Visit((q, p, w) => errors[q] += Math.Abs(layer.Weights[w]) * before[p]);
        for (int q = 0; q < errors.Length; q++)
            errors[q] = (errors[q] + own[q % own.Length]) * (1 + ((layer.Terms + 8) * Unit));
        return errors;
    }

    /// <summary>What the sums of each filter or output are off by weights and biases that were rounded, whatever the codes.</summary>
    private double[] Own(int l)
    {
        var layer = layers[l];
        var integers = form.Layers[l];
        double[] low = new double[layer.Channels], high = new double[low.Length], size = new double[low.Length];
        for (int w = 0; w < layer.Weights.Length; w++)
        {
            // What a step of the code adds too little. Codes of padding are those of 0, which add nothing.
            int q = layer.ChannelOf(w);
            var codes = l == 0 ? form.Input(layer.Window is null ? w / layer.Outputs : 0) : form.Layers[l - 1].Codes;
            int lowest = l == 0 ? form.LowestInput : form.Layers[l - 1].Lowest;
            double share = layer.Weights[w] * codes.Scale, d = share - ((double)integers.Units[q] * integers.Weights[w]),
                slack = (((Math.Abs(share) + Math.Abs(d)) * 4 * Unit) + double.Epsilon) * codes.Most,
                a = d * (lowest - codes.Zero), b = d * (codes.Most - codes.Zero);
            low[q] += Math.Min(a, b) - slack;
            high[q] += Math.Max(a, b) + slack;
            size[q] += Math.Abs(a) + Math.Abs(b) + slack;
        }

        return [.. low.Select((_, q) =>
        {
            double exact = layer.Biases[q], rounded = (double)integers.Units[q] * integers.Biases[q];
            return Math.Max(Math.Abs(low[q]), Math.Abs(high[q])) + (size[q] * (layer.Terms + 4) * Unit) + Math.Abs(exact - rounded)
                + ((Math.Abs(exact) + Math.Abs(rounded)) * 2 * Unit);
        })];
    }

    /// <summary>What the end of an interval may be off: it is the nearest double of an exact number.</summary>
    private static double Nearest(double end) => double.IsInfinity(end) ? 0 : Math.Abs(end) * Unit;

    /// <summary>What a code is off the exact value that passes.</summary>
    /// <param name="layer">The layer that the codes are behind.</param>
    /// <param name="exact">The range of the exact value, before what cuts off.</param>
    /// <param name="error">What the value of the integers is off before it becomes a code.</param>
    /// <param name="passed">What passes.</param>
    private static double Coded(IntegerLayerForm layer, CodedRange exact, double error, CodedRange passed)
    {
        var codes = layer.Codes;
        var coded = new CodedRange(codes.Number(layer.Lowest), codes.High);

        // Neither the exact value nor that of the integers is above 0, and both are cut off there, without any rounding.
        if (passed.Low == 0 && coded.Low == 0 && exact.High + error <= 0) return 0;

        // Two ways to cut off differ most at the ends of the range, or where one of them begins.
        double beyond = 0;
        foreach (double end in (double[])[exact.Low, exact.High, coded.Low, coded.High, passed.Low, passed.High])
        {
            double value = Clamp(end, exact);
            beyond = Math.Max(beyond, Math.Abs(Clamp(value, coded) - Clamp(value, passed)));
        }

        double found = error + IntegerBound.HalfStep(codes) + (beyond * (1 + (4 * Unit))) + Nearest(passed.Low) + Nearest(passed.High),
            most = Math.Max(coded.High - Clamp(exact.Low, passed), Clamp(exact.High, passed) - coded.Low);
        return Math.Min(found, most) * (1 + (8 * Unit));
    }
}
