using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace Kan.Documentation.Tests;

/// <summary>Documentation comments as Markdown.</summary>
/// <param name="pages">The page of each type that has one, by documentation ID.</param>
internal sealed partial class DocumentationText(IReadOnlyDictionary<string, string> pages)
{
    /// <summary>The summary; of a property of a record, what the record says of the parameter.</summary>
    public string Summary(ISymbol symbol)
    {
        string own = Part(symbol, "summary");
        return own.Length == 0 && symbol is IPropertySymbol { ContainingType: { } type } ? Named(type, "param", symbol.Name) : own;
    }

    public string Remarks(ISymbol symbol) => Part(symbol, "remarks");

    public string Part(ISymbol symbol, string element) => Markdown(Comment(symbol)?.Element(element));

    /// <summary>What is said of a parameter or a type parameter.</summary>
    public string Named(ISymbol symbol, string element, string name) =>
        Markdown(Comment(symbol)?.Elements(element).FirstOrDefault(candidate => (string?)candidate.Attribute("name") == name));

    public IEnumerable<(string Exception, string When)> Exceptions(ISymbol symbol) =>
        Comment(symbol)?.Elements("exception").Select(element => (Reference((string)element.Attribute("cref")!), Markdown(element))) ?? [];

    private static XElement? Comment(ISymbol? symbol)
    {
        while (symbol?.GetDocumentationCommentXml() is { Length: > 0 } xml)
        {
            var comment = XElement.Parse(xml);
            if (comment.Element("inheritdoc") is null) return comment;
            symbol = Inherited(symbol);
        }

        return null;
    }

    /// <summary>Where a comment is inherited from: the overridden member, the member of an interface, or the base type.</summary>
    private static ISymbol? Inherited(ISymbol symbol) => symbol switch
    {
        IMethodSymbol { OverriddenMethod: { } overridden } => overridden,
        IPropertySymbol { OverriddenProperty: { } overridden } => overridden,
        INamedTypeSymbol type => (ISymbol?)type.Interfaces.FirstOrDefault() ?? type.BaseType,
        _ => symbol.ContainingType.AllInterfaces.SelectMany(static face => face.GetMembers())
            .FirstOrDefault(member =>
                SymbolEqualityComparer.Default.Equals(symbol.ContainingType.FindImplementationForInterfaceMember(member), symbol)),
    };

    private string Markdown(XElement? element)
    {
        if (element is null) return "";
        var text = new StringBuilder();
        Append(text, element);
        return string.Join("\n\n", BlankLines().Split(text.ToString())
            .Select(static paragraph => paragraph.StartsWith("```", StringComparison.Ordinal)
                ? paragraph
                : Spaces().Replace(paragraph, " ").Trim())
            .Where(static paragraph => paragraph.Length > 0));
    }

    private void Append(StringBuilder text, XElement element)
    {
        foreach (var node in element.Nodes())
        {
            switch (node)
            {
                case XText words:
                    text.Append(Newlines().Replace(words.Value.Replace("<", "\\<", StringComparison.Ordinal)
                        .Replace("*", "\\*", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)
                        .Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal), " "));
                    break;
                case XElement { Name.LocalName: "see" or "seealso" } see:
                    text.Append(see.Attribute("cref") is { } cref ? Reference(cref.Value) : see.Attribute("langword") is { } word
                        ? $"`{word.Value}`"
                        : $"[{see.Value}]({(string?)see.Attribute("href")})");
                    break;
                case XElement { Name.LocalName: "paramref" or "typeparamref" } parameter:
                    text.Append($"`{(string?)parameter.Attribute("name")}`");
                    break;
                case XElement { Name.LocalName: "c" } code:
                    text.Append($"`{code.Value}`");
                    break;
                case XElement { Name.LocalName: "code" } block:
                    text.Append($"\n\n```csharp\n{block.Value.Trim('\n')}\n```\n\n");
                    break;
                case XElement { Name.LocalName: "para" } paragraph:
                    text.Append("\n\n");
                    Append(text, paragraph);
                    text.Append("\n\n");
                    break;
                case XElement inner:
                    Append(text, inner);
                    break;
            }
        }
    }

    /// <summary>A link to a type that has a page, or the name alone.</summary>
    private string Reference(string id)
    {
        string path = id[2..].Split('(')[0];
        string name = Arity().Replace(path, "");
        if (id.StartsWith("T:", StringComparison.Ordinal))
            return pages.TryGetValue(id, out string? page) ? $"[{Last(name)}]({page})" : $"`{Last(name)}`";
        string type = path[..path.LastIndexOf('.')],
            member = Last(name) == "#ctor" ? Last(Arity().Replace(type, "")) : $"{Last(Arity().Replace(type, ""))}.{Last(name)}";
        return pages.TryGetValue("T:" + type, out string? home) ? $"[{member}]({home})" : $"`{member}`";
    }

    private static string Last(string name) => name[(name.LastIndexOf('.') + 1)..];

    [GeneratedRegex(@"\n{2,}(?![^`]*\n```(\n|$))")]
    private static partial Regex BlankLines();

    [GeneratedRegex(@"\s*\n\s*")]
    private static partial Regex Newlines();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"`+\d+")]
    private static partial Regex Arity();
}
