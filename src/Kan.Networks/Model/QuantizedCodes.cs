using System;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// What the integers of a network stand for that was quantised before it came here. Its layers hold the exact numbers, scale * integer, so
/// the integers can be told from them: <see cref="FormOf"/>.
/// </summary>
/// <param name="Inputs">The codes of the inputs.</param>
/// <param name="Layers">What belongs to each affine layer and each convolution, first to last.</param>
public sealed record QuantizedCodes(CodeRange Inputs, ImmutableArray<QuantizedLayer> Layers)
{
    /// <summary>The lowest code of the inputs.</summary>
    public int LowestInput { get; init; }

    /// <summary>The numbers that the codes of the inputs stand for; others count as the nearest of them.</summary>
    public InputRange InputRange => new(Rational.FromDouble(Inputs.Number(LowestInput)), Rational.FromDouble(Inputs.High));

    /// <summary>The integers of a network.</summary>
    /// <param name="layers">
    /// Its layers: for each of <see cref="Layers"/> an affine one or a convolution whose weights are scale * integer and whose biases are
    /// multiples of the unit of its sums, and behind it ReLU where the lowest code is that of 0. Maxima stand between them, where there are
    /// codes.
    /// </param>
    /// <exception cref="ArgumentException">The layers are not such ones, or a sum might leave 32 bits.</exception>
    public IntegerForm FormOf(ImmutableArray<LayerDescription> layers)
    {
        var forms = ImmutableArray.CreateBuilder<IntegerLayerForm>();
        var now = new CodeStep(Inputs, LowestInput);
        Require(now, "the inputs");
        int next = 0;
        AddMaxima(forms, layers, ref next, now);
        for (int l = 0; l < Layers.Length; l++)
        {
            var codes = Layers[l].Codes;
            bool isLast = l == Layers.Length - 1;
            var layer = next == layers.Length ? null : layers[next++];
            if (layer is not (AffineDescription or ConvolutionDescription))
                throw new ArgumentException($"Codes are given for {Layers.Length} affine layers or convolutions, but number {l} is not "
                    + $"where it is expected; ReLU belongs between two of them where the lowest code is that of 0, and nowhere else.");
            if (codes.IsEmpty && !isLast)
                throw new ArgumentException($"{Title(layer, l)} has no codes, and only the last layer may have none.");
            foreach (var step in codes) Require(step, InSentence(Title(layer, l)));
            if (codes.Any(static step => step.IsRelu) && (next == layers.Length || !IsRelu(layers[next++])))
                throw new ArgumentException($"The lowest code behind {InSentence(Title(layer, l))} is that of 0, but no ReLU follows it.");
            Add(forms, Quantized.Layer(layer, now.Range, Layers[l].WeightScales, codes.IsEmpty ? s_none : codes[0], l), Title(layer, l));
            for (int i = 0; i < codes.Length; i++)
            {
                now = codes[i];
                if (i + 1 < codes.Length) forms.Add(Quantized.Identity(layer, now.Range, codes[i + 1]));
            }

            // Outputs that have codes are the numbers of those.
            if (!codes.IsEmpty && !AddMaxima(forms, layers, ref next, now) && isLast)
                forms.Add(Quantized.Identity(layer, now.Range, s_none));
        }

        if (next < layers.Length || forms.Count == 0)
            throw new ArgumentException(
                $"Codes are given for {Layers.Length} affine layers or convolutions, but the network goes on behind them.");
        return new IntegerForm([Inputs], forms.ToImmutable()) { LowestInput = LowestInput };
    }

    private static readonly CodeStep s_none = new(new CodeRange(1, 0), 0);

    /// <summary>Adds the maxima that come next; whether there are some.</summary>
    private static bool AddMaxima(ImmutableArray<IntegerLayerForm>.Builder forms, ImmutableArray<LayerDescription> layers, ref int next,
        CodeStep now)
    {
        int first = next;
        for (; next < layers.Length && layers[next] is MaximumDescription maximum; next++)
            Add(forms, IntegerLayerForm.Maximum(maximum.Geometry, now.Range, now.Lowest), "A maximum");
        return next > first;
    }

    private static void Add(ImmutableArray<IntegerLayerForm>.Builder forms, IntegerLayerForm layer, string title)
    {
        if (forms.Count > 0 && forms[forms.Count - 1].OutputCount != layer.InputCount)
            throw new ArgumentException($"{title} takes {layer.InputCount} numbers of the {forms[forms.Count - 1].OutputCount} before it.");
        forms.Add(layer);
    }

    private static string Title(LayerDescription layer, int index) =>
        FormattableString.Invariant($"The {(layer is AffineDescription ? "affine layer" : "convolution")} {index}");

    private static string InSentence(string title) => "t" + title.Substring(1);

    private static void Require(CodeStep step, string whose)
    {
        var range = step.Range;
        if (!(range.Scale > 0) || float.IsInfinity(range.Scale) || range.Zero is < 0 or > CodeRange.Highest)
            throw new ArgumentException($"The codes of {whose} need a scale above 0 and a zero from 0 to 255.");
        if (step.Lowest < 0 || step.Lowest > range.Zero)
            throw new ArgumentException($"The lowest code of {whose} is {step.Lowest}, which must be from 0 to the code of 0, "
                + $"{range.Zero}.");
    }

    private static bool IsRelu(LayerDescription layer) =>
        layer is ActivationDescription { Functions.Length: 1 } activation && activation.Functions[0].Equals(PiecewiseLinearFunction.Relu);
}

/// <summary>What belongs to an affine layer or a convolution of a quantised network.</summary>
/// <param name="WeightScales">What 1 in a weight stands for: one scale for each output or filter, or one for all.</param>
/// <param name="Codes">
/// The codes of its nodes, then those that these are turned into, if any; none for a last layer whose outputs are sums. Outputs that have
/// codes are the numbers of those.
/// </param>
public sealed record QuantizedLayer(ImmutableArray<float> WeightScales, ImmutableArray<CodeStep> Codes);

/// <summary>Codes of nodes.</summary>
/// <param name="Range">What they stand for.</param>
/// <param name="Lowest">The lowest of them.</param>
public readonly record struct CodeStep(CodeRange Range, int Lowest)
{
    /// <summary>Whether the lowest code is that of 0, so that nodes are ReLUs.</summary>
    public bool IsRelu => Lowest == Range.Zero;
}
