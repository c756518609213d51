using System;
using System.IO;
using System.IO.Compression;

namespace Kan.Tool;

/// <summary>A model that may be compressed: its extension before <c>.gz</c> says what it is.</summary>
internal sealed class UnpackedFile : IDisposable
{
    private const string Extension = ".gz";

    private readonly string? _folder;

    private UnpackedFile(string path, string? folder) => (Path, _folder) = (path, folder);

    /// <summary>The file to read.</summary>
    public string Path { get; }

    /// <exception cref="ToolException">The compressed file cannot be read.</exception>
    public static UnpackedFile Of(string path)
    {
        if (!path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase)) return new UnpackedFile(path, null);
        byte[] bytes = DataFile.ReadAllBytes(path);
        string folder = Directory.CreateTempSubdirectory("kan-").FullName;
        string file = System.IO.Path.Combine(folder, System.IO.Path.GetFileName(path)[..^Extension.Length]);
        try
        {
            using var source = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            using var target = File.Create(file);
            byte[] buffer = new byte[1 << 16];
            for (int read; (read = source.Read(buffer)) > 0;)
            {
                if (target.Length + read > DataFile.LongestFile) throw ToolException.BadData(path, "The file unpacks to more than a gigabyte.");
                target.Write(buffer.AsSpan(0, read));
            }

            return new UnpackedFile(file, folder);
        }
        catch (Exception exception)
        {
            Directory.Delete(folder, recursive: true);
            if (exception is InvalidDataException) throw ToolException.BadData(path, "The file is not compressed as its name says.");
            throw;
        }
    }

    public void Dispose()
    {
        if (_folder is not null) Directory.Delete(_folder, recursive: true);
    }
}
