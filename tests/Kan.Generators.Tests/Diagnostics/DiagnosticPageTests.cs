using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Diagnostics;

/// <summary>The examples on the pages of the diagnostics of functions do what the pages say.</summary>
public sealed partial class DiagnosticPageTests
{
    /// <summary>The pages by name.</summary>
    public static IEnumerable<TheoryDataRow<string>> Pages() => Directory.GetFiles(Folder(), "KAN02*.md").Order(StringComparer.Ordinal)
        .Select(static page => new TheoryDataRow<string>(Path.GetFileNameWithoutExtension(page)));

    [Theory]
    [MemberData(nameof(Pages))]
    public void TheWrongExampleIsReportedAndTheRightOneIsNot(string id)
    {
        string page = File.ReadAllText(Path.Combine(Folder(), id + ".md"));
        string[] examples = [.. Example().Matches(page).Select(static match => match.Groups[1].Value)];
        Assert.Equal(2, examples.Length);
        var wrong = GeneratorHarness.Run("using System;\nusing Kan;\n" + examples[0]);
        Assert.Equal([id], wrong.Diagnostics.Select(static diagnostic => diagnostic.Id).Distinct());
        Assert.Empty(wrong.CompilerDiagnostics);
        var right = GeneratorHarness.Run("using System;\nusing Kan;\n" + examples[1]);
        Assert.Empty(right.Diagnostics);
        Assert.Empty(right.CompilerDiagnostics);
    }

    private static string Folder() => Path.Combine(
        typeof(DiagnosticPageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "RepositoryRoot").Value!,
        "docs/diagnostics");

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
