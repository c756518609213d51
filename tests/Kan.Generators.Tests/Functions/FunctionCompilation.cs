extern alias generators;

using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using generators::Kan.Generators.Diagnostics;
using generators::Kan.Generators.Parsing;
using generators::Kan.Generators.Symbolic;
using Kan.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;
using Curve = generators::Kan.Networks.PiecewiseLinearFunction;
using Exact = generators::Kan.Networks.Rational;

namespace Kan.Generators.Tests.Functions;

/// <summary>Many methods in one compilation, which costs little more than one method.</summary>
public sealed class FunctionCompilation
{
    private readonly Dictionary<string, IMethodSymbol> _methods;
    private readonly Dictionary<string, CompiledMethod> _compiled = [];

    /// <summary>Compiles the methods of a class body.</summary>
    public FunctionCompilation(string members)
    {
        Compilation = GeneratorHarness.Compile("using System;\nusing System.Collections.Generic;\nusing System.Linq;\nusing "
            + "System.Numerics;\npublic static class Edges\n{\n" + members + "\n}\n");
        var errors = Compilation.GetDiagnostics().Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.True(!errors.Any(), string.Join("\n", errors));
        _methods = Compilation.GetTypeByMetadataName("Edges")!.GetMembers().OfType<IMethodSymbol>()
            .ToDictionary(static method => method.Name);
    }

    internal CSharpCompilation Compilation { get; }

    internal IReadOnlyDictionary<string, IMethodSymbol> Methods => _methods;

    internal CompiledMethod this[string name]
    {
        get
        {
            if (!_compiled.TryGetValue(name, out var compiled))
                _compiled.Add(name, compiled = FunctionCompiler.Compile(_methods[name], Compilation, CancellationToken.None));
            return compiled;
        }
    }

    /// <summary>The functions of a method that must have no mistake.</summary>
    internal ImmutableArray<Curve> Parts(string name)
    {
        Assert.True(!this[name].Functions.IsDefault, name + ": " + Describe(name));
        return this[name].Functions;
    }

    /// <summary>The exact value of a method.</summary>
    internal Exact Value(string name, params Exact[] arguments) =>
        Parts(name).Zip(arguments, static (part, argument) => part.Evaluate(argument))
            .Aggregate(Exact.Zero, static (sum, value) => sum + value);

    /// <summary>The mistakes of a method: <c>KAN0203 'x &lt; 10'</c>.</summary>
    internal string[] Mistakes(string name) =>
        [.. this[name].Problems.Select(static problem => problem.Descriptor.Id + " '" + Text(problem) + "'")];

    /// <summary>The mistakes of a method with their messages.</summary>
    internal string Describe(string name) =>
        string.Join("\n", this[name].Problems.Select(static problem => problem.ToDiagnostic(CancellationToken.None).ToString()));

    /// <summary>The messages of a method.</summary>
    internal string[] Messages(string name) =>
        [.. this[name].Problems.Select(static problem => problem.ToDiagnostic(CancellationToken.None)
            .GetMessage(System.Globalization.CultureInfo.InvariantCulture))];

    private static string Text(Problem problem)
    {
        var location = problem.Place.Locate(CancellationToken.None);
        return location.SourceTree!.ToString().Substring(location.SourceSpan.Start, location.SourceSpan.Length);
    }
}
