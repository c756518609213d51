using System;

namespace Kan.Networks;

/// <summary>
/// The arithmetic of integer networks as code: one number at a time. Products are summed exactly, and what is rounded is rounded by
/// correctly rounded operations of <c>float</c> in the order that is written here; generated code gives the same bits on every machine.
/// </summary>
public sealed class IntegerEvaluator
{
    private readonly IntegerForm _form;
    private readonly long[][] _biases;

    /// <summary>An evaluator of a form.</summary>
    public IntegerEvaluator(IntegerForm form)
    {
        _form = form ?? throw new ArgumentNullException(nameof(form));
        _biases = new long[form.Layers.Length][];
        for (int l = 0; l < _biases.Length; l++)
        {
            _biases[l] = new long[form.Layers[l].Units.Length];
            for (int q = 0; q < _biases[l].Length; q++) _biases[l][q] = form.SumBias(l, q);
        }
    }

    /// <summary>The outputs for some inputs; all are NaN if an input is.</summary>
    /// <exception cref="ArgumentException">The number of inputs is wrong.</exception>
    public float[] Evaluate(ReadOnlySpan<float> inputs)
    {
        if (inputs.Length != _form.InputCount)
            throw new ArgumentException($"The network has {_form.InputCount} inputs, not {inputs.Length}.", nameof(inputs));
        float[] outputs = new float[_form.OutputCount];
        ushort[] codes = new ushort[inputs.Length];
        for (int p = 0; p < codes.Length; p++)
        {
            if (float.IsNaN(inputs[p]))
            {
                outputs.AsSpan().Fill(float.NaN);
                return outputs;
            }

            var range = _form.Input(p);
            codes[p] = Code(inputs[p] / range.Scale, range, _form.LowestInput);
        }

        for (int l = 0; l < _form.Layers.Length; l++)
        {
            var layer = _form.Layers[l];
            int[] sums = Sums(l, codes);
            if (l == _form.Layers.Length - 1)
            {
                for (int q = 0; q < sums.Length; q++) outputs[q] = sums[q] * layer.Unit(q);
            }
            else
            {
                codes = new ushort[sums.Length];
                for (int q = 0; q < sums.Length; q++) codes[q] = Code(sums[q] * layer.Multiplier(q), layer.Codes, layer.Lowest);
            }
        }

        return outputs;
    }

    private int[] Sums(int l, ushort[] codes)
    {
        var layer = _form.Layers[l];
        if (layer.Window is { } window) return window.Sums(layer, codes, _form.ZeroBefore(l, 0), _biases[l]);
        int[] sums = new int[layer.OutputCount];
        if (layer.Curves is { } curves)
        {
            layer.Biases.CopyTo(sums);
            Add(curves, codes, sums);
            return sums;
        }

        if (layer.WideCurves is { } wide)
        {
            layer.Biases.CopyTo(sums);
            Add(wide, codes, sums);
            return sums;
        }

        for (int q = 0; q < sums.Length; q++)
        {
            long sum = _biases[l][q];
            for (int p = 0; p < codes.Length; p++) sum += codes[p] * layer.Weight(p, q);
            sums[q] = checked((int)sum);
        }

        return sums;
    }

    private static void Add(IntegerCurves curves, ushort[] codes, int[] sums)
    {
        int m = sums.Length, start = 0;
        for (int p = 0; p < codes.Length; p++)
        {
            var (segment, second) = curves.Place(p, (byte)codes[p]);
            int at = start + (segment * m), first = curves.Whole - second;
            for (int q = 0; q < m; q++, at++) sums[q] = checked(sums[q] + (first * curves.Values[at]) + (second * curves.Values[at + m]));
            start += curves.KnotsOf(p).Length * m;
        }
    }

    private static void Add(WideCurves curves, ushort[] codes, int[] sums)
    {
        int m = sums.Length, start = 0;
        for (int p = 0; p < codes.Length; p++)
        {
            var (segment, weight) = curves.Place(p, codes[p]);
            int at = start + (segment * m);
            for (int q = 0; q < m; q++, at++) sums[q] = checked(sums[q] + curves.Term(weight, curves.Values[at], curves.Values[at + m]));
            start += curves.KnotsOf(p).Length * m;
        }
    }

    private static ushort Code(float value, CodeRange range, int lowest)
    {
        float clamped = Math.Min(Math.Max(value, lowest - range.Zero), range.Most - range.Zero);
        return (ushort)((int)Math.Round(clamped, MidpointRounding.ToEven) + range.Zero);
    }
}
