using System;
using System.IO;
using System.IO.Compression;

namespace Kan.Interchange;

/// <summary>Files compressed by gzip, whose names end in <c>.gz</c>.</summary>
internal static class GzipContent
{
    private const string Extension = ".gz";

    /// <summary>A path without the ending of compression.</summary>
    public static string NameOf(string path) => Is(path) ? path[..^Extension.Length] : path;

    /// <summary>Whether a path says that the file is compressed.</summary>
    public static bool Is(string path) => path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>What a file expands to; null if that is more than the bytes that are allowed.</summary>
    /// <exception cref="InvalidDataException">The bytes are not compressed by gzip, or are damaged.</exception>
    public static byte[]? Expand(byte[] bytes, long most)
    {
        using var content = new MemoryStream();
        using var stream = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        var block = new byte[1 << 16];
        for (int read; (read = stream.Read(block)) > 0;)
        {
            content.Write(block, 0, read);
            if (content.Length > most) return null;
        }

        return content.ToArray();
    }
}
