using System;
using System.Linq;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Onnx.Proto;

namespace Kan.Interchange.Onnx.Quantized;

/// <content>Codes: where they are made, read, cut off, and made of others.</content>
internal sealed partial class LayerSequence
{
    /// <summary>Turns numbers into codes.</summary>
    public void Code(OnnxNode node, CodeRange range, int type)
    {
        switch (_stage)
        {
            case Stage.Inputs:
                _inputs = _now = range;
                _shift = 0;
                break;
            case Stage.Sums when _sums is { } sums:
                RequireAdjacent(node, sums);
                RequireWhole(node, range);
                _sums = Rounded(node, sums, range, type);
                _steps.Add(new CodeStep(range, 0));
                _now = range;
                _shift = 0;
                break;
            case Stage.Numbers:
                Recode(node, range);
                break;
            default:
                throw node.Unsupported(_stage == Stage.Codes ? "takes codes, where numbers are expected"
                    : "takes sums that were not multiplied with what 1 in them stands for", QuantizedWords.Remedy);
        }

        Unbind();
        (_stage, _type, _flattening) = (Stage.Codes, type, "");
    }

    /// <summary>Turns codes into their numbers.</summary>
    public void Decode(OnnxNode node, CodeRange range, int type)
    {
        if (_stage != Stage.Codes) throw node.Unsupported("takes what are not codes", QuantizedWords.Remedy);
        if (Shifted(range) != _now || type != _type)
            throw node.Unsupported($"reads codes of the scale {_now.Scale:R} and the zero point {Zero} as ones of "
                + $"{range.Scale:R} and {range.Zero - Offset(type)}",
                "Codes must be read with the scale that they were made with: quantize the model again.");
        _stage = Stage.Numbers;
    }

    /// <summary>Requires that a node reads the codes with the scale and zero point that they were made with.</summary>
    public void Require(OnnxNode node, WeightReader dense, NodeProto proto, int scale, int zero)
    {
        if (_stage != Stage.Codes) throw node.Unsupported("takes what are not codes", QuantizedWords.Remedy);
        float read = scale < 0 ? _now.Scale : dense.Scales(node, proto.Input.ElementAtOrDefault(scale) ?? "")[0];
        var zeros = zero < proto.Input.Count && proto.Input[zero].Length > 0 ? dense.Constant(node, proto.Input[zero], "zero point") : null;
        double from = zeros is { Values.Length: > 0 } ? zeros.Values[0] : 0;
        if (read != _now.Scale || from != Zero)
            throw node.Unsupported($"reads codes of the scale {_now.Scale:R} and the zero point {Zero} as ones of {read:R} "
                + $"and {from}", "Codes must be read with the scale that they were made with: quantize the model again.");
    }

    /// <summary>Cuts codes off, as quantizers do that use fewer than all of them.</summary>
    /// <param name="node">The node.</param>
    /// <param name="low">The lowest code, in the type of the codes.</param>
    /// <param name="high">The highest one.</param>
    public void Limit(OnnxNode node, float low, float high)
    {
        int lowest = (int)Math.Max(low + Offset(_type), 0) + _shift,
            beyond = CodeRange.Highest - (int)Math.Min(high + Offset(_type) + _shift, CodeRange.Highest);
        if (lowest > _now.Zero || beyond > CodeRange.Highest - _now.Zero) throw node.Unsupported(
            $"cuts codes off to {low} to {high}, and the zero point {Zero} is not among them", "Quantize the model again.");

        // Codes that end earlier become higher ones, so that they end at the highest.
        _shift += beyond;
        _now = _now with { Zero = _now.Zero + beyond };
        var step = _steps.Count == 0 ? new CodeStep(_inputs, _lowestInput) : _steps[^1];
        step = new CodeStep(_now, Math.Max(step.Lowest, lowest) + beyond);
        if (_steps.Count == 0) (_inputs, _lowestInput) = (_now, step.Lowest);
        else _steps[^1] = step;
    }

    /// <summary>Requires that codes keep their type.</summary>
    public void Cast(OnnxNode node, int type)
    {
        if (type != _type) throw node.Unsupported(
            $"turns codes of {OnnxTensor.TypeName(_type)} into {OnnxTensor.TypeName(type)}", QuantizedWords.Remedy);
    }

    /// <summary>Cuts numbers off.</summary>
    public void Bound(OnnxNode node, float low, float high)
    {
        if (_stage is not (Stage.Sums or Stage.Numbers))
            throw node.Unsupported("cuts off what are neither the sums of a layer nor the numbers of codes", QuantizedWords.Remedy);
        (_low, _high, _bounding) = (Math.Max(_low, low), Math.Min(_high, high), node.Title);
    }

