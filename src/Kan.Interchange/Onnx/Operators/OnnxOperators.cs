using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Curves;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>What a node with one result computes.</summary>
internal delegate OnnxValue OnnxOperator(OnnxNode node, OnnxContext context);

/// <summary>The operators by name.</summary>
internal static partial class OnnxOperators
{
    private static readonly Dictionary<string, OnnxOperator> s_operators = new()
    {
        ["Abs"] = ActivationOperators.Abs,
        ["Acos"] = CurveOperators.Of(Activations.Acos, Math.Acos),
        ["Acosh"] = CurveOperators.Of(Activations.Acosh, Math.Acosh),
        ["Add"] = ElementwiseOperators.Add,
        ["And"] = ConditionOperators.And,
        ["Asin"] = CurveOperators.Of(Activations.Asin, Math.Asin),
        ["Asinh"] = CurveOperators.Of(Activations.Asinh, Math.Asinh),
        ["Atan"] = CurveOperators.Of(RealFunction.Atan, Math.Atan),
        ["Atanh"] = CurveOperators.Of(Activations.Atanh, Math.Atanh),
        ["AveragePool"] = WindowOperators.AveragePool,
        ["BatchNormalization"] = MatrixOperators.BatchNormalization,
        ["Cast"] = ShapeOperators.Cast,
        ["CastLike"] = LinearOperators.CastLike,
        ["Celu"] = CurveOperators.Celu,
        ["Clip"] = ActivationOperators.Clip,
        ["Concat"] = ShapeOperators.Concat,
        ["Constant"] = ConstantOperators.Constant,
        ["ConstantOfShape"] = ConstantOperators.ConstantOfShape,
        ["Conv"] = WindowOperators.Conv,
        ["ConvTranspose"] = TransposedOperators.ConvTranspose,
        ["Cos"] = CurveOperators.Of(RealFunction.Cos, Math.Cos),
        ["Cosh"] = CurveOperators.Of(RealFunction.Cosh, Math.Cosh),
        ["CenterCropPad"] = PixelOperators.CenterCropPad,
        ["Col2Im"] = PixelOperators.Col2Im,
        ["Compress"] = IndexOperators.Compress,
        ["CumSum"] = LinearOperators.CumSum,
        ["DepthToSpace"] = PixelOperators.DepthToSpace,
        ["DequantizeLinear"] = LinearOperators.DequantizeLinear,
        ["Div"] = ElementwiseOperators.Div,
        ["Dropout"] = ShapeOperators.Dropout,
        ["Einsum"] = LinearOperators.Einsum,
        ["Elu"] = CurveOperators.Elu,
        ["Equal"] = ConditionOperators.Compare(Comparison.Equal),
        ["Erf"] = CurveOperators.Of(RealFunction.Erf),
        ["Exp"] = CurveOperators.Of(RealFunction.Exp, Math.Exp),
        ["Expand"] = ShapeOperators.Expand,
        ["Flatten"] = ShapeOperators.Flatten,
        ["Gather"] = ShapeOperators.Gather,
        ["GatherElements"] = IndexOperators.GatherElements,
        ["GatherND"] = IndexOperators.GatherND,
        ["Gelu"] = CurveOperators.Gelu,
        ["Gemm"] = MatrixOperators.Gemm,
        ["GlobalAveragePool"] = WindowOperators.GlobalAveragePool,
        ["GlobalMaxPool"] = WindowOperators.GlobalMaxPool,
        ["Greater"] = ConditionOperators.Compare(Comparison.Above),
        ["GreaterOrEqual"] = ConditionOperators.Compare(Comparison.AtLeast),
        ["HardSigmoid"] = ActivationOperators.HardSigmoid,
        ["HardSwish"] = CurveOperators.Of(Activations.HardSwish),
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
        ["Mish"] = CurveOperators.Of(Activations.Mish),
        ["Mul"] = ElementwiseOperators.Mul,
        ["Neg"] = ActivationOperators.Neg,
        ["Not"] = ConditionOperators.Not,
        ["Or"] = ConditionOperators.Or,
        ["PRelu"] = ElementwiseOperators.PRelu,
        ["Pad"] = ShapeOperators.Pad,
        ["Pow"] = CurveOperators.Pow,
        ["Reciprocal"] = CurveOperators.Of(static x => 1.0 / x, static x => 1 / x),
        ["ReduceL1"] = ReductionOperators.ReduceL1,
        ["ReduceL2"] = ReductionOperators.ReduceL2,
        ["ReduceLogSum"] = ReductionOperators.ReduceLogSum,
        ["ReduceLogSumExp"] = ReductionOperators.ReduceLogSumExp,
        ["ReduceMax"] = ReductionOperators.ReduceMax,
        ["ReduceMean"] = ReductionOperators.ReduceMean,
        ["ReduceMin"] = ReductionOperators.ReduceMin,
        ["ReduceSum"] = ReductionOperators.ReduceSum,
        ["ReduceSumSquare"] = ReductionOperators.ReduceSumSquare,
        ["Relu"] = ActivationOperators.Relu,
        ["Reshape"] = ShapeOperators.Reshape,
        ["Resize"] = ResizeOperators.Resize,
        ["ReverseSequence"] = IndexOperators.ReverseSequence,
        ["Scatter"] = IndexOperators.ScatterElements,
        ["ScatterElements"] = IndexOperators.ScatterElements,
        ["ScatterND"] = IndexOperators.ScatterND,
        ["Selu"] = CurveOperators.Selu,
        ["Shape"] = ConstantOperators.Shape,
        ["Shrink"] = ActivationOperators.Shrink,
        ["Sigmoid"] = CurveOperators.Of(RealFunction.Sigmoid),
        ["Sign"] = ConditionOperators.Sign,
        ["Sin"] = CurveOperators.Of(RealFunction.Sin, Math.Sin),
        ["Sinh"] = CurveOperators.Of(RealFunction.Sinh, Math.Sinh),
        ["Size"] = ConstantOperators.Size,
        ["Slice"] = ShapeOperators.Slice,
        ["SpaceToDepth"] = PixelOperators.SpaceToDepth,
        ["Softplus"] = CurveOperators.Of(RealFunction.Softplus),
        ["Softsign"] = CurveOperators.Of(Activations.Softsign),
        ["Sqrt"] = CurveOperators.Of(RealFunction.Sqrt, Math.Sqrt),
        ["Squeeze"] = ShapeOperators.Squeeze,
        ["Sub"] = ElementwiseOperators.Sub,
        ["Sum"] = ElementwiseOperators.Sum,
        ["Swish"] = CurveOperators.Swish,
        ["Tan"] = CurveOperators.Of(RealFunction.Tan, Math.Tan),
        ["Tanh"] = CurveOperators.Of(RealFunction.Tanh),
        ["ThresholdedRelu"] = ActivationOperators.ThresholdedRelu,
        ["Tile"] = LinearOperators.Tile,
        ["Transpose"] = ShapeOperators.Transpose,
        ["Trilu"] = LinearOperators.Trilu,
        ["Unsqueeze"] = ShapeOperators.Unsqueeze,
        ["Upsample"] = ResizeOperators.Upsample,
        ["Where"] = ConditionOperators.Where,
    };

