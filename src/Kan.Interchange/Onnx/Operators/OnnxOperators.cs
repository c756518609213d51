using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx.Graph;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>What a node with one result computes.</summary>
internal delegate OnnxValue OnnxOperator(OnnxNode node, OnnxContext context);

/// <summary>The operators by name.</summary>
internal static class OnnxOperators
{
    private static readonly Dictionary<string, OnnxOperator> s_operators = new()
    {
        ["Abs"] = ActivationOperators.Abs,
        ["Add"] = ElementwiseOperators.Add,
        ["AveragePool"] = WindowOperators.AveragePool,
        ["BatchNormalization"] = MatrixOperators.BatchNormalization,
        ["Cast"] = ShapeOperators.Cast,
        ["Clip"] = ActivationOperators.Clip,
        ["Concat"] = ShapeOperators.Concat,
        ["Constant"] = ConstantOperators.Constant,
        ["ConstantOfShape"] = ConstantOperators.ConstantOfShape,
        ["Conv"] = WindowOperators.Conv,
        ["Div"] = ElementwiseOperators.Div,
        ["Dropout"] = ShapeOperators.Dropout,
        ["Exp"] = ConstantOperators.Curved(Math.Exp),
        ["Expand"] = ShapeOperators.Expand,
        ["Flatten"] = ShapeOperators.Flatten,
        ["Gather"] = ShapeOperators.Gather,
        ["Gemm"] = MatrixOperators.Gemm,
        ["GlobalAveragePool"] = WindowOperators.GlobalAveragePool,
        ["GlobalMaxPool"] = WindowOperators.GlobalMaxPool,
        ["HardSigmoid"] = ActivationOperators.HardSigmoid,
        ["Identity"] = ShapeOperators.Identity,
        ["LeakyRelu"] = ActivationOperators.LeakyRelu,
        ["Log"] = ConstantOperators.Curved(Math.Log),
        ["MatMul"] = MatrixOperators.MatMul,
        ["Max"] = ElementwiseOperators.Max,
        ["MaxPool"] = WindowOperators.MaxPool,
        ["Mean"] = ElementwiseOperators.Mean,
        ["Min"] = ElementwiseOperators.Min,
        ["Mul"] = ElementwiseOperators.Mul,
        ["Neg"] = ActivationOperators.Neg,
        ["PRelu"] = ElementwiseOperators.PRelu,
        ["Pad"] = ShapeOperators.Pad,
        ["Pow"] = ConstantOperators.Pow,
        ["Reciprocal"] = ConstantOperators.Curved(static x => 1 / x),
        ["ReduceMax"] = ReductionOperators.ReduceMax,
        ["ReduceMean"] = ReductionOperators.ReduceMean,
        ["ReduceMin"] = ReductionOperators.ReduceMin,
        ["ReduceSum"] = ReductionOperators.ReduceSum,
        ["Relu"] = ActivationOperators.Relu,
        ["Reshape"] = ShapeOperators.Reshape,
        ["Shape"] = ConstantOperators.Shape,
        ["Shrink"] = ActivationOperators.Shrink,
        ["Slice"] = ShapeOperators.Slice,
        ["Sqrt"] = ConstantOperators.Curved(Math.Sqrt),
        ["Squeeze"] = ShapeOperators.Squeeze,
        ["Sub"] = ElementwiseOperators.Sub,
        ["Sum"] = ElementwiseOperators.Sum,
        ["ThresholdedRelu"] = ActivationOperators.ThresholdedRelu,
        ["Transpose"] = ShapeOperators.Transpose,
        ["Unsqueeze"] = ShapeOperators.Unsqueeze,
    };

    /// <summary>The operators that are supported without an option.</summary>
    public static IEnumerable<string> Names => s_operators.Keys.Append("Split");

    private static readonly HashSet<string> s_heads = ["Softmax", "LogSoftmax", "Sigmoid"];

    private static readonly HashSet<string> s_curved =
    [
        "Sigmoid", "Tanh", "Softmax", "LogSoftmax", "Softplus", "Softsign", "Elu", "Selu", "Celu", "Gelu", "Exp", "Log", "Sqrt", "Pow", "Erf", "HardSwish", "Mish", "Swish",
        "LayerNormalization", "InstanceNormalization", "GroupNormalization", "LpNormalization", "LRN", "Sin", "Cos", "Reciprocal", "ReduceL2", "ReduceProd", "Attention",
    ];

    private static readonly HashSet<string> s_jumping =
        ["ArgMax", "ArgMin", "Sign", "Ceil", "Floor", "Round", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Where", "Not", "And", "Or", "Hardmax", "TopK", "Mod", "QuantizeLinear", "DynamicQuantizeLinear"];

    // What may occur between a Softmax and the output without changing what leaving it out means.
    private static readonly HashSet<string> s_afterHead = ["Identity", "Dropout", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Cast"];

    /// <summary>The results of a node, in order; at least one.</summary>
    /// <exception cref="ModelFileException">The operator or the way it is used is not supported.</exception>
    public static IReadOnlyList<OnnxValue> Compute(OnnxNode node, OnnxContext context)
    {
        if (node.Inputs.FirstOrDefault(static input => input.DroppedHead is not null) is { } headless && !s_afterHead.Contains(node.Operator))
            throw node.Unsupported($"takes the result of {headless.DroppedHead}, which is therefore not the last operation", "Only a final Softmax, LogSoftmax or Sigmoid can be left out.");

        IReadOnlyList<OnnxValue> results;
        if (node.Operator == "Split") results = ShapeOperators.Split(node, context);
        else if (s_operators.TryGetValue(node.Operator, out var compute)) results = [compute(node, context)];
        else if (s_heads.Contains(node.Operator) && context.Options.Head == ModelHead.Drop) results = [DropHead(node, context)];
        else throw Refuse(node);
        node.RequireAllAttributesRead();
        return results;
    }

    /// <summary>The complaint about an operator that is not a piecewise-linear function.</summary>
    public static ModelFileException Refuse(OnnxNode node)
    {
        if (s_heads.Contains(node.Operator))
            return node.Unsupported("has an operator that is not piecewise linear", "At the end of a classifier, drop it (Head = drop, which keeps the order of the outputs) or export the values before it; elsewhere, train with ReLU, LeakyReLU, Clip or HardSigmoid instead.");
        if (s_curved.Contains(node.Operator))
            return node.Unsupported("has an operator that is not piecewise linear", "Train with ReLU, LeakyReLU, Clip or HardSigmoid instead, or approximate it by such functions.");
        if (s_jumping.Contains(node.Operator))
            return node.Unsupported("has an operator that jumps, so that the model is not a continuous function", "Select an output before it (Outputs), and make the decision in your own code.");
        return node.Unsupported("has an operator that is not supported", "Supported operators: " + string.Join(", ", Names.Order(StringComparer.Ordinal)) + ".");
    }

    private static OnnxValue DropHead(OnnxNode node, OnnxContext context)
    {
        var value = node.Input(0);
        node.Ignore("axis");
        if (value.Forms is not { } forms) throw Refuse(node);
        context.Note($"{node.Title} was left out: the outputs are the values before it.");
        return OnnxValue.Computed(node.Result, value.Shape, forms, value.BatchAxis, node.Title, mayFold: false);
    }
}
