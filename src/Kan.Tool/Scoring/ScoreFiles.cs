using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using DuckDB.NET.Data;
using Kan.DuckDB;

namespace Kan.Tool.Scoring;

/// <summary>A file to score, or a part of one.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">Its path from the folder that the pattern begins with, with forward slashes.</param>
/// <param name="Format">The format of its rows.</param>
internal sealed record ScoreFile(string Path, string Name, RowFormat Format)
{
    /// <summary>The rows of the part; null for all.</summary>
    public RowRange? Rows { get; init; }

    /// <summary>The number of the part, from 0.</summary>
    public int Part { get; init; }

    /// <summary>The share of the file's rows.</summary>
    public double Share { get; init; } = 1;
}

/// <summary>The formats of rows.</summary>
internal enum RowFormat
{
    Parquet,
    Csv,
    Json,
}

/// <summary>The files that a pattern names.</summary>
internal static class ScoreFiles
{
    public const string Extensions = ".parquet, .csv, .tsv, .jsonl, .ndjson or .json, also with .gz";

    private static readonly char[] s_wild = ['*', '?', '['];

    /// <summary>The files of a pattern, a folder or a path, in the order of their names.</summary>
    /// <exception cref="ToolException">There is none, or one of another type.</exception>
    public static IReadOnlyList<ScoreFile> Find(DuckDBConnection connection, string pattern)
    {
        if (File.Exists(pattern)) return [Describe(pattern, Path.GetDirectoryName(Path.GetFullPath(pattern))!)];
        bool isFolder = Directory.Exists(pattern);
        string[] parts = pattern.Split('/', '\\');
        string root = isFolder ? pattern : string.Join('/', parts[..^1].TakeWhile(static part => part.IndexOfAny(s_wild) < 0));
        root = Path.GetFullPath(root.Length == 0 ? (pattern.StartsWith('/') ? "/" : ".") : root);
        string[] paths = isFolder
            ? [.. Directory.GetFiles(pattern).Where(static path => FormatOf(path) is not null)]
            : Sql.Column(connection, $"SELECT file FROM glob({Sql.Text(pattern)})");
        var files = paths.Order(StringComparer.Ordinal).Select(path => Describe(path, root)).ToArray();
        return files.Length > 0 ? files : throw ToolException.BadData(pattern, $"No file is there; expected a file, a folder or a "
            + $"pattern such as rows/*.parquet, of {Extensions}.");
    }

    /// <summary>The parts of a Parquet file that has more row groups than one part takes; any other file as it is.</summary>
    /// <param name="connection">A database.</param>
    /// <param name="file">The file.</param>
    /// <param name="rows">The rows of a part, at least.</param>
    public static IReadOnlyList<ScoreFile> Divide(DuckDBConnection connection, ScoreFile file, long rows)
    {
        if (file.Format != RowFormat.Parquet) return [file];
        try
        {
            var ranges = RowGroups.Divide(connection, file.Path, rows);
            double total = ranges.Sum(static range => range.Count);
            return ranges.Count < 2 ? [file]
                : [.. ranges.Select((range, i) => file with { Rows = range, Part = i, Share = range.Count / total })];
        }
        catch (DuckDBException)
        {
            // What is wrong with it is said when it is scored.
            return [file];
        }
    }

    /// <summary>The name of what a file becomes in a format.</summary>
    public static string OutputName(ScoreFile file, RowFormat format)
    {
        string name = WithoutCompression(file.Name),
            extension = format switch { RowFormat.Parquet => ".parquet", RowFormat.Csv => ".csv", _ => ".jsonl" };
        if (format == file.Format) extension = Path.GetExtension(name);
        string part = file.Rows is null ? "" : string.Create(CultureInfo.InvariantCulture, $"-{file.Part:D4}");
        return Path.ChangeExtension(name, null) + part + extension;
    }

    private static ScoreFile Describe(string path, string root)
    {
        var format = FormatOf(path) ?? throw ToolException.BadData(path, $"Rows of this type cannot be read; expected {Extensions}.");
        return new ScoreFile(path, Path.GetRelativePath(root, Path.GetFullPath(path)).Replace('\\', '/'), format);
    }

    private static RowFormat? FormatOf(string path) => Path.GetExtension(WithoutCompression(path)).ToUpperInvariant() switch
    {
        ".PARQUET" => RowFormat.Parquet,
        ".CSV" or ".TSV" => RowFormat.Csv,
        ".JSONL" or ".NDJSON" or ".JSON" => RowFormat.Json,
        _ => null,
    };

    private static string WithoutCompression(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
}
