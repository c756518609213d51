using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;

namespace Kan.Interchange;

/// <summary>The bytes of a model file, and the way its reader complains.</summary>
/// <param name="path">The path as the user wrote it, for messages.</param>
/// <param name="bytes">The content.</param>
internal sealed class ModelFile(string path, byte[] bytes)
{
    public string Path { get; } = path;

    public byte[] Bytes { get; } = bytes;

    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Bytes));

    /// <exception cref="ModelFileException">The file is missing, empty, too large or cannot be opened.</exception>
    public static ModelFile Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            long length = stream.Length;
            if (length > ModelLimits.FileBytes)
                throw new ModelFileException(path, ModelFileProblem.Unsupported, $"The file has {length} bytes; at most {ModelLimits.FileBytes} are read. Compiled networks are small: reduce or prune the model.");
            if (length == 0)
                throw new ModelFileException(path, ModelFileProblem.Malformed, "The file is empty. Export the model again.");
            var bytes = new byte[length];
            stream.ReadExactly(bytes);
            return new ModelFile(path, bytes);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFileException(path, ModelFileProblem.NotFound, "There is no such file. Correct the path of the model.", innerException: exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ModelFileException(path, ModelFileProblem.NotFound, $"The file cannot be opened: {exception.Message}", innerException: exception);
        }
    }

    public ModelFileException Malformed(string reason, Exception? inner = null) => new(Path, ModelFileProblem.Malformed, reason, innerException: inner);

    public ModelFileException Unsupported(string reason) => new(Path, ModelFileProblem.Unsupported, reason);

    /// <summary>The complaint about a weight that is NaN or infinite.</summary>
    /// <param name="tensor">The name of the tensor.</param>
    /// <param name="value">The number.</param>
    /// <param name="index">Its place, row by row.</param>
    /// <param name="dimensions">The shape of the tensor.</param>
    public ModelFileException NotFinite(string tensor, double value, int index, IReadOnlyList<int> dimensions)
    {
        var position = new int[dimensions.Count];
        for (int i = position.Length - 1; i >= 0; i--)
        {
            position[i] = index % dimensions[i];
            index /= dimensions[i];
        }

        string text = double.IsNaN(value) ? "NaN" : value > 0 ? "infinity" : "-infinity";
        return Malformed($"The tensor '{tensor}' holds {text} at [{string.Join(", ", position)}]; weights must be finite. The training diverged, or the file is damaged.");
    }
}
