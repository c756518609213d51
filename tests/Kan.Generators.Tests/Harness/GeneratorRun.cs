using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Kan.Generators.Tests.Harness;

/// <summary>What the generator and the analyzer said to a source.</summary>
/// <param name="Compilation">The source with what was generated.</param>
/// <param name="Result">The generator's first run.</param>
/// <param name="All">What the analyzer said, in the order of the source.</param>
public sealed record GeneratorRun(CSharpCompilation Compilation, GeneratorRunResult Result, ImmutableArray<Diagnostic> All)
{
    /// <summary>What the analyzer found wrong or surprising in the source.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; } = [.. All.Where(static diagnostic => !IsReport(diagnostic))];

    /// <summary>
    /// What the analyzer said of sound declarations: how numbers are rounded, how a network is compiled, and what is certified.
    /// </summary>
    public ImmutableArray<Diagnostic> Reports { get; } = [.. All.Where(IsReport)];

    /// <summary>The generated texts by hint name.</summary>
    public IReadOnlyDictionary<string, string> Sources { get; } =
        Result.GeneratedSources.IsDefault ? ImmutableDictionary<string, string>.Empty
        : Result.GeneratedSources.ToDictionary(static source => source.HintName, static source => source.SourceText.ToString());

    /// <summary>The only generated text.</summary>
    public string Source => Sources.Values.Single();

    /// <summary>The errors and warnings of the compiler, less missing documentation in the source of the test.</summary>
    public ImmutableArray<Diagnostic> CompilerDiagnostics => Complaints(Compilation.GetDiagnostics());

    /// <summary>Of what the compiler says, errors and warnings, less missing documentation in the source of the test.</summary>
    public ImmutableArray<Diagnostic> Complaints(ImmutableArray<Diagnostic> diagnostics) =>
    [
        .. diagnostics.Where(diagnostic => diagnostic.Severity != DiagnosticSeverity.Hidden
            && (diagnostic.Id != "CS1591" || IsGenerated(diagnostic.Location))),
    ];

    /// <summary>What tracked step a name stands for; empty where it did not run.</summary>
    public ImmutableArray<IncrementalGeneratorRunStep> Steps(string trackingName) =>
        Result.TrackedSteps.TryGetValue(trackingName, out var steps) ? steps : [];

    private static bool IsReport(Diagnostic diagnostic) =>
        diagnostic.Id == "KAN0110" || diagnostic.Descriptor.Category is "Kan.Size" or "Kan.Certificates";

    private bool IsGenerated(Location location) =>
        location.SourceTree is { } tree
            && Result.GeneratedSources.Any(source => ReferenceEquals(source.SyntaxTree, tree)
                || source.SyntaxTree.FilePath == tree.FilePath);

    /// <summary>The generated texts with line numbers, for messages of failed tests.</summary>
    public string Listing => string.Join("\n", Sources.OrderBy(static source => source.Key, StringComparer.Ordinal).Select(static source =>
        $"--- {source.Key}\n" + string.Join("\n", source.Value.Split('\n').Select(static (line, i) => $"{i + 1,5} {line}"))));
}
