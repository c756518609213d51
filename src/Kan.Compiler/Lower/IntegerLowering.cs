using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Compiler.Integers;

namespace Kan.Compiler.Lower;

/// <summary>Picks scales and rounds a network to integers.</summary>
internal static class IntegerLowering
{
    private const int MostWeight = 127;

    /// <summary>
    /// What the positive and the negative weights of two neighbours may add up to, so that their products with any codes fit 16 bits.
    /// </summary>
    private const int MostPair = 128;

    /// <summary>Steps beyond which a bias widens the scale.</summary>
    private const int MostBias = 1 << 29;

    /// <summary>Scales are widened by this until what must fit does.</summary>
    private const double Step = 1 + 1e-3;

    /// <summary>The integer form of a network.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="inputs">The ranges of the inputs, one for each or one for all.</param>
    /// <param name="hidden">A range of the sums behind each layer but the last.</param>
    /// <param name="isWide">Whether codes have 16 bits, not 8.</param>
    /// <param name="cancellation">Observed between layers.</param>
    /// <exception cref="NoIntegerFormException">A sum might leave 32 bits.</exception>
    public static IntegerForm Lower(LinearLayer[] layers, ImmutableArray<InputRange> inputs, ImmutableArray<CodedRange> hidden, bool isWide,
        CancellationToken cancellation)
    {
        ImmutableArray<CodeRange> codes =
            [.. inputs.Select(range => Codes(new CodedRange(range.Low.ToDouble(), range.High.ToDouble()), isWide))];
        if (codes.Distinct().Count() == 1) codes = [codes[0]];
        var forms = ImmutableArray.CreateBuilder<IntegerLayerForm>(layers.Length);
        for (int l = 0; l < layers.Length; l++)
        {
            cancellation.ThrowIfCancellationRequested();
            var before = l == 0 ? codes : [forms[l - 1].Codes];
            var behind = l == layers.Length - 1 ? new CodeRange(1, 0)
                : Codes(layers[l + 1].IsRelu ? hidden[l].Relu : hidden[l].BelowZero(isWide), isWide);
            forms.Add(Lower(layers[l], before, behind, l));
        }

        return new IntegerForm(codes, forms.MoveToImmutable());
    }

    /// <summary>Codes whose numbers reach from end to end, and include 0.</summary>
    internal static CodeRange Codes(CodedRange range, bool isWide = false)
    {
        double low = Math.Min(range.Low, 0), high = Math.Max(range.High, 0);
        var codes = new CodeRange(1, 0) { IsWide = isWide };
        if (low == high) return codes;

        // A whole number of steps lies on either side of 0, and one may be lost.
        float scale = (float)((high - low) / (low < 0 && high > 0 ? codes.Most - 1 : codes.Most));
        for (double factor = Step; ; factor *= Step)
        {
            if (scale > 0 && !float.IsInfinity(scale))
            {
                double zero = Math.Ceiling(-low / scale);
                codes = codes with { Scale = scale, Zero = (int)Math.Min(zero, codes.Most) };
                if (codes.Low <= low && codes.High >= high) return codes;
            }

            scale = (float)Math.Max(scale * factor, 1e-30);
            if (float.IsInfinity(scale)) throw new NoIntegerFormException("a range of its values is too wide for float");
        }
    }

    private static IntegerLayerForm Lower(LinearLayer layer, ImmutableArray<CodeRange> before, CodeRange behind, int index)
    {
        int n = layer.Inputs, m = layer.Outputs;
        sbyte[] weights = new sbyte[layer.Weights.Length];
        var biases = ImmutableArray.CreateBuilder<int>(m);
        var units = ImmutableArray.CreateBuilder<float>(m);
        double[] scaled = new double[n];
        for (int q = 0; q < m; q++)
        {
            for (int p = 0; p < n; p++) scaled[p] = layer.Weights[(p * m) + q] * (before.Length == 1 ? 1 : before[p].Scale);
            var (unit, bias) = Round(scaled, layer.Biases[q], before, new Rounded(weights, q, m), isPaired: !before[0].IsWide, index);
            units.Add(unit);
            biases.Add(bias);
        }

        return new IntegerLayerForm(n, m, [.. weights], biases.MoveToImmutable(), units.MoveToImmutable(), behind);
    }

