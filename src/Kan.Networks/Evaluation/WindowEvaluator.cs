using System;

namespace Kan.Networks;

/// <summary>The meaning of forms over images, over numbers or over intervals of them.</summary>
internal static class WindowEvaluator
{
    /// <summary>The outputs of a convolution.</summary>
    public static void Evaluate<T, TOps>(TOps ops, ConvolutionForm form, ReadOnlySpan<T> x, Span<T> y)
        where TOps : IFormOps<T>
    {
        var geometry = form.Geometry;
        int inner = form.GroupChannels, perGroup = form.Filters / form.Groups, taps = geometry.KernelHeight * geometry.KernelWidth;
        for (int q = 0; q < y.Length; q++)
        {
            int filter = q % form.Filters, place = q / form.Filters, first = filter / perGroup * inner;
            var sum = ops.Constant(form.FilterBiases[filter]);
            for (int k = 0; k < taps; k++)
            {
                int row = geometry.Row(place / geometry.OutputWidth, k / geometry.KernelWidth),
                    column = geometry.Column(place % geometry.OutputWidth, k % geometry.KernelWidth);
                if (!geometry.IsRow(row) || !geometry.IsColumn(column)) continue;
                for (int c = 0; c < inner; c++)
                    sum = ops.Fma(ops.Constant(form.Weights[(((filter * taps) + k) * inner) + c]),
                        ops.Bounded(x[geometry.Input(row, column, first + c)], form.Ends), sum);
            }

            y[q] = ops.Add(sum, ops.Zero);
        }
    }

    /// <summary>The outputs of a maximum.</summary>
    public static void Evaluate<T, TOps>(TOps ops, MaximumForm form, ReadOnlySpan<T> x, Span<T> y)
        where TOps : IFormOps<T>
    {
        var window = new MaximumDescription(form.Geometry);
        for (int q = 0; q < y.Length; q++)
        {
            bool isFirst = true;
            foreach (int p in window.Window(q))
            {
                y[q] = isFirst ? x[p] : ops.Largest(y[q], x[p]);
                isFirst = false;
            }

            y[q] = ops.Add(y[q], ops.Zero);
        }
    }
}
