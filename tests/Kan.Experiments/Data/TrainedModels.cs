using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Kan.Interchange;
using Kan.Testing;

namespace Kan.Experiments.Data;

/// <summary>The networks of the sample, trained on handwritten digits.</summary>
internal static class TrainedModels
{
    private static readonly InputRange s_pixels = new(0, 1);

    /// <summary>A ReLU network 784-128-64-10.</summary>
    public static KanDocument Mlp() => ModelImporter.Import(Repository.PathOf("sample-app/models/mnist-mlp.onnx"), s_pixels);

    /// <summary>A KAN 784-32-10 of four segments for each edge, on a grid that the edges of a layer share.</summary>
    public static KanDocument Kan() => ModelImporter.Import(Repository.PathOf("sample-app/models/mnist-kan.npz"), s_pixels);

    /// <summary>The ReLU network that a document of affine layers and ReLUs describes.</summary>
    /// <exception cref="InvalidDataException">It describes another kind of network.</exception>
    public static ReluNetwork ToReluNetwork(this KanDocument document)
    {
        var layers = new List<ReluLayer>();
        var network = document.ToNetwork();
        for (int l = 0; l < network.Layers.Length; l++)
        {
            var affine = network.Layers[l];
            if (!affine.IsAffine)
                throw new InvalidDataException($"{document.Name}: layer {l} is not affine; affine layers and ReLUs must take turns.");
            bool rectified = l + 1 < network.Layers.Length;
            if (rectified && !IsRelu(network.Layers[++l])) throw new InvalidDataException($"{document.Name}: layer {l} is not a layer of "
                + $"ReLUs; affine layers and ReLUs must take turns.");
            var weights = affine.Edges.Select(static edge => (edge.Output, edge.Input, edge.Function.Slopes[0]));
            layers.Add(new ReluLayer(SparseMatrix.Create(affine.OutputCount, affine.InputCount, weights), affine.Biases, rectified));
        }

        return new ReluNetwork(layers);
    }

    /// <summary>A network as a document, so that it can be compiled.</summary>
    public static KanDocument ToDocument(this KanNetwork network, string name, InputRange? range = null) => new()
    {
        Name = name,
        InputRanges = range is { } known ? [known] : [],
        Layers =
            [.. network.Layers.Select(static layer =>
            new EdgesDescription(layer.InputCount, layer.OutputCount, layer.Edges, layer.Biases))],
    };

    private static bool IsRelu(KanLayer layer) => layer.IsDiagonal && layer.Edges.Length == layer.InputCount
        && layer.Biases.All(static bias => bias.IsZero)
        && layer.Edges.All(static edge => edge.Function.Equals(PiecewiseLinearFunction.Relu));
}
