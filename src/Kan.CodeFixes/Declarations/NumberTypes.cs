using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.CodeFixes.Declarations;

/// <summary>The type that a method from numbers to a number is given.</summary>
internal static class NumberTypes
{
    /// <summary><c>float</c> where all are, else <c>double</c>; null if one is not a type of numbers.</summary>
    public static SyntaxKind? Common(IEnumerable<ITypeSymbol> types)
    {
        var all = types.Select(static type => type.SpecialType).ToArray();
        if (!all.All(static type => type is >= SpecialType.System_SByte and <= SpecialType.System_Double)) return null;
        return all.All(static type => type == SpecialType.System_Single) ? SyntaxKind.FloatKeyword : SyntaxKind.DoubleKeyword;
    }

    /// <summary>A method that has one type throughout.</summary>
    public static MethodDeclarationSyntax WithType(this MethodDeclarationSyntax method, SyntaxKind keyword)
    {
        var types = method.ParameterList.Parameters.Select(static parameter => parameter.Type).Append(method.ReturnType)
            .OfType<TypeSyntax>();
        return method.ReplaceNodes(types, (original, _) => Typed(original));

        TypeSyntax Typed(TypeSyntax type) => SyntaxFactory.PredefinedType(SyntaxFactory.Token(keyword)).WithTriviaFrom(type);
    }

    /// <summary>The head of a method, on one line.</summary>
    public static string Head(this MethodDeclarationSyntax method) => string.Join(
        " ", method.Modifiers.Select(static modifier => modifier.Text)
        .Concat([method.ReturnType.ToString(), method.Identifier.Text + method.ParameterList]));
}
