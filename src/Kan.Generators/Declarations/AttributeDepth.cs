using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.Generators.Declarations;

/// <summary>
/// Whether attributes may be bound. Asked for them, the compiler calls itself for each level of their arguments and throws where its stack
/// ends; in the pipeline of a generator that takes the process down, where the compiler alone reports an error.
/// </summary>
internal static class AttributeDepth
{
    private static readonly string[] s_names = ["KanNetwork", "KanModel", "Edge", "EdgeFunction", "PiecewiseLinear"];

    /// <summary>Whether the attributes of a declaration nest at most <see cref="Nesting.MostLevels"/> deep.</summary>
    public static bool Fits(SyntaxNode declaration) =>
        declaration is not MemberDeclarationSyntax member || member.AttributeLists.All(static list => Nesting.TooDeep(list, out _) is null);

    /// <summary>Whether the attributes of all declarations of a symbol do.</summary>
    public static bool Fits(ISymbol symbol, CancellationToken cancellation) =>
        symbol.DeclaringSyntaxReferences.All(reference => Fits(reference.GetSyntax(cancellation)));

    /// <summary>The first attribute of this product, by its name, that is too deep to bind; null if there is none.</summary>
    public static AttributeSyntax? FirstTooDeep(ISymbol symbol, CancellationToken cancellation) => symbol.DeclaringSyntaxReferences
        .Select(reference => reference.GetSyntax(cancellation)).OfType<MemberDeclarationSyntax>()
        .SelectMany(static member => member.AttributeLists).SelectMany(static list => list.Attributes)
        .FirstOrDefault(static attribute => s_names.Contains(NameOf(attribute)) && Nesting.TooDeep(attribute, out _) is not null);

    private static string NameOf(AttributeSyntax attribute)
    {
        const string Suffix = "Attribute";
        string name = attribute.Name switch
        {
            QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
            AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
            SimpleNameSyntax simple => simple.Identifier.ValueText,
            _ => "",
        };
        return name.EndsWith(Suffix, System.StringComparison.Ordinal) ? name.Substring(0, name.Length - Suffix.Length) : name;
    }
}
