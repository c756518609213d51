using System;
using System.IO;
using System.IO.Compression;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests;

/// <summary>Models compressed by gzip, of every format.</summary>
public sealed class CompressedFileTests
{
    [Theory]
    [InlineData("digits-mlp.onnx")]
    [InlineData("mnist-kan.npz")]
    public void A_compressed_model_is_the_model(string model)
    {
        using var scratch = new Scratch();
        byte[] bytes = File.ReadAllBytes(TestFiles.Model(model));
        var (plain, compressed) = (ModelImporter.Import(TestFiles.Model(model)),
            ModelImporter.Import(scratch.Write(model + ".gz", Compress(bytes))));
        Assert.Equal(plain.Name, compressed.Name);
        Assert.Equal(model + ".gz", compressed.SourceFile);
        Assert.NotEqual(plain.SourceHash, compressed.SourceHash);
        Assert.Equal(KanDocumentWriter.Write(plain with { SourceFile = null, SourceHash = null }),
            KanDocumentWriter.Write(compressed with { SourceFile = null, SourceHash = null }));
    }

    [Fact]
    public void Damage_is_refused()
    {
        using var scratch = new Scratch();
        byte[] bytes = Compress(File.ReadAllBytes(TestFiles.Model("digits-mlp.onnx")));
        Assert.Contains("not compressed by gzip", Refusal("plain.onnx.gz", [1, 2, 3, 4]), StringComparison.Ordinal);
        byte[] flipped = [.. bytes];
        flipped[bytes.Length / 2] ^= 0x55;
        Assert.NotEmpty(Refusal("flipped.onnx.gz", flipped));
        Assert.NotEmpty(Refusal("cut.onnx.gz", bytes[..(bytes.Length / 2)]));
        Assert.Contains("The compressed file is empty",
            Refusal("empty.onnx.gz", Convert.FromHexString("1F8B080000000000000303000000000000000000")), StringComparison.Ordinal);
        Assert.Contains("Files of type '.txt' are not supported", Refusal("model.txt.gz", Compress([1])), StringComparison.Ordinal);

        string Refusal(string name, byte[] content) =>
            Assert.Throws<ModelFileException>(() => ModelImporter.Import(scratch.Write(name, content))).Reason;
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.SmallestSize, leaveOpen: true)) gzip.Write(bytes);
        return stream.ToArray();
    }
}
