using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.ComponentModel;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Kan.Documentation.Tests;

/// <summary>
/// Pages about the public types of some assemblies: declarations as the compiler sees them, words from the documentation comments. What the
/// compiler adds to records, and what is inherited unchanged, is left out.
/// </summary>
internal sealed class ApiReference
{
    private static readonly SymbolDisplayFormat s_type = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameOnly,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes
        | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat s_declaration = s_type
        .AddGenericsOptions(SymbolDisplayGenericsOptions.IncludeTypeConstraints | SymbolDisplayGenericsOptions.IncludeVariance)
        .AddKindOptions(SymbolDisplayKindOptions.IncludeTypeKeyword)
        .AddMemberOptions(
            SymbolDisplayMemberOptions.IncludeAccessibility | SymbolDisplayMemberOptions.IncludeModifiers
            | SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType
            | SymbolDisplayMemberOptions.IncludeConstantValue | SymbolDisplayMemberOptions.IncludeRef)
        .AddParameterOptions(
            SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeType
            | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeExtensionThis)
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.AllowDefaultLiteral)
        .WithPropertyStyle();

    private static readonly (string Title, Func<ISymbol, bool> Holds)[] s_sections =
    [
        ("Constructors", static member => member is IMethodSymbol { MethodKind: MethodKind.Constructor }),
        ("Values", static member => member is IFieldSymbol { ContainingType.TypeKind: TypeKind.Enum }),
        ("Fields", static member => member is IFieldSymbol { ContainingType.TypeKind: not TypeKind.Enum }),
        ("Properties", static member => member is IPropertySymbol),
        ("Methods", static member => member is IMethodSymbol { MethodKind: MethodKind.Ordinary }),
        ("Operators", static member => member is IMethodSymbol { MethodKind: MethodKind.UserDefinedOperator or MethodKind.Conversion }),
    ];

    private readonly ImmutableArray<INamedTypeSymbol> _types;
    private readonly DocumentationText _text;

    private ApiReference(ImmutableArray<INamedTypeSymbol> types)
    {
        _types = types;
        _text = new DocumentationText(types.ToDictionary(static type => type.GetDocumentationCommentId()!, PageOf));
    }

    /// <summary>The pages by file name; README.md is the index.</summary>
    public static SortedDictionary<string, string> Pages(IReadOnlyList<string> libraries)
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        MetadataReference[] references =
        [
            .. libraries.Select(static library => MetadataReference.CreateFromFile(library,
                documentation: XmlDocumentationProvider.CreateFromFile(Path.ChangeExtension(library, ".xml")))),
        ];
        var compilation = CSharpCompilation.Create("Reference",
            references: [.. references, .. Directory.GetFiles(framework, "System*.dll")
            .Select(static path => MetadataReference.CreateFromFile(path))]);
        var types = references.Select(reference => (IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(reference)!)
            .SelectMany(static assembly => Types(assembly.GlobalNamespace));
        var pages =
            new ApiReference([.. types.OrderBy(static type => type.ContainingNamespace.ToDisplayString(), StringComparer.Ordinal)
            .ThenBy(static type => PageOf(type), StringComparer.Ordinal)]);
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["README.md"] = pages.Index() };
        foreach (var type in pages._types) all.Add(PageOf(type), pages.Page(type));
        return all;
    }

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol container) =>
        container.GetMembers().SelectMany(static member => member switch
    {
        INamespaceSymbol inner => Types(inner),
        INamedTypeSymbol { DeclaredAccessibility: Accessibility.Public } type when !IsHidden(type) => Types(type).Prepend(type),
        _ => [],
    });

    private static bool IsHidden(ISymbol symbol) => symbol.GetAttributes().Any(static attribute =>
        attribute.AttributeClass?.Name == nameof(EditorBrowsableAttribute)
            && attribute.ConstructorArguments is [{ Value: (int)EditorBrowsableState.Never }]);

    private static string PageOf(INamedTypeSymbol type) => type.GetDocumentationCommentId()![2..].Replace('`', '-') + ".md";

    private static string Name(ISymbol type) => type.ToDisplayString(s_type.WithContainingTypes());

    private string Index()
    {
        var text = new StringBuilder("""
            # API reference

            The public types, from their documentation comments. The namespace `Kan` is in the package `Kan.Generators`, for applications; the page of
            [IKanModel](Kan.IKanModel-1.md) has the members of a network that you declare. `Kan.Networks`, `Kan.Interchange` and `Kan.Analysis` are in the
            package `Kan.Networks`, for code that converts, proves and draws networks. `Kan.ML`, `Kan.DuckDB` and `Kan.Orleans` are packages of their own.

            """.ReplaceLineEndings("\n"));
        foreach (var space in _types.GroupBy(static type => type.ContainingNamespace.ToDisplayString()))
        {
            text.Append($"\n## {space.Key}\n\n| type | |\n|---|---|\n");
            foreach (var type in space) text.Append($"| [{Escape(Name(type))}]({PageOf(type)}) | {Cell(_text.Summary(type))} |\n");
        }

        return text.ToString();
    }

    private string Page(INamedTypeSymbol type)
    {
        var text = new StringBuilder($"# {Escape(Name(type))}\n\nNamespace `{type.ContainingNamespace.ToDisplayString()}`, in "
            + $"`{type.ContainingAssembly.Name}.dll`. [All types](README.md)\n\n");
        text.Append($"```csharp\n{Declaration(type)}\n```\n\n{_text.Summary(type)}\n");
        Append(text, _text.Remarks(type));
        AppendNames(text, "Type parameters",
            type.TypeParameters.Select(parameter => (parameter.Name, _text.Named(type, "typeparam", parameter.Name))));

        var members = type.GetMembers().Where(member => IsShown(member, type)).ToArray();
        foreach (var (title, holds) in s_sections)
        {
            var section = members.Where(holds).ToArray();
            if (section.Length == 0) continue;
            text.Append($"\n## {title}\n");
            if (title == "Values")
            {
                text.Append("\n| value | |\n|---|---|\n");
                foreach (var value in section) text.Append($"| `{value.Name}` | {Cell(_text.Summary(value))} |\n");
                continue;
            }

            foreach (var member in section) AppendMember(text, member);
        }

        return text.ToString();
    }

    private void AppendMember(StringBuilder text, ISymbol member)
    {
        string name = member switch
        {
            IMethodSymbol { MethodKind: MethodKind.Constructor } => member.ContainingType.Name,
            IMethodSymbol { MethodKind: MethodKind.UserDefinedOperator or MethodKind.Conversion } => member.Name[3..],
            IPropertySymbol { IsIndexer: true } => "this[]",
            _ => member.Name,
        };
        text.Append(
            $"\n### {name}\n\n```csharp\n{(member is { IsStatic: true, IsAbstract: true } ? "static abstract " : "")}{member.ToDisplayString(s_declaration)}\n```\n");
        Append(text, _text.Summary(member));
        Append(text, _text.Remarks(member));
        if (member is IMethodSymbol method)
        {
            AppendNames(text, null,
                method.TypeParameters.Select(parameter => (parameter.Name, _text.Named(member, "typeparam", parameter.Name)))
                .Concat(method.Parameters.Select(parameter => (parameter.Name, _text.Named(member, "param", parameter.Name)))));
        }

        string returns = _text.Part(member, "returns");
        if (returns.Length > 0) text.Append($"\nReturns: {returns}\n");
        foreach (var (exception, when) in _text.Exceptions(member)) text.Append($"\nThrows {exception}: {when}\n");
    }

    private static void Append(StringBuilder text, string paragraph)
    {
        if (paragraph.Length > 0) text.Append($"\n{paragraph}\n");
    }

    private static void AppendNames(StringBuilder text, string? title, IEnumerable<(string Name, string Text)> rows)
    {
        var known = rows.Where(static row => row.Text.Length > 0).ToArray();
        if (known.Length == 0) return;
        if (title is not null) text.Append($"\n{title}:\n");
        text.Append('\n');
        foreach (var (name, words) in known) text.Append($"- `{name}`: {words.ReplaceLineEndings(" ")}\n");
    }

    /// <summary>Attributes, modifiers and bases stand in a type's declaration; its members do not.</summary>
    private static string Declaration(INamedTypeSymbol type)
    {
        string modifiers = "public " + (type.TypeKind == TypeKind.Class ? type.IsStatic ? "static " : type.IsAbstract
            ? "abstract "
            : type.IsSealed ? "sealed " : "" : type.IsReadOnly ? "readonly " : "")
            + (type.IsRefLikeType ? "ref " : "");
        string[] bases =
        [
            .. type.BaseType is { SpecialType: SpecialType.None } parent ? [parent.ToDisplayString(s_type)] : Array.Empty<string>(),
            .. type.Interfaces.Where(face => !(type.IsRecord && face.Name == "IEquatable"))
                .Select(static face => face.ToDisplayString(s_type)),
        ];
        return modifiers + type.ToDisplayString(s_declaration)
            + (bases.Length == 0 || type.TypeKind == TypeKind.Enum ? "" : " : " + string.Join(", ", bases));
    }

    private static bool IsShown(ISymbol member, INamedTypeSymbol type)
    {
        if (member.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Protected) || IsHidden(member)) return false;
        if (member is IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters.Length: 0 }
            && (type.TypeKind == TypeKind.Struct || member.GetDocumentationCommentXml() is not { Length: > 0 })) return false;
        if (member is IMethodSymbol { OverriddenMethod: not null } && type.TypeKind != TypeKind.Interface
            && member.Name is "Equals" or "GetHashCode" or "ToString") return false;

        // What the compiler makes for records.
        return !(type.IsRecord && (member.Name is "Equals" or "Deconstruct" or "EqualityContract" or "PrintMembers" or "op_Equality"
            or "op_Inequality" || member.Name.StartsWith('<')
            || member is IMethodSymbol { MethodKind: MethodKind.Constructor, Parameters: [{ Type: var only }] }
            && SymbolEqualityComparer.Default.Equals(only, type)));
    }

    private static string Escape(string name) => name.Replace("<", "\\<", StringComparison.Ordinal);

    private static string Cell(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);
}

/// <summary>Formats that differ in one option.</summary>
internal static class DisplayFormats
{
    public static SymbolDisplayFormat WithContainingTypes(this SymbolDisplayFormat format) => new(
        format.GlobalNamespaceStyle, SymbolDisplayTypeQualificationStyle.NameAndContainingTypes, format.GenericsOptions,
        format.MemberOptions, format.DelegateStyle,
        format.ExtensionMethodStyle, format.ParameterOptions, format.PropertyStyle, format.LocalOptions, format.KindOptions,
        format.MiscellaneousOptions);

    public static SymbolDisplayFormat WithPropertyStyle(this SymbolDisplayFormat format) => new(
        format.GlobalNamespaceStyle, format.TypeQualificationStyle, format.GenericsOptions, format.MemberOptions, format.DelegateStyle,
        format.ExtensionMethodStyle, format.ParameterOptions, SymbolDisplayPropertyStyle.ShowReadWriteDescriptor, format.LocalOptions,
        format.KindOptions, format.MiscellaneousOptions);
}
