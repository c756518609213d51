using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Kan.Generators.Tests.Harness;

/// <summary>A generator that stays alive over edits, as in an editor.</summary>
public sealed class GeneratorSession
{
    private CSharpCompilation _compilation;
    private GeneratorDriver _driver;

    internal GeneratorSession(CSharpCompilation compilation, GeneratorDriver driver, ImmutableArray<AdditionalText> files,
        AnalyzerConfigOptionsProvider options)
    {
        _compilation = compilation;
        Sources = compilation.SyntaxTrees;
        Files = files;
        Options = options;
        _driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out var output, out _, CancellationToken.None);
        Output = (CSharpCompilation)output;
        FirstResult = LastResult;
    }

    /// <summary>The first source, as it was written.</summary>
    internal ImmutableArray<SyntaxTree> Sources { get; }

    internal ImmutableArray<AdditionalText> Files { get; private set; }

    internal AnalyzerConfigOptionsProvider Options { get; }

    /// <summary>The first source with what was generated for it.</summary>
    public CSharpCompilation Output { get; }

    /// <summary>What the first run gave.</summary>
    public GeneratorRunResult FirstResult { get; }

    /// <summary>What the last run gave.</summary>
    public GeneratorRunResult LastResult => _driver.GetRunResult().Results.Single();

    /// <summary>Replaces the source and runs again.</summary>
    public GeneratorRunResult Edit(string source)
    {
        var tree = _compilation.SyntaxTrees.First();
        var parsed = CSharpSyntaxTree.ParseText(source, GeneratorHarness.ParseOptions, tree.FilePath);
        _compilation = _compilation.ReplaceSyntaxTree(tree, parsed);
        _driver = _driver.RunGenerators(_compilation, CancellationToken.None);
        return LastResult;
    }

    /// <summary>Replaces one of several files and runs again.</summary>
    public GeneratorRunResult EditFile(string path, string source)
    {
        var tree = _compilation.SyntaxTrees.Single(tree => tree.FilePath == path);
        _compilation = _compilation.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(source, GeneratorHarness.ParseOptions, path));
        _driver = _driver.RunGenerators(_compilation, CancellationToken.None);
        return LastResult;
    }

    /// <summary>Replaces the text of a model and runs again.</summary>
    /// <param name="index">The model, in the order given at the start.</param>
    /// <param name="text">Its new text.</param>
    public GeneratorRunResult EditModel(int index, string text)
    {
        var changed = new InMemoryText(Files[index].Path, text);
        _driver = _driver.ReplaceAdditionalText(Files[index], changed).RunGenerators(_compilation, CancellationToken.None);
        Files = Files.SetItem(index, changed);
        return LastResult;
    }

    /// <summary>Switches unsafe code on or off and runs again.</summary>
    public GeneratorRunResult AllowUnsafe(bool allow)
    {
        _compilation = _compilation.WithOptions(_compilation.Options.WithAllowUnsafe(allow));
        _driver = _driver.RunGenerators(_compilation, CancellationToken.None);
        return LastResult;
    }

    /// <summary>Replaces the source by an equivalent one and requires that nothing is recomputed.</summary>
    public void AssertCachedAfter(string source) => PipelineChecks.AssertCached(Edit(source));
}
