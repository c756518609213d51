using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Kan.Generators.Tests.Harness;
using Kan.Testing;
using Xunit;

namespace Kan.Generators.Tests.Diagnostics;

/// <summary>The examples on the pages of the diagnostics do what the pages say.</summary>
public sealed partial class DiagnosticPageTests
{
    private const string Usings = "using System;\nusing Kan;\nusing Kan.Contracts;\n";

    /// <summary>
    /// The pages by name, but those whose examples need a model file, a setting or another compiler, and those of the generator itself.
    /// </summary>
    public static IEnumerable<TheoryDataRow<string>> Pages() => Directory.GetFiles(Folder(), "KAN*.md").Order(StringComparer.Ordinal)
        .Select(static page => Path.GetFileNameWithoutExtension(page))
        .Where(static name => name is not ("KAN0107" or "KAN0108" or "KAN0115" or "KAN0400" or "KAN0402" or "KAN0404")
            && !name.StartsWith("KAN03", StringComparison.Ordinal) && string.CompareOrdinal(name, "KAN05") < 0)
        .Select(static name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_wrong_example_is_reported_and_the_right_one_is_not(string id)
    {
        string page = File.ReadAllText(Path.Combine(Folder(), id + ".md"));
        string[] examples = [.. Example().Matches(page).Select(static match => match.Groups[1].Value)];
        Assert.Equal(2, examples.Length);
        var wrong = GeneratorHarness.Run(Usings + examples[0]);
        Assert.Equal([id], wrong.All.Where(diagnostic => diagnostic.Id == id || !wrong.Reports.Contains(diagnostic))
            .Select(static diagnostic => diagnostic.Id).Distinct());
        Assert.Empty(wrong.CompilerDiagnostics);
        var right = GeneratorHarness.Run(Usings + examples[1]);
        Assert.Empty(right.Diagnostics);
        Assert.DoesNotContain(right.Reports, diagnostic => diagnostic.Id == id);
        Assert.Empty(right.CompilerDiagnostics);
    }

    private static string Folder() => Repository.PathOf("docs/diagnostics");

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
