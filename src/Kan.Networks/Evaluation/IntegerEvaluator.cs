using System;

namespace Kan.Networks;

/// <summary>
/// The arithmetic of integer networks as code: one number at a time. Products are summed exactly, and what is rounded is rounded by
/// correctly rounded operations of <c>float</c> in the order that is written here; generated code gives the same bits on every machine.
/// </summary>
public sealed class IntegerEvaluator
{
    private readonly IntegerForm _form;
    private readonly int[][] _biases;

    /// <summary>An evaluator of a form.</summary>
    /// <exception cref="OverflowException">A bias does not fit 32 bits.</exception>
    public IntegerEvaluator(IntegerForm form)
    {
        _form = form ?? throw new ArgumentNullException(nameof(form));
        _biases = new int[form.Layers.Length][];
        for (int l = 0; l < _biases.Length; l++)
        {
            _biases[l] = new int[form.Layers[l].OutputCount];
            for (int q = 0; q < _biases[l].Length; q++) _biases[l][q] = checked((int)form.SumBias(l, q));
        }
    }

    /// <summary>The outputs for some inputs; all are NaN if an input is.</summary>
    /// <exception cref="ArgumentException">The number of inputs is wrong.</exception>
    public float[] Evaluate(ReadOnlySpan<float> inputs)
    {
        if (inputs.Length != _form.InputCount)
            throw new ArgumentException($"The network has {_form.InputCount} inputs, not {inputs.Length}.", nameof(inputs));
        float[] outputs = new float[_form.OutputCount];
        byte[] codes = new byte[inputs.Length];
        for (int p = 0; p < codes.Length; p++)
        {
            if (float.IsNaN(inputs[p]))
            {
                outputs.AsSpan().Fill(float.NaN);
                return outputs;
            }

            var range = _form.Input(p);
            codes[p] = Code(inputs[p] / range.Scale, range.Zero, _form.LowestInput);
        }

        for (int l = 0; l < _form.Layers.Length; l++)
        {
            var layer = _form.Layers[l];
            int[] sums = Sums(l, codes);
            if (l == _form.Layers.Length - 1)
            {
                for (int q = 0; q < sums.Length; q++) outputs[q] = sums[q] * layer.Units[q];
            }
            else
            {
                codes = new byte[sums.Length];
                for (int q = 0; q < sums.Length; q++) codes[q] = Code(sums[q] * layer.Multiplier(q), layer.Codes.Zero, layer.Lowest);
            }
        }

        return outputs;
    }

    private int[] Sums(int l, byte[] codes)
    {
        var layer = _form.Layers[l];
        int[] sums = (int[])_biases[l].Clone();
        if (layer.Curves is { } curves)
        {
            Add(curves, codes, sums);
            return sums;
        }

        for (int p = 0; p < codes.Length; p++)
        {
            for (int q = 0; q < sums.Length; q++) sums[q] = checked(sums[q] + (codes[p] * layer.Weight(p, q)));
        }

        return sums;
    }

    private static void Add(IntegerCurves curves, byte[] codes, int[] sums)
    {
        int m = sums.Length, start = 0;
        for (int p = 0; p < codes.Length; p++)
        {
            var (segment, second) = curves.Place(p, codes[p]);
            int at = start + (segment * m), first = curves.Whole - second;
            for (int q = 0; q < m; q++, at++) sums[q] = checked(sums[q] + (first * curves.Values[at]) + (second * curves.Values[at + m]));
            start += curves.KnotsOf(p).Length * m;
        }
    }

    private static byte Code(float value, int zero, int lowest)
    {
        float clamped = Math.Min(Math.Max(value, lowest - zero), CodeRange.Highest - zero);
        return (byte)((int)Math.Round(clamped, MidpointRounding.ToEven) + zero);
    }
}
