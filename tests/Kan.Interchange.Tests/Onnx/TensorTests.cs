using System;
using System.IO;
using System.Linq;
using Google.Protobuf;
using Kan.Interchange.Onnx.Proto;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Onnx;

/// <summary>Numbers of every type and place, and files beside the model that are not to be read.</summary>
public sealed class TensorTests
{
    private static OnnxBuilder Model(TensorProto weight)
    {
        weight.Name = "w";
        weight.Dims.AddRange([1, 2]);
        var model = new OnnxBuilder(0, 1).Node("MatMul", ["*", "w"]);
        model.Graph.Initializer.Add(weight);
        return model;
    }

    private static byte[] Bytes<T>(T[] values, Func<T, byte[]> convert) => [.. values.SelectMany(convert)];

    [Fact]
    public void Numbers_of_every_floating_point_type()
    {
        Half[] halves = [(Half)0.5, (Half)(-3)];
        AssertWeights(Model(new TensorProto { DataType = 10, RawData = ByteString.CopyFrom(Bytes(halves, BitConverter.GetBytes)) }));
        AssertWeights(Model(new TensorProto { DataType = 10, Int32Data = { 0x3800, 0xC200 } }));
        AssertWeights(Model(new TensorProto { DataType = 16, RawData = ByteString.CopyFrom(0x00, 0x3F, 0x40, 0xC0) }));
        AssertWeights(Model(new TensorProto { DataType = 16, Int32Data = { 0x3F00, 0xC040 } }));
        AssertWeights(Model(new TensorProto { DataType = 1, RawData = ByteString.CopyFrom(Bytes([0.5f, -3f], BitConverter.GetBytes)) }));
        AssertWeights(Model(new TensorProto { DataType = 11, DoubleData = { 0.5, -3 } }));
        AssertWeights(Model(new TensorProto { DataType = 11, RawData = ByteString.CopyFrom(Bytes([0.5, -3.0], BitConverter.GetBytes)) }));

        static void AssertWeights(OnnxBuilder model) => Assert.Equal([1, -6.0], model.Import().ToNetwork().Evaluate([2.0]));
    }

    [Fact]
    public void Quantised_numbers_are_refused()
    {
        Assert.Contains("float8e4m3fn", Refusal(Model(new TensorProto { DataType = 17, RawData = ByteString.CopyFrom(1, 2) })),
            StringComparison.Ordinal);
        Assert.Contains("integers", Refusal(Model(new TensorProto { DataType = 3, RawData = ByteString.CopyFrom(1, 2) })),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Data_in_a_file_beside_the_model()
    {
        using var scratch = new Scratch();
        scratch.Write("data/weights.bin", Bytes([9f, 0.5f, -3f, 9f], BitConverter.GetBytes));
        string path = scratch.Write("m.onnx", Model(External("data/weights.bin", "4", "8")).ToBytes());
        Assert.Equal([1, -6.0], ModelImporter.Import(path).ToNetwork().Evaluate([2.0]));
    }

    [Theory]
    [InlineData("weights.bin", "12", "8", "has 16")]
    [InlineData("weights.bin", "0", "4", "has 4")]
    [InlineData("weights.bin", "-1", "8", "not a number")]
    [InlineData("weights.bin", "9223372036854775807", "8", "at byte")]
    [InlineData("none.bin", "0", "8", "which is not next to the model")]
    [InlineData("", "0", "8", "missing")]
    [InlineData("../secret.bin", "0", "8", "not a relative path inside the model's folder")]
    [InlineData("data/../../secret.bin", "0", "8", "not a relative path inside the model's folder")]
    [InlineData("..\\secret.bin", "0", "8", "not a relative path inside the model's folder")]
    [InlineData("/etc/passwd", "0", "8", "not a relative path inside the model's folder")]
    [InlineData("C:\\secret.bin", "0", "8", "not a relative path inside the model's folder")]
    [InlineData("link.bin", "0", "8", "link")]
    [InlineData("folder/secret.bin", "0", "8", "link")]
    public void Data_elsewhere_or_too_short(string location, string offset, string length, string reason)
    {
        using var scratch = new Scratch();
        scratch.Write("model/weights.bin", new byte[16]);
        string secret = scratch.Write("secret.bin", new byte[16]);
        File.CreateSymbolicLink(scratch.PathOf("model/link.bin"), secret);
        Directory.CreateSymbolicLink(scratch.PathOf("model/folder"), scratch.Folder);
        string path = scratch.Write("model/m.onnx", Model(External(location, offset, length)).ToBytes());
        var exception = Assert.Throws<ModelFileException>(() => ModelImporter.Import(path));
        Assert.Equal(ModelFileProblem.Malformed, exception.Problem);
        Assert.Contains("'w'", exception.Reason, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Reason, StringComparison.Ordinal);
    }

    private static TensorProto External(string location, string offset, string length) => new()
    {
        DataType = 1,
        DataLocation = 1,
        ExternalData =
        {
            new StringStringEntryProto { Key = "location", Value = location },
            new StringStringEntryProto { Key = "offset", Value = offset },
            new StringStringEntryProto { Key = "length", Value = length },
        },
    };

    private static string Refusal(OnnxBuilder model) => Assert.Throws<ModelFileException>(() => model.Import()).Reason;
}
