using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Hostile;

/// <summary>Weights that attack: nothing runs, nothing outside the file is touched, and the refusal says where and why.</summary>
public sealed class HostileStateDictTests
{
    private static readonly ImportOptions s_options = new() { Activation = "relu" };

    private static ModelFileException Refusal(string name, byte[] content)
    {
        using var scratch = new Scratch();
        string path = scratch.Write(name, content);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var exception = Assert.Throws<ModelFileException>(() => ModelImporter.Import(path, s_options));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (256L << 20) + (200L * content.Length));
        Assert.Equal(path, exception.File);
        Assert.Equal([path], Directory.GetFileSystemEntries(scratch.Folder, "*", SearchOption.AllDirectories));
        return exception;
    }

    private static void AssertRefused(PickleBuilder pickle, params string[] parts)
    {
        var exception = Refusal("m.pt", pickle.ToArchive([1]));
        foreach (string part in parts) Assert.Contains(part, exception.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("os", "system")]
    [InlineData("posix", "system")]
    [InlineData("nt", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("__builtin__", "exec")]
    [InlineData("subprocess", "Popen")]
    [InlineData("torch.nn.modules.linear", "Linear")]
    [InlineData("torch.jit", "load")]
    [InlineData("torch", "load")]
    [InlineData("torch.hub", "load")]
    [InlineData("collections", "OrderedDict.__class__")]
    public void Names_that_Python_would_call(string module, string name)
    {
        var call = () => PickleBuilder.Small(pickle => pickle.Text("x").Global(module, name).Text("touch owned").Bytes(0x85, (byte)'R'));
        AssertRefused(call(), $"'{module}.{name}'", "Nothing was run", "at byte", "state_dict()");

        var fromStack = PickleBuilder.Small(pickle => pickle.Text("x").Text(module).Text(name).Bytes(0x93).Text("touch owned")
            .Bytes(0x85, (byte)'R'));
        AssertRefused(fromStack, $"'{module}.{name}'");
    }

    [Fact]
    public void Opcodes_that_make_or_change_objects()
    {
        // INST, OBJ, NEWOBJ, NEWOBJ_EX, EXT1, PERSID, DUP, POP, text forms of protocol 0.
        foreach (byte opcode in new byte[] { (byte)'i', (byte)'o', 0x81, 0x92, 0x82, (byte)'P', (byte)'2', (byte)'0', (byte)'I', (byte)'S',
            (byte)'V', (byte)'F', 0xFF, 0 })
            AssertRefused(PickleBuilder.Small(pickle => pickle.Text("x").Global("collections", "OrderedDict").Bytes((byte)')', opcode)),
            $"opcode 0x{opcode:x2}", "at byte");
        AssertRefused(PickleBuilder.Small(pickle => pickle.Text("x").Tensor("0", 0, [1], [1]).Bytes((byte)'}', (byte)'b')), "BUILD");
        AssertRefused(PickleBuilder.Small(pickle => pickle.Text("x").Text("os.system").Text("ls").Bytes(0x85, (byte)'R')), "REDUCE");
        AssertRefused(PickleBuilder.Small(pickle => pickle.Text("x").Bytes((byte)']', (byte)')', (byte)'R')), "REDUCE");
        AssertRefused(PickleBuilder.Small(pickle => pickle.Text("x").Global("torch", "FloatStorage").Text("m").Bytes(0x85, (byte)'R')),
            "arguments that 'torch.FloatStorage' does not accept");
        AssertRefused(PickleBuilder.Small(pickle => pickle.Text("x").Bytes((byte)'(').Text("storage").Global("collections", "OrderedDict")
            .Text("0").Text("cpu").Bytes((byte)'t', (byte)'Q')), "storage");
    }

    [Fact]
    public void Pickles_that_end_early_or_lie()
    {
        AssertRefused(PickleBuilder.Raw((byte)'u'), "a group without a start");
        AssertRefused(PickleBuilder.Raw((byte)'}', (byte)'(', (byte)'t', (byte)'t'), "without a start");
        AssertRefused(PickleBuilder.Raw((byte)'R'), "without operands");
        AssertRefused(PickleBuilder.Raw((byte)'h', 200), "reference to value 200");
        AssertRefused(PickleBuilder.Raw((byte)'X', 0xFF, 0xFF, 0xFF, 0x7F, (byte)'a'), "a premature end");
        AssertRefused(PickleBuilder.Raw(0x8D, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF), "a premature end");
        AssertRefused(PickleBuilder.Raw(0x8A, 255), "an integer of 255 bytes");
        AssertRefused(PickleBuilder.Raw((byte)'X', 1, 0, 0, 0, 0xFF), "not UTF-8");
        AssertRefused(PickleBuilder.Raw((byte)'c', (byte)'o'), "without an end");
        AssertRefused(PickleBuilder.Raw(0x80, 9), "protocol 9");
        AssertRefused(PickleBuilder.Small(pickle => pickle.Text("fc.weight").Tensor("0", 0, [1, 1], [1, 1])), "'fc.weight' twice");
        AssertRefused(PickleBuilder.Raw((byte)']', (byte)'q', 0, (byte)'h', 0, (byte)'a'), "a list");
    }

    [Fact]
    public void Tensors_that_lie()
    {
        AssertRefused(One([1, 1], [1, 1], offset: 1), "needs 2 numbers", "holds 1");
        AssertRefused(One([512, 512], [1, 1]), "needs 1023 numbers");
        AssertRefused(One([1 << 20, 1 << 20], [0, 0]), "claims the shape [1048576, 1048576]");
        AssertRefused(One([2, 2], [int.MaxValue, int.MaxValue]), "holds 1");
        AssertRefused(One([-1, 1], [1, 1]), "out of range");
        AssertRefused(One([1, 1], [1]), "2 axes with 1 strides");
        AssertRefused(One([.. Enumerable.Repeat(1, 99)], [.. Enumerable.Repeat(1, 99)]), "99 axes");
        AssertRefused(One([1, 1], [1, 1], key: "7"), "'m/data/7'");
        AssertRefused(One([1, 1], [1, 1], key: "../../../../etc/passwd"), "does not hold");
        AssertRefused(One([1, 1], [1, 1], storage: "ComplexFloatStorage"), "'ComplexFloatStorage'");
        Assert.Contains("holds NaN at [0, 0]", Refusal("m.pt", One([1, 1], [1, 1]).ToArchive([float.NaN])).Reason,
            StringComparison.Ordinal);

        // Many views of one storage: a small file, a large model.
        var many = new PickleBuilder().Bytes((byte)'}', (byte)'(');
        for (int i = 0; i < 100; i++) many.Text($"layers.{i}.weight").Tensor("0", 0, [1000, 1000], [0, 0]);
        AssertRefused(many.Bytes((byte)'u'), "The tensors up to 'layers.", " numbers");

        static PickleBuilder One(int[] shape, int[] strides, int offset = 0, string key = "0", string storage = "FloatStorage") =>
            new PickleBuilder().Bytes((byte)'}').Text("fc.weight").Tensor(key, offset, shape, strides, storage).Bytes((byte)'s');
    }

    [Fact]
    public void Depth_without_end()
    {
        byte[] tuples = new byte[1 << 20], lists = new byte[1 << 20], marks = new byte[1 << 20];
        Array.Fill(tuples, (byte)0x85);
        Array.Fill(lists, (byte)']');
        Array.Fill(marks, (byte)'(');
        AssertRefused(PickleBuilder.Raw([(byte)')', .. tuples]), "a tuple");
        AssertRefused(PickleBuilder.Raw([.. lists, .. Enumerable.Repeat((byte)'a', lists.Length - 1)]), "a list");
        AssertRefused(PickleBuilder.Raw(marks), "without operands");
    }

    [Fact]
    public void Archives_that_lie()
    {
        byte[] pickle = PickleBuilder.Small().ToBytes(), number = BitConverter.GetBytes(1f);
        Assert.Contains("no data.pkl", Refusal("m.pt", PickleBuilder.Archive(("m/other", pickle))).Reason, StringComparison.Ordinal);
        Assert.Contains("both", Refusal("m.pt", PickleBuilder.Archive(("m/data.pkl", pickle), ("n/data.pkl", pickle))).Reason,
            StringComparison.Ordinal);
        Assert.Contains("twice", Refusal("m.pt", PickleBuilder.Archive(("m/data.pkl", pickle), ("m/data/0", number), ("m/data/0", number)))
            .Reason, StringComparison.Ordinal);
        Assert.Contains("TorchScript", Refusal("m.pt", PickleBuilder.Archive(("m/data.pkl", pickle), ("m/constants.pkl", pickle))).Reason,
            StringComparison.Ordinal);
        Assert.Contains("big-endian", Refusal("m.pt", PickleBuilder.Archive(("m/data.pkl", pickle), ("m/byteorder", "big"u8.ToArray())))
            .Reason, StringComparison.Ordinal);
        Assert.Contains("4099 entries",
            Refusal("m.pt", PickleBuilder.Archive(("m/data.pkl", pickle),
            [.. Enumerable.Range(0, 4097).Select(i => ($"e{i}", Array.Empty<byte>()))])).Reason, StringComparison.Ordinal);
        Assert.Contains("before torch 1.6",
            Refusal("m.pt", [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.']).Reason,
            StringComparison.Ordinal);
        Assert.Contains("does not begin like a file that torch.save writes", Refusal("m.pt", "GIF89a"u8.ToArray()).Reason,
            StringComparison.Ordinal);

        // The names of entries are never paths.
        byte[] outside = NpzBuilder.Archive(CompressionLevel.NoCompression, ("../../m/data.pkl", pickle), ("../../m/data/0", number));
        using var scratch = new Scratch();
        Assert.Single(ModelImporter.Import(scratch.Write("m.pt", outside), s_options).Document.Layers);
        Assert.Single(Directory.GetFileSystemEntries(scratch.Folder));
    }

    [Fact]
    public void Zip_bombs()
    {
        byte[] zeros = new byte[64 << 20];
        byte[] bomb = NpzBuilder.Archive(CompressionLevel.SmallestSize,
            [.. Enumerable.Range(0, 9).Select(i => ($"layer{i}_values.npy", zeros))]);
        using var scratch = new Scratch();
        string path = scratch.Write("m.npz", bomb);
        Assert.Throws<ModelFileException>(() => ModelImporter.Import(path));

        // The size in the table of the archive, past what deflate can do.
        byte[] lie = PickleBuilder.Small().ToArchive([1]);
        int table = lie.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BitConverter.GetBytes(0x7FFFFFFF).CopyTo(lie, table + 24);
        Refusal("m.pt", lie);
    }

    [Theory]
    [InlineData("{", "header")]
    [InlineData("[]", "object is expected")]
    [InlineData("{\"a\":5}", "'a' is not an object")]
    [InlineData(
        "{\"fc.weight\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]},\"fc.weight\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]}}", "twice, at byte")]
    [InlineData("{\"a.weight\":{\"dtype\":\"F32\",\"shape\":[1,1]}}", "lacks")]
    [InlineData("{\"a.weight\":{\"dtype\":\"F8_E4M3\",\"shape\":[4],\"data_offsets\":[0,4]}}", "'F8_E4M3'")]
    [InlineData("{\"a.weight\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,8]}}", "which has 4")]
    [InlineData("{\"a.weight\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[4,0]}}", "bytes 4 to 0")]
    [InlineData("{\"a.weight\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}", "take 0 bytes, but 4 follow")]
    [InlineData("{\"a.weight\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,4]}}", "needs 8 bytes")]
    [InlineData("{\"a.weight\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,9],\"data_offsets\":[0,4]}}", "claims the shape")]
    [InlineData("{\"a.weight\":{\"dtype\":\"F32\",\"shape\":[-1,1],\"data_offsets\":[0,4]}}", "not a non-negative integer")]
    [InlineData("{\"a.weight\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}", "not a non-negative integer")]
    [InlineData("{\"a.weight\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4],\"x\":1}}", "'x'")]
    [InlineData(
        "{\"a.weight\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]},\"b.weight\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]}}", "expected a start at 4")]
    [InlineData("{\"__metadata__\":[[[[[[[[[[[[[[1]]]]]]]]]]]]]]}", "JSON")]
    [InlineData("{\"a.weight\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]}} x", "JSON")]
    [InlineData("{\"\\ud800\":{}}", "JSON")]
    public void Safetensors_that_lie(string header, string part)
    {
        Assert.Contains(part, Refusal("m.safetensors", Safetensors(header, BitConverter.GetBytes(1f))).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Safetensors_of_false_length_and_of_weights_that_are_not_finite()
    {
        Assert.Contains("too few", Refusal("m.safetensors", [1, 2, 3]).Reason, StringComparison.Ordinal);
        Assert.Contains("claims a header of 18446744073709551615", Refusal("m.safetensors", [.. Enumerable.Repeat((byte)255, 16)]).Reason,
            StringComparison.Ordinal);
        byte[] infinite = Safetensors("{\"a.weight\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]}}",
            BitConverter.GetBytes(float.PositiveInfinity));
        Assert.Contains("infinity at [0, 0]", Refusal("m.safetensors", infinite).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Modules_that_no_plain_network_has()
    {
        AssertRefused(PickleBuilder.Small(pickle => pickle.Text("norm.weight").Tensor("0", 0, [1], [1]).Text("norm.bias")
            .Tensor("0", 0, [1], [1])), "'norm'", "LayerNorm", "BatchNorm1d");
        AssertRefused(PickleBuilder.Small(pickle => pickle.Text("conv.weight").Tensor("0", 0, [1, 1, 1, 1], [1, 1, 1, 1])), "'conv.weight'",
            "ONNX");
        AssertRefused(PickleBuilder.Small(pickle => pickle.Text("a.weight_g").Tensor("0", 0, [1], [1])), "'a.weight_g'",
            "remove_weight_norm");
        AssertRefused(PickleBuilder.Small(pickle => pickle.Text("cls_token").Tensor("0", 0, [1], [1])), "'cls_token'", "ONNX");
        AssertRefused(PickleBuilder.Small(pickle => pickle.Text("out.weight").Tensor("0", 0, [1, 3], [0, 0])),
            "'out' has 3 inputs, but 'fc' before it has 1 output");
        AssertRefused(PickleBuilder.Small(pickle => pickle.Text("layers.0.rbf.grid").Tensor("0", 0, [1], [1])), "FastKAN", "LayerNorm");
        AssertRefused(PickleBuilder.Raw((byte)'}'), "empty dictionary");
    }

    [Theory]
    [InlineData("silu")]
    [InlineData("softplus")]
    public void Values_past_the_range_of_double(string activation)
    {
        var pickle = new PickleBuilder().Bytes((byte)'}', (byte)'(');
        for (int i = 0; i < 12; i++) pickle.Text($"layers.{i}.weight").Tensor("0", 0, [1, 1], [1, 1]);
        using var scratch = new Scratch();
        string path = scratch.Write("m.pt", pickle.Bytes((byte)'u').ToArchive([3e38f]));
        var options = new ImportOptions { Activation = activation, Tolerance = 1, Domain = [new InputRange(-1, 1)] };
        Assert.Equal(ModelFileProblem.Unsupported, Assert.Throws<ModelFileException>(() => ModelImporter.Import(path, options)).Problem);
    }

    /// <summary>A view may repeat one number as often as it likes; a layer of them is not a model.</summary>
    [Fact]
    public void Views_that_repeat_one_number() => AssertRefused(
        new PickleBuilder().Bytes((byte)'}', (byte)'(').Text("fc.weight").Tensor("0", 0, [2_000, 2_000], [0, 0]).Bytes((byte)'u'),
        "far more than a file", "repeat numbers");

    [Fact]
    public void Objects_without_end() => AssertRefused(PickleBuilder.Raw([.. Enumerable.Repeat((byte)'}', 5_000_000)]), "4194304 opcodes");

    [Fact]
    public void Splines_of_enormous_order()
    {
        var pickle = new PickleBuilder().Bytes((byte)'}', (byte)'(').Text("layers.0.grid").Tensor("0", 0, [1, 8_001], [1, 1])
            .Text("layers.0.base_weight").Tensor("0", 0, [1, 1], [1, 1])
            .Text("layers.0.spline_weight").Tensor("0", 0, [1, 1, 4_001], [1, 1, 1]).Bytes((byte)'u');
        using var scratch = new Scratch();
        string path = scratch.Write("m.pt", pickle.ToArchive([.. Enumerable.Range(0, 8_001).Select(static i => (float)i)]));
        var exception =
            Assert.Throws<ModelFileException>(() =>
            ModelImporter.Import(path, new ImportOptions { Tolerance = 1, Domain = [new InputRange(-1, 1)] }));
        Assert.Contains("order 3999", exception.Reason, StringComparison.Ordinal);
        Assert.Contains("at most 16", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_without_end()
    {
        var pickle = new PickleBuilder().Bytes((byte)'}', (byte)'(');
        for (int i = 0; i < 20_000; i++) pickle.Text($"{i}.weight").Tensor("0", 0, [1, 1], [1, 1]);
        using var scratch = new Scratch();
        string path = scratch.Write("m.pt", pickle.Bytes((byte)'u').ToArchive([1]));
        Assert.Contains("20000 layers",
            Assert.Throws<ModelFileException>(() => ModelImporter.Import(path, new ImportOptions { Activation = "identity" })).Reason,
            StringComparison.Ordinal);
    }

    private static byte[] Safetensors(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((ulong)text.Length), .. text, .. data];
    }
}
