using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using System.Threading;
using Kan.Compiler;
using Kan.Compiler.Emit;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Kan.Tool;

/// <summary>The way of a build, in this process: the code of the generator, then the C# compiler, then the JIT.</summary>
internal static class InProcessCompiler
{
    private const string Space = "Kan.Compiled", Name = "Model";

    private static int s_count;

    /// <summary>The compiled type; it implements <see cref="IKanModel{T}"/>.</summary>
    public static Type Compile(KanDocument document, Precision precision, Lowering lowering, CancellationToken token)
    {
        var source = NetworkCompiler.Compile(
            document,
            new CompilerOptions
            {
                Target = new TargetType(Space, [$"partial struct {Name}"], IsStatic: false),
                Precision = precision,
                Lowering = lowering,
                AllowUnsafe = true
            },
            token);
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
            allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);

        // A process may compile several networks, and a context has one assembly of a name.
        string assemblyName = FormattableString.Invariant($"{Space}{Interlocked.Increment(ref s_count)}");
        using var assembly = new MemoryStream();
        var result = CSharpCompilation.Create(assemblyName,
            source.Files.Select((text, i) => CSharpSyntaxTree.ParseText(text, path: FormattableString.Invariant($"{i}.cs"),
            cancellationToken: token)), References(), options).Emit(assembly, cancellationToken: token);
        if (!result.Success)
            throw new InvalidOperationException("The generated code does not compile: " + string.Join(' ', result.Diagnostics.Take(3)));
        assembly.Position = 0;
        return AssemblyLoadContext.Default.LoadFromStream(assembly).GetType($"{Space}.{Name}", throwOnError: true)!;
    }

    private static IEnumerable<MetadataReference> References()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return Directory.EnumerateFiles(framework, "System*.dll").Append(typeof(IKanModel<>).Assembly.Location)
            .Where(static path => IsManaged(path))
            .Select(static path => MetadataReference.CreateFromFile(path));
    }

    private static bool IsManaged(string path)
    {
        try
        {
            AssemblyName.GetAssemblyName(path);
            return true;
        }
        catch (BadImageFormatException)
        {
            return false;
        }
    }
}
