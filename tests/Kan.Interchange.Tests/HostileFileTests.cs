using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests;

/// <summary>Whatever a file holds, the reader gives a document or a <see cref="ModelFileException"/>.</summary>
[Trait("Speed", "Slow")]
public sealed class HostileFileTests
{
    // State dicts do not say their activation; nothing here takes long to approximate.
    private static readonly ImportOptions s_options = new() { Activation = "relu", Tolerance = 1, Domain = [new InputRange(-1, 1)] };

    public static TheoryData<string> Files =>
    [
        "digits-mlp.onnx", "digits-batchnorm-leaky.onnx", "breast-cancer-mlp.onnx", "small.npz", "small.kan.json", "pooled-digits-norm.pt",
            "pooled-digits-checkpoint.pth", "efficient-kan-k1.pth",
        "pooled-digits.safetensors",
    ];

    /// <summary>Checksums hide what is behind them; here they fit whatever was changed.</summary>
    [Theory]
    [InlineData("pooled-digits-norm.pt", "data.pkl", 400)]
    [InlineData("pooled-digits-checkpoint.pth", "data.pkl", 400)]
    [InlineData("efficient-kan-k1.pth", "data.pkl", 400)]
    [InlineData("efficient-kan-k1.pth", "data/0", 100)]
    [InlineData("whole-module.pt", "data.pkl", 200)]
    public void Bits_flipped_inside_an_archive(string name, string entry, int rounds)
    {
        byte[] bytes = Content(name);
        var random = new Random(5);
        AssertSafe(name, Enumerable.Range(0, rounds)
            .Select(_ => PickleBuilder.Change(bytes, path => path.EndsWith("/" + entry, StringComparison.Ordinal),
                content => Mutate(content, random))));
    }

    [Theory]
    [InlineData("pykan-masks", 400)]
    [InlineData("pykan-symbolic", 60)]
    public void Checkpoints_changed_in_either_file(string name, int rounds)
    {
        byte[] config = File.ReadAllBytes(TestFiles.Model(name + "_config.yml")),
            state = File.ReadAllBytes(TestFiles.Model(name + "_state"));
        var random = new Random(6);
        using var scratch = new Scratch();
        string path = scratch.PathOf("a_config.yml");
        for (int round = 0; round < rounds; round++)
        {
            bool inConfig = round % 2 == 0;
            scratch.Write("a_config.yml", inConfig ? Mutate((byte[])config.Clone(), random) : config);
            scratch.Write("a_state", inConfig
                ? state
                : PickleBuilder.Change(state, entry => entry.EndsWith(round % 4 == 1 ? "/data.pkl" : "/data/8", StringComparison.Ordinal),
                    content => Mutate(content, random)));
            Import(path, s_options with { Activation = null });
        }
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int at = random.Next(bytes.Length), length = Math.Min(random.Next(1, 16), bytes.Length - at);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.AsSpan(random.Next(bytes.Length - length + 1), length).CopyTo(bytes.AsSpan(at));
                    break;
                case 2:
                    bytes.AsSpan(at, length).Fill(0xFF);
                    break;
                default:
                    bytes = [.. bytes.AsSpan(0, at), .. bytes.AsSpan(random.Next(bytes.Length - length + 1), length), .. bytes.AsSpan(at)];
                    break;
            }
        }

        return bytes;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Cut_anywhere(string name)
    {
        byte[] bytes = Content(name);
        var random = new Random(1);
        var lengths = Enumerable.Range(0, Math.Min(64, bytes.Length)).Concat(Enumerable.Range(bytes.Length - 64, 64))
            .Concat(Enumerable.Range(0, 200).Select(_ => random.Next(bytes.Length)));
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
            for (int flips = random.Next(1, 4); flips > 0; flips--)
                copy[random.Next(round % 2 == 0 ? Math.Min(512, copy.Length) : copy.Length)] ^= (byte)(1 << random.Next(8));
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
    [InlineData("a.pt")]
    [InlineData("a.safetensors")]
    [InlineData("a_config.yml")]
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
    [InlineData("a.pth", ModelFileProblem.Malformed)]
    [InlineData("a.safetensors", ModelFileProblem.Malformed)]
    [InlineData("a_config.yml", ModelFileProblem.Malformed)]
    [InlineData("a_state", ModelFileProblem.Malformed)]
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
        Assert.Equal("KAN0308", Assert.Throws<ModelFileException>(() => ModelImporter.Import(scratch.Folder)).DiagnosticId);
        Assert.Equal("KAN0303", Assert.Throws<ModelFileException>(() => ModelImporter.Import(scratch.Write("a.tflite", [1]))).DiagnosticId);
    }

    private static void AssertSafe(string name, IEnumerable<byte[]> contents)
    {
        using var scratch = new Scratch();
        foreach (byte[] content in contents)
        {
            Import(scratch.Write(name, content), s_options);
        }
    }

    private static void Import(string path, ImportOptions options)
    {
        try
        {
            // What is read can be written, and what is written can be read.
            var document = ModelImporter.Import(path, options).Document;
            Assert.Equal(document.Layers.Length, KanDocumentReader.Read(KanDocumentWriter.Write(document)).Layers.Length);
        }
        catch (ModelFileException exception)
        {
            Assert.StartsWith(Path.GetDirectoryName(path)!, exception.File, StringComparison.Ordinal);
            Assert.NotEmpty(exception.Reason);

            // The last resort at the boundary is there for users; here it is a fault like any other.
            Assert.False(exception.IsFault, exception.ToString());
        }
    }

    private static byte[] Content(string name)
    {
        if (name == "small.npz") return NpzBuilder.Small(CompressionLevel.NoCompression);
        if (name != "small.kan.json") return File.ReadAllBytes(TestFiles.Model(name));
        return System.Text.Encoding.UTF8.GetBytes(KanDocumentWriter.Write(ModelImporter.Import(TestFiles.Model("breast-cancer-mlp.onnx"))));
    }
}
