using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Kan.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Kan.Tests.Documentation;

/// <summary>
/// The code blocks of docs/conversions.md, taken from the page itself: they compile, run one after another, and print what stands beside
/// them.
/// </summary>
public sealed partial class ConversionPageTests
{
    [Fact]
    public void The_code_of_the_page_runs_and_prints_what_it_says()
    {
        string[] blocks = [.. CodeBlock().Matches(RepositoryFiles.Page("conversions.md"))
            .Select(static match => match.Groups["code"].Value)];
        Assert.Equal(8, blocks.Length);

        // After the network each block is short: everything is reachable in a few lines.
        Assert.All(blocks.Skip(1), static block => Assert.InRange(block.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 2, 3));
        List<string> printed = [];
        Compile(blocks).Invoke(null, [(Action<string>)printed.Add]);
        string[] said = [.. blocks.SelectMany(static block => block.Split('\n'))
            .Where(static line => line.Contains("Console.WriteLine(", StringComparison.Ordinal))
            .Select(static line => line.Split("// ", 2).ElementAtOrDefault(1)?.Trim() ?? "")];

        // The counterexample is not printed, for there is none; what has no comment is not stated.
        string[] stated = [.. said.Where(static text => text.Length > 0)];
        Assert.Equal(4, stated.Length);
        Assert.Equal(stated, printed.Where(stated.Contains));
    }

    private static MethodInfo Compile(IEnumerable<string> blocks)
    {
        string[] lines = [.. blocks.SelectMany(static block => block.Split('\n'))];
        string source = $$"""
            using System.Collections.Immutable;
            {{string.Join('\n', lines.Where(IsUsing))}}

            public static class Example
            {
                public static void Run(Action<string> print)
                {
                    Console.Print = print;
            {{string.Join('\n', lines.Where(static line => !IsUsing(line)))}}
                }

                private static class Console
                {
                    public static Action<string> Print { get; set; }

                    public static void WriteLine(object value) => Print(FormattableString.Invariant($"{value}"));
                }
            }
            """;
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == framework)
            .Append(typeof(KanNetwork).Assembly.Location)
            .Select(static path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create("ConversionPage", [CSharpSyntaxTree.ParseText(source)], references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Annotations));
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        Assert.True(emitted.Success, string.Join("\n", emitted.Diagnostics));
        return Assembly.Load(image.ToArray()).GetType("Example", throwOnError: true)!.GetMethod("Run")!;
    }

    private static bool IsUsing(string line) => line.StartsWith("using ", StringComparison.Ordinal);

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
