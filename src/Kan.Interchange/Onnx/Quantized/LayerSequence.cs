using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Onnx.Proto;

namespace Kan.Interchange.Onnx.Quantized;

/// <summary>The layers read so far, and what is known of the value on the way from the input to the output.</summary>
/// <param name="file">For complaints.</param>
/// <param name="width">The number of inputs; 0 if the first layer tells it.</param>
internal sealed class LayerSequence(ModelFile file, int width)
{
    private readonly List<LayerDescription> _layers = [];
    private readonly List<QuantizedLayer> _codes = [];
    private readonly List<CodeStep> _steps = [];
    private Stage _stage = Stage.Inputs;
    private CodeRange _inputs, _before, _now;
    private DenseIntegers? _sums;
    private float _low = float.NegativeInfinity, _high = float.PositiveInfinity;
    private string _bounding = "";
    private int _width = width, _type, _lowestInput;

    /// <summary>What the codes of the file are less than those that stand for the same here, so that both end at the highest one.</summary>
    private int _shift;

    /// <summary>What the value is.</summary>
    private enum Stage
    {
        /// <summary>The inputs themselves.</summary>
        Inputs,

        /// <summary>Codes.</summary>
        Codes,

        /// <summary>The numbers of codes.</summary>
        Numbers,

        /// <summary>Sums of a layer as integers of 32 bits.</summary>
        Integers,

        /// <summary>Sums of a layer as numbers.</summary>
        Sums,
    }

    private bool IsBounded => _low > float.NegativeInfinity || _high < float.PositiveInfinity;

    /// <summary>Whether the value is codes.</summary>
    public bool HasCodes => _stage == Stage.Codes;

    /// <summary>Whether the value is a sum of 32 bits that has no scale yet.</summary>
    public bool IsSum => _stage == Stage.Integers;

