using System.Collections.Immutable;
using System.Threading;
using Kan.Compiler.Integers;

namespace Kan.Compiler.Lower;

/// <summary>Picks scales and rounds a network over images to integers: a filter has one scale, and its weights stand there once.</summary>
internal static class ImageLowering
{
    /// <summary>The integer form of a network.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="inputs">The range of all inputs.</param>
    /// <param name="hidden">A range of the values behind each layer, before what passes there.</param>
    /// <param name="cancellation">Observed between layers.</param>
    /// <exception cref="NoIntegerFormException">A sum might leave 32 bits.</exception>
    public static IntegerForm Lower(ImageLayer[] layers, CodedRange inputs, ImmutableArray<CodedRange> hidden,
        CancellationToken cancellation)
    {
        var codes = IntegerLowering.Codes(inputs);
        int lowest = 0;
        ImmutableArray<CodeRange> first = [codes];
        var forms = ImmutableArray.CreateBuilder<IntegerLayerForm>(layers.Length);
        for (int l = 0; l < layers.Length; l++)
        {
            cancellation.ThrowIfCancellationRequested();
            var layer = layers[l];
            if (layer.IsMaximum)
            {
                forms.Add(IntegerLayerForm.Maximum(layer.Window!.Geometry, codes, lowest));
                continue;
            }

            var behind = l == layers.Length - 1 ? new CodeRange(1, 0) : IntegerLowering.Codes(Passed(hidden[l], layer.Passed));
            forms.Add(Lower(layer, codes, behind, l));
            codes = behind;
        }

        return new IntegerForm(first, forms.MoveToImmutable());
    }

    /// <summary>What is left of a range; with some number below 0, unless nothing below 0 passes.</summary>
    private static CodedRange Passed(CodedRange range, CodedRange passed)
    {
        var left = new CodedRange(Clamp(range.Low), Clamp(range.High));
        return passed.Low == 0 ? left.Relu : left.BelowZero();

        double Clamp(double number) => System.Math.Min(System.Math.Max(number, passed.Low), passed.High);
    }

    private static IntegerLayerForm Lower(ImageLayer layer, CodeRange before, CodeRange behind, int index)
    {
        int m = layer.Channels, count = layer.Terms;
        var convolution = layer.Window as ConvolutionDescription;
        var window = convolution is null ? null : new IntegerWindow(convolution.Geometry, convolution.Filters, convolution.Groups);
        bool isByChannel = window is { IsByChannel: true };
        var terms = isByChannel ? CodeTerms.Of(count) : window is null ? CodeTerms.Of(layer.Inputs) : CodeTerms.Of(window);
        sbyte[] weights = new sbyte[layer.Weights.Length], own = new sbyte[terms.Weights.Length];
        var biases = ImmutableArray.CreateBuilder<int>(m);
        var units = ImmutableArray.CreateBuilder<float>(m);
        for (int q = 0; q < m; q++)
        {
            var (unit, bias) = IntegerLowering.Round(terms.Ordered(i => layer.Weights[Place(i)]), layer.Biases[q], [before],
                new IntegerLowering.Rounded(own, 0, 1), isPaired: !isByChannel, index);
            units.Add(unit);
            biases.Add(bias);
            for (int i = 0; i < own.Length; i++)
            {
                if (terms.Weights[i] >= 0) weights[Place(terms.Weights[i])] = own[i];
            }

            int Place(int i) => window is null ? (i * m) + q : (q * count) + i;
        }

        return window is null
            ? new IntegerLayerForm(layer.Inputs, m, [.. weights], biases.MoveToImmutable(), units.MoveToImmutable(), behind)
            : IntegerLayerForm.Convolution(window, [.. weights], biases.MoveToImmutable(), units.MoveToImmutable(), behind);
    }
}
