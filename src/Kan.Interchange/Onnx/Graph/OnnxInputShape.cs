using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Onnx;
using Kan.Interchange.Onnx.Proto;

namespace Kan.Interchange.Onnx.Graph;

/// <summary>The shape of one sample of an input, with an axis of size 1 in the place of the samples.</summary>
/// <param name="Shape">The sizes; the first one is 1 where it counts samples.</param>
/// <param name="BatchAxis">0 where the first axis counts samples, -1 where none does.</param>
/// <param name="DeclaredBatch">The number of samples the file fixes; 0 where it is open.</param>
internal sealed record OnnxInputShape(int[] Shape, int BatchAxis, long DeclaredBatch)
{
    public int Count => (int)TensorShape.Count(Shape);

    /// <summary>Whether the file fixes all sizes, so that the whole tensor may be one sample.</summary>
    public bool MayBeOneSample => (BatchAxis < 0 || DeclaredBatch > 0) && TensorShape.Count(AsOneSample().Shape) <= ModelLimits.Width;

    public OnnxInputShape AsOneSample() => BatchAxis < 0 ? this : new([(int)DeclaredBatch, .. Shape[1..]], -1, 0);

    /// <exception cref="ModelFileException">The sizes are open and nothing tells them, or they are out of range.</exception>
    public static OnnxInputShape Read(OnnxGraph graph, string name, ModelFile file)
    {
        var input = graph.Inputs.First(input => input.Name == name);
        if (input.Type?.TensorType is not { Shape: { } shape }) return new([1, Infer(graph, name, file)], 0, 0);
        if (shape.Dim.Count > ModelLimits.Axes)
            throw file.Unsupported($"The input '{name}' has {shape.Dim.Count} axes; at most {ModelLimits.Axes} are supported.");
        var sizes = shape.Dim.Select(static dimension => dimension.DimValue).ToList();
        if (sizes.Any(static size => size < 0))
            throw file.Malformed($"The input '{name}' has a negative dimension. Export the model again.");
        if (sizes.Count == 0) return new([], -1, 0);
        long batch = sizes.Count > 1 ? sizes[0] : 0;
        if (batch > ModelLimits.Width) batch = 0;
        var sample = sizes.Skip(sizes.Count > 1 ? 1 : 0).ToList();
        if (sample.Count(static size => size == 0) == 1 && sample.Count == 1) sample[0] = Infer(graph, name, file);
        if (sample.Contains(0))
            throw file.Unsupported(
                $"The input '{name}' has dimensions of size 0, or of unknown size, besides the first. Export the model with fixed sizes.");
        long width = 1;
        foreach (long size in sample)
        {
            width = size > ModelLimits.Width ? ModelLimits.Width + 1L : width * size;
            if (width > ModelLimits.Width)
                throw file.Unsupported($"The input '{name}' has more than the supported {ModelLimits.Width} values.");
        }

        int[] own = [.. sample.Select(static size => (int)size)];
        return sizes.Count > 1 ? new([1, .. own], 0, batch) : new(own, -1, 0);
    }

    /// <summary>The number of features that the first matrix takes.</summary>
    private static int Infer(OnnxGraph graph, string name, ModelFile file)
    {
        var reached = new HashSet<string> { name };
        foreach (var node in graph.Nodes)
        {
            if (!node.Input.Any(reached.Contains)) continue;
            if (node.OpType is "Gemm" or "MatMul" && node.Input.Count > 1 && reached.Contains(node.Input[0])
                && graph.Constants.TryGetValue(node.Input[1], out var weights) && weights.Dimensions.Length == 2)
            {
                bool isTransposed = node.Attribute.Any(static attribute => attribute.Name == "transB" && attribute.I != 0);
                int features = weights.Dimensions[isTransposed ? 1 : 0];
                if (features > 0) return features;
            }

            if (node.OpType is "Identity" or "Dropout" or "Flatten" or "Cast" or "Add" or "Sub" or "Mul" or "Div" or "Relu" or "LeakyRelu"
                or "Clip") reached.UnionWith(node.Output);
        }

        throw file.Unsupported($"The input '{name}' has no fixed number of features, and no matrix determines it. Export the model with "
            + $"a fixed number of features.");
    }
}
