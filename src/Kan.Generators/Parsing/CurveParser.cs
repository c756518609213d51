using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Kan.Generators.Attributes;
using Kan.Generators.Declarations;
using Kan.Generators.Diagnostics;
using Kan.Generators.Output;
using Kan.Generators.Specs;
using Kan.Generators.Symbolic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.Generators.Parsing;

/// <summary>Reads <c>[PiecewiseLinear]</c>.</summary>
internal static class CurveParser
{
    /// <summary>What a method with <c>[PiecewiseLinear]</c> asks for.</summary>
    public static Parsed<Spec> Parse(IMethodSymbol method, AttributeData attribute, Compilation compilation, CancellationToken cancellation)
    {
        var problems = new List<Problem>();
        string? fault = FaultOf(method, cancellation);
        if (fault is not null) problems.Add(new Problem(Descriptors.InvalidCurveMethod, new Place.Identifier(method), method.Name, fault));
        var target = DeclarationParser.Parse(method.ContainingType, method, problems, cancellation);

        var precision = method.ReturnType.SpecialType == SpecialType.System_Single ? Precision.Single : Precision.Double;
        bool complete = AttributeReader.IsComplete(attribute);
        FunctionSource? function = !complete ? null
            : AttributeReader.NamedText(attribute, CurveDeclaration.Function) is { } name
            ? Compile(method, attribute, name, problems, compilation, cancellation)
            : FunctionParser.Parse(attribute, "'" + method.Name + "'", precision, problems);
        return new Parsed<Spec>(target is null || fault is not null || method.Name.Length == 0 || !HasSoundHeader(method, cancellation)
            ? null
            : CreateSpec(), [.. problems]);

        Spec CreateSpec()
        {
            string type = precision == Precision.Single ? "float" : "double";
            var parameter = method.Parameters[0];
            string parameterName = DeclarationParser.Escape(parameter.Name);
            string declaration = string.Join(" ", Modifiers(method, cancellation).Concat([type])) + " "
                + DeclarationParser.Escape(method.Name)
                + "(" + (method.IsExtensionMethod ? "this " : "") + type + " " + parameterName + ")";
            string hint = HintName.Create(DeclarationParser.QualifiedName(method) + "." + type);
            var error = problems.FirstOrDefault(static problem => problem.Descriptor.DefaultSeverity == DiagnosticSeverity.Error);
            return function is not null && error is null
                ? new CurveSpec(hint, method.Name, target!, precision, declaration, parameterName, function)
                : new CurveStubSpec(hint, method.Name, target!, declaration, error?.Descriptor.Id ?? string.Empty);
        }
    }

    /// <summary>
    /// Whether a method is the first of those that would share a generated file, as happens while a copy is being edited.
    /// </summary>
    public static bool IsFirst(IMethodSymbol method) =>
        SymbolEqualityComparer.Default.Equals(method,
            method.ContainingType.GetMembers(method.Name).OfType<IMethodSymbol>().FirstOrDefault(other =>
            SymbolEqualityComparer.Default.Equals(other.ReturnType, method.ReturnType)
            && AttributeReader.First(other, AttributeNames.PiecewiseLinear) is not null));

    private static CompiledFunctionSpec? Compile(
        IMethodSymbol method, AttributeData attribute, string name, List<Problem> problems, Compilation compilation,
        CancellationToken cancellation)
    {
        foreach (string property in new[] { "Breakpoints", "Slopes", "ValueAtZero" })
        {
            if (!AttributeReader.Has(attribute, property)) continue;
            problems.Add(new Problem(Descriptors.AttributesDoNotFit, new Place.Argument(attribute, property), method.Name,
                "PiecewiseLinear", "with Function and with " + property, "keep the function or the numbers"));
        }

        if (method.Parameters.Length != 1) return null;
        if (CurveDeclaration.ImplementationOf(method, attribute) is { } code)
        {
            var compiled = FunctionCompiler.Compile(code, compilation, cancellation);
            problems.AddRange(compiled.Problems);
            return compiled.Functions.IsDefault ? null : new CompiledFunctionSpec(compiled.Functions[0]);
        }

        string type = method.ReturnType.ToDisplayString();
        string fact = CurveDeclaration.Candidates(method, name).Any()
            ? "no static method of that name with a body takes and returns " + type
            : "'" + method.ContainingType.Name + "' has no method of that name";
        problems.Add(new Problem(Descriptors.ImplementationNotFound, new Place.Argument(attribute, CurveDeclaration.Function), method.Name,
            name, fact, method.ContainingType.Name, type));
        return null;
    }

    private static string? FaultOf(IMethodSymbol method, CancellationToken cancellation)
    {
        if (!method.IsStatic) return "is not static";
        if (method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is not MethodDeclarationSyntax syntax)
            return "is not an ordinary method";
        if (!syntax.Modifiers.Any(static modifier => modifier.Text == "partial")) return "is not partial";
        if (!method.IsPartialDefinition || HasOwnBody(method)) return "already has a body";
        if (method.TypeParameters.Length > 0) return "has type parameters";
        if (method.Parameters.Length != 1) return "does not take exactly one number";
        var parameter = method.Parameters[0];
        if (parameter.RefKind != RefKind.None || method.RefKind != RefKind.None) return "passes its number by reference";
        if (parameter.Type.SpecialType is not (SpecialType.System_Double or SpecialType.System_Single)
            || !SymbolEqualityComparer.Default.Equals(parameter.Type, method.ReturnType))
            return "does not map double to double or float to float";
        return null;
    }

    // The analyzer sees the generated body too.
    private static bool HasOwnBody(IMethodSymbol method) => method.PartialImplementationPart is { } body
        && !body.DeclaringSyntaxReferences.Any(GeneratedFiles.Contains);

    // Whatever is repeated or contradicts itself while it is being typed is the compiler's to report, once.
    private static IEnumerable<string> Modifiers(IMethodSymbol method, CancellationToken cancellation) =>
        method.DeclaringSyntaxReferences[0].GetSyntax(cancellation) is MethodDeclarationSyntax syntax
            ? syntax.Modifiers.Select(static modifier => modifier.Text).Where(static modifier => modifier != "partial").Distinct()
            .Append("partial")
            : [];

    private static bool HasSoundHeader(IMethodSymbol method, CancellationToken cancellation) =>
        method.DeclaringSyntaxReferences[0].GetSyntax(cancellation)
            is MethodDeclarationSyntax { ParameterList.ContainsDiagnostics: false, ReturnType.ContainsDiagnostics: false }
        && method.Parameters[0].Name.Length > 0
        && Modifiers(method, cancellation).Where(static modifier => modifier is "public" or "internal" or "protected" or "private")
            .OrderBy(static modifier => modifier).ToArray()
            is [_] or ["internal", "protected"] or ["private", "protected"];
}
