using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Compiler.Emit;
using Kan.Generators.Diagnostics;
using Kan.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.Generators.Declarations;

/// <summary>Reads the type that members are added to.</summary>
internal static class DeclarationParser
{
    /// <summary>The type as it must be re-declared; null, with the reasons in <paramref name="problems"/>, where it cannot be.</summary>
    /// <param name="type">The innermost type.</param>
    /// <param name="subject">What is to be added to: the type or a method.</param>
    /// <param name="problems">Takes the mistakes.</param>
    /// <param name="cancellation">Cancels.</param>
    public static TargetType? Parse(INamedTypeSymbol type, ISymbol subject, ICollection<Problem> problems, CancellationToken cancellation)
    {
        var declarations = new List<string>();
        bool complete = true;
        for (var current = type; current is not null; current = current.ContainingType)
        {
            cancellation.ThrowIfCancellationRequested();
            if (NotPartial(current, cancellation) is { } declaration)
            {
                problems.Add(new Problem(Descriptors.TypeIsNotPartial, new Place.Identifier(current, declaration), current.Name,
                    subject.Name));
                complete = false;
            }

            if (current.TypeParameters.Length > 0)
            {
                problems.Add(new Problem(Descriptors.TypeIsGeneric, new Place.Identifier(current), current.Name, subject.Name));
                complete = false;
            }

            if (current.IsFileLocal)
            {
                problems.Add(new Problem(Descriptors.TypeIsFileLocal, new Place.Identifier(current), current.Name, subject.Name));
                complete = false;
            }

            if (current.ContainingType is null && HidingType(current) is { } hiding)
            {
                problems.Add(new Problem(Descriptors.NameIsTaken, new Place.Identifier(hiding), hiding.Name, subject.Name));
                complete = false;
            }

            // While the name is still being typed there is nothing to add to, and the compiler says so.
            if (current.Name.Length == 0 || HasUnnamedNamespace(current)) complete = false;
            declarations.Insert(0, "partial " + Keyword(current) + " " + Escape(current.Name));
        }

        return complete ? new TargetType(NamespaceOf(type), [.. declarations], type.IsStatic) : null;
    }

    /// <summary>The namespaces, the types and the name of a symbol, joined by dots.</summary>
    public static string QualifiedName(ISymbol symbol)
    {
        var names = new List<string>();
        for (var current = symbol; current is not null and not INamespaceSymbol { IsGlobalNamespace: true };
            current = current.ContainingSymbol)
        {
            if (current is INamespaceSymbol or INamedTypeSymbol || ReferenceEquals(current, symbol)) names.Insert(0, current.Name);
        }

        return string.Join(".", names);
    }

    /// <summary>A name as an identifier.</summary>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None
            ? "@" + name
            : name;

    /// <summary>A type of the project that hides a namespace which generated code goes through.</summary>
    private static INamedTypeSymbol? HidingType(INamedTypeSymbol type)
    {
        var global = type.ContainingAssembly.GlobalNamespace;
        return global.GetTypeMembers("System").Concat(global.GetTypeMembers("Kan")).FirstOrDefault(static hiding => hiding.Arity == 0);
    }

    private static bool HasUnnamedNamespace(INamedTypeSymbol type)
    {
        for (var current = type.ContainingNamespace; current is { IsGlobalNamespace: false }; current = current.ContainingNamespace)
        {
            if (current.Name.Length == 0) return true;
        }

        return false;
    }

    private static string NamespaceOf(INamedTypeSymbol type)
    {
        var names = new List<string>();
        for (var current = type.ContainingNamespace; current is { IsGlobalNamespace: false }; current = current.ContainingNamespace)
            names.Insert(0, Escape(current.Name));
        return string.Join(".", names);
    }

    private static SyntaxReference? NotPartial(INamedTypeSymbol type, CancellationToken cancellation) =>
        type.DeclaringSyntaxReferences.FirstOrDefault(reference => reference.GetSyntax(cancellation) is not BaseTypeDeclarationSyntax syntax
            || !syntax.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static string Keyword(INamedTypeSymbol type) => (type.TypeKind, type.IsRecord) switch
    {
        (TypeKind.Struct, true) => "record struct",
        (TypeKind.Struct, false) => "struct",
        (TypeKind.Interface, _) => "interface",
        (_, true) => "record",
        _ => "class",
    };
}
