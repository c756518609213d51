using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;

namespace Kan.Interchange.NumPy;

/// <summary>The arrays of a <c>.npz</c> file, which is a ZIP archive.</summary>
internal static class NpzArchive
{
    private const int MaximumEntries = 4096;

    // Deflate expands at most 1032-fold; an entry that claims more lies.
    private const long MaximumExpansion = 1040;

    private static readonly uint[] s_crcTable = CreateCrcTable();

    /// <summary>The arrays by name, without <c>.npy</c>.</summary>
    /// <exception cref="ModelFileException">The archive is damaged, or holds something else than float arrays.</exception>
    public static Dictionary<string, NpyArray> Read(ModelFile file)
    {
        var arrays = new Dictionary<string, NpyArray>(StringComparer.Ordinal);
        try
        {
            using var archive = new ZipArchive(new MemoryStream(file.Bytes, writable: false), ZipArchiveMode.Read);
            if (archive.Entries.Count > MaximumEntries) throw file.Unsupported($"The archive has {archive.Entries.Count} entries; at most {MaximumEntries} are supported.");
            long total = 0;
            foreach (var entry in archive.Entries)
            {
                string name = entry.FullName.EndsWith(".npy", StringComparison.Ordinal)
                    ? entry.FullName[..^4]
                    : throw file.Unsupported($"The archive holds '{entry.FullName}', which is no .npy array. Save the model with numpy.savez.");
                if (arrays.ContainsKey(name)) throw file.Malformed($"The archive holds the array '{name}' twice. Save the model again.");
                total += entry.Length;
                if (entry.Length < 0 || total > ModelLimits.FileBytes)
                    throw file.Unsupported($"The archive expands to more than {ModelLimits.FileBytes} bytes. Compiled networks are small: reduce or prune the model.");
                if (entry.Length > (entry.CompressedLength * MaximumExpansion) + MaximumExpansion || entry.CompressedLength > file.Bytes.Length)
                    throw file.Malformed($"The array '{name}' claims {entry.Length} bytes out of {entry.CompressedLength} compressed ones. The file is damaged; save the model again.");
                arrays.Add(name, NpyArray.Read(Expand(entry, name, file), name, file));
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or NotSupportedException or ArgumentException or OverflowException)
        {
            throw file.Malformed($"The file is not an .npz archive, or is damaged ({exception.Message.TrimEnd('.')}). Save the model again with numpy.savez.", exception);
        }

        return arrays;
    }

    private static byte[] Expand(ZipArchiveEntry entry, string name, ModelFile file)
    {
        var bytes = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(bytes);
        if (stream.ReadByte() >= 0) throw file.Malformed($"The array '{name}' is longer than the archive claims. Save the model again.");
        if (Crc(bytes) != entry.Crc32) throw file.Malformed($"The array '{name}' does not match its checksum: the file is damaged. Save or copy it again.");
        return bytes;
    }

    // A flipped bit in a stored entry changes a weight and nothing else; the framework does not look.
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes) crc = s_crcTable[(byte)crc ^ value] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] CreateCrcTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320 : value >> 1;
            table[i] = value;
        }

        return table;
    }
}
