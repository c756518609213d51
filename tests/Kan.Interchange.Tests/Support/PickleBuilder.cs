using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;

namespace Kan.Interchange.Tests.Support;

/// <summary>Writes pickles opcode by opcode, and the archives torch.save puts them in.</summary>
internal sealed class PickleBuilder
{
    private readonly List<byte> _bytes = [0x80, 2];

    public static PickleBuilder Raw(params byte[] opcodes) => new PickleBuilder().Bytes(opcodes);

    public PickleBuilder Bytes(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleBuilder Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return Bytes((byte)'X').Bytes(BitConverter.GetBytes(utf8.Length)).Bytes(utf8);
    }

    public PickleBuilder Number(int value) => Bytes((byte)'J').Bytes(BitConverter.GetBytes(value));

    public PickleBuilder Global(string module, string name) => Bytes([(byte)'c', .. Encoding.UTF8.GetBytes($"{module}\n{name}\n")]);

    public PickleBuilder Tuple(params int[] values)
    {
        Bytes((byte)'(');
        foreach (int value in values) Number(value);
        return Bytes((byte)'t');
    }

    /// <summary>A view of a storage of floats.</summary>
    public PickleBuilder Tensor(string key, int offset, int[] shape, int[] strides, string storage = "FloatStorage")
    {
        Global("torch._utils", "_rebuild_tensor_v2").Bytes((byte)'(', (byte)'(').Text("storage").Global("torch", storage).Text(key)
            .Text("cpu").Number(1).Bytes((byte)'t', (byte)'Q');
        return Number(offset).Tuple(shape).Tuple(strides).Bytes(0x89, (byte)'}', (byte)'t', (byte)'R');
    }

    public byte[] ToBytes() => [.. _bytes, (byte)'.'];

    /// <summary>The archive with storages <c>data/0</c>, <c>data/1</c> and so on.</summary>
    public byte[] ToArchive(params float[][] storages) =>
        Archive(("m/data.pkl", ToBytes()),
            [.. storages.Select((values, i) => ($"m/data/{i}", values.SelectMany(BitConverter.GetBytes).ToArray()))]);

    public static byte[] Archive((string Name, byte[] Content) first, params (string Name, byte[] Content)[] others) =>
        NpzBuilder.Archive(CompressionLevel.NoCompression, [first, .. others, ("m/version", "3\n"u8.ToArray())]);

    /// <summary>The state dict of y = w x, one number in and one out, with another entry after it.</summary>
    public static PickleBuilder Small(Action<PickleBuilder>? more = null)
    {
        var pickle = new PickleBuilder().Bytes((byte)'}', (byte)'(').Text("fc.weight").Tensor("0", 0, [1, 1], [1, 1]);
        more?.Invoke(pickle);
        return pickle.Bytes((byte)'u');
    }

    /// <summary>The same archive with one entry changed, checksums made anew.</summary>
    public static byte[] Change(byte[] archive, Func<string, bool> which, Func<byte[], byte[]> change)
    {
        using var source = new ZipArchive(new MemoryStream(archive), ZipArchiveMode.Read);
        return NpzBuilder.Archive(CompressionLevel.NoCompression, [.. source.Entries.Select(entry =>
        {
            using var memory = new MemoryStream();
            using (var stream = entry.Open()) stream.CopyTo(memory);
            byte[] content = memory.ToArray();
            return (entry.FullName, which(entry.FullName) ? change(content) : content);
        })]);
    }
}
