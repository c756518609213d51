using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Kan.Tool.Tests.Export;

/// <summary>Portable C#, compiled and loaded.</summary>
internal static class PortableCSharp
{
    /// <summary>
    /// Compiles sources in C# 7.3 with every warning an error: against the framework of this process, which has fused multiply-add, or
    /// against .NET Standard 2.0, which has none.
    /// </summary>
    public static Assembly Compile(IReadOnlyList<string> sources, bool hasFma)
    {
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string standard = Path.Combine(packages, "netstandard.library", "2.0.3", "build", "netstandard2.0", "ref", "netstandard.dll");
        var references = !hasFma ? [MetadataReference.CreateFromFile(standard)]
            : ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => Path.GetFileName(path) is "System.Runtime.dll" or "System.Private.CoreLib.dll")
            .Select(static path => MetadataReference.CreateFromFile(path)).ToArray();
        using var stream = Emit(sources, references, hasFma ? ["NETCOREAPP3_0_OR_GREATER"] : [], OutputKind.DynamicallyLinkedLibrary);
        return new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(stream);
    }

    /// <summary>The bytes of an assembly, from its start.</summary>
    public static MemoryStream Emit(IReadOnlyList<string> sources, PortableExecutableReference[] references, string[] symbols,
        OutputKind kind)
    {
        var options = new CSharpParseOptions(LanguageVersion.CSharp7_3, DocumentationMode.Diagnose, preprocessorSymbols: symbols);
        var compilation = CSharpCompilation.Create(
            "Exported" + Guid.NewGuid().ToString("N"),
            sources.Select(source => CSharpSyntaxTree.ParseText(source, options, cancellationToken: TestContext.Current.CancellationToken)),
            references, new CSharpCompilationOptions(kind, optimizationLevel: OptimizationLevel.Release, warningLevel: 9999));
        var stream = new MemoryStream();
        var result = compilation.Emit(stream, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(result.Diagnostics.Where(static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        stream.Position = 0;
        return stream;
    }
}
