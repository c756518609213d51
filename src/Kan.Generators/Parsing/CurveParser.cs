using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Kan.Generators.Diagnostics;
using Kan.Generators.Output;
using Kan.Generators.Specs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.Generators.Parsing;

/// <summary>Reads <c>[PiecewiseLinear]</c>.</summary>
internal static class CurveParser
{
    /// <summary>What a method with <c>[PiecewiseLinear]</c> asks for.</summary>
    public static Parsed<Spec> Parse(IMethodSymbol method, AttributeData attribute, CancellationToken cancellation)
    {
        var problems = new List<Problem>();
        string? fault = FaultOf(method, cancellation);
        if (fault is not null) problems.Add(new Problem(Descriptors.InvalidCurveMethod, new Place.Identifier(method), method.Name, fault));
        var target = DeclarationParser.Parse(method.ContainingType, method, problems, cancellation);

        var precision = method.ReturnType.SpecialType == SpecialType.System_Single ? Precision.Single : Precision.Double;
        bool complete = AttributeReader.IsComplete(attribute);
        var function = complete ? FunctionParser.Parse(attribute, "'" + method.Name + "'", precision, problems) : null;
        return new Parsed<Spec>(target is null || fault is not null || method.Name.Length == 0 ? null : CreateSpec(), [.. problems]);

        Spec CreateSpec()
        {
            string type = precision == Precision.Single ? "float" : "double";
            var parameter = method.Parameters[0];
            string parameterName = DeclarationParser.Escape(parameter.Name);
            string declaration = string.Join(" ", Modifiers(method, cancellation).Concat([type])) + " " + DeclarationParser.Escape(method.Name)
                + "(" + (method.IsExtensionMethod ? "this " : "") + type + " " + parameterName + ")";
            string hint = HintName.Create(DeclarationParser.QualifiedName(method) + "." + type);
            return function is not null
                ? new CurveSpec(hint, method.Name, target!, precision, declaration, parameterName, function)
                : new CurveStubSpec(hint, method.Name, target!, declaration, problems.Count > 0 ? problems[0].Descriptor.Id : string.Empty);
        }
    }

    /// <summary>Whether a method is the first of those that would share a generated file, as happens while a copy is being edited.</summary>
    public static bool IsFirst(IMethodSymbol method) =>
        SymbolEqualityComparer.Default.Equals(method, method.ContainingType.GetMembers(method.Name).OfType<IMethodSymbol>().FirstOrDefault(other =>
            SymbolEqualityComparer.Default.Equals(other.ReturnType, method.ReturnType)
            && AttributeReader.First(other, AttributeNames.PiecewiseLinear) is not null));

    private static string? FaultOf(IMethodSymbol method, CancellationToken cancellation)
    {
        if (!method.IsStatic) return "is not static";
        if (method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is not MethodDeclarationSyntax syntax) return "is not an ordinary method";
        if (!syntax.Modifiers.Any(static modifier => modifier.Text == "partial")) return "is not partial";
        if (!method.IsPartialDefinition || HasOwnBody(method)) return "has a body already";
        if (method.TypeParameters.Length > 0) return "has type parameters";
        if (method.Parameters.Length != 1) return "does not take exactly one number";
        var parameter = method.Parameters[0];
        if (parameter.RefKind != RefKind.None || method.RefKind != RefKind.None) return "passes its number by reference";
        if (parameter.Type.SpecialType is not (SpecialType.System_Double or SpecialType.System_Single)
            || !SymbolEqualityComparer.Default.Equals(parameter.Type, method.ReturnType))
            return "does not go from double to double or from float to float";
        return null;
    }

    // The analyzer sees the generated body too.
    private static bool HasOwnBody(IMethodSymbol method) => method.PartialImplementationPart is { } body
        && !body.DeclaringSyntaxReferences.Any(static reference => reference.SyntaxTree.FilePath.Contains(nameof(KanGenerator)));

    private static IEnumerable<string> Modifiers(IMethodSymbol method, CancellationToken cancellation) =>
        method.DeclaringSyntaxReferences[0].GetSyntax(cancellation) is MethodDeclarationSyntax syntax
            ? syntax.Modifiers.Select(static modifier => modifier.Text)
            : [];
}
