using System;
using System.Linq;
using System.Threading;
using Kan.Generators.Attributes;
using Kan.Generators.Diagnostics;
using Kan.Generators.Specs;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Parsing;

/// <summary>The way from an attributed declaration to its spec, for the generator's pipeline.</summary>
internal static class SpecReader
{
    /// <summary>The spec of a <c>[KanNetwork]</c>.</summary>
    public static Spec? ReadNetwork(GeneratorAttributeSyntaxContext context, CancellationToken cancellation) =>
        Read<INamedTypeSymbol>(context, AttributeNames.KanNetwork, NetworkParser.Parse, static _ => true, cancellation);

    /// <summary>The spec of a <c>[KanModel]</c>.</summary>
    public static Spec? ReadModel(GeneratorAttributeSyntaxContext context, CancellationToken cancellation) =>
        Read<INamedTypeSymbol>(context, AttributeNames.KanModel, ModelParser.Parse, static _ => true, cancellation);

    /// <summary>The spec of a <c>[PiecewiseLinear]</c>.</summary>
    public static Spec? ReadCurve(GeneratorAttributeSyntaxContext context, CancellationToken cancellation) =>
        Read<IMethodSymbol>(context, AttributeNames.PiecewiseLinear, CurveParser.Parse, CurveParser.IsFirst, cancellation);

    private static Spec? Read<TSymbol>(
        GeneratorAttributeSyntaxContext context, string attributeName, Func<TSymbol, AttributeData, Compilation, CancellationToken,
        Parsed<Spec>> parse, Func<TSymbol, bool> isWanted, CancellationToken cancellation)
        where TSymbol : class, ISymbol
    {
        try
        {
            if (context.TargetSymbol is not TSymbol symbol || AttributeReader.First(symbol, attributeName) is not { } attribute)
                return null;

            // An attribute repeated on two parts of a type is an error, but would add the same file twice.
            return IsOn(attribute, context.TargetNode) && isWanted(symbol)
                ? parse(symbol, attribute, context.SemanticModel.Compilation, cancellation).Spec
                : null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return new FailedSpec(context.TargetSymbol.Name, exception.GetType().Name + ": " + exception.Message);
        }
    }

    private static bool IsOn(AttributeData attribute, SyntaxNode declaration) => attribute.ApplicationSyntaxReference is { } reference
        && reference.SyntaxTree == declaration.SyntaxTree && declaration.Span.Contains(reference.Span);
}