    /// <summary>The operators that are supported without an option.</summary>
    public static IEnumerable<string> Names => s_operators.Keys.Append("Split");

    private static readonly HashSet<string> s_heads = ["Softmax", "LogSoftmax", "Sigmoid", "ArgMax", "Hardmax"];

    private const int ComparesOneAxis = 13;

    // What may occur between a Softmax and the output without changing what leaving it out means.
    private static readonly HashSet<string> s_afterHead =
        ["Identity", "Dropout", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Cast", "ZipMap"];

    // How scikit-learn writes the probabilities of two classes: 1 - p and p, joined.
    private static readonly HashSet<string> s_afterSigmoid = ["Sub", "Concat"];

    /// <summary>The results of a node, in order; at least one.</summary>
    /// <exception cref="ModelFileException">The operator or the way it is used is not supported.</exception>
    public static IReadOnlyList<OnnxValue?> Compute(OnnxNode node, OnnxContext context)
    {
        if (node.Inputs.FirstOrDefault(static input => input.Head is not null) is { } headless && !s_afterHead.Contains(node.Operator))
        {
            if (node.Domain.Length == 0 && OfTwoClasses(node) is { } pair) return [pair];
            throw node.Unsupported($"takes the result of {headless.Head!.InSentence}, which is therefore not the last operation",
                "Only a final Softmax, LogSoftmax or Sigmoid can be kept or left out.");
        }

        if (node.Operator == "ZipMap" && node.Input(0).Head is not null)
        {
            node.Ignore("classlabels_int64s", "classlabels_strings");
            node.RequireAllAttributesRead();
            return [node.Input(0)];
        }

        if (node.Domain is "ai.onnx.ml") return ClassicOperators.Compute(node, context);
        if (node.Domain.Length > 0) throw node.Unsupported($"belongs to the operator set '{node.Domain}'", "Only operators of ONNX and "
            + "linear ones of ai.onnx.ml are supported.");

        IReadOnlyList<OnnxValue?> results;
        if (node.Operator == "Split") results = ShapeOperators.Split(node, context);
        else if (s_heads.Contains(node.Operator) && IsHead(node, context)) results = [DropHead(node, context)];
        else if (s_operators.TryGetValue(node.Operator, out var compute)) results = [compute(node, context)];
        else if (FoldedOperators.Compute(node, context) is { } folded) results = [folded];
        else throw Refuse(node);
        node.RequireAllAttributesRead();
        return results;
    }

    /// <summary>
    /// What becomes of 1 - sigmoid(z) = sigmoid(-z) and of sigmoids side by side where the sigmoids are left out: -z, and the values side
    /// by side, which are in the same order. Null for anything else.
    /// </summary>
    private static OnnxValue? OfTwoClasses(OnnxNode node)
    {
        if (node.Operator == "Sub" && node.InputCount == 2 && node.Input(0) is { IsConstant: true, Count: 1 } one && one.Raw(0) == 1
            && node.Input(1) is { Forms: { } forms } value && value.Head!.Kind == NetworkHead.Sigmoid)
        {
            node.RequireAllAttributesRead();
            return OnnxValue.Computed(node.Result, value.Shape, Array.ConvertAll(forms, static form => form.Scale(-1)), value.BatchAxis,
                value.Head, mayFold: false);
        }

        if (node.Operator != "Concat" || node.Inputs.Any(static input => input.Head?.Kind != NetworkHead.Sigmoid)) return null;
        var values = node.Inputs.ToList();
        var first = values[0];
        int axis = node.Axis(node.Integer("axis", 1), first.Rank);
        if (axis != first.Rank - 1 || axis == first.BatchAxis
            || values.Exists(value => value.Rank != first.Rank || value.Count != value.Shape[^1]
                || value.BatchAxis != first.BatchAxis)) return null;
        node.RequireAllAttributesRead();
        return OnnxValue.Computed(node.Result, [.. first.Shape[..^1], values.Sum(static value => value.Count)],
            [.. values.SelectMany(static value => value.Forms!)], first.BatchAxis, first.Head, mayFold: false);
    }

    /// <summary>The names of values that are outputs but for operators that change nothing.</summary>
    public static HashSet<string> FinalValues(OnnxGraph graph, IEnumerable<string> outputs)
    {
        var final = new HashSet<string>();
        var open = new Stack<string>(outputs);
        while (open.TryPop(out string? name))
        {
            if (!final.Add(name) || !graph.Writers.TryGetValue(name, out int writer)) continue;
            var node = graph.Nodes[writer];
            if (s_afterSigmoid.Contains(node.OpType)) node.Input.ToList().ForEach(open.Push);
            else if (s_afterHead.Contains(node.OpType) && node.Input.Count > 0) open.Push(node.Input[0]);
        }

        return final;
    }

    /// <summary>Whether a Softmax or Sigmoid is to be left out; refused where it could be, but nothing says so.</summary>
    private static bool IsHead(OnnxNode node, OnnxContext context)
    {
        bool isFinal = context.FinalValues.Contains(node.Result);
        if (context.Options.Head != ModelHead.Refuse) return isFinal || context.Options.Tolerance is null;
        return context.Options.Tolerance is null ? throw Refuse(node) : false;
    }

    private static OnnxValue DropHead(OnnxNode node, OnnxContext context)
    {
        var value = node.Input(0);
        string? obstacle = context.Options.Head == ModelHead.Keep ? ObstacleTo(node, value, context.OperatorSet) : null;
        node.Ignore("axis", "keepdims", "select_last_index");
        if (value.Forms is not { } forms) throw Refuse(node);
        if (context.Options.Head == ModelHead.Drop) context.Note($"{node.Title} was left out: the outputs are the values before it.");
        return OnnxValue.Computed(node.Result, value.Shape, forms, value.BatchAxis, new OnnxHead(node.Title, KindOf(node), obstacle),
            mayFold: false);
    }

    /// <summary>Why a head cannot be kept, as a clause; null if it can.</summary>
    private static string? ObstacleTo(OnnxNode node, OnnxValue value, long operatorSet)
    {
        if (node.Integer("select_last_index", 0) != 0) return "it picks the last of several equal values, where Decide picks the first";
        if (node.Operator == "Sigmoid" || value.Rank == 0) return null;

        // Before set 13 all axes from one on are compared together.
        bool isOfAxes = node.Operator != "ArgMax" && operatorSet < ComparesOneAxis;
        int axis = node.Axis(node.Integer("axis", node.Operator == "ArgMax" ? 0 : isOfAxes ? Math.Min(1, value.Rank - 1) : -1), value.Rank);
        long group = isOfAxes ? TensorShape.Count(value.Shape[axis..]) : value.Shape[axis];
        return group == value.Count ? null : $"it compares {group} of {value.Count} values at a time";
    }

    private static NetworkHead KindOf(OnnxNode node) => node.Operator switch
    {
        "Softmax" => NetworkHead.Softmax,
        "LogSoftmax" => NetworkHead.LogSoftmax,
        "Sigmoid" => NetworkHead.Sigmoid,
        _ => NetworkHead.ArgMax,
    };
}
