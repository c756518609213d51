using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Kan.Compiler;
using Kan.Compiler.Emit;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Kan.Experiments.Scaling;

/// <summary>A network as generated C#, compiled with optimisation and loaded, as a user's build would have it.</summary>
internal sealed class CompiledNetwork : IFloatNetwork
{
    private const string TypeName = "Measured";

    private static readonly Lazy<IReadOnlyList<MetadataReference>> s_references = new(FindReferences);

    private readonly Evaluation _evaluate;

    private CompiledNetwork(Evaluation evaluate, long bytes)
    {
        _evaluate = evaluate;
        Bytes = bytes;
    }

    private delegate void Evaluation(ReadOnlySpan<float> inputs, Span<float> outputs);

    public long Bytes { get; }

    /// <summary>Generates, compiles and loads.</summary>
    /// <exception cref="NetworkTooLargeException">The tables would be larger than the compiler takes.</exception>
    public static CompiledNetwork Create(KanDocument document, Lowering lowering)
    {
        var plan = NetworkCompiler.Plan(document, Kan.Precision.Single, lowering);
        var target = new TargetType("", [$"public static partial class {TypeName}"], IsStatic: true);
        var source = NetworkCompiler.Compile(document, new CompilerOptions { Target = target, Lowering = lowering, AllowUnsafe = true });
        var compilation = CSharpCompilation.Create(
            $"{TypeName}{Guid.NewGuid():N}",
            source.Files.Select(static (text, i) => CSharpSyntaxTree.ParseText(text, path: FormattableString.Invariant($"{i}.cs"))),
            s_references.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release,
                allowUnsafe: true));
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        if (!emitted.Success) throw new InvalidOperationException(string.Join("\n", emitted.Diagnostics.Take(5)));
        image.Position = 0;

        // Code of collectible contexts reaches its tables more slowly, so these stay until the process ends.
        var type = new AssemblyLoadContext(compilation.AssemblyName).LoadFromStream(image).GetType(TypeName, throwOnError: true)!;
        var method = type.GetMethod("Evaluate", BindingFlags.Static | BindingFlags.Public,
            [typeof(ReadOnlySpan<float>), typeof(Span<float>)])!;
        return new CompiledNetwork(method.CreateDelegate<Evaluation>(), plan.Layers.Sum(static layer => (long)layer.TableBytes));
    }

    public void Evaluate(ReadOnlySpan<float> inputs, Span<float> outputs) => _evaluate(inputs, outputs);

    private static IReadOnlyList<MetadataReference> FindReferences()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var trusted = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var paths = trusted.Where(path => Path.GetDirectoryName(path) == framework).Append(typeof(IKanModel<>).Assembly.Location);
        return [.. paths.Select(static path => MetadataReference.CreateFromFile(path))];
    }
}
