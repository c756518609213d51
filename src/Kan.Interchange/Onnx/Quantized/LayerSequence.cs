using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Interchange.Onnx.Graph;

namespace Kan.Interchange.Onnx.Quantized;

/// <summary>The layers read so far, and what is known of the value on the way from the input to the output.</summary>
/// <param name="file">For complaints.</param>
/// <param name="layout">How the inputs are arranged; null if the first layer tells their number.</param>
internal sealed partial class LayerSequence(ModelFile file, SampleLayout? layout)
{
    private readonly List<LayerDescription> _layers = [];
    private readonly List<QuantizedLayer> _codes = [];
    private readonly List<CodeStep> _steps = [];

    /// <summary>Maxima since the last layer: they hand codes on, whichever these become.</summary>
    private readonly List<MaximumDescription> _maxima = [];

    private Stage _stage = Stage.Inputs;
    private CodeRange _inputs, _now;

    /// <summary>The codes that the last layer multiplied.</summary>
    private CodeStep _before;

    private LayerIntegers? _sums;
    private float _low = float.NegativeInfinity, _high = float.PositiveInfinity;
    private string _bounding = "", _flattening = "";
    private int _type, _lowestInput;
    private SampleLayout? _layout = layout;

    /// <summary>What the codes of the file are less than those that stand for the same here, so that both end at the highest one.</summary>
    private int _shift;

    private const string Flattened =
        "Quantize the values behind Flatten as well, or use Reshape, which runtimes look through.";

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

    /// <summary>The image that a node takes.</summary>
    public SampleLayout Image(OnnxNode node) => _layout ?? throw node.Unsupported("takes samples whose shape the file does not tell",
        "Give the input of the model the shape [batch, channels, height, width].");

    /// <summary>The code that the numbers and codes have now, with the lowest one.</summary>
    private CodeStep Step => _steps.Count > 0 ? _steps[^1] : new CodeStep(_inputs, _lowestInput);

    /// <summary>Arranges the values of a sample.</summary>
    public void Arrange(OnnxNode node, Func<SampleLayout, SampleLayout> arrange)
    {
        if (_layout is not null) _layout = arrange(_layout);
        if (node.Operator == "Flatten" && _stage is Stage.Sums or Stage.Numbers) _flattening = node.Title;
    }

    /// <summary>Multiplies numbers of codes with weights.</summary>
    /// <param name="node">The node.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="sizes">The sizes of the image that it gives; null for none.</param>
    public void Multiply(OnnxNode node, LayerIntegers layer, int[]? sizes = null)
    {
        if (_stage != Stage.Numbers)
            throw node.Unsupported("multiplies numbers that are not codes: the model is an integer network only in part",
                QuantizedWords.Remedy);
        Settle(node);
        Begin(node, layer, Stage.Sums, sizes);
    }

    /// <summary>Multiplies codes with weights.</summary>
    /// <param name="node">The node.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="sizes">The sizes of the image that it gives; null for none.</param>
    public void Sum(OnnxNode node, LayerIntegers layer, int[]? sizes = null) =>
        Begin(node, layer, layer.Rounding == SumRounding.Multiplied ? Stage.Integers : Stage.Sums, sizes);

    /// <summary>Adds biases to the sums.</summary>
    public void Add(OnnxNode node, Action<LayerIntegers, CodeRange> add)
    {
        if (_stage != Stage.Sums || _sums is not { Biases: null, FloatBiases: null } sums || IsBounded || _maxima.Count > 0
            || (sums.Window is not null && node.Operator == "Add") || sums.Rounding is SumRounding.WholeAverage or SumRounding.Average)
            throw node.Unsupported("adds to what are not the sums of a layer, so that they are rounded apart", QuantizedWords.Fuse);
        add(sums, _before.Range);
    }

    /// <summary>Adds integers to sums of 32 bits.</summary>
    public void AddIntegers(OnnxNode node, Action<LayerIntegers> add)
    {
        if (_sums is not { Biases: null } sums) throw node.Unsupported("adds a second time to the sums of a layer", QuantizedWords.Fuse);
        _sums = sums with { AreBiasesExact = true };
        add(_sums);
    }

