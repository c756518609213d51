using System;
using System.IO;
using System.Reflection;
using System.Runtime.Loader;
using System.Threading;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Kan.Generators.Tests.Harness;

/// <summary>Generated code, loaded; disposing unloads it.</summary>
public sealed class GeneratedAssembly : IDisposable
{
    private readonly AssemblyLoadContext _context;

    private GeneratedAssembly(AssemblyLoadContext context, Assembly assembly, GeneratorRun run)
    {
        _context = context;
        Assembly = assembly;
        Run = run;
    }

    /// <summary>The assembly.</summary>
    public Assembly Assembly { get; }

    /// <summary>How it came about.</summary>
    public GeneratorRun Run { get; }

    /// <summary>A type by its full name.</summary>
    public Type Type(string fullName) => Assembly.GetType(fullName, throwOnError: true)!;

    /// <summary>A static method as a delegate; overloads are told apart by the delegate's parameters.</summary>
    public TDelegate Method<TDelegate>(string typeName, string methodName)
        where TDelegate : Delegate
    {
        var parameters = Array.ConvertAll(typeof(TDelegate).GetMethod("Invoke")!.GetParameters(), static parameter => parameter.ParameterType);
        var method = Type(typeName).GetMethod(methodName, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic, parameters);
        Assert.NotNull(method);
        return method.CreateDelegate<TDelegate>();
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Unload();

    internal static GeneratedAssembly Load(GeneratorRun run, OptimizationLevel level)
    {
        using var stream = new MemoryStream();
        var emitted = run.Compilation.WithOptions(run.Compilation.Options.WithOptimizationLevel(level)).Emit(stream, cancellationToken: CancellationToken.None);
        Assert.True(emitted.Success, string.Join("\n", emitted.Diagnostics));
        stream.Position = 0;
        var context = new AssemblyLoadContext(run.Compilation.AssemblyName, isCollectible: true);
        return new GeneratedAssembly(context, context.LoadFromStream(stream), run);
    }
}