    /// <summary>Rounds the weights of an output, and its bias, in the smallest steps that fit.</summary>
    /// <param name="scaled">The weights, times what a step of their codes stands for where these differ.</param>
    /// <param name="bias">The bias.</param>
    /// <param name="before">The codes before it, of each input or of all.</param>
    /// <param name="weights">Receives the weights.</param>
    /// <param name="isPaired">Whether two products of neighbours must fit 16 bits together.</param>
    /// <param name="index">The layer, for messages.</param>
    /// <returns>What 1 in a sum stands for, and the bias in it.</returns>
    /// <exception cref="NoIntegerFormException">A sum might leave 32 bits, or a number is beyond float.</exception>
    internal static (float Unit, int Bias) Round(double[] scaled, double bias, ImmutableArray<CodeRange> before, Rounded weights,
        bool isPaired, int index)
    {
        bool isWide = before[0].IsWide;
        double unit = Math.Max(Unit(scaled, isPaired),
            Math.Abs(bias) / ((before.Length == 1 ? before[0].Scale : 1) * (double)MostBias));
        for (; ; unit *= Step)
        {
            // What a step of a weight stands for times what a step of a code does: a product of floats, as in ONNX.
            float step = (float)unit, own = before.Length == 1 ? before[0].Scale * step : step;
            if (float.IsInfinity(own)) throw new NoIntegerFormException($"the weights of layer {index} are too large for float");
            if (!(own > 0) || !Round(scaled, before.Length == 1 ? own / (double)before[0].Scale : own, weights, isPaired)) continue;
            double rounded = Math.Round(bias / own);
            if (isWide && (Math.Abs(rounded) > MostBias || !FitsSum(weights, before, (int)rounded))) continue;
            if (!isWide) RequireSums(weights, before, (int)rounded, index);
            return (own, (int)rounded);
        }
    }

    /// <summary>A step at which all weights fit, and all pairs of them.</summary>
    private static double Unit(double[] weights, bool isPaired)
    {
        double unit = 1e-30;
        for (int p = 0; p < weights.Length; p++)
        {
            double own = weights[p], next = (p & 1) == 0 && p + 1 < weights.Length ? weights[p + 1] : 0;
            unit = Math.Max(unit, Math.Abs(own) / MostWeight);
            if (isPaired && Math.Sign(own) == Math.Sign(next)) unit = Math.Max(unit, Math.Abs(own + next) / MostPair);
        }

        return unit;
    }

    private static bool Round(double[] scaled, double unit, Rounded weights, bool isPaired)
    {
        for (int p = 0; p < scaled.Length; p++)
        {
            double rounded = Math.Round(scaled[p] / unit);
            if (Math.Abs(rounded) > MostWeight) return false;
            weights[p] = (sbyte)rounded;
            if ((p & 1) == 0 || !isPaired) continue;
            int before = weights[p - 1];
            if (Math.Max(rounded, 0) + Math.Max(before, 0) > MostPair || Math.Min(rounded, 0) + Math.Min(before, 0) < -MostPair)
                return false;
        }

        return true;
    }

    /// <summary>Whether no codes of 16 bits make a sum leave 32 bits; what is added on the way may, and comes back.</summary>
    private static bool FitsSum(Rounded weights, ImmutableArray<CodeRange> before, int bias)
    {
        long most = bias, least = bias;
        for (int p = 0; p < weights.Count; p++)
        {
            var codes = before[before.Length == 1 ? 0 : p];
            long weight = weights[p], first = weight * -codes.Zero, last = weight * (codes.Most - codes.Zero);
            most += Math.Max(first, last);
            least += Math.Min(first, last);
        }

        return most <= int.MaxValue && least >= int.MinValue;
    }

    /// <summary>Requires that no order of adding what an output adds leaves 32 bits.</summary>
    private static void RequireSums(Rounded weights, ImmutableArray<CodeRange> before, int bias, int index)
    {
        long most = Math.Abs((long)bias);
        for (int p = 0; p < weights.Count; p++)
            most += Math.Abs((long)weights[p]) * (CodeRange.Highest + before[before.Length == 1 ? 0 : p].Zero);
        if (most > int.MaxValue)
            throw new NoIntegerFormException($"a sum of layer {index} might leave 32 bits: it has {weights.Count} inputs");
    }

    /// <summary>The rounded weights of an output among those of all.</summary>
    /// <param name="all">By input, then output.</param>
    /// <param name="output">The output.</param>
    /// <param name="outputs">The number of outputs.</param>
    internal readonly struct Rounded(sbyte[] all, int output, int outputs)
    {
        public int Count => all.Length / outputs;

        public sbyte this[int input]
        {
            get => all[(input * outputs) + output];
            set => all[(input * outputs) + output] = value;
        }
    }
}
