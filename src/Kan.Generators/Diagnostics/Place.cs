using System.Linq;
using System.Threading;
using Kan.Generators.Attributes;
using Kan.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Kan.Generators.Diagnostics;

/// <summary>A place in a declaration, found in the syntax only when a diagnostic is reported there.</summary>
internal abstract record Place
{
    /// <summary>Where it is.</summary>
    public abstract Location Locate(CancellationToken cancellation);

    /// <summary>The identifier of a type or method, in the declaration given or else the first.</summary>
    public sealed record Identifier(ISymbol Symbol, SyntaxReference? Declaration = null) : Place
    {
        /// <inheritdoc/>
        public override Location Locate(CancellationToken cancellation)
        {
            var syntax = (Declaration ?? Symbol.DeclaringSyntaxReferences.FirstOrDefault())?.GetSyntax(cancellation);
            return syntax switch
            {
                BaseTypeDeclarationSyntax type => type.Identifier.GetLocation(),
                MethodDeclarationSyntax method => method.Identifier.GetLocation(),
                PropertyDeclarationSyntax property => property.Identifier.GetLocation(),
                VariableDeclaratorSyntax variable => variable.Identifier.GetLocation(),
                _ => Symbol.Locations.FirstOrDefault() ?? Location.None,
            };
        }
    }

    /// <summary>The name of an attribute.</summary>
    public sealed record AttributeName(AttributeData Attribute) : Place
    {
        /// <inheritdoc/>
        public override Location Locate(CancellationToken cancellation) =>
            SyntaxOf(Attribute, cancellation)?.Name.GetLocation() ?? Location.None;
    }

    /// <summary>An argument of an attribute, or one element of it where it is written as a list.</summary>
    /// <param name="Attribute">The attribute.</param>
    /// <param name="Name">The name of the property or of the constructor's parameter.</param>
    /// <param name="Element">The element, or -1 for the whole argument.</param>
    public sealed record Argument(AttributeData Attribute, string Name, int Element = -1) : Place
    {
        /// <inheritdoc/>
        public override Location Locate(CancellationToken cancellation)
        {
            var attribute = SyntaxOf(Attribute, cancellation);
            if (attribute is null) return Location.None;
            return AttributeArgument.Find(attribute, Attribute.AttributeConstructor, Name, Element)?.GetLocation()
                ?? attribute.Name.GetLocation();
        }
    }

    /// <summary>A piece of code.</summary>
    public sealed record Node(SyntaxNode Syntax) : Place
    {
        /// <inheritdoc/>
        public override Location Locate(CancellationToken cancellation) => Syntax.GetLocation();
    }

    /// <summary>A line of a file that is not C#.</summary>
    /// <param name="Path">The file.</param>
    /// <param name="Line">From 1.</param>
    /// <param name="Column">From 1.</param>
    public sealed record OtherFile(string Path, int Line = 1, int Column = 1) : Place
    {
        /// <inheritdoc/>
        public override Location Locate(CancellationToken cancellation)
        {
            if (Path.Length == 0) return Location.None;
            var position = new LinePosition(Line - 1, Column - 1);
            return Location.Create(MessageText.Escape(Path), default, new LinePositionSpan(position, position));
        }
    }

    private static AttributeSyntax? SyntaxOf(AttributeData attribute, CancellationToken cancellation) =>
        attribute.ApplicationSyntaxReference?.GetSyntax(cancellation) as AttributeSyntax;
}
