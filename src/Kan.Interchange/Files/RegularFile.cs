using System;
using System.IO;

namespace Kan.Interchange;

/// <summary>
/// Opens files that others name. Only regular files are opened: opening a named pipe would wait for its other end, and reading a device may
/// never end or may do something.
/// </summary>
internal static class RegularFile
{
    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">The file, or a link to it.</param>
    /// <param name="bufferSize">The bytes of the buffer of the stream.</param>
    /// <param name="options">How the file is read.</param>
    /// <exception cref="NotRegularFileException">The path is a folder, a named pipe, a socket or a device.</exception>
    /// <exception cref="IOException">The file is missing or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be opened.</exception>
    public static FileStream OpenRead(string path, int bufferSize = 4_096, FileOptions options = FileOptions.None)
    {
        RequirePath(path);
        RequireRegular(path, FileKinds.OfPath(path));
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize, options);
        return Checked(stream, path);
    }

    /// <summary>
    /// Opens a file that a command began earlier, to read it and write on; a link is refused, since it leads to what another began.
    /// </summary>
    /// <exception cref="NotRegularFileException">The path is a link or not a regular file.</exception>
    /// <exception cref="IOException">The file is missing or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be opened.</exception>
    public static FileStream OpenOwn(string path, int bufferSize)
    {
        RequirePath(path);
        if (new FileInfo(path).LinkTarget is not null) throw new NotRegularFileException(path, "a link");
        RequireRegular(path, FileKinds.OfPath(path));
        return Checked(new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize), path);
    }

    /// <summary>All bytes of a file.</summary>
    /// <param name="path">The file, or a link to it.</param>
    /// <param name="longest">The maximum number of bytes to read.</param>
    /// <exception cref="IOException">The file is missing, not regular, too large, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be opened.</exception>
    public static byte[] ReadAllBytes(string path, long longest)
    {
        using var stream = OpenRead(path, bufferSize: 0);
        long length = stream.Length;
        if (length > longest) throw new IOException($"It has {length} bytes; at most {longest} are read.");
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>All text of a UTF-8 file of this product's own.</summary>
    /// <inheritdoc cref="ReadAllBytes"/>
    public static string ReadAllText(string path)
    {
        using var reader = new StreamReader(OpenRead(path));
        return reader.ReadToEnd();
    }

    // Between the look at the path and the opening another file may have taken its place.
    private static FileStream Checked(FileStream stream, string path)
    {
        try
        {
            RequireRegular(path, FileKinds.OfHandle(stream.SafeFileHandle));
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <exception cref="IOException">
    /// The text is not a path: .NET throws an <see cref="ArgumentException"/>, which would read as a fault of the caller.
    /// </exception>
    public static void RequirePath(string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
            throw new IOException("Its path is empty, or contains a character that is not valid in a path.");
    }

    private static void RequireRegular(string path, string? otherKind)
    {
        if (otherKind is not null) throw new NotRegularFileException(path, otherKind);
    }
}

/// <summary>A path that names a folder, a named pipe, a socket, a device or a link where a regular file is needed.</summary>
/// <param name="path">The path.</param>
/// <param name="kind">What it names.</param>
internal sealed class NotRegularFileException(string path, string kind) : IOException($"It is {kind}, not a regular file.")
{
    public string Path { get; } = path;
}
