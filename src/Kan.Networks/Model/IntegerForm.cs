using System.Collections.Immutable;

namespace Kan.Networks;

/// <summary>
/// A network as it is computed with integers. The meaning is that of ONNX: inputs become codes q = saturate(round(x / scale) + zero), ties
/// to even; a layer adds products of codes and weights of 8 bits, or functions of codes, in 32 bits, exactly, and each of its nodes is
/// rounded once. Codes have 8 bits, or 16 in all layers.
/// </summary>
/// <param name="Inputs">The codes of each input, or one for all.</param>
/// <param name="Layers">The layers, first to last.</param>
public sealed record IntegerForm(ImmutableArray<CodeRange> Inputs, ImmutableArray<IntegerLayerForm> Layers)
{
    /// <summary>The lowest code of the inputs.</summary>
    public int LowestInput { get; init; }

    /// <summary>The number of inputs.</summary>
    public int InputCount => Layers[0].InputCount;

    /// <summary>The number of outputs.</summary>
    public int OutputCount => Layers[Layers.Length - 1].OutputCount;

    /// <summary>Whether codes have 16 bits, not 8.</summary>
    public bool IsWide => Inputs[0].IsWide;

    /// <summary>The codes of an input.</summary>
    public CodeRange Input(int input) => Inputs[Inputs.Length == 1 ? 0 : input];

    /// <summary>The code of 0 of a node before a layer.</summary>
    internal int ZeroBefore(int layer, int input) => layer == 0 ? Input(input).Zero : Layers[layer - 1].Codes.Zero;

    /// <summary>
    /// Where the sum of an output starts so that codes may be multiplied as they are: the bias, less the weights times the codes of 0. That
    /// of a layer of curves starts with the bias.
    /// </summary>
    public long SumBias(int layer, int output)
    {
        var form = Layers[layer];
        long bias = form.Biases[output];
        if (form.HasCurves) return bias;
        for (int p = 0; p < form.InputCount; p++) bias -= form.Weight(p, output) * (long)ZeroBefore(layer, p);
        return bias;
    }
}

/// <summary>What the codes of a node, 0 to 255 or 0 to 65,535, stand for: scale * (code - zero).</summary>
/// <param name="Scale">The distance between the numbers of neighbouring codes, above 0.</param>
/// <param name="Zero">The code of 0, one of the codes.</param>
public readonly record struct CodeRange(float Scale, int Zero)
{
    /// <summary>The highest code of 8 bits.</summary>
    public const int Highest = 255;

    /// <summary>The highest code of 16 bits.</summary>
    internal const int HighestWide = 65_535;

    /// <summary>Whether codes have 16 bits, not 8.</summary>
    public bool IsWide { get; init; }

    /// <summary>The highest code of these.</summary>
    public int Most => IsWide ? HighestWide : Highest;

    /// <summary>The number of the code 0.</summary>
    internal double Low => Number(0);

    /// <summary>The number of the highest code.</summary>
    internal double High => Number(Most);

    /// <summary>The number of a code.</summary>
    internal double Number(int code) => (double)Scale * (code - Zero);
}

/// <summary>One layer in integers.</summary>
/// <param name="InputCount">n.</param>
/// <param name="OutputCount">m.</param>
/// <param name="Weights">n * m weights, ordered by input, then output.</param>
/// <param name="Biases">m biases of the sums of weight * (code - zero).</param>
/// <param name="Units">m numbers: what 1 in a sum stands for.</param>
/// <param name="Codes">What the codes of its nodes stand for; of no meaning for the last layer, whose outputs are sum * unit.</param>
public sealed record IntegerLayerForm(
    int InputCount, int OutputCount, ImmutableArray<sbyte> Weights, ImmutableArray<int> Biases, ImmutableArray<float> Units,
    CodeRange Codes)
{
    /// <summary>The lowest code of its nodes; where it is the code of 0, they are ReLUs.</summary>
    public int Lowest { get; init; }

    /// <summary>
    /// The functions that its nodes add, where edges are not affine; it has no weights then, and no use for the codes of 0 before it.
    /// </summary>
    public IntegerCurves? Curves { get; init; }

    /// <summary>The functions that its nodes add where edges are not affine and codes have 16 bits.</summary>
    public WideCurves? WideCurves { get; init; }

    /// <summary>Whether its nodes add functions of codes.</summary>
    public bool HasCurves => Curves is not null || WideCurves is not null;

    /// <summary>
    /// Whether it hands on what is before it, with other codes: each weight from a node to the same node is 1, the others are 0.
    /// </summary>
    public bool IsIdentity { get; init; }

    /// <summary>Whether its nodes are ReLUs.</summary>
    internal bool IsRelu => Lowest == Codes.Zero;

    /// <summary>The weight of an edge.</summary>
    public sbyte Weight(int input, int output) => Weights[(input * OutputCount) + output];

    /// <summary>What a sum is multiplied with before it is rounded to a code.</summary>
    public float Multiplier(int output) => Units[output] / Codes.Scale;

    /// <summary>Whether it has weights, and two products of neighbouring inputs, 2i and 2i + 1, add up to a number of 16 bits.</summary>
    public bool FitsPairs
    {
        get
        {
            if (HasCurves) return false;
            for (int p = 0; p < InputCount; p += 2)
            {
                for (int q = 0; q < OutputCount; q++)
                {
                    int first = Weight(p, q), second = p + 1 < InputCount ? Weight(p + 1, q) : 0;
                    int most = System.Math.Max(first, 0) + System.Math.Max(second, 0),
                        least = System.Math.Min(first, 0) + System.Math.Min(second, 0);
                    if (most * CodeRange.Highest > short.MaxValue || least * CodeRange.Highest < short.MinValue) return false;
                }
            }

            return true;
        }
    }
}
