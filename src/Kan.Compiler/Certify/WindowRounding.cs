using System;
using System.Threading;

namespace Kan.Compiler.Certify;

/// <summary>What layers over images make of intervals and errors.</summary>
internal static class WindowRounding
{
    /// <summary>A convolution: one sum for each output, over the taps on the image.</summary>
    /// <param name="layer">The exact layer.</param>
    /// <param name="form">How it is computed.</param>
    /// <param name="values">What holds the inputs, exact and computed.</param>
    /// <param name="inputErrors">How far inputs are off.</param>
    /// <param name="type">The number type.</param>
    /// <param name="watch">Sees what is computed.</param>
    /// <param name="cancellation">Cancels the work.</param>
    public static WindowReach[] OfConvolution(
        ConvolutionDescription layer, ConvolutionForm form, Func<int, Enclosure> values, Func<int, double> inputErrors, NumberType type,
        OverflowWatch watch, CancellationToken cancellation)
    {
        var outputs = new WindowReach[layer.OutputCount];
        var exact = new Enclosure[layer.Weights.Length];
        double[] rounded = new double[exact.Length], off = new double[exact.Length];
        int taps = layer.Geometry.KernelHeight * layer.Geometry.KernelWidth, inner = layer.GroupChannels;
        for (int w = 0; w < exact.Length; w++)
        {
            exact[w] = Enclosure.Of(layer.Weights[w]);
            rounded[w] = form.Weights[(((w / taps / inner * taps) + (w % taps)) * inner) + (w / taps % inner)];
            off[w] = exact[w] == Enclosure.Exactly(rounded[w]) ? 0 : (exact[w] - Enclosure.Exactly(rounded[w])).Magnitude;
        }

        for (int q = 0; q < outputs.Length; q++)
        {
            int filter = q % layer.Filters;
            var bias = layer.Biases.IsEmpty ? Enclosure.Exactly(0) : Enclosure.Of(layer.Biases[filter]);
            outputs[q] = new WindowReach(bias, type.Rounding(Math.Abs(form.FilterBiases[filter])), 0);
        }

        long terms = 0;
        layer.Visit((q, p, w) =>
        {
            if ((++terms & 0xFFFF) == 0) cancellation.ThrowIfCancellationRequested();
            var x = values(p);
            var sum = outputs[q].Values + (exact[w] * x);
            double error = Outward.Sum(outputs[q].Own, Outward.Product(off[w], x.Magnitude)), computed = Outward.Sum(sum.Magnitude, error);
            watch.See(computed, "a partial sum");
            outputs[q] = new WindowReach(
                sum, Outward.Sum(error, type.Rounding(computed)),
                Outward.Sum(outputs[q].Carried, Outward.Product(Math.Max(exact[w].Magnitude, Math.Abs(rounded[w])), inputErrors(p))));
        });
        return outputs;
    }

    /// <summary>A maximum: it rounds nothing, and is off by no more than its most uncertain input.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="values">What holds the inputs, exact and computed.</param>
    /// <param name="inputErrors">How far inputs are off.</param>
    /// <param name="cancellation">Cancels the work.</param>
    public static WindowReach[] OfMaximum(MaximumDescription layer, Func<int, Enclosure> values, Func<int, double> inputErrors,
        CancellationToken cancellation)
    {
        var outputs = new WindowReach[layer.OutputCount];
        for (int q = 0; q < outputs.Length; q++)
        {
            cancellation.ThrowIfCancellationRequested();
            double low = double.NegativeInfinity, high = double.NegativeInfinity, carried = 0;
            foreach (int p in layer.Window(q))
            {
                low = Math.Max(low, values(p).Low);
                high = Math.Max(high, values(p).High);
                carried = Math.Max(carried, inputErrors(p));
            }

            outputs[q] = new WindowReach(new Enclosure(low, high), 0, carried);
        }

        return outputs;
    }
}

/// <summary>What is known of an output of a layer over an image.</summary>
/// <param name="Values">Holds its exact values.</param>
/// <param name="Own">What the layer itself rounds.</param>
/// <param name="Carried">What errors of inputs become in it.</param>
internal readonly record struct WindowReach(Enclosure Values, double Own, double Carried);
