using System.Collections.Immutable;

namespace Kan.Interchange.Onnx.Quantized;

/// <summary>The integers of a dense layer, or of a convolution, whose outputs are then its filters.</summary>
/// <param name="Title">The node that multiplies, for messages.</param>
/// <param name="Inputs">The weights of an output.</param>
/// <param name="Outputs">m.</param>
/// <param name="Weights">Integers of 8 bits, by output, then input.</param>
/// <param name="Scales">What 1 in a weight stands for: one for all, or one for each output.</param>
internal sealed record LayerIntegers(string Title, int Inputs, int Outputs, ImmutableArray<int> Weights, ImmutableArray<float> Scales)
{
    /// <summary>Where the kernel of a convolution stands; null for a dense layer.</summary>
    public IntegerWindow? Window { get; init; }

    /// <summary>m biases in units of the sums; null for none.</summary>
    public int[]? Biases { get; set; }

    /// <summary>m biases that the file has in <c>float</c>; null for none.</summary>
    public float[]? FloatBiases { get; set; }

    /// <summary>Whether the integer biases are added to the sums before another node multiplies these.</summary>
    public bool AreBiasesExact { get; init; }

    /// <summary>What a runtime rounds in another way than sum * unit, if it does.</summary>
    public SumRounding Rounding { get; init; }

    /// <summary>The numbers of a sample that it takes.</summary>
    public int InputCount => Window?.InputCount ?? Inputs;

    /// <summary>The numbers that it gives.</summary>
    public int OutputCount => Window?.OutputCount ?? Outputs;

    /// <summary>What 1 in the sum of an output stands for.</summary>
    public float Unit(CodeRange before, int output) => before.Scale * Scales[Scales.Length == 1 ? 0 : output];

    /// <summary>The exact layer: scale * integer.</summary>
    public LayerDescription ToLayer(CodeRange before)
    {
        var weights = ImmutableArray.CreateBuilder<Rational>(Weights.Length);
        var biases = ImmutableArray.CreateBuilder<Rational>(Outputs);
        for (int q = 0; q < Outputs; q++)
        {
            double scale = Scales[Scales.Length == 1 ? 0 : q];
            for (int p = 0; p < Inputs; p++) weights.Add(Rational.FromDouble(scale * Weights[(q * Inputs) + p]));
            biases.Add(Biases is null ? Rational.Zero : Rational.FromSingle(Unit(before, q)) * Biases[q]);
        }

        return Window is null
            ? new AffineDescription(Inputs, Outputs, weights.MoveToImmutable(), biases.MoveToImmutable())
            : new ConvolutionDescription(Window.Geometry, Window.Filters, Window.Groups, weights.MoveToImmutable(),
                biases.MoveToImmutable());
    }
}

/// <summary>How a runtime makes codes of the sums of a layer.</summary>
internal enum SumRounding
{
    /// <summary>sum * (unit / scale), rounded once: what integer kernels do.</summary>
    Once,

    /// <summary>The number sum * unit, and a bias that is added to it, are floats before they are divided by the scale.</summary>
    Multiplied,

    /// <summary>sum * (scale before / (scale behind * count)): averages over whole images.</summary>
    WholeAverage,

    /// <summary>Averages of numbers, added one by one.</summary>
    Average,
}
