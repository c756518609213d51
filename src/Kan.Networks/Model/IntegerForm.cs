using System;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// A network as it is computed with integers. The meaning is that of ONNX: inputs become codes q = saturate(round(x / scale) + zero), ties
/// to even; a layer adds products of codes and weights of 8 bits, or functions of codes, in 32 bits, exactly, and each of its nodes is
/// rounded once. Codes have 8 bits, or 16 in all layers.
/// </summary>
/// <param name="Inputs">The codes of each input, or one for all; one for all where the first layer is over an image.</param>
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
    /// of a layer of curves starts with the bias, that of a maximum is less the code of 0. Where a convolution is on padding, that is
    /// multiplied as the code of 0, so that all outputs of a filter start with the same.
    /// </summary>
    public long SumBias(int layer, int output)
    {
        var form = Layers[layer];
        if (form.Window is { } window)
        {
            int zero = ZeroBefore(layer, 0);
            if (window.IsMaximum) return -zero;
            int filter = output % window.Filters, count = window.FilterWeights;
            long sum = form.Biases[filter];
            for (int i = filter * count; i < (filter + 1) * count; i++) sum -= form.Weights[i] * (long)zero;
            return sum;
        }

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

/// <summary>One layer in integers: a matrix of weights, functions of codes (<see cref="Curves"/>), or a window.</summary>
/// <param name="InputCount">n.</param>
/// <param name="OutputCount">m.</param>
/// <param name="Weights">n * m weights, ordered by input, then output; those of a convolution as <see cref="Convolution"/> says.</param>
/// <param name="Biases">A bias of the sums of weight * (code - zero) for each output, or each filter.</param>
/// <param name="Units">What 1 in a sum stands for: a number for each output, each filter, or each channel of a maximum.</param>
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

    /// <summary>The window that it computes the same in at each place of an image; null for any other layer.</summary>
    public IntegerWindow? Window { get; init; }

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

    /// <summary>
    /// A convolution, with the meaning of ONNX's QLinearConv: at each place a filter adds its bias and the products weight * (code - zero)
    /// of the taps, where padding counts as the code of 0.
    /// </summary>
    /// <param name="window">Where the kernel stands, and the filters.</param>
    /// <param name="weights">
    /// One weight for each filter, channel of its group, row and column of the kernel, in this order, as in
    /// <see cref="ConvolutionDescription"/>.
    /// </param>
    /// <param name="biases">One for each filter.</param>
    /// <param name="units">One for each filter.</param>
    /// <param name="codes">What the codes of its nodes stand for; of no meaning for the last layer.</param>
    /// <exception cref="ArgumentException">A number of weights, biases or units is wrong, or no kernel stands like this.</exception>
    public static IntegerLayerForm Convolution(IntegerWindow window, ImmutableArray<sbyte> weights, ImmutableArray<int> biases,
        ImmutableArray<float> units, CodeRange codes)
    {
        window.Require();
        if (window.IsMaximum || weights.Length != window.Filters * window.FilterWeights || biases.Length != window.Filters
            || units.Length != window.Filters)
            throw new ArgumentException(FormattableString.Invariant($"A convolution of {window.Filters} filters of {window.FilterWeights} ")
                + FormattableString.Invariant($"weights has {weights.Length} weights, {biases.Length} biases and {units.Length} units."));
        return new IntegerLayerForm(window.InputCount, window.OutputCount, weights, biases, units, codes) { Window = window };
    }

    /// <summary>
    /// A maximum of the codes of each channel under a window, which are handed on as they are: a larger number never has a lower code.
    /// Padding has no code.
    /// </summary>
    /// <param name="geometry">Where the window stands.</param>
    /// <param name="before">The codes before it, which are those behind it; as the last layer, it gives their numbers.</param>
    /// <param name="lowest">The lowest of them.</param>
    /// <exception cref="ArgumentException">No window stands like this, or one covers padding alone.</exception>
    public static IntegerLayerForm Maximum(WindowGeometry geometry, CodeRange before, int lowest)
    {
        var window = new IntegerWindow(geometry, geometry.Channels, geometry.Channels) { IsMaximum = true };
        window.Require();
        return new IntegerLayerForm(window.InputCount, window.OutputCount, [], [],
            [.. Enumerable.Repeat(before.Scale, geometry.Channels)], before)
        { Window = window, Lowest = lowest };
    }

    /// <summary>The weight of an edge of a layer that has a matrix.</summary>
    public sbyte Weight(int input, int output) => Weights[(input * OutputCount) + output];

    /// <summary>What a sum is multiplied with before it is rounded to a code.</summary>
    public float Multiplier(int output) => Unit(output) / Codes.Scale;

    /// <summary>What 1 in the sum of an output stands for.</summary>
    public float Unit(int output) => Units[output % Units.Length];

    /// <summary>Whether it has weights, and two products of neighbouring inputs, 2i and 2i + 1, add up to a number of 16 bits.</summary>
    public bool FitsPairs
    {
        get
        {
            if (HasCurves || Window is not null) return false;
            for (int p = 0; p < InputCount; p += 2)
            {
                for (int q = 0; q < OutputCount; q++)
                {
                    int first = Weight(p, q), second = p + 1 < InputCount ? Weight(p + 1, q) : 0;
                    int most = Math.Max(first, 0) + Math.Max(second, 0),
                        least = Math.Min(first, 0) + Math.Min(second, 0);
                    if (most * CodeRange.Highest > short.MaxValue || least * CodeRange.Highest < short.MinValue) return false;
                }
            }

            return true;
        }
    }
}
