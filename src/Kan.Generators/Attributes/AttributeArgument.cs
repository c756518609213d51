using System.Collections.Generic;
using System.Linq;
using Kan.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.Generators.Attributes;

/// <summary>Finds the expression that gives an attribute a value.</summary>
internal static class AttributeArgument
{
    /// <summary>The expression of a named or positional argument, or of one element of it; null if it is silent.</summary>
    public static ExpressionSyntax? Find(AttributeSyntax attribute, IMethodSymbol? constructor, string name, int element)
    {
        var arguments = attribute.ArgumentList?.Arguments ?? default;
        foreach (var argument in arguments)
        {
            if (argument.NameEquals?.Name.Identifier.ValueText == name || argument.NameColon?.Name.Identifier.ValueText == name)
                return ElementOf(argument.Expression, element);
        }

        var parameter = constructor?.Parameters.FirstOrDefault(parameter => parameter.Name == name);
        if (parameter is null) return null;
        var positional = arguments.Where(static argument => argument.NameEquals is null && argument.NameColon is null).ToList();
        if (parameter.Ordinal >= positional.Count) return null;
        var first = positional[parameter.Ordinal].Expression;
        if (!parameter.IsParams) return ElementOf(first, element);
        if (positional.Count == parameter.Ordinal + 1 && ElementsOf(first) is not null) return ElementOf(first, element);
        int index = parameter.Ordinal + element;
        return element >= 0 && index < positional.Count ? positional[index].Expression : first;
    }

    private static ExpressionSyntax ElementOf(ExpressionSyntax expression, int element)
    {
        var elements = ElementsOf(expression);
        if (elements is null || element < 0 || element >= elements.Count) return expression;

        // A spread element, which an attribute cannot have, stands for no one element.
        return elements[element] switch { ExpressionElementSyntax one => one.Expression, ExpressionSyntax one => one, _ => expression };
    }

    // The list itself: it may have thousands of elements, of which one is needed.
    private static IReadOnlyList<SyntaxNode>? ElementsOf(ExpressionSyntax expression) => expression switch
    {
        CollectionExpressionSyntax collection => collection.Elements,
        ArrayCreationExpressionSyntax { Initializer: { } initializer } => initializer.Expressions,
        ImplicitArrayCreationExpressionSyntax { Initializer: { } initializer } => initializer.Expressions,
        _ => null,
    };
}
