using System.IO;
using Kan.Interchange.Onnx.Proto;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests;

/// <summary>What a build must watch beside the model itself.</summary>
public sealed class DependencyTests
{
    [Fact]
    public void The_state_of_a_pykan_checkpoint() =>
        Assert.Equal([Path.GetFullPath("models/a_state")], ModelImporter.DependenciesOf("models/a_config.yml"));

    [Fact]
    public void The_external_data_of_a_graph_each_file_once()
    {
        using var scratch = new Scratch();
        var model = new OnnxBuilder(0, 2);
        foreach (var (tensor, location) in new[] { ("a", "data/w.bin"), ("b", "data/w.bin"), ("c", "v.bin") })
        {
            model.Floats(tensor, [2], 1, 2);
            model.Graph.Initializer[^1].ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        }

        string path = scratch.Write("m.onnx", model.Node("Relu", ["*"]).ToBytes());
        Assert.Equal([scratch.PathOf(Path.Combine("data", "w.bin")), scratch.PathOf("v.bin")], ModelImporter.DependenciesOf(path));
    }

    [Fact]
    public void None_for_other_files_and_for_those_that_lead_elsewhere_or_cannot_be_read()
    {
        using var scratch = new Scratch();
        var model = new OnnxBuilder(0, 2).Floats("a", [1], 1);
        model.Graph.Initializer[0].ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "../secret" });
        Assert.Empty(ModelImporter.DependenciesOf(scratch.Write("m.onnx", model.Node("Relu", ["*"]).ToBytes())));
        Assert.Empty(ModelImporter.DependenciesOf(scratch.Write("n.onnx", [1, 2, 3])));
        Assert.Empty(ModelImporter.DependenciesOf(scratch.PathOf("missing.onnx")));
        Assert.Empty(ModelImporter.DependenciesOf(scratch.PathOf("a.npz")));
        Assert.Empty(ModelImporter.DependenciesOf(TestFiles.Model("digits-mlp.onnx")));
    }
}
