using System;
using System.Linq;
using Kan.Interchange.Onnx.Graph;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>Products of matrices of which one is constant, and normalization by fixed statistics.</summary>
internal static class MatrixOperators
{
    public static OnnxValue Gemm(OnnxNode node, OnnxContext context)
    {
        var alpha = Rational.FromSingle(node.Float("alpha", 1));
        var beta = Rational.FromSingle(node.Float("beta", 1));

        // Since set 7 a bias always spreads; before, the attribute allowed it.
        node.Ignore("broadcast");
        var a = Matrix(node, context, 0, node.Integer("transA", 0) != 0);
        var b = Matrix(node, context, 1, node.Integer("transB", 0) != 0);
        var product = Product(node, context, a, b);
        if (alpha != Rational.One) product = ActivationOperators.Each(node, context, product, (form, _) => form.Scale(alpha));
        if (!node.HasInput(2)) return product;

        var c = node.Input(2, "bias");
        var (shape, batchAxis) = ElementwiseOperators.Spread(node, product, c);
        if (!shape.AsSpan().SequenceEqual(product.Shape))
            throw node.Malformed(
                $"has a bias of shape {TensorShape.Text(c.Shape)}, but a product of shape {TensorShape.Text(product.Shape)}");
        context.CountOf(node, shape, product.IsConstant && c.IsConstant);
        var map = TensorShape.BroadcastMap(c.Shape, shape);
        var forms = new AffineCombination[map.Length];
        for (int i = 0; i < forms.Length; i++) forms[i] = product.Form(i) + c.Form(map[i]).Scale(beta);
        return OnnxValue.Computed(node.Result, shape, forms, batchAxis);
    }

    public static OnnxValue MatMul(OnnxNode node, OnnxContext context)
    {
        OnnxValue a = node.Input(0), b = node.Input(1);
        if (a.Rank == 0 || b.Rank == 0) throw node.Malformed("multiplies a number without axes");
        bool isRow = a.Rank == 1, isColumn = b.Rank == 1;
        if (isRow) a = a.Reshape(a.Name, [1, a.Shape[0]], a.BatchAxis < 0 ? -1 : 1);
        if (isColumn) b = b.Reshape(b.Name, [b.Shape[0], 1], b.BatchAxis);
        var product = Product(node, context, a, b);
        if (!isRow && !isColumn) return product;

        // Axes that were only lent go away again.
        int rank = product.Rank;
        var kept = Enumerable.Range(0, rank).Where(axis => !(isRow && axis == rank - 2) && !(isColumn && axis == rank - 1)).ToList();
        return product.Reshape(node.Result, [.. kept.Select(axis => product.Shape[axis])], kept.IndexOf(product.BatchAxis));
    }

    /// <summary>
    /// The factor scale / sqrt(variance + epsilon) is irrational in general; its nearest double is taken for the model's parameter.
    /// </summary>
    public static OnnxValue BatchNormalization(OnnxNode node, OnnxContext context)
    {
        node.Ignore("momentum", "is_test", "consumed_inputs");
        double epsilon = node.Float("epsilon", 1e-5f);
        if (node.Integer("training_mode", 0) != 0)
            throw node.Unsupported("is in training mode", "Export the model for inference (model.eval()).");
        if (node.Integer("spatial", 1) != 1) throw node.Unsupported("has spatial = 0", "Export the model in opset 9 or later.");

        var value = node.Input(0);
        if (value.Rank < 2)
            throw node.Unsupported($"normalizes a value of shape {TensorShape.Text(value.Shape)}",
                "Expected samples along the first axis and channels along the second.");
        if (value.BatchAxis > 0) throw node.Mixes("normalizes along the axis of the samples");
        int channels = value.Shape[1], inner = value.Shape.Skip(2).Aggregate(1, static (product, size) => product * size);
        var gamma = Parameter(1, "scale");
        var beta = Parameter(2, "bias");
        var mean = Parameter(3, "mean");
        var variance = Parameter(4, "variance");
        var factors = new Rational[channels];
        var shifts = new Rational[channels];
        for (int channel = 0; channel < channels; channel++)
        {
            double deviation = Math.Sqrt(variance[channel].ToDouble() + epsilon);
            if (!(deviation > 0)) throw node.Malformed($"has the variance {variance[channel].ToDouble()} for channel {channel}");
            double factor = gamma[channel].ToDouble() / deviation;
            if (!double.IsFinite(factor)) throw node.Malformed($"has a scale outside the range of double for channel {channel}");
            factors[channel] = Rational.FromDouble(factor);
            shifts[channel] = beta[channel] - (mean[channel] * factors[channel]);
        }

        context.Note("BatchNormalization: scale / sqrt(variance + epsilon) is irrational, so the parameter is the nearest double.");
        return ActivationOperators.Each(node, context, value, (form, i) =>
        {
            int channel = i / inner % channels;
            return form.Scale(factors[channel]).Shift(shifts[channel]);
        });

        Rational[] Parameter(int input, string role)
        {
            var parameter = node.Constant(input, role);
            return parameter.Count == channels && parameter.IsFloat
                ? parameter.Numbers
                : throw node.Malformed($"has a {role} of shape {TensorShape.Text(parameter.Shape)}, but {channels} channels");
        }
    }

