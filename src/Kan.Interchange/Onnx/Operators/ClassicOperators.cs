using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Onnx.Proto;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>The linear operators of <c>ai.onnx.ml</c>, in which scikit-learn and ML.NET write their pipelines.</summary>
internal static class ClassicOperators
{
    private static readonly Dictionary<string, OnnxOperator> s_operators = new()
    {
        ["ArrayFeatureExtractor"] = ArrayFeatureExtractor,
        ["FeatureVectorizer"] = FeatureVectorizer,
        ["Imputer"] = Imputer,
        ["LinearRegressor"] = LinearRegressor,
        ["Scaler"] = Scaler,
    };

    /// <summary>The operators that are supported.</summary>
    public static IEnumerable<string> Names => s_operators.Keys.Append("LinearClassifier");

    /// <summary>The results of a node, in order; null for one that is not computed.</summary>
    /// <exception cref="ModelFileException">The operator or the way it is used is not supported.</exception>
    public static IReadOnlyList<OnnxValue?> Compute(OnnxNode node, OnnxContext context)
    {
        IReadOnlyList<OnnxValue?> results = node.Operator == "LinearClassifier" ? [null, LinearClassifier(node, context)]
            : s_operators.TryGetValue(node.Operator, out var compute) ? [compute(node, context)]
            : throw Refuse(node);
        node.RequireAllAttributesRead();
        return results;
    }

    private static ModelFileException Refuse(OnnxNode node) => node.Operator switch
    {
        "ZipMap" or "LabelEncoder" =>
            node.Unsupported("pairs values with labels", "Select the output before it (Outputs), and state the Labels of the item."),
        "Normalizer" =>
            node.Unsupported("divides by a value computed from each sample, which is not piecewise linear",
                "Select an output before it (Outputs), or scale features by constants."),
        _ when node.Operator.StartsWith("TreeEnsemble", StringComparison.Ordinal) =>
            node.Unsupported("evaluates trees, which jump at each threshold",
                "Trees are not continuous functions: train a network, or select an output before it (Outputs)."),
        _ when node.Operator.StartsWith("SVM", StringComparison.Ordinal) =>
            node.Unsupported("evaluates a kernel of several inputs", "Train a linear model or a network."),
        _ => node.Unsupported("belongs to the operator set 'ai.onnx.ml' and is not supported",
            "Supported operators of it: " + string.Join(", ", Names.Order(StringComparer.Ordinal)) + "."),
    };

    /// <summary>(x - offset) scale.</summary>
    private static OnnxValue Scaler(OnnxNode node, OnnxContext context)
    {
        var value = node.Input(0);
        Rational[] offsets = Floats(node, "offset"), scales = Floats(node, "scale");
        int features = value.Rank == 0 ? 1 : value.Shape[^1];
        foreach (var list in new[] { offsets, scales })
        {
            if (list.Length != 1 && list.Length != features) throw node.Malformed($"has {list.Length} numbers for {features} features");
        }

        return ActivationOperators.Each(node, context, value,
            (form, i) => form.Shift(-offsets[i % offsets.Length]).Scale(scales[i % scales.Length]));
    }

    /// <summary>What replaces a missing value never meets a number.</summary>
    private static OnnxValue Imputer(OnnxNode node, OnnxContext context)
    {
        node.Ignore("imputed_value_floats", "imputed_value_int64s", "replaced_value_int64");
        var attribute = node.Attribute("replaced_value_float", AttributeProto.Types.AttributeType.Float);
        if (attribute is null || !float.IsNaN(attribute.F)) throw node.Unsupported($"replaces the number {attribute?.F ?? 0:R}, so it "
            + $"jumps there and is not continuous", "Only NaN can be replaced, which no input is: impute before the model.");
        context.Note($"{node.Title} was left out: it replaces NaN, of which the network makes NaN.");
        return node.Input(0);
    }

    private static OnnxValue FeatureVectorizer(OnnxNode node, OnnxContext context)
    {
        node.Ignore("inputdimensions");
        var values = node.Inputs.Select(static value => value.Rank == 1
            ? value.Reshape(value.Name, [1, value.Shape[0]], value.BatchAxis < 0 ? -1 : 1)
            : value).ToList();
        if (values.Count == 0 || values.Exists(static value => value.Rank != 2 || value.Shape[0] != 1 || !value.IsFloat))
            throw node.Unsupported("joins values that are not rows of features",
                "Join matrices of floating-point numbers, samples along the first axis.");
        var forms = values.SelectMany(static value => Enumerable.Range(0, value.Count).Select(value.Form)).ToArray();
        context.CountOf(node, [1, forms.Length]);
        return OnnxValue.Computed(node.Result, [1, forms.Length], forms, values.Max(static value => value.BatchAxis));
    }

