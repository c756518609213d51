using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Symbolic;

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
        ["And"] = ConditionOperators.And,
        ["Atan"] = CurveOperators.Of(RealFunction.Atan, Math.Atan),
        ["AveragePool"] = WindowOperators.AveragePool,
        ["BatchNormalization"] = MatrixOperators.BatchNormalization,
        ["Cast"] = ShapeOperators.Cast,
        ["Celu"] = CurveOperators.Celu,
        ["Clip"] = ActivationOperators.Clip,
        ["Concat"] = ShapeOperators.Concat,
        ["Constant"] = ConstantOperators.Constant,
        ["ConstantOfShape"] = ConstantOperators.ConstantOfShape,
        ["Conv"] = WindowOperators.Conv,
        ["Cos"] = CurveOperators.Of(RealFunction.Cos, Math.Cos),
        ["Cosh"] = CurveOperators.Of(RealFunction.Cosh, Math.Cosh),
        ["Div"] = ElementwiseOperators.Div,
        ["Dropout"] = ShapeOperators.Dropout,
        ["Elu"] = CurveOperators.Elu,
        ["Equal"] = ConditionOperators.Compare(Comparison.Equal),
        ["Erf"] = CurveOperators.Of(RealFunction.Erf),
        ["Exp"] = CurveOperators.Of(RealFunction.Exp, Math.Exp),
        ["Expand"] = ShapeOperators.Expand,
        ["Flatten"] = ShapeOperators.Flatten,
        ["Gather"] = ShapeOperators.Gather,
        ["Gelu"] = CurveOperators.Gelu,
        ["Gemm"] = MatrixOperators.Gemm,
        ["GlobalAveragePool"] = WindowOperators.GlobalAveragePool,
        ["GlobalMaxPool"] = WindowOperators.GlobalMaxPool,
        ["Greater"] = ConditionOperators.Compare(Comparison.Above),
        ["GreaterOrEqual"] = ConditionOperators.Compare(Comparison.AtLeast),
        ["HardSigmoid"] = ActivationOperators.HardSigmoid,
        ["HardSwish"] = CurveOperators.Of(CurveOperators.HardSwish),
        ["Identity"] = ShapeOperators.Identity,
        ["LeakyRelu"] = ActivationOperators.LeakyRelu,
        ["Less"] = ConditionOperators.Compare(Comparison.Below),
        ["LessOrEqual"] = ConditionOperators.Compare(Comparison.AtMost),
        ["Log"] = CurveOperators.Of(RealFunction.Log, Math.Log),
        ["MatMul"] = MatrixOperators.MatMul,
        ["Max"] = ElementwiseOperators.Max,
        ["MaxPool"] = WindowOperators.MaxPool,
        ["Mean"] = ElementwiseOperators.Mean,
        ["Min"] = ElementwiseOperators.Min,
        ["Mish"] = CurveOperators.Of(CurveOperators.Mish),
        ["Mul"] = ElementwiseOperators.Mul,
        ["Neg"] = ActivationOperators.Neg,
        ["Not"] = ConditionOperators.Not,
        ["Or"] = ConditionOperators.Or,
        ["PRelu"] = ElementwiseOperators.PRelu,
        ["Pad"] = ShapeOperators.Pad,
        ["Pow"] = CurveOperators.Pow,
        ["Reciprocal"] = CurveOperators.Of(static x => 1.0 / x, static x => 1 / x),
        ["ReduceMax"] = ReductionOperators.ReduceMax,
        ["ReduceMean"] = ReductionOperators.ReduceMean,
        ["ReduceMin"] = ReductionOperators.ReduceMin,
        ["ReduceSum"] = ReductionOperators.ReduceSum,
        ["Relu"] = ActivationOperators.Relu,
        ["Reshape"] = ShapeOperators.Reshape,
        ["Selu"] = CurveOperators.Selu,
        ["Shape"] = ConstantOperators.Shape,
        ["Shrink"] = ActivationOperators.Shrink,
        ["Sigmoid"] = CurveOperators.Of(RealFunction.Sigmoid),
        ["Sin"] = CurveOperators.Of(RealFunction.Sin, Math.Sin),
        ["Sinh"] = CurveOperators.Of(RealFunction.Sinh, Math.Sinh),
        ["Slice"] = ShapeOperators.Slice,
        ["Softplus"] = CurveOperators.Of(RealFunction.Softplus),
        ["Softsign"] = CurveOperators.Of(CurveOperators.Softsign),
        ["Sqrt"] = CurveOperators.Of(RealFunction.Sqrt, Math.Sqrt),
        ["Squeeze"] = ShapeOperators.Squeeze,
        ["Sub"] = ElementwiseOperators.Sub,
        ["Sum"] = ElementwiseOperators.Sum,
        ["Swish"] = CurveOperators.Swish,
        ["Tan"] = CurveOperators.Of(RealFunction.Tan, Math.Tan),
        ["Tanh"] = CurveOperators.Of(RealFunction.Tanh),
        ["ThresholdedRelu"] = ActivationOperators.ThresholdedRelu,
        ["Transpose"] = ShapeOperators.Transpose,
        ["Unsqueeze"] = ShapeOperators.Unsqueeze,
        ["Where"] = ConditionOperators.Where,
    };

    /// <summary>The operators that are supported without an option.</summary>
    public static IEnumerable<string> Names => s_operators.Keys.Append("Split");

    private static readonly HashSet<string> s_heads = ["Softmax", "LogSoftmax", "Sigmoid"];

    private static readonly HashSet<string> s_curved =
    [
        "Softmax", "LogSoftmax", "LayerNormalization", "InstanceNormalization", "GroupNormalization", "RMSNormalization", "LpNormalization", "LRN", "MeanVarianceNormalization",
        "ReduceProd", "Attention", "MultiHeadAttention", "Acos", "Acosh", "Asin", "Asinh", "Atanh", "Det",
    ];

    private static readonly HashSet<string> s_jumping =
        ["ArgMax", "ArgMin", "Sign", "Ceil", "Floor", "Round", "Hardmax", "TopK", "Mod", "QuantizeLinear", "DynamicQuantizeLinear"];

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
        else if (s_heads.Contains(node.Operator) && IsHead(node, context)) results = [DropHead(node, context)];
        else if (s_operators.TryGetValue(node.Operator, out var compute)) results = [compute(node, context)];
        else throw Refuse(node);
        node.RequireAllAttributesRead();
        return results;
    }

    /// <summary>The names of values that are outputs but for operators that change nothing.</summary>
    public static HashSet<string> FinalValues(OnnxGraph graph, IEnumerable<string> outputs)
    {
        var final = new HashSet<string>();
        foreach (string output in outputs)
        {
            string name = output;
            while (final.Add(name) && graph.Writers.TryGetValue(name, out int writer) && s_afterHead.Contains(graph.Nodes[writer].OpType) && graph.Nodes[writer].Input.Count > 0)
                name = graph.Nodes[writer].Input[0];
        }

        return final;
    }

    /// <summary>Whether a Softmax or Sigmoid is to be left out; refused where it could be, but nothing says so.</summary>
    private static bool IsHead(OnnxNode node, OnnxContext context)
    {
        bool isFinal = context.FinalValues.Contains(node.Result);
        if (context.Options.Head == ModelHead.Drop) return isFinal || context.Options.Tolerance is null;
        return context.Options.Tolerance is null ? throw Refuse(node) : false;
    }

    /// <summary>The complaint about an operator that is not a piecewise-linear function.</summary>
    public static ModelFileException Refuse(OnnxNode node)
    {
        if (s_heads.Contains(node.Operator))
            return node.Unsupported("has an operator that is not piecewise linear", "At the end of a classifier, drop it (Head = drop, which keeps the order of the outputs) or export the values before it; elsewhere, " + (node.Operator == "Sigmoid" ? "approximate it (Tolerance = 1e-3) or " : "") + "train with ReLU, LeakyReLU, Clip or HardSigmoid instead.");
        if (s_curved.Contains(node.Operator))
            return node.Unsupported("has an operator that is not piecewise linear", "It is no function of one number, so that no Tolerance helps: train with ReLU, LeakyReLU, Clip or HardSigmoid, or BatchNormalization, instead.");
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
