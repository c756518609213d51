using System;
using System.IO;
using System.Reflection;
using System.Runtime.Loader;
using System.Threading;
using Kan.Testing;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Kan.Generators.Tests.Harness;

/// <summary>Generated code, loaded; disposing unloads it.</summary>
public sealed class GeneratedAssembly : IDisposable
{
    private readonly AssemblyLoadContext _context;
    private readonly GeneratorRun? _run;

    private GeneratedAssembly(string? name, byte[] image, GeneratorRun? run)
    {
        _context = new AssemblyLoadContext(name, isCollectible: true);
        using var stream = new MemoryStream(image);
        Assembly = _context.LoadFromStream(stream);
        Image = image;
        _run = run;
    }

    /// <summary>The assembly.</summary>
    public Assembly Assembly { get; }

    /// <summary>Its bytes, for a process that loads it again.</summary>
    public byte[] Image { get; }

    /// <summary>How it came about.</summary>
    /// <exception cref="InvalidOperationException">It was loaded, not compiled.</exception>
    public GeneratorRun Run => _run ?? throw new InvalidOperationException("Another process compiled this assembly.");

    /// <summary>A type by its full name.</summary>
    public Type Type(string fullName) => Assembly.GetType(fullName, throwOnError: true)!;

    /// <summary>A static method as a delegate; overloads are told apart by the delegate's parameters.</summary>
    public TDelegate Method<TDelegate>(string typeName, string methodName)
        where TDelegate : Delegate
    {
        var parameters = Array.ConvertAll(typeof(TDelegate).GetMethod("Invoke")!.GetParameters(),
            static parameter => parameter.ParameterType);
        var method = Type(typeName).GetMethod(methodName, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic, parameters);
        Assert.NotNull(method);
        return method.CreateDelegate<TDelegate>();
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Unload();

    /// <summary>Loads what another process has compiled.</summary>
    public static GeneratedAssembly Load(string path) => new(Path.GetFileNameWithoutExtension(path), File.ReadAllBytes(path), run: null);

    /// <summary>Compiles what a run has made, without an error or a warning, and loads it.</summary>
    internal static GeneratedAssembly Load(GeneratorRun run, OptimizationLevel level)
    {
        // One pass over all methods gives code and complaints, as in the compiler itself; asking for the complaints alone would bind
        // everything twice.
        using var stream = new MemoryStream();
        var emitted = run.Compilation.WithOptions(run.Compilation.Options.WithOptimizationLevel(level))
            .Emit(stream, cancellationToken: CancellationToken.None);
        var complaints = run.Complaints(emitted.Diagnostics);
        Require.That(emitted.Success && complaints.IsEmpty, $"{string.Join("\n", complaints)}\n{run.Listing}");
        return new GeneratedAssembly(run.Compilation.AssemblyName, stream.ToArray(), run);
    }
}