    private static OnnxValue Matrix(OnnxNode node, OnnxContext context, int input, bool isTransposed)
    {
        var value = node.Input(input, input == 0 ? "first matrix" : "second matrix");
        if (value.Rank != 2)
            throw node.Unsupported($"takes '{value.Name}' of shape {TensorShape.Text(value.Shape)} where a matrix is expected",
                "Put a Flatten before it, or export the model with a batch dimension.");
        return isTransposed ? ShapeOperators.Transpose(node, context, value, [1, 0], value.Name) : value;
    }

    /// <summary>The products of the matrices in the last two axes; the axes before them spread.</summary>
    private static OnnxValue Product(OnnxNode node, OnnxContext context, OnnxValue a, OnnxValue b)
    {
        if (!a.IsConstant && !b.IsConstant)
            throw node.Unsupported("multiplies two values that both depend on the model's inputs, which is not piecewise linear",
                "Remove attention, or approximate it.");
        if (!a.IsFloat || !b.IsFloat)
            throw node.Unsupported($"multiplies by '{(a.IsFloat ? b : a).Name}', which holds integers",
                "Export the model in float32 (it must not be quantized).");
        int rows = a.Shape[^2], inner = a.Shape[^1], columns = b.Shape[^1];
        if (a.BatchAxis >= 0 && a.BatchAxis == a.Rank - 1) throw node.Mixes($"sums '{a.Name}' over the samples");
        if (b.BatchAxis >= 0 && b.BatchAxis == b.Rank - 2) throw node.Mixes($"sums '{b.Name}' over the samples");
        if (b.Shape[^2] != inner)
        {
            var (weights, data) = a.IsConstant ? (a, b) : (b, a);
            throw node.Malformed($"has weights '{weights.Name}' of shape {TensorShape.Text(weights.Shape)} for "
                + $"{(a.IsConstant ? inner : b.Shape[^2])} inputs, but '{data.Name}' has {(a.IsConstant ? b.Shape[^2] : inner)}");
        }

        // A matrix stands for a stack of one: the axes before the last two spread like those of any operator.
        int[] aStack = a.Shape[..^2], bStack = b.Shape[..^2];
        var stack = TensorShape.Broadcast(aStack, bStack)
            ?? throw node.Malformed($"multiplies stacks of shapes {TensorShape.Text(a.Shape)} and {TensorShape.Text(b.Shape)}");
        int[] shape = [.. stack, rows, columns];
        int batchAxis = Math.Max(a.BatchAxis < 0 ? -1 : a.BatchAxis + shape.Length - a.Rank,
            b.BatchAxis < 0 ? -1 : b.BatchAxis + shape.Length - b.Rank);
        if (batchAxis >= 0 && shape[batchAxis] != 1) throw node.Mixes("has separate weights for each sample");
        bool isConstant = a.IsConstant && b.IsConstant;
        int count = context.CountOf(node, shape, isConstant);
        long products = (long)count * inner;

        // One vector makes a dense layer; several pass through the same matrix side by side, with nothing between them.
        if (!isConstant && count > (a.IsConstant ? rows : columns)) OnnxContext.RequireEdges(node, products);
        context.Spend(node, products);
        a = context.Fold(node, a, products, count);
        b = context.Fold(node, b, products, count);
        var computed = a.IsConstant ? b : a;
        if (computed.Count > 0) context.Spend(node, products * (computed.TermCount / computed.Count));

        int[] aMap = TensorShape.BroadcastMap(aStack, stack), bMap = TensorShape.BroadcastMap(bStack, stack);
        var forms = new AffineCombination[count];
        for (int i = 0; i < count; i++)
        {
            int matrix = i / (rows * columns), row = i / columns % rows, column = i % columns;
            int aStart = ((aMap[matrix] * rows) + row) * inner, bStart = (bMap[matrix] * inner * columns) + column;
            for (int k = 0; k < inner; k++)
            {
                if (a.IsConstant) context.Sum.Add(b.Form(bStart + (k * columns)), a.Numbers[aStart + k]);
                else context.Sum.Add(a.Forms![aStart + k], b.Numbers[bStart + (k * columns)]);
            }

            forms[i] = context.Sum.Take();
        }

        return OnnxValue.Computed(node.Result, shape, forms, batchAxis);
    }
}
