using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Kan.Generators.Tests.Engines;
using Kan.Interchange;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Export;

/// <summary>Files of tensors hold the ReLU form, as a reader that follows the format alone sees it.</summary>
public sealed class SafetensorsTests
{
    [Theory]
    [InlineData("digits-mlp.onnx", "Linear(64, 32), ReLU(), Linear(32, 10)")]
    [InlineData("breast-cancer-mlp.onnx", "Linear(30, 16), ReLU(), Linear(16, 8), ReLU(), Linear(8, 1)")]
    public void A_trained_network_is_written_as_it_was_trained(string model, string modules)
    {
        var network = ModelImporter.Import(TestFiles.Model(model)).ToNetwork();
        var export = SafetensorsExporter.Export(network);
        Assert.True(export.Rounding.IsExact);
        Assert.Equal(modules, string.Join(", ", export.Modules));
        var (tensors, metadata) = Read(export.Bytes.Span);
        Assert.Equal("pt", metadata.GetProperty("format").GetString());
        Assert.Equal(modules, metadata.GetProperty("modules").GetString());
        Assert.Equal(Equivalent(network), Equivalent(Network(tensors)));
    }

    [Theory]
    [InlineData("digits-mlp.onnx")]
    [InlineData("breast-cancer-mlp.onnx")]
    public void The_importer_reads_back_the_same_network(string model)
    {
        using var scratch = new Scratch();
        var network = ModelImporter.Import(TestFiles.Model(model)).ToNetwork();
        SafetensorsExporter.Export(network).Save(scratch.PathOf("net.safetensors"));
        var read = ModelImporter.Import(scratch.PathOf("net.safetensors"), new ImportOptions { Activation = "relu" }).Document.ToNetwork();
        Assert.Equal(ContentHash.Compute(NetworkSimplifier.Simplify(network, TestContext.Current.CancellationToken)),
            ContentHash.Compute(NetworkSimplifier.Simplify(read, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void A_kan_in_double_precision_is_the_same_function()
    {
        var network = RandomNetworks.Create(3, dyadic: true).ToNetwork();
        var export = SafetensorsExporter.Export(network, Precision.Double);
        Assert.True(export.Rounding.IsExact);
        var back = Network(Read(export.Bytes.Span).Tensors);
        Assert.Equal(EquivalenceVerdict.Proved,
            Equivalence.Decide(network, back, options: new EquivalenceOptions { TimeLimit = System.Threading.Timeout.InfiniteTimeSpan },
            cancellation: TestContext.Current.CancellationToken).Verdict);
    }

    [Fact]
    public void Data_begins_at_a_multiple_of_eight()
    {
        for (int width = 1; width < 12; width++)
        {
            var bytes = SafetensorsExporter.Export(new KanNetwork([KanLayer.Affine(width, 1, static (_, input) => input)])).Bytes;
            Assert.Equal(0UL, BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span) % 8);
        }
    }

    private static string Equivalent(ReluNetwork network) => string.Join('|', network.Layers.Select(static layer =>
        string.Join(';', layer.Weights.Entries()) + "#" + string.Join(';', layer.Biases) + layer.IsRectified));

    private static string Equivalent(KanNetwork network) => Equivalent(network.ToRelu().Fuse());

    /// <summary>nn.Sequential: numbered modules with weights, and a ReLU at each number that has none.</summary>
    private static ReluNetwork Network(Dictionary<string, (int[] Shape, double[] Values)> tensors)
    {
        var layers = new List<ReluLayer>();
        for (int module = 0; tensors.TryGetValue($"{module}.weight", out var weight); module += 2)
        {
            int m = weight.Shape[0], n = weight.Shape[1];
            var entries = weight.Values.Select((value, i) => (i / n, i % n, Rational.FromDouble(value)));
            layers.Add(new ReluLayer(SparseMatrix.Create(m, n, entries), [.. tensors[$"{module}.bias"].Values.Select(Rational.FromDouble)],
                tensors.ContainsKey($"{module + 2}.weight")));
        }

        Assert.Equal(tensors.Count, 2 * layers.Count);
        return new ReluNetwork(layers);
    }

    private static (Dictionary<string, (int[] Shape, double[] Values)> Tensors, JsonElement Metadata) Read(ReadOnlySpan<byte> bytes)
    {
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        using var header = JsonDocument.Parse(bytes.Slice(8, length).ToArray());
        var data = bytes[(8 + length)..];
        var tensors = new Dictionary<string, (int[], double[])>();
        int end = 0;
        foreach (var item in header.RootElement.EnumerateObject().Where(static item => item.Name != "__metadata__"))
        {
            int[] shape = item.Value.GetProperty("shape").Deserialize<int[]>()!,
                offsets = item.Value.GetProperty("data_offsets").Deserialize<int[]>()!;
            bool isDouble = item.Value.GetProperty("dtype").GetString() == "F64";
            Assert.Equal(end, offsets[0]);
            end = offsets[1];
            var values = new double[shape.Aggregate(1, static (a, b) => a * b)];
            Assert.Equal(values.Length * (isDouble ? 8 : 4), offsets[1] - offsets[0]);
            for (int i = 0; i < values.Length; i++)
                values[i] = isDouble ? BinaryPrimitives.ReadDoubleLittleEndian(data[(offsets[0] + (i * 8))..])
                    : BinaryPrimitives.ReadSingleLittleEndian(data[(offsets[0] + (i * 4))..]);
            tensors.Add(item.Name, (shape, values));
        }

        Assert.Equal(end, data.Length);
        return (tensors, header.RootElement.GetProperty("__metadata__").Clone());
    }
}
