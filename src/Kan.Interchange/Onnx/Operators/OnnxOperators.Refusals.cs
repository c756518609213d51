using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx.Graph;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>What is said of operators that are not supported, by their kind.</summary>
internal static partial class OnnxOperators
{
    private static readonly HashSet<string> s_curved =
    [
        "Softmax", "LogSoftmax", "LayerNormalization", "InstanceNormalization", "GroupNormalization", "RMSNormalization", "LpNormalization",
            "LRN", "MeanVarianceNormalization",
        "ReduceProd", "Attention", "MultiHeadAttention", "Det", "DeformConv", "LpPool",
    ];

    private static readonly HashSet<string> s_jumping =
        ["ArgMin", "Ceil", "Floor", "Round", "TopK", "Mod", "OneHot", "Unique", "NonZero", "IsNaN", "IsInf", "RoiAlign"];

    private static readonly HashSet<string> s_losses = ["SoftmaxCrossEntropyLoss", "NegativeLogLikelihoodLoss"];

    private static readonly HashSet<string> s_integers =
        ["QuantizeLinear", "DynamicQuantizeLinear", "QLinearMatMul", "QLinearConv", "MatMulInteger", "ConvInteger", "BitShift"];

    private static readonly HashSet<string> s_recurrent = ["GRU", "LSTM", "RNN", "Scan", "Loop"];

    private static readonly HashSet<string> s_random =
        ["RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial", "Bernoulli"];

    /// <summary>The complaint about an operator that is not a piecewise-linear function.</summary>
    public static ModelFileException Refuse(OnnxNode node)
    {
        if (node.Operator is "ArgMax" or "Hardmax")
            return node.Unsupported("has an operator that jumps, so that the model is not a continuous function",
                "At the end of a classifier, keep it as a separate step (Head = keep: the class has Decide) or drop it (Head = drop: the "
                + "outputs are the values that it compares), or select an output before it (Outputs), and make the decision in your own "
                + "code.");
        if (s_heads.Contains(node.Operator))
            return node.Unsupported("has an operator that is not piecewise linear", "At the end of a classifier, keep it as a separate "
                + "step (Head = keep), drop it (Head = drop, which keeps the order of the outputs) or export the values before it; "
                + "elsewhere, " + (node.Operator == "Sigmoid" ? "approximate it (Tolerance = 1e-3) or " : "")
                + "train with ReLU, LeakyReLU, Clip or HardSigmoid instead.");
        if (s_integers.Contains(node.Operator)) return RefuseIntegers(node);
        if (s_recurrent.Contains(node.Operator)) return node.Unsupported("is recurrent: it applies weights again and again to what they "
            + "made", "Only feedforward networks are supported: unroll it over a fixed number of steps, of piecewise-linear functions, "
            + "or train without it.");
        if (s_random.Contains(node.Operator)) return node.Unsupported("draws random numbers, so that the model is not a function of its "
            + "inputs", "Select an output before it (Outputs), such as the mean of the actions.");
        if (s_losses.Contains(node.Operator)) return node.Unsupported("computes a loss, which only training needs",
            "Export the model without it, or select an output before it (Outputs).");
        if (node.Operator.StartsWith("Sequence", StringComparison.Ordinal)
            || node.Operator.StartsWith("Optional", StringComparison.Ordinal) || node.Operator is "SplitToSequence" or "ConcatFromSequence")
            return node.Unsupported("works with sequences or optional values",
                "Only tensors are supported: export the model without them.");
        if (node.Operator == "If")
            return node.Unsupported("chooses between graphs, so that the model jumps", "Export the branch that inference takes.");
        if (s_curved.Contains(node.Operator))
            return node.Unsupported("has an operator that is not piecewise linear", "It is no function of one number, so that no "
                + "Tolerance helps: train with ReLU, LeakyReLU, Clip or HardSigmoid, or BatchNormalization, instead.");
        if (s_jumping.Contains(node.Operator))
            return node.Unsupported("has an operator that jumps, so that the model is not a continuous function",
                "Select an output before it (Outputs), and make the decision in your own code.");
        return node.Unsupported("has an operator that is not supported",
            "Supported operators: " + string.Join(", ", Names.Order(StringComparer.Ordinal)) + ".");
    }

    /// <summary>The complaint about a node that computes in integers.</summary>
    public static ModelFileException RefuseIntegers(OnnxNode node) =>
        node.Unsupported("computes in integers: the model is an integer network, whose rounding jumps", "Export the model in float32, "
            + "before quantization; weights that are stored as integers are supported (DequantizeLinear of a constant).");
}
