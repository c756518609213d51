using System;
using System.Collections.Immutable;

namespace Kan.Interchange;

/// <summary>What to do with a final Softmax, LogSoftmax, Sigmoid or ArgMax, which is not piecewise linear.</summary>
public enum ModelHead
{
    /// <summary>Reports an error.</summary>
    Refuse,

    /// <summary>Drops it: the outputs are the values before it, which order classes in the same way.</summary>
    Drop,

    /// <summary>
    /// Keeps it as a step behind the network (<see cref="KanDocument.Head"/>): the outputs are the values before it, and compiled classes
    /// have <c>Probabilities</c> and <c>Decide</c> in addition.
    /// </summary>
    Keep,
}

/// <summary>Options for what a model file does not contain. All are optional.</summary>
public sealed record ImportOptions
{
    /// <summary>No options.</summary>
    public static ImportOptions None { get; } = new();

    /// <summary>
    /// The activation of a state dict: <c>relu</c>, <c>leaky_relu</c> or <c>leaky_relu(0.1)</c>, <c>relu6</c>, <c>hardtanh</c>,
    /// <c>hardsigmoid</c>, <c>abs</c>, <c>identity</c>; with a <see cref="Tolerance"/> also curves, such as <c>tanh</c>, <c>gelu</c>,
    /// <c>silu</c> or <c>elu(0.5)</c>.
    /// </summary>
    public string? Activation { get; init; }

    /// <summary>
    /// The modules of a state dict and the activations between them, in the order in which they are applied: <c>fc1</c>, <c>relu</c>,
    /// <c>bn1</c>, <c>fc2</c>. <c>activation</c> stands for <see cref="Activation"/>. Modules that are left out are not part of the
    /// network. Empty if names and shapes tell the order.
    /// </summary>
    public ImmutableArray<string> Order { get; init; } = [];

    /// <summary>
    /// What the names of the tensors of a state dict begin with, such as <c>actor.</c>; the others are skipped. Null for all.
    /// </summary>
    public string? Prefix { get; init; }

    /// <summary>What to do with a final Softmax, LogSoftmax, Sigmoid or ArgMax.</summary>
    public ModelHead Head { get; init; }

    /// <summary>
    /// The largest absolute error of an output that is accepted where a curved edge must be approximated, in the units of the output;
    /// none if nothing may be approximated.
    /// </summary>
    public double? Tolerance { get; init; }

    /// <summary>
    /// The box on which <see cref="Tolerance"/> must hold: one range for all inputs, one for each, or empty for the range of the inputs,
    /// and without that the grid of the first layer.
    /// </summary>
    public ImmutableArray<InputRange> Domain { get; init; } = [];

    /// <summary>
    /// Told what a long approximation is about to do, such as how many segments it takes, before it begins; null for nobody.
    /// </summary>
    public IProgress<string>? Progress { get; init; }

    /// <summary>The inputs to use, in this order, if the file has several; empty if it has only one.</summary>
    public ImmutableArray<string> Inputs { get; init; } = [];

    /// <summary>The outputs to use, in this order; empty if the file has only one. Values inside an ONNX graph can also be named.</summary>
    public ImmutableArray<string> Outputs { get; init; } = [];

    /// <summary>One name for each input, in order; empty for those of the file, if it has any.</summary>
    public ImmutableArray<string> InputNames { get; init; } = [];

    /// <summary>One name for each output, in order; empty for those of the file, if it has any.</summary>
    public ImmutableArray<string> OutputNames { get; init; } = [];

    /// <summary>The classes of a classifier, one label for each output, in order; empty for those of the file, if it has any.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>
    /// The means of a standardization, one for each input; empty for 0. The model was trained on (x - mean) / scale, which is folded into
    /// the first layer exactly, so that the inputs of the document, and its ranges, are the numbers before. <see cref="Domain"/> is that of
    /// the model in the file.
    /// </summary>
    public ImmutableArray<Rational> Mean { get; init; } = [];

    /// <summary>The divisors of a standardization, one positive number for each input; empty for 1. See <see cref="Mean"/>.</summary>
    public ImmutableArray<Rational> Scale { get; init; } = [];

    /// <summary>The range of all inputs, if known; it overrides the ranges in the file.</summary>
    public InputRange? Range { get; init; }

    /// <summary>
    /// The range of each input, if known; it overrides <see cref="Range"/> and the ranges in the file. One range stands for all inputs.
    /// </summary>
    public ImmutableArray<InputRange> Ranges { get; init; } = [];

    /// <summary>The ranges that are given; empty for none.</summary>
    internal ImmutableArray<InputRange> GivenRanges => !Ranges.IsDefaultOrEmpty ? Ranges : Range is { } range ? [range] : [];
}
