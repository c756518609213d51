using System;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// What the integers of a network stand for that was quantised before it came here. Its layers hold the exact numbers, scale * integer, so
/// the integers can be told from them: <see cref="FormOf"/>.
/// </summary>
/// <param name="Inputs">The codes of the inputs.</param>
/// <param name="Layers">What belongs to each affine layer, first to last.</param>
public sealed record QuantizedCodes(CodeRange Inputs, ImmutableArray<QuantizedLayer> Layers)
{
    /// <summary>The lowest code of the inputs.</summary>
    public int LowestInput { get; init; }

    /// <summary>The numbers that the codes of the inputs stand for; others count as the nearest of them.</summary>
    public InputRange InputRange => new(Rational.FromDouble(Inputs.Number(LowestInput)), Rational.FromDouble(Inputs.High));

    /// <summary>The integers of a network.</summary>
    /// <param name="layers">
    /// Its layers: for each of <see cref="Layers"/> an affine one whose weights are scale * integer and whose biases are multiples of the
    /// unit of its sums, and behind it ReLU where the lowest code is that of 0.
    /// </param>
    /// <exception cref="ArgumentException">The layers are not such ones, or a sum might leave 32 bits.</exception>
    public IntegerForm FormOf(ImmutableArray<LayerDescription> layers)
    {
        var forms = ImmutableArray.CreateBuilder<IntegerLayerForm>();
        var before = Inputs;
        Require(new CodeStep(before, LowestInput), "the inputs");
        int next = 0;
        for (int l = 0; l < Layers.Length; l++)
        {
            var codes = Layers[l].Codes;
            bool isLast = l == Layers.Length - 1;
            if (next == layers.Length || layers[next++] is not AffineDescription affine)
                throw new ArgumentException($"Codes are given for {Layers.Length} affine layers, but number {l} is not where it is "
                    + $"expected; ReLU belongs between two of them where the lowest code is that of 0, and nowhere else.");
            if (codes.IsEmpty && !isLast)
                throw new ArgumentException($"The affine layer {l} has no codes, and only the last one may have none.");
            foreach (var step in codes) Require(step, $"the affine layer {l}");
            if (codes.Any(static step => step.IsRelu) && (next == layers.Length || !IsRelu(layers[next++])))
                throw new ArgumentException($"The lowest code behind the affine layer {l} is that of 0, but no ReLU follows it.");
            forms.Add(Quantized.Layer(affine, before, Layers[l].WeightScales,
                codes.IsEmpty ? new CodeStep(new CodeRange(1, 0), 0) : codes[0], l));
            for (int i = 1; i <= codes.Length; i++)
            {
                before = codes[i - 1].Range;
                if (i < codes.Length || isLast)
                    forms.Add(Quantized.Identity(affine.Outputs, before,
                        i < codes.Length ? codes[i] : new CodeStep(new CodeRange(1, 0), 0)));
            }
        }

        if (next < layers.Length)
            throw new ArgumentException($"Codes are given for {Layers.Length} affine layers, but the network goes on behind them.");
        return new IntegerForm([Inputs], forms.ToImmutable()) { LowestInput = LowestInput };
    }

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

/// <summary>What belongs to an affine layer of a quantised network.</summary>
/// <param name="WeightScales">What 1 in a weight stands for: one scale for each output, or one for all.</param>
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
