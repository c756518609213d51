using System.Linq;
using Kan.Testing;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Kan.Generators.Tests.Harness;

/// <summary>Compares diagnostics with the marks in a source, start and end.</summary>
internal static class DiagnosticVerifier
{
    /// <summary>Requires exactly the marked diagnostics, and that no error of the compiler hides them.</summary>
    /// <param name="markedSource">C# with marks such as <c>{|KAN0001:Risk|}</c>.</param>
    /// <param name="models">The models of the project; a null text is a missing file.</param>
    public static GeneratorRun Verify(string markedSource, params (string Path, string? Text)[] models)
    {
        var run = VerifyMarks(markedSource, models);
        var errors = run.CompilerDiagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToArray();
        Require.That(errors.Length == 0, $"{string.Join("\n", errors.Select(static error => error.ToString()))}\n{run.Listing}");
        return run;
    }

    /// <summary>Requires exactly the marked diagnostics of a source that need not compile.</summary>
    public static GeneratorRun VerifyMarks(string markedSource, params (string Path, string? Text)[] models)
    {
        var markup = Markup.Parse(markedSource);
        var run = GeneratorHarness.Run(markup.Source, models);
        Assert.True(run.Result.Diagnostics.IsEmpty, string.Join("\n", run.Result.Diagnostics));
        string expected = string.Join("\n",
            markup.Marks.Select(mark => $"{mark.Id} {mark.Span} {markup.Source.Substring(mark.Span.Start, mark.Span.Length)}"));
        // A report comes with every sound declaration: it is compared where a mark asks for one of its kind.
        var ids = markup.Marks.Select(static mark => mark.Id).ToHashSet();
        string actual = string.Join("\n",
            run.All.Where(diagnostic => ids.Contains(diagnostic.Id) || !run.Reports.Contains(diagnostic)).Select(diagnostic =>
            $"{diagnostic.Id} {diagnostic.Location.SourceSpan} "
            + $"{markup.Source.Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length)}"));
        Require.That(expected == actual, $"Expected:\n{expected}\nActual:\n{actual}\n{string.Join("\n", run.All)}");
        return run;
    }

    /// <summary>The message of the only diagnostic with an ID.</summary>
    public static string Message(this GeneratorRun run, string id) =>
        Assert.Single(run.All, diagnostic => diagnostic.Id == id).GetMessage(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The message of the only diagnostic that is not a report.</summary>
    public static string Message(this GeneratorRun run) =>
        Assert.Single(run.Diagnostics).GetMessage(System.Globalization.CultureInfo.InvariantCulture);
}