    /// <summary>Turns numbers into codes.</summary>
    public void Code(OnnxNode node, CodeRange range, int type)
    {
        switch (_stage)
        {
            case Stage.Inputs:
                _inputs = _now = range;
                _shift = 0;
                break;
            case Stage.Sums or Stage.Integers when _sums is { } sums:
                if (sums.IsMultiplied)
                    throw node.Unsupported($"rounds what was multiplied apart from it, behind {InSentence(sums.Title)}",
                        "Only a last layer may multiply its sums by a separate node; quantize with QLinearMatMul or QuantizeLinear and "
                        + "DequantizeLinear.");
                RoundBiases(sums);
                RequireWhole(node, range);
                _steps.Add(new CodeStep(range, 0));
                _now = range;
                _shift = 0;
                break;
            case Stage.Numbers:
                Recode(node, range);
                break;
            default:
                throw node.Unsupported("takes codes, where numbers are expected", QuantizedWords.Remedy);
        }

        Unbind();
        (_stage, _type) = (Stage.Codes, type);
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
    public void Require(OnnxNode node, DenseReader dense, NodeProto proto, int scale, int zero)
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

    /// <summary>Multiplies numbers of codes with weights.</summary>
    public void Multiply(OnnxNode node, DenseIntegers layer)
    {
        if (_stage != Stage.Numbers)
            throw node.Unsupported("multiplies numbers that are not codes: the model is an integer network only in part",
                QuantizedWords.Remedy);
        Settle(node);
        Begin(node, layer, Stage.Sums);
    }

    /// <summary>Multiplies codes with weights.</summary>
    public void Sum(OnnxNode node, DenseIntegers layer) => Begin(node, layer, layer.IsMultiplied ? Stage.Integers : Stage.Sums);

    /// <summary>Adds biases to the sums.</summary>
    public void Add(OnnxNode node, Action<DenseIntegers, CodeRange> add)
    {
        if (_stage != Stage.Sums || _sums is not { Biases: null, FloatBiases: null, IsMultiplied: false } || IsBounded)
            throw node.Unsupported("adds to what are not the sums of a layer, so that they are rounded apart", QuantizedWords.Fuse);
        add(_sums, _before);
    }

    /// <summary>Multiplies sums of 32 bits with what 1 in them stands for.</summary>
    public void Scale(OnnxNode node, ImmutableArray<float> units)
    {
        if (units.Length != 1 && units.Length != _sums!.Outputs)
            throw node.Unsupported($"has {units.Length} scales for {_sums!.Outputs} sums", "One for all, or one for each, is supported.");
        _sums = _sums! with { Scales = [.. units.Select(unit => WeightScale(node, unit))] };
        _stage = Stage.Sums;
    }

    /// <summary>The layers and their codes.</summary>
    public (IReadOnlyList<LayerDescription> Layers, QuantizedCodes Codes) End(string output)
    {
        if (_stage is Stage.Codes or Stage.Integers) throw file.Unsupported($"The output '{output}' holds integers. Keep the "
            + $"DequantizeLinear of the output in the model, or select an output of floating-point numbers.");
        if (IsBounded && _stage == Stage.Numbers && IsWithin()) Unbind();
        if (IsBounded) throw file.Unsupported($"{_bounding} cuts off the outputs, which have no codes behind it. Select an output before "
            + $"it (Outputs), or quantize the outputs as well.");
        if (_sums is null) throw file.Unsupported($"The output '{output}' depends on no dense layer: there are no integers to read. "
            + $"{QuantizedWords.Remedy}");
        if (_sums.FloatBiases is not null)
            throw file.Unsupported($"{_sums.Title} adds biases of float32 to sums that are not rounded to codes, so that runtimes "
                + $"compute it in floating-point numbers. Quantize its output or its biases as well (int32 behind DequantizeLinear).");
        Flush();
        return (_layers, new QuantizedCodes(_inputs, [.. _codes]) { LowestInput = _lowestInput });
    }

    private void Begin(OnnxNode node, DenseIntegers layer, Stage stage)
    {
        if (_width > 0 && layer.Inputs != _width) throw node.Unsupported($"multiplies {_width} values of a sample with weights for "
            + $"{layer.Inputs}", "Each dense layer must take all values of a sample where an integer network is read.");
        Flush();
        if (Enumerable.Range(0, layer.Outputs).Any(q => !(layer.Unit(_now, q) is > 0 and < float.PositiveInfinity)))
            throw node.Unsupported("has scales whose product no float holds", "Quantize the model again.");
        (_before, _sums, _width, _stage) = (_now, layer, layer.Outputs, stage);
    }

    /// <summary>Writes the layer down that ends here.</summary>
    private void Flush()
    {
        if (_sums is not { } layer) return;
        var affine = layer.ToAffine(_before);
        ImmutableArray<LayerDescription> own =
            [affine, .. _steps.Any(static step => step.IsRelu)
            ? [new ActivationDescription(layer.Outputs, [PiecewiseLinearFunction.Relu])]
            : Array.Empty<LayerDescription>()];
        var codes = new QuantizedLayer(layer.Scales, [.. _steps]);
        try
        {
            new QuantizedCodes(_before, [codes]).FormOf(own);
        }
        catch (ArgumentException exception)
        {
            throw file.Unsupported($"{layer.Title} cannot be computed in integers: {exception.Message} Quantize the model again, or "
                + $"export it in float32, before quantization.");
        }

        _layers.AddRange(own);
        _codes.Add(codes);
        _steps.Clear();
        _sums = null;
    }

    /// <summary>Rounds biases as runtimes do that fuse a layer whose sums are rounded to codes.</summary>
    private void RoundBiases(DenseIntegers sums)
    {
        if (sums.FloatBiases is not { } floats) return;
        int[] biases = new int[floats.Length];
        for (int q = 0; q < biases.Length; q++)
        {
            float rounded = MathF.Round(floats[q] / sums.Unit(_before, q));
            if (!(Math.Abs(rounded) < int.MaxValue)) throw file.Unsupported($"{sums.Title} adds the bias {floats[q]:R} to output {q}, "
                + $"which is more than 32 bits hold in the unit {sums.Unit(_before, q):R} of its sums. Quantize the model again.");
            biases[q] = (int)rounded;
        }

        (sums.Biases, sums.FloatBiases) = (biases, null);
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

    /// <summary>Requires that nothing is cut off numbers that have no codes again.</summary>
    private void Settle(OnnxNode node)
    {
        if (IsBounded && !IsWithin())
            throw node.Unsupported($"multiplies what {InSentence(_bounding)} cut off, which has no codes again, so that runtimes compute "
                + $"it in floating-point numbers", "Quantize the values behind the activation as well; in PyTorch, fuse the two modules "
                + "before they are prepared (fuse_modules).");
        Unbind();
    }

    private bool IsWithin() =>
        CodeRules.Number(_steps.Count > 0 ? _steps[^1].Lowest : _lowestInput, _now) >= _low
        && CodeRules.Number(CodeRange.Highest, _now) <= _high;

    private void Unbind() => (_low, _high) = (float.NegativeInfinity, float.PositiveInfinity);

    /// <summary>The scale of weights that gives a unit of sums.</summary>
    private float WeightScale(OnnxNode node, float unit)
    {
        float near = unit / _before.Scale;
        foreach (float candidate in (ReadOnlySpan<float>)[near, MathF.BitIncrement(near), MathF.BitDecrement(near)])
        {
            if (candidate * _before.Scale == unit) return candidate;
        }

        throw node.Unsupported($"multiplies sums with {unit:R}, which is not a float times the scale {_before.Scale:R} of the codes",
            "Multiply sums with the product of the scales of codes and weights.");
    }

    /// <summary>The zero point that the file gives the codes.</summary>
    private int Zero => _now.Zero - _shift - Offset(_type);

    /// <summary>What codes of the file stand for, as ones that end at the highest.</summary>
    private CodeRange Shifted(CodeRange range) => range with { Zero = range.Zero + _shift };

    private static int Offset(int type) => type == OnnxTensor.Int8 ? 128 : 0;

    private static string InSentence(string title) => char.ToLowerInvariant(title[0]) + title[1..];
}