    /// <summary>Takes the largest numbers, or codes, under a window.</summary>
    /// <param name="node">The node.</param>
    /// <param name="operatorSet">The operator set of the file.</param>
    /// <param name="geometry">Where the window stands.</param>
    /// <param name="sizes">The sizes of the image that it gives.</param>
    public void Maximum(OnnxNode node, long operatorSet, WindowGeometry geometry, int[] sizes)
    {
        // Runtimes make codes before a maximum of floats, where they know its integers.
        if (_stage is not (Stage.Codes or Stage.Numbers) && (_stage != Stage.Sums || operatorSet is < 12 or > 21))
            throw node.Unsupported("takes numbers that are not codes: the model is an integer network only in part",
                QuantizedWords.Remedy);
        var maximum = new MaximumDescription(geometry);
        if (maximum.Problem() is { } problem) throw node.Unsupported($"cannot be computed in integers: {problem}", "Use smaller pads.");
        _maxima.Add(maximum);
        _layout = SampleLayout.Image(sizes);
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
        if (_sums is null) throw file.Unsupported($"The output '{output}' depends on no dense layer or convolution: there are no integers "
            + $"to read. {QuantizedWords.Remedy}");
        if (_sums.FloatBiases is not null || (_sums is { Rounding: SumRounding.Multiplied, Biases: not null, AreBiasesExact: false }))
            throw file.Unsupported($"{_sums.Title} adds biases of float32 to sums that are not rounded to codes, so that runtimes "
                + $"compute it in floating-point numbers. Quantize its output or its biases as well (int32 behind DequantizeLinear).");
        if (_steps.Count == 0 && (_sums is { Window: not null, Rounding: not SumRounding.Multiplied } || _maxima.Count > 0))
            throw file.Unsupported($"{_sums.Title} gives outputs that are not rounded to codes, so that runtimes compute it in "
                + $"floating-point numbers. Quantize its output as well.");
        if (_layout is { Nodes: not null })
            throw file.Unsupported($"The output '{output}' of shape {TensorShape.Text(_layout.Sizes)} is an image, or arranged like one. "
                + $"Integer networks are read that end in one channel, one place, or a dense layer.");
        Flush();
        return (_layers, new QuantizedCodes(_inputs, [.. _codes]) { LowestInput = _lowestInput });
    }

    private void Begin(OnnxNode node, LayerIntegers layer, Stage stage, int[]? sizes)
    {
        if (_layout is not null && layer.InputCount != _layout.Count)
            throw node.Unsupported($"multiplies {_layout.Count} values of a sample with weights for {layer.InputCount}",
                "Each dense layer must take all values of a sample where an integer network is read.");
        if (layer.Window is null && _layout?.Nodes is { } nodes) layer = Arranged(layer, nodes);
        Flush();
        if (Enumerable.Range(0, layer.Outputs).Any(q => !(layer.Unit(_now, q) is > 0 and < float.PositiveInfinity)))
            throw node.Unsupported("has scales whose product no float holds", "Quantize the model again.");
        (_before, _sums, _stage, _flattening) = (_codesBehind, layer, stage, "");
        _layout = sizes is null ? SampleLayout.Row(layer.Outputs) : SampleLayout.Image(sizes);
    }

    /// <summary>A dense layer with its weights in the order of the nodes before it.</summary>
    private static LayerIntegers Arranged(LayerIntegers layer, int[] nodes)
    {
        int[] weights = new int[layer.Weights.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            int row = i / nodes.Length * nodes.Length;
            weights[row + nodes[i - row]] = layer.Weights[i];
        }

        return layer with { Weights = [.. weights] };
    }

    /// <summary>Writes the layer down that ends here, and the maxima behind it.</summary>
    private void Flush()
    {
        _codesBehind = Step;
        if (_sums is { } layer)
        {
            var exact = layer.ToLayer(_before.Range);
            ImmutableArray<LayerDescription> own =
                [exact, .. _steps.Any(static step => step.IsRelu)
                ? [new ActivationDescription(exact.OutputCount, [PiecewiseLinearFunction.Relu])]
                : Array.Empty<LayerDescription>()];
            var codes = new QuantizedLayer(layer.Scales, [.. _steps]);
            try
            {
                new QuantizedCodes(_before.Range, [codes]).FormOf(own);
            }
            catch (ArgumentException exception)
            {
                throw file.Unsupported($"{layer.Title} cannot be computed in integers: {exception.Message} Quantize the model again, or "
                    + $"export it in float32, before quantization.");
            }

            _layers.AddRange(own);
            _codes.Add(codes);
        }

        _layers.AddRange(_maxima);
        _maxima.Clear();
        _steps.Clear();
        _sums = null;
    }

    /// <summary>The codes behind the last layer that was written down.</summary>
    private CodeStep _codesBehind;

    /// <summary>Requires that nothing is cut off numbers that have no codes again, and that runtimes see the codes.</summary>
    private void Settle(OnnxNode node)
    {
        if (IsBounded && !IsWithin())
            throw node.Unsupported($"multiplies what {InSentence(_bounding)} cut off, which has no codes again, so that runtimes compute "
                + $"it in floating-point numbers", "Quantize the values behind the activation as well; in PyTorch, fuse the two modules "
                + "before they are prepared (fuse_modules).");
        if (_flattening.Length > 0)
            throw node.Unsupported($"multiplies what {InSentence(_flattening)} arranged, which has no codes again, so that runtimes "
                + $"compute it in floating-point numbers", Flattened);
        Unbind();
    }

    private bool IsWithin() =>
        CodeRules.Number(Step.Lowest, _now) >= _low && CodeRules.Number(CodeRange.Highest, _now) <= _high;

    /// <summary>The scale of weights that gives a unit of sums.</summary>
    private float WeightScale(OnnxNode node, float unit)
    {
        float near = unit / _before.Range.Scale;
        foreach (float candidate in (ReadOnlySpan<float>)[near, MathF.BitIncrement(near), MathF.BitDecrement(near)])
        {
            if (candidate * _before.Range.Scale == unit) return candidate;
        }

        throw node.Unsupported(
            $"multiplies sums with {unit:R}, which is not a float times the scale {_before.Range.Scale:R} of the codes",
            "Multiply sums with the product of the scales of codes and weights.");
    }
}
