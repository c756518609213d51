using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests;

/// <summary>Whatever a file holds, the reader gives a document or a <see cref="ModelFileException"/>.</summary>
public sealed class HostileFileTests
{
    public static TheoryData<string> Files => ["digits-mlp.onnx", "digits-batchnorm-leaky.onnx", "breast-cancer-mlp.onnx", "small.npz", "small.kan.json"];

    [Theory]
    [MemberData(nameof(Files))]
    public void Cut_anywhere(string name)
    {
        byte[] bytes = Content(name);
        var random = new Random(1);
        var lengths = Enumerable.Range(0, Math.Min(64, bytes.Length)).Concat(Enumerable.Range(bytes.Length - 64, 64)).Concat(Enumerable.Range(0, 200).Select(_ => random.Next(bytes.Length)));
        AssertSafe(name, lengths.Select(length => bytes[..length]));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Bits_flipped(string name)
    {
        byte[] bytes = Content(name);
        var random = new Random(2);
        AssertSafe(name, Enumerable.Range(0, 400).Select(round =>
        {
            var copy = (byte[])bytes.Clone();

            // Half of them where headers are.
            for (int flips = random.Next(1, 4); flips > 0; flips--) copy[random.Next(round % 2 == 0 ? Math.Min(512, copy.Length) : copy.Length)] ^= (byte)(1 << random.Next(8));
            return copy;
        }));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Parts_exchanged_repeated_and_overwritten(string name)
    {
        byte[] bytes = Content(name);
        var random = new Random(3);
        AssertSafe(name, Enumerable.Range(0, 200).Select(round =>
        {
            var copy = (byte[])bytes.Clone();
            int length = random.Next(1, 32), from = random.Next(copy.Length - length), to = random.Next(copy.Length - length);
            if (round % 2 == 0) copy.AsSpan(from, length).CopyTo(copy.AsSpan(to));
            else copy.AsSpan(to, length).Fill(0xFF);
            return copy;
        }));
    }

    [Theory]
    [InlineData("a.onnx")]
    [InlineData("a.npz")]
    [InlineData("a.kan.json")]
    public void Random_bytes(string name)
    {
        var random = new Random(4);
        AssertSafe(name, Enumerable.Range(0, 500).Select(_ =>
        {
            var bytes = new byte[random.Next(300)];
            random.NextBytes(bytes);
            return bytes;
        }));
    }

    [Theory]
    [InlineData("a.onnx", ModelFileProblem.Malformed)]
    [InlineData("a.npz", ModelFileProblem.Malformed)]
    [InlineData("a.kan.json", ModelFileProblem.Malformed)]
    public void Empty_files(string name, ModelFileProblem problem)
    {
        using var scratch = new Scratch();
        string path = scratch.Write(name, []);
        Assert.Equal(problem, Assert.Throws<ModelFileException>(() => ModelImporter.Import(path)).Problem);
    }

    [Fact]
    public void No_file_a_folder_and_an_unknown_type()
    {
        using var scratch = new Scratch();
        Assert.Equal("KAN0301", Assert.Throws<ModelFileException>(() => ModelImporter.Import(scratch.PathOf("none.onnx"))).DiagnosticId);
        Assert.Equal("KAN0301", Assert.Throws<ModelFileException>(() => ModelImporter.Import(scratch.Folder)).DiagnosticId);
        Assert.Equal("KAN0303", Assert.Throws<ModelFileException>(() => ModelImporter.Import(scratch.Write("a.h5", [1]))).DiagnosticId);
    }

    private static void AssertSafe(string name, IEnumerable<byte[]> contents)
    {
        using var scratch = new Scratch();
        foreach (byte[] content in contents)
        {
            string path = scratch.Write(name, content);
            try
            {
                var document = ModelImporter.Import(path);
                Assert.NotEmpty(document.Layers);
            }
            catch (ModelFileException exception)
            {
                Assert.Equal(path, exception.File);
                Assert.NotEmpty(exception.Reason);
            }
        }
    }

    private static byte[] Content(string name)
    {
        if (name == "small.npz") return NpzBuilder.Small(CompressionLevel.NoCompression);
        if (name != "small.kan.json") return File.ReadAllBytes(TestFiles.Model(name));
        return System.Text.Encoding.UTF8.GetBytes(KanDocumentWriter.Write(ModelImporter.Import(TestFiles.Model("breast-cancer-mlp.onnx"))));
    }
}
