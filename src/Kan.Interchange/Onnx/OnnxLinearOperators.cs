using System;
using System.Linq;

namespace Kan.Interchange.Onnx;

/// <summary>Operators whose result is affine in the data.</summary>
internal static class OnnxLinearOperators
{
    public static void Gemm(OnnxNode node, OnnxChain chain)
    {
        node.RequireDataFirst("second");
        var alpha = Rational.FromSingle(node.Float("alpha", 1));
        var beta = Rational.FromSingle(node.Float("beta", 1));
        if (node.Integer("transA", 0) != 0) throw node.Unsupported("has transA = 1, which mixes samples", "Export it with transA = 0.");
        bool transposed = node.Integer("transB", 0) != 0;
        if (!chain.HasBatch) throw node.Unsupported("takes a matrix, but the input of the model is one vector", "Export the model with a batch dimension.");

        var b = node.Constant(1, "weights");
        if (b.Dimensions.Length != 2) throw node.Malformed($"has weights of shape {b.Shape} where a matrix is expected");
        int outputs = b.Dimensions[transposed ? 0 : 1], inputs = b.Dimensions[transposed ? 1 : 0];
        var weights = Weights(b, inputs, outputs, transposed, chain.File);
        if (alpha != Rational.One) weights = Array.ConvertAll(weights, weight => alpha * weight);

        Rational[]? biases = null;
        if (node.HasInput(2))
        {
            var c = node.Constant(2, "bias");
            bool isRow = c.Dimensions.Length is 1 or 2 && c.Dimensions[^1] == outputs && c.Values.Length == outputs;
            if (!isRow && (c.Values.Length != 1 || c.Dimensions.Length > 2)) throw node.Malformed($"has a bias of shape {c.Shape}, but {outputs} outputs");
            var values = c.ToRationals(chain.File);
            biases = [.. Enumerable.Range(0, outputs).Select(i => beta * values[values.Length == 1 ? 0 : i])];
        }

        chain.Affine(node, inputs, outputs, weights, biases);
    }

    public static void MatMul(OnnxNode node, OnnxChain chain)
    {
        node.RequireDataFirst("second");
        var b = node.Constant(1, "weights");
        if (b.Dimensions.Length != 2)
            throw node.Unsupported($"has weights of shape {b.Shape}", "Only a matrix is supported.");
        chain.Affine(node, b.Dimensions[0], b.Dimensions[1], Weights(b, b.Dimensions[0], b.Dimensions[1], transposed: false, chain.File), null);
    }

    public static void Add(OnnxNode node, OnnxChain chain) => chain.Shift(node, Operand(node, chain));

    public static void Sub(OnnxNode node, OnnxChain chain)
    {
        var operand = Operand(node, chain);
        if (node.IsConstant(0)) chain.Activation(node, Array.ConvertAll(operand, static value => PiecewiseLinearFunction.Linear(-1, value)));
        else chain.Shift(node, Array.ConvertAll(operand, static value => -value));
    }

    public static void Mul(OnnxNode node, OnnxChain chain) => Scale(node, chain, Operand(node, chain));

    public static void Div(OnnxNode node, OnnxChain chain)
    {
        if (node.IsConstant(0)) throw node.Unsupported("divides a constant by the data, which is not piecewise linear", "Remove it, or approximate it by a piecewise-linear function.");
        var operand = Operand(node, chain);
        if (operand.Any(static value => value.IsZero)) throw node.Malformed("divides by 0");
        Scale(node, chain, Array.ConvertAll(operand, static value => Rational.One / value));
    }

    public static void Neg(OnnxNode node, OnnxChain chain) => Scale(node, chain, [-Rational.One]);

    /// <summary>
    /// The factor gamma / sqrt(variance + epsilon) is irrational in general; its nearest double is taken for the model's parameter.
    /// </summary>
    public static void BatchNormalization(OnnxNode node, OnnxChain chain)
    {
        node.RequireDataFirst("parameter");
        node.Ignore("momentum", "is_test", "consumed_inputs");
        double epsilon = node.Float("epsilon", 1e-5f);
        if (node.Integer("training_mode", 0) != 0) throw node.Unsupported("is in training mode", "Export the model for inference (model.eval()).");
        if (node.Integer("spatial", 1) != 1) throw node.Unsupported("has spatial = 0", "Export the model in opset 9 or later.");

        int width = chain.Width(node);
        int channels = chain.Sample![0];
        var gamma = Parameter(1, "scale");
        var beta = Parameter(2, "bias");
        var mean = Parameter(3, "mean");
        var variance = Parameter(4, "variance");
        var functions = new PiecewiseLinearFunction[width];
        for (int i = 0; i < width; i++)
        {
            int channel = i / (width / channels);
            double deviation = Math.Sqrt(variance[channel].ToDouble() + epsilon);
            if (!(deviation > 0)) throw node.Malformed($"has the variance {variance[channel].ToDouble()} for channel {channel}");
            double factor = gamma[channel].ToDouble() / deviation;
            if (!double.IsFinite(factor)) throw node.Malformed($"has a scale past the range of double for channel {channel}");
            var slope = Rational.FromDouble(factor);
            functions[i] = PiecewiseLinearFunction.Linear(slope, beta[channel] - (mean[channel] * slope));
        }

        chain.Activation(node, functions);

        Rational[] Parameter(int input, string role)
        {
            var tensor = node.Constant(input, role);
            return tensor.Values.Length == channels
                ? tensor.ToRationals(chain.File)
                : throw node.Malformed($"has a {role} of shape {tensor.Shape}, but {channels} channels");
        }
    }

    private static void Scale(OnnxNode node, OnnxChain chain, Rational[] factors) =>
        chain.Activation(node, Array.ConvertAll(factors, static factor => PiecewiseLinearFunction.Linear(factor, Rational.Zero)));

    private static Rational[] Operand(OnnxNode node, OnnxChain chain)
    {
        if (node.InputCount != 2) throw node.Malformed($"has {node.InputCount} inputs where 2 are expected");
        return chain.Broadcast(node, node.Constant(node.IsConstant(0) ? 0 : 1, "operand"));
    }

    /// <summary>W[output, input], row by row.</summary>
    private static Rational[] Weights(OnnxTensor tensor, int inputs, int outputs, bool transposed, ModelFile file)
    {
        var values = tensor.ToRationals(file);
        if (transposed) return values;
        var weights = new Rational[values.Length];
        for (int p = 0; p < inputs; p++)
        {
            for (int q = 0; q < outputs; q++) weights[(q * inputs) + p] = values[(p * outputs) + q];
        }

        return weights;
    }
}
