using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;

namespace Kan.Interchange;

/// <summary>The bytes of a model file, and the way its reader complains.</summary>
/// <param name="path">The path as the user wrote it, for messages.</param>
/// <param name="bytes">The content.</param>
/// <param name="stored">The bytes of the file itself, where it is compressed.</param>
internal sealed class ModelFile(string path, byte[] bytes, byte[]? stored = null)
{
    public string Path { get; } = path;

    /// <summary>The path without the ending of compression: it tells the format.</summary>
    public string Name { get; } = GzipContent.NameOf(path);

    /// <summary>The content, decompressed.</summary>
    public byte[] Bytes { get; } = bytes;

    /// <summary>The part of the model that is being read, as a sentence begins with it; what is too costly is charged to it.</summary>
    public string WorkingOn { get; set; } = "The model";

    /// <summary>The bytes of this file and of those next to it that were read.</summary>
    public long TotalBytes { get; set; } = bytes.Length;

    /// <summary>The SHA-256 of the file as it is stored.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(stored ?? Bytes));

    /// <summary>Reads a file, and decompresses one whose name ends in <c>.gz</c>.</summary>
    /// <exception cref="ModelFileException">
    /// The file is missing, empty, too large, damaged, not a regular file, or cannot be read.
    /// </exception>
    public static ModelFile Read(string path)
    {
        try
        {
            using var stream = RegularFile.OpenRead(path, bufferSize: 0);
            long length = stream.Length;
            if (length > ModelLimits.FileBytes)
                throw new ModelFileException(path, ModelFileProblem.Unsupported, $"The file has {length} bytes; at most "
                    + $"{ModelLimits.FileBytes} are read. Compiled networks are small: reduce or prune the model.");
            if (length == 0)
                throw new ModelFileException(path, ModelFileProblem.Malformed, "The file is empty. Export the model again.");
            var bytes = new byte[length];
            stream.ReadExactly(bytes);
            return GzipContent.Is(path) ? new ModelFile(path, Expand(path, bytes), bytes) : new ModelFile(path, bytes);
        }
        catch (Exception exception) when (FileFailure.Covers(exception))
        {
            throw FileFailure.OfReading(path, exception, "Correct the path of the model.");
        }
    }

    private static byte[] Expand(string path, byte[] bytes)
    {
        try
        {
            return GzipContent.Expand(bytes, ModelLimits.FileBytes) switch
            {
                null => throw new ModelFileException(path, ModelFileProblem.Unsupported, $"The file expands to more than "
                    + $"{ModelLimits.FileBytes} bytes, which is the most that is read. Compiled networks are small: reduce or prune the "
                    + $"model."),
                [] => throw new ModelFileException(path, ModelFileProblem.Malformed,
                    "The compressed file is empty. Export the model again."),
                var content => content,
            };
        }
        catch (InvalidDataException exception)
        {
            throw new ModelFileException(path, ModelFileProblem.Malformed, "The name ends in .gz, but the file is not compressed by "
                + "gzip, or is damaged. Correct the name, or copy the file again.", innerException: exception);
        }
    }

    public ModelFileException Malformed(string reason, Exception? inner = null) =>
        new(Path, ModelFileProblem.Malformed, reason, innerException: inner);

    public ModelFileException Malformed(MessageHandler reason, Exception? inner = null) => Malformed(reason.ToString(), inner);

    public ModelFileException Unsupported(string reason) => new(Path, ModelFileProblem.Unsupported, reason);

    public ModelFileException Unsupported(MessageHandler reason) => Unsupported(reason.ToString());

    /// <summary>The complaint about options that do not fit what the file holds.</summary>
    public ModelFileException DoesNotFit(MessageHandler reason) => new(Path, ModelFileProblem.OptionDoesNotFit, reason);

    /// <summary>Puts in force what a stage of reading this file may take.</summary>
    public ExactWork LimitWork() => ExactWork.Limit(ModelLimits.WorkOf(TotalBytes));

    /// <summary>The complaint about exact arithmetic past what reading a file may take.</summary>
    public ModelFileException TooCostly(ExactWorkException exception) => new(
        Path,
        ModelFileProblem.Unsupported,
        $"{WorkingOn} {(exception.Bits > ModelLimits.NumberBits ? "needs too many digits" : "cannot be computed exactly")}: "
        + $"{exception.Message}. Constants are folded without rounding: fold them before exporting, or reduce or prune the model.",
        innerException: exception);

    /// <summary>Bytes of a file in the folder of this one, or below it; never from elsewhere, whatever the name says.</summary>
    /// <param name="name">The path relative to the folder.</param>
    /// <param name="offset">Where the bytes begin.</param>
    /// <param name="length">How many there are; at most what a model may have.</param>
    /// <param name="owner">Whose bytes they are, for messages.</param>
    /// <exception cref="ModelFileException">The name leads elsewhere, or the bytes are not there.</exception>
    public byte[] ReadBeside(string name, long offset, long length, string owner)
    {
        string path = ResolveBeside(name, owner);
        try
        {
            using var stream = RegularFile.OpenRead(path);
            if (offset < 0 || length > ModelLimits.FileBytes || offset > stream.Length - length)
                throw Malformed($"{owner} is at byte {offset} of '{name}' and has {length} bytes, but that file has {stream.Length}. "
                    + $"Export or copy the model with its data again.");
            stream.Position = offset;
            var bytes = new byte[length];
            stream.ReadExactly(bytes);
            TotalBytes += length;
            return bytes;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Malformed($"{owner} is in '{name}', which is not next to the model. Copy the data file together with the model.",
                exception);
        }
        catch (Exception exception) when (FileFailure.Covers(exception))
        {
            throw new ModelFileException(path, ModelFileProblem.Inaccessible,
                $"{owner} is in this file, which cannot be read: {FileFailure.Reason(exception)}", innerException: exception);
        }
    }

    /// <summary>The full path of a file in the folder of this one, or below it, reached without links.</summary>
    /// <exception cref="ModelFileException">The name leads elsewhere.</exception>
    public string ResolveBeside(string name, string owner)
    {
        string[] parts = name.Split('/', '\\');
        foreach (string part in parts)
        {
            if (part.Length == 0 || part is "." or ".." || part.AsSpan().ContainsAny(":\0"))
                throw Malformed($"{owner} is in '{name}', which is not a relative path inside the model's folder. Save the model with "
                    + $"its data next to it.");
        }

        string path = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;
        foreach (string part in parts)
        {
            path = System.IO.Path.Combine(path, part);
            FileSystemInfo entry = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
            if (entry.LinkTarget is not null)
                throw Malformed(
                    $"{owner} is in '{name}', which is a link or inside a linked folder. Copy the data file itself next to the model.");
        }

        return path;
    }

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
        return Malformed($"The tensor '{tensor}' holds {text} at [{string.Join(", ", position)}]; weights must be finite. The training "
            + $"diverged, or the file is damaged.");
    }
}
