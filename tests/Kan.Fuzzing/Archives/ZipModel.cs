using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Text;

namespace Kan.Fuzzing.Archives;

/// <summary>An entry of an archive, with what its headers say where they lie.</summary>
internal sealed class ZipItem(string name, byte[] content)
{
    public string Name { get; set; } = name;

    public byte[] Content { get; set; } = content;

    public bool IsDeflated { get; set; }

    /// <summary>The name in the local header, where it is another one.</summary>
    public string? LocalName { get; set; }

    public uint? Crc { get; set; }

    public uint? Length { get; set; }

    public uint? CompressedLength { get; set; }

    public ushort? Method { get; set; }

    public ushort Flags { get; set; }

    /// <summary>What is added to the place of the local header.</summary>
    public int OffsetError { get; set; }

    public byte[] Extra { get; set; } = [];

    public ZipItem Copy() => (ZipItem)MemberwiseClone();
}

/// <summary>A ZIP archive that may lie about anything, written byte by byte.</summary>
internal sealed class ZipModel
{
    // Copies of copies of an entry would take the memory that is meant for the reader.
    private const long MostBytes = 64 << 20;

    public List<ZipItem> Items { get; } = [];

    public byte[] Before { get; set; } = [];

    public byte[] After { get; set; } = [];

    public ushort? Count { get; set; }

    public int DirectoryError { get; set; }

    /// <summary>The archive.</summary>
    public byte[] ToBytes()
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        writer.Write(Before);
        var offsets = new List<(uint Offset, uint Crc, uint Compressed)>();
        var items = new List<ZipItem>();
        long bytes = 0;
        foreach (var item in Items)
        {
            bytes += item.Content.Length;
            if (bytes > MostBytes) break;
            items.Add(item);
            byte[] packed = item.IsDeflated ? Deflate(item.Content) : item.Content;
            uint crc = Crc(item.Content);
            offsets.Add(((uint)memory.Position, crc, (uint)packed.Length));
            byte[] name = Encoding.UTF8.GetBytes(item.LocalName ?? item.Name);
            writer.Write(0x04034B50);
            WriteHeader(writer, item, crc, (uint)packed.Length);
            writer.Write((ushort)name.Length);
            writer.Write((ushort)0);
            writer.Write(name.AsSpan(0, (ushort)name.Length));
            writer.Write(packed);
        }

        uint start = (uint)memory.Position;
        for (int i = 0; i < items.Count; i++)
        {
            var item = items[i];
            byte[] name = Encoding.UTF8.GetBytes(item.Name);
            writer.Write(0x02014B50);
            writer.Write((ushort)20);
            WriteHeader(writer, item, offsets[i].Crc, offsets[i].Compressed);
            writer.Write((ushort)name.Length);
            writer.Write((ushort)item.Extra.Length);
            writer.Write((ushort)0);
            writer.Write((ushort)0);
            writer.Write((ushort)0);
            writer.Write(0);
            writer.Write(unchecked(offsets[i].Offset + (uint)item.OffsetError));
            writer.Write(name.AsSpan(0, (ushort)name.Length));
            writer.Write(item.Extra);
        }

        uint end = (uint)memory.Position;
        writer.Write(0x06054B50);
        writer.Write(0);
        writer.Write(Count ?? (ushort)items.Count);
        writer.Write(Count ?? (ushort)items.Count);
        writer.Write(end - start);
        writer.Write(unchecked(start + (uint)DirectoryError));
        writer.Write((ushort)0);
        writer.Write(After);
        writer.Flush();
        return memory.ToArray();
    }

    private static void WriteHeader(BinaryWriter writer, ZipItem item, uint crc, uint compressed)
    {
        writer.Write((ushort)20);
        writer.Write(item.Flags);
        writer.Write(item.Method ?? (ushort)(item.IsDeflated ? 8 : 0));
        writer.Write(0x5A210000);
        writer.Write(item.Crc ?? crc);
        writer.Write(item.CompressedLength ?? compressed);
        writer.Write(item.Length ?? (uint)item.Content.Length);
    }

    private static byte[] Deflate(byte[] content)
    {
        using var memory = new MemoryStream();
        using (var deflate = new DeflateStream(memory, CompressionLevel.Fastest, leaveOpen: true)) deflate.Write(content);
        return memory.ToArray();
    }

    // Bit by bit: a second opinion beside the table of the reader.
    private static uint Crc(byte[] content)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in content)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
