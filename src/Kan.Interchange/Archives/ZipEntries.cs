using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;

namespace Kan.Interchange.Archives;

/// <summary>
/// The entries of a ZIP archive in memory: each name once, expanded on request within limits, checksums verified. Nothing is written
/// anywhere.
/// </summary>
internal sealed class ZipEntries : IDisposable
{
    private const int MaximumEntries = 4096;

    // Deflate expands at most 1032-fold; an entry that claims more lies.
    private const long MaximumExpansion = 1040;

    private readonly ModelFile _file;
    private readonly string _kind;
    private readonly string _remedy;
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private long _expanded;

    private ZipEntries(ModelFile file, ZipArchive archive, string kind, string remedy)
    {
        _file = file;
        _archive = archive;
        _kind = kind;
        _remedy = remedy;
    }

    /// <summary>The names, in the order of the archive.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    private static ReadOnlySpan<byte> CentralSignature => [(byte)'P', (byte)'K', 1, 2];

    /// <summary>Reads the table of an archive.</summary>
    /// <param name="file">The archive.</param>
    /// <param name="kind">What it should be, such as <c>an .npz archive</c>.</param>
    /// <param name="remedy">A sentence that says what to do with a damaged one.</param>
    /// <exception cref="ModelFileException">The file is not an archive, or has too many entries or two of one name.</exception>
    public static ZipEntries Open(ModelFile file, string kind, string remedy)
    {
        // Before the framework makes an object of each.
        int count = CountEntries(file.Bytes);
        if (count > MaximumEntries) throw file.Unsupported($"The archive has {count} entries; at most {MaximumEntries} are supported.");
        return Guard(file, kind, remedy, () =>
        {
            var entries = new ZipEntries(file, new ZipArchive(new MemoryStream(file.Bytes, writable: false), ZipArchiveMode.Read), kind,
                remedy);
            foreach (var entry in entries._archive.Entries)
            {
                if (!entries._entries.TryAdd(entry.FullName, entry))
                    throw file.Malformed($"The archive holds '{entry.FullName}' twice. {remedy}");
            }

            return entries;
        });
    }

    /// <summary>The content of an entry.</summary>
    /// <exception cref="ModelFileException">The content is damaged, or larger than is read.</exception>
    public byte[] Read(string name) => Guard(_file, _kind, _remedy, () =>
    {
        var entry = _entries[name];
        _expanded += entry.Length;
        if (entry.Length < 0 || _expanded > ModelLimits.FileBytes)
            throw _file.Unsupported(
                $"The archive expands to more than {ModelLimits.FileBytes} bytes. Compiled networks are small: reduce or prune the model.");
        if (entry.Length > (entry.CompressedLength * MaximumExpansion) + MaximumExpansion || entry.CompressedLength > _file.Bytes.Length)
            throw _file.Malformed($"The entry '{name}' claims {entry.Length} bytes out of {entry.CompressedLength} compressed ones. The "
                + $"file is damaged. {_remedy}");
        var bytes = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(bytes);
        if (stream.ReadByte() >= 0) throw _file.Malformed($"The entry '{name}' is longer than the archive states. {_remedy}");

        // A flipped bit in a stored entry changes a weight and nothing else; the framework does not look.
        if (Crc32.Of(bytes) != entry.Crc32)
            throw _file.Malformed($"The entry '{name}' does not match its checksum: the file is damaged. {_remedy}");
        return bytes;
    });

    public void Dispose() => _archive.Dispose();

    private static int CountEntries(ReadOnlySpan<byte> bytes)
    {
        int count = 0;
        for (int at = bytes.IndexOf(CentralSignature); at >= 0; at = bytes.IndexOf(CentralSignature))
        {
            count++;
            bytes = bytes[(at + CentralSignature.Length)..];
        }

        return count;
    }

    private static T Guard<T>(ModelFile file, string kind, string remedy, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception)
            when (exception is InvalidDataException or IOException or NotSupportedException or ArgumentException or OverflowException)
        {
            throw file.Malformed($"The file is not {kind}, or is damaged ({exception.Message.TrimEnd('.')}). {remedy}", exception);
        }
    }
}
