using System;
using System.Collections.Generic;
using System.IO;
using System.Numerics;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>
/// Rows that are written into <c>OUT.part</c>, which takes the name OUT when all are there. What was stopped leaves whole rows, and at most
/// one that is not.
/// </summary>
internal abstract class RowSink<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int BufferBytes = 1 << 16;

    private readonly string _path = "";
    private readonly FileStream? _file;

    /// <param name="path">The file to write in the end.</param>
    /// <param name="resume">Whether to go on with the part that is there, if there is one.</param>
    /// <exception cref="ToolException">The part cannot be opened, or is a link or no regular file.</exception>
    protected RowSink(string path, bool resume)
    {
        _path = Path.GetFullPath(path);
        try
        {
            _file = Open(_path + ".part", resume);
        }
        catch (Exception exception) when (FileFailure.Covers(exception))
        {
            throw Output.Failure(path + ".part", exception);
        }
    }

    /// <summary>A sink that writes no file.</summary>
    protected RowSink()
    {
    }

    /// <summary>The rows in the part, those of earlier runs included.</summary>
    public long Rows { get; protected set; }

    protected FileStream File => _file ?? throw new InvalidOperationException("The sink has no file.");

    public abstract void Write(ReadOnlySpan<T> row);

    /// <summary>Whether the last row of earlier runs is this one, to the bit.</summary>
    public abstract bool LastRowIs(ReadOnlySpan<T> row);

    /// <summary>Writes what is still in memory, so that the part holds whole rows.</summary>
    public abstract void Flush();

    /// <summary>Gives the part its name.</summary>
    public virtual void Complete()
    {
        Flush();
        File.Dispose();
        System.IO.File.Move(_path + ".part", _path, overwrite: true);
    }

    /// <summary>Deletes the part.</summary>
    public virtual void Abandon()
    {
        File.Dispose();
        System.IO.File.Delete(_path + ".part");
    }

    /// <summary>Closes the part. What cannot be written any more has been reported where it was written.</summary>
    public void Dispose()
    {
        try
        {
            Close();
        }
        catch (Exception exception) when (FileFailure.Covers(exception))
        {
            // Closing writes what is left in memory, and fails again where writing failed.
        }
    }

    /// <summary>Opens a file by its extension, or the standard output, <c>-</c>.</summary>
    public static RowSink<T> Create(string path, int count, IReadOnlyList<string> names, bool resume, TextWriter output) =>
        path == DataFile.Standard ? new ConsoleRowSink<T>(output, count, names) : Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".CSV" or ".TXT" => new CsvRowSink<T>(path, count, names, ',', resume),
            ".TSV" => new CsvRowSink<T>(path, count, names, '\t', resume),
            ".NPY" => new NpyRowSink<T>(path, count, resume),
            var other => throw ToolException.Option(
                $"Rows cannot be written as '{other.ToLowerInvariant()}': '{path}' must be .csv or .npy, or - for the standard output."),
        };

    /// <summary>Closes the part after what is still in memory.</summary>
    protected virtual void Close() => File.Dispose();

    // A partial file is newly created, so that it is neither a link nor anything else that somebody put there; one to resume must be a
    // file.
    private static FileStream Open(string part, bool resume)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(part)!);
        if (resume && (System.IO.File.Exists(part) || new FileInfo(part).LinkTarget is not null))
            return RegularFile.OpenOwn(part, BufferBytes);
        System.IO.File.Delete(part);
        return new FileStream(part, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, BufferBytes);
    }
}
