using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kan.Interchange;

namespace Kan.Tool.Scoring;

/// <summary>What is in a folder of results: by which network, from which files. It is written as <c>manifest.json</c>.</summary>
/// <param name="Model">The name of the network.</param>
/// <param name="ContentHash">The hash of the exact network.</param>
/// <param name="Precision">The number type.</param>
/// <param name="Inputs">The columns of the inputs; empty if they were taken by position.</param>
/// <param name="Kept">The columns that are kept; <c>*</c> for all.</param>
/// <param name="Outputs">The columns of the outputs.</param>
/// <param name="RowsPerPart">The rows of each file of results, at least, if Parquet files are divided; otherwise null.</param>
/// <param name="IsComplete">Whether all files of the last run are here.</param>
/// <param name="Rows">The rows of all files.</param>
/// <param name="Files">The files, in order of their names.</param>
internal sealed record ScoreManifest(
    string Model,
    string ContentHash,
    string Precision,
    ImmutableArray<string> Inputs,
    ImmutableArray<string> Kept,
    ImmutableArray<string> Outputs,
    long? RowsPerPart,
    bool IsComplete,
    long Rows,
    ImmutableArray<ScoredFile> Files)
{
    public const string FileName = "manifest.json";

    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>Whether files of the other manifest are those that this run would write.</summary>
    public bool IsSameRun(ScoreManifest other) => Differences(other).All(static pair => pair.Mine == pair.Theirs);

    /// <summary>What two runs differ in, for people.</summary>
    public string Difference(ScoreManifest other) =>
        string.Join(", ", Differences(other).Where(static pair => pair.Mine != pair.Theirs)
            .Select(static pair => $"{pair.What} {pair.Theirs} instead of {pair.Mine}"));

    /// <summary>The manifest of a folder; null if there is none.</summary>
    /// <exception cref="ToolException">It cannot be read.</exception>
    public static ScoreManifest? Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        try
        {
            var manifest = JsonSerializer.Deserialize<ScoreManifest>(DataFile.ReadAllBytes(path), s_json)!;
            return manifest.Files.IsDefault || manifest.Kept.IsDefault || manifest.Outputs.IsDefault || manifest.Inputs.IsDefault
                ? throw new JsonException("a list is missing")
                : manifest;
        }
        catch (JsonException exception)
        {
            throw ToolException.BadData(path,
                $"It is not a manifest of kan score ({exception.Message}). Use another folder, or --overwrite.");
        }
    }

    /// <summary>Writes the manifest whole or not at all.</summary>
    public void Write(string folder) =>
        Conversion.WriteAtomically(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, s_json) + "\n");

    private IEnumerable<(string What, string Mine, string Theirs)> Differences(ScoreManifest other) =>
    [
        ("the network", ContentHash, other.ContentHash), ("the precision", Precision, other.Precision),
            ("inputs from", List(Inputs), List(other.Inputs)),
        ("parts of", Part(RowsPerPart), Part(other.RowsPerPart)),
            ("the columns", List([.. Kept, .. Outputs]), List([.. other.Kept, .. other.Outputs])),
    ];

    private static string Part(long? rows) => rows is { } count ? NumberText.Count(count, "row") : "whole files";

    private static string List(ImmutableArray<string> names) =>
        names.IsEmpty ? "their order" : string.Join(',', names.Select(static name => MessageText.Name(name)));
}

/// <summary>A file of results.</summary>
/// <param name="Input">The path of the rows from the folder of the pattern.</param>
/// <param name="InputBytes">The length of that file.</param>
/// <param name="InputModified">When it was written last.</param>
/// <param name="Output">The path of the results from the folder of the manifest.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Bytes">The length of the results.</param>
/// <param name="Sha256">The lowercase hexadecimal SHA-256 of the results.</param>
internal sealed record ScoredFile(string Input, long InputBytes, DateTime InputModified, string Output, long Rows, long Bytes,
    string Sha256)
{
    /// <summary>Whether the results are there, from a file that has not changed since.</summary>
    public bool IsUpToDate(string folder, string output, FileInfo input)
    {
        var results = new FileInfo(Path.Combine(folder, Output));
        return Output == output && InputBytes == input.Length && InputModified == input.LastWriteTimeUtc && results.Exists
            && results.Length == Bytes;
    }
}