    private static OnnxValue ArrayFeatureExtractor(OnnxNode node, OnnxContext context)
    {
        var value = node.Input(0);
        int[] picks = node.Integers(1, "indices");
        int features = value.Rank == 0 ? 0 : value.Shape[^1];
        if (picks.Any(pick => pick < 0 || pick >= features))
            throw node.Malformed($"picks features [{string.Join(", ", picks.Take(8))}] of {features}");
        if (value.BatchAxis >= 0 && value.BatchAxis == value.Rank - 1) throw node.Mixes("picks samples");
        int rows = features == 0 ? 0 : value.Count / features;
        int[] shape = value.Rank == 1 ? [1, picks.Length] : [.. value.Shape[..^1], picks.Length];
        context.CountOf(node, shape, value.IsConstant);
        return value.Select(node.Result, shape,
            [.. Enumerable.Range(0, rows).SelectMany(row => picks.Select(pick => (row * features) + pick))], value.BatchAxis);
    }

    private static OnnxValue LinearRegressor(OnnxNode node, OnnxContext context)
    {
        int targets = (int)Math.Clamp(node.Integer("targets", 1), 1, ModelLimits.Width);
        string transform = node.Text("post_transform", "NONE");
        if (transform != "NONE") throw node.Unsupported($"has post_transform = '{transform}'", "Export the model without it.");
        return Linear(node, context, targets);
    }

    /// <summary>The scores of the classes, before their Softmax or logistic function.</summary>
    private static OnnxValue LinearClassifier(OnnxNode node, OnnxContext context)
    {
        node.Ignore("classlabels_ints", "classlabels_strings", "multi_class");
        string transform = node.Text("post_transform", "NONE");
        int classes = Math.Max(1, Floats(node, "intercepts").Length);
        if (transform == "NONE") return Linear(node, context, classes);
        if (transform is not ("SOFTMAX" or "LOGISTIC"))
            throw node.Unsupported($"has post_transform = '{transform}'",
                "NONE is supported, and SOFTMAX and LOGISTIC where they are dropped.");
        if (context.Options.Head == ModelHead.Refuse)
            throw node.Unsupported($"ends in {transform}, which is not piecewise linear",
                "Keep it as a separate step (Head = keep), or drop it (Head = drop, which keeps the order of the outputs).");
        if (context.Options.Head == ModelHead.Drop)
            context.Note($"{node.Title}: its {transform} was left out: the outputs are the scores before it.");
        var scores = Linear(node, context, classes);
        return OnnxValue.Computed(scores.Name, scores.Shape, [.. Enumerable.Range(0, scores.Count).Select(scores.Form)], scores.BatchAxis,
            new OnnxHead(node.Title, transform == "SOFTMAX" ? NetworkHead.Softmax : NetworkHead.Sigmoid, Obstacle: null), mayFold: false);
    }

    private static OnnxValue Linear(OnnxNode node, OnnxContext context, int outputs)
    {
        var value = node.Input(0);
        Rational[] weights = Floats(node, "coefficients"), biases = Floats(node, "intercepts");
        if (value.Rank is not (1 or 2) || (value.Rank == 2 && value.Shape[0] != 1))
            throw node.Unsupported($"takes a value of shape {TensorShape.Text(value.Shape)}", "Expected rows of features.");
        int inputs = value.Count;
        if (weights.Length != (long)inputs * outputs || (biases.Length != 0 && biases.Length != outputs))
            throw node.Malformed(
                $"has {weights.Length} coefficients and {biases.Length} intercepts for {inputs} features and {outputs} outputs");
        int count = context.CountOf(node, [1, outputs]);
        context.Spend(node, weights.Length);
        value = context.Fold(node, value, weights.Length, count);
        var forms = new AffineCombination[count];
        for (int q = 0; q < count; q++)
        {
            for (int p = 0; p < inputs; p++) context.Sum.Add(value.Form(p), weights[(q * inputs) + p]);
            if (biases.Length > 0) context.Sum.Add(biases[q]);
            forms[q] = context.Sum.Take();
        }

        return OnnxValue.Computed(node.Result, [1, outputs], forms, value.Rank == 2 ? value.BatchAxis : -1);
    }

    private static Rational[] Floats(OnnxNode node, string name)
    {
        var floats = node.Attribute(name, AttributeProto.Types.AttributeType.Floats)?.Floats;
        if (floats is null) return [];
        return [.. floats.Select(value => float.IsFinite(value)
            ? Rational.FromSingle(value)
            : throw node.Malformed($"has {value} among its {name}"))];
    }
}
