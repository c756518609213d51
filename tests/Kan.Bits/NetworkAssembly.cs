using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Kan.Compiler;
using Kan.Compiler.Emit;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Kan.Bits;

/// <summary>All subjects as classes of one assembly, the same for every machine.</summary>
internal static class NetworkAssembly
{
    /// <summary>The namespace of the classes.</summary>
    public const string Space = "Kan.Bits.Networks";

    /// <summary>Compiles the subjects.</summary>
    /// <exception cref="InvalidOperationException">The generated code does not compile.</exception>
    public static void Write(string path, CancellationToken token)
    {
        var trees = Subjects.All.SelectMany(subject => NetworkCompiler.Compile(
                subject.Document,
                new CompilerOptions
                {
                    Target = new TargetType(Space, [$"partial struct {subject.TypeName}"], IsStatic: false),
                    Precision = subject.Precision,
                    Lowering = subject.Lowering
                },
                token).Files)
            .Select((text, i) => CSharpSyntaxTree.ParseText(text, path: FormattableString.Invariant($"{i}.cs"),
                encoding: System.Text.Encoding.UTF8, cancellationToken: token));
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
            nullableContextOptions: NullableContextOptions.Enable);
        using var file = File.Create(path);
        var result = CSharpCompilation.Create("Kan.Bits.Networks", trees, References(), options).Emit(file, cancellationToken: token);
        if (!result.Success)
            throw new InvalidOperationException("The generated code does not compile: " + string.Join(' ', result.Diagnostics.Take(3)));
    }

    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Where(static path => Path.GetFileName(path) is "Kan.dll" || Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
        .Select(static path => MetadataReference.CreateFromFile(path));
}