    /// <summary>
    /// The layer whose integers round its sums as a runtime does: with biases rounded where it fuses layer and codes, and scales of weights
    /// with which sums get the same codes.
    /// </summary>
    private LayerIntegers Rounded(OnnxNode node, LayerIntegers sums, CodeRange range, int type)
    {
        switch (sums.Rounding)
        {
            case SumRounding.Multiplied:
                if (sums is { Biases: { } integers, AreBiasesExact: false })
                    sums.FloatBiases = [.. integers.Select((bias, q) => bias * sums.Unit(_before.Range, q))];
                return RoundedSums.Multiplied(sums, _before, range, out int different) ?? throw node.Unsupported(
                    $"rounds what was multiplied apart from it, behind {InSentence(sums.Title)}: output {different} gets codes that no "
                    + (sums.FloatBiases is null ? "multiple of its integers gives" : "integers with a bias of integers give"),
                    "Quantize biases to int32 in the unit of the sums, or quantize with QuantizeLinear and DequantizeLinear around Gemm.");
            case SumRounding.WholeAverage or SumRounding.Average:
                if (type != _type) throw node.Unsupported($"has codes of {OnnxTensor.TypeName(type)} behind an average of ones of "
                    + $"{OnnxTensor.TypeName(_type)}, so that runtimes compute {InSentence(sums.Title)} in floating-point numbers",
                    "Quantize all activations to the same type.");
                float? scale = sums.Rounding == SumRounding.WholeAverage ? RoundedSums.WholeAverage(sums.Inputs, _before, range)
                    : RoundedSums.Average(sums.Inputs, _before, range, range.Zero - Offset(type));
                return sums with
                {
                    Scales = [scale ?? throw node.Unsupported($"makes codes of the averages of {InSentence(sums.Title)} that depend on "
                        + $"the order in which runtimes add {sums.Inputs} floating-point numbers: an average may be midway between codes",
                        "Quantize the averages with a scale of their own, and not that of the values before them, or pool the whole image "
                        + "(GlobalAveragePool), which is computed in integers.")],
                    Rounding = SumRounding.Once,
                };
            default:
                RoundBiases(sums);
                return sums;
        }
    }

    /// <summary>Rounds biases as runtimes do that fuse a layer whose sums are rounded to codes.</summary>
    private void RoundBiases(LayerIntegers sums)
    {
        if (sums.FloatBiases is not { } floats) return;
        int[] biases = new int[floats.Length];
        for (int q = 0; q < biases.Length; q++)
        {
            float rounded = MathF.Round(floats[q] / sums.Unit(_before.Range, q));
            if (!(Math.Abs(rounded) < int.MaxValue)) throw file.Unsupported($"{sums.Title} adds the bias {floats[q]:R} to output {q}, "
                + $"which is more than 32 bits hold in the unit {sums.Unit(_before.Range, q):R} of its sums. Quantize the model again.");
            biases[q] = (int)rounded;
        }

        (sums.Biases, sums.FloatBiases) = (biases, null);
    }

    /// <summary>Requires that runtimes see a layer and its codes together.</summary>
    private void RequireAdjacent(OnnxNode node, LayerIntegers sums)
    {
        if (_flattening.Length > 0) throw node.Unsupported($"makes codes of what {InSentence(_flattening)} arranged, behind "
            + $"{InSentence(sums.Title)}, so that runtimes compute that layer in floating-point numbers",
            "Quantize the values before Flatten, or use Reshape, which runtimes look through.");
    }

    /// <summary>Requires that what is cut off before codes is what they cannot hold.</summary>
    private void RequireWhole(OnnxNode node, CodeRange range)
    {
        if (!IsBounded || (CodeRules.Code(_low, range) == 0 && CodeRules.Code(_high, range) == CodeRange.Highest)) return;
        throw node.Unsupported(
            $"has codes for more than {InSentence(_bounding)} lets pass, so that runtimes compute that layer in floating-point numbers: "
            + $"scale {range.Scale:R}, zero {range.Zero} of 0 to 255",
            "The lowest code must be that of 0 behind ReLU: quantize activations asymmetrically, or quantize the values before ReLU as "
            + "well.");
    }

    /// <summary>Turns the numbers of codes, cut off or not, into other codes.</summary>
    private void Recode(OnnxNode node, CodeRange range)
    {
        if (!IsBounded && Shifted(range) == _now) return;
        if (!IsBounded || _steps.Count == 0)
            throw node.Unsupported("rounds numbers of codes to other codes", "Quantize values once: runtimes merge the two.");
        int lowest = CodeRules.Code(_low, range);
        if (lowest != 0 && lowest != range.Zero) throw node.Unsupported($"has codes of numbers from {_low:R} on that "
            + $"{InSentence(_bounding)} lets pass, and 0 is not the least of them", "ReLU and what codes cannot hold is supported.");
        int first = _steps[^1].Lowest;
        bool isSame = Shifted(range) == _now;
        if (isSame) _steps[^1] = _steps[^1] with { Lowest = Math.Max(first, lowest + _shift) };
        else _steps.Add(new CodeStep(range, lowest));
        for (int code = first; code <= CodeRange.Highest; code++)
        {
            int expected = CodeRules.Code(Math.Min(Math.Max(CodeRules.Number(code, _now), _low), _high), range);
            int found = isSame ? Math.Max(code, _steps[^1].Lowest) - _shift : CodeRules.Recode(code, _now, range, lowest);
            if (found != expected)
                throw node.Unsupported($"turns the code {code} into {expected} (of 0 to 255), and integers into {found}",
                    "Quantize the model again, with another range behind the activation.");
        }

        if (!isSame) (_now, _shift) = (range, 0);
    }

    private void Unbind() => (_low, _high) = (float.NegativeInfinity, float.PositiveInfinity);

    /// <summary>The zero point that the file gives the codes.</summary>
    private int Zero => _now.Zero - _shift - Offset(_type);

    /// <summary>What codes of the file stand for, as ones that end at the highest.</summary>
    private CodeRange Shifted(CodeRange range) => range with { Zero = range.Zero + _shift };

    private static int Offset(int type) => type == OnnxTensor.Int8 ? 128 : 0;

    private static string InSentence(string title) => char.ToLowerInvariant(title[0]) + title[1..];
}
