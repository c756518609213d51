using System.Linq;

namespace Kan.Interchange.Onnx;

/// <summary>Operators that pass every value on, in order.</summary>
internal static class OnnxShapeOperators
{
    public static void Identity(OnnxNode node, OnnxChain chain)
    {
    }

    public static void Dropout(OnnxNode node, OnnxChain chain)
    {
        node.RequireDataFirst("ratio");
        node.Ignore("ratio", "seed", "is_test");
        if (node.HasInput(2) && node.Constant(2, "training mode").Values is not [0])
            throw node.Unsupported("is in training mode", "Export the model for inference (model.eval()).");
    }

    public static void Flatten(OnnxNode node, OnnxChain chain)
    {
        if (node.Integer("axis", 1) != 1 || !chain.HasBatch)
            throw node.Unsupported("flattens samples into each other", "Only axis = 1 after a batch dimension is supported.");
        if (chain.Sample is not null) chain.Sample = [chain.Width(node)];
    }

    public static void Reshape(OnnxNode node, OnnxChain chain)
    {
        node.RequireDataFirst("shape");
        var target = node.Constant(1, "shape").Values;
        if (node.Integer("allowzero", 0) != 0 && target.Contains(0)) throw node.Unsupported("has allowzero = 1", "Export it without.");
        int width = chain.Width(node);
        var refusal = node.Unsupported($"reshapes samples of {width} values to [{string.Join(", ", target)}]", "Only shapes that keep each sample together are supported, such as [-1, " + width + "].");

        if (target.Length == 1)
        {
            if ((chain.HasBatch && chain.Batch != 1) || (target[0] != -1 && target[0] != width)) throw refusal;
            chain.HasBatch = false;
            chain.Sample = [width];
            return;
        }

        if (target.Length == 0 || (target[0] is not (-1 or 0) && target[0] != (chain.HasBatch ? chain.Batch : 1))) throw refusal;
        if (!chain.HasBatch && target[0] is not (-1 or 1)) throw refusal;

        // -1 in the first place counts samples; in a later one it stands for what the others leave.
        double known = 1;
        int open = -1;
        var sample = new int[target.Length - 1];
        for (int i = 0; i < sample.Length; i++)
        {
            double dimension = target[i + 1];
            if (dimension == 0)
                dimension = chain.HasBatch && chain.Sample is { } before && i < before.Length ? before[i] : throw refusal;
            if (dimension == -1 && open < 0 && target[0] != -1) open = i;
            else if (dimension >= 1 && dimension <= width) known *= sample[i] = (int)dimension;
            else throw refusal;
        }

        if (open >= 0)
        {
            if (width % known != 0) throw refusal;
            known *= sample[open] = (int)(width / known);
        }

        if (known != width) throw refusal;
        if (!chain.HasBatch) chain.Batch = 1;
        chain.HasBatch = true;
        chain.Sample = sample;
    }
}
