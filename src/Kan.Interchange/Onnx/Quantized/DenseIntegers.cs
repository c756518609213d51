using System.Collections.Immutable;

namespace Kan.Interchange.Onnx.Quantized;

/// <summary>The integers of a dense layer.</summary>
/// <param name="Title">The node that multiplies, for messages.</param>
/// <param name="Inputs">n.</param>
/// <param name="Outputs">m.</param>
/// <param name="Weights">m * n integers of 8 bits, by output, then input.</param>
/// <param name="Scales">What 1 in a weight stands for: one for all, or one for each output.</param>
internal sealed record DenseIntegers(string Title, int Inputs, int Outputs, ImmutableArray<int> Weights, ImmutableArray<float> Scales)
{
    /// <summary>m biases in units of the sums; null for none.</summary>
    public int[]? Biases { get; set; }

    /// <summary>m biases that the file has in <c>float</c>; null for none.</summary>
    public float[]? FloatBiases { get; set; }

    /// <summary>Whether another node multiplies its sums, so that codes of them would be rounded in another way.</summary>
    public bool IsMultiplied { get; init; }

    /// <summary>What 1 in the sum of an output stands for.</summary>
    public float Unit(CodeRange before, int output) => before.Scale * Scales[Scales.Length == 1 ? 0 : output];

    /// <summary>The exact layer: scale * integer.</summary>
    public AffineDescription ToAffine(CodeRange before)
    {
        var weights = ImmutableArray.CreateBuilder<Rational>(Weights.Length);
        var biases = ImmutableArray.CreateBuilder<Rational>(Outputs);
        for (int q = 0; q < Outputs; q++)
        {
            double scale = Scales[Scales.Length == 1 ? 0 : q];
            for (int p = 0; p < Inputs; p++) weights.Add(Rational.FromDouble(scale * Weights[(q * Inputs) + p]));
            biases.Add(Biases is null ? Rational.Zero : Rational.FromSingle(Unit(before, q)) * Biases[q]);
        }

        return new AffineDescription(Inputs, Outputs, weights.MoveToImmutable(), biases.MoveToImmutable());
    }
}
