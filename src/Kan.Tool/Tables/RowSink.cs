using System;
using System.Collections.Generic;
using System.IO;
using System.Numerics;

namespace Kan.Tool;

/// <summary>
/// Rows that are written into <c>OUT.part</c>, which takes the name OUT when all are there. What was stopped leaves whole rows, and at most one
/// that is not.
/// </summary>
internal abstract class RowSink<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly string _path;

    /// <param name="path">The file to write in the end.</param>
    /// <param name="resume">Whether to go on with the part that is there.</param>
    protected RowSink(string path, bool resume)
    {
        _path = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        File = new FileStream(_path + ".part", resume ? FileMode.OpenOrCreate : FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 1 << 16);
    }

    /// <summary>The rows in the part, those of earlier runs included.</summary>
    public long Rows { get; protected set; }

    protected FileStream File { get; }

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
    public void Abandon()
    {
        File.Dispose();
        System.IO.File.Delete(_path + ".part");
    }

    public virtual void Dispose() => File.Dispose();

    public static RowSink<T> Create(string path, int count, IReadOnlyList<string> names, bool resume) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".CSV" or ".TXT" => new CsvRowSink<T>(path, count, names, ',', resume),
        ".TSV" => new CsvRowSink<T>(path, count, names, '\t', resume),
        ".NPY" => new NpyRowSink<T>(path, count, resume),
        var other => throw ToolException.Option($"Rows are not written as '{other.ToLowerInvariant()}': '{path}' should be .csv or .npy."),
    };
}
