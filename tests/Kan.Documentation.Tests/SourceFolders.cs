using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Kan.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kan.Documentation.Tests;

/// <summary>A type that a source file declares at its top.</summary>
/// <param name="Name">Its name without type parameters.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="IsPublic">Whether other projects see it.</param>
/// <param name="Folder">The folder below its project; "." for the project itself.</param>
internal sealed record SourceType(string Name, string Namespace, bool IsPublic, string Folder)
{
    /// <summary>What the parts of one type have in common.</summary>
    public string Key => Namespace + "." + Name;
}

/// <summary>The source files of one project under <c>src</c>, by folder, and which folders use the types of which.</summary>
/// <remarks>
/// Names are read in the syntax, not bound: a name counts as a type unless it is a member after a dot, or stands for a value that the same
/// file declares.
/// </remarks>
internal sealed class SourceFolders
{
    private readonly List<(string Folder, CompilationUnitSyntax Root)> _files;

    private SourceFolders(string path)
    {
        Name = Path.GetFileName(path);
        _files =
        [
            .. Directory.EnumerateFiles(path, "*.cs", SearchOption.AllDirectories)
                .Select(file => (File: file, Parts: Path.GetRelativePath(path, file).Split(Path.DirectorySeparatorChar)[..^1]))
                .Where(static file => file.Parts is not ["bin" or "obj" or "console" or "service", ..])
                .OrderBy(static file => file.File, StringComparer.Ordinal)
                .Select(static file => (file.Parts.Length == 0 ? "." : string.Join('/', file.Parts),
                    (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(File.ReadAllText(file.File)).GetRoot())),
        ];
        Types =
        [
            .. _files.SelectMany(static file =>
                file.Root.DescendantNodes(static node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
                .OfType<BaseTypeDeclarationSyntax>().Select(type => new SourceType(
                    type.Identifier.ValueText, (type.Parent as BaseNamespaceDeclarationSyntax)?.Name.ToString() ?? "",
                    type.Modifiers.Any(SyntaxKind.PublicKeyword), file.Folder))),
        ];
    }

    /// <summary>The project.</summary>
    public string Name { get; }

    /// <summary>Its types, once for each part.</summary>
    public IReadOnlyList<SourceType> Types { get; }

    /// <summary>All projects.</summary>
    public static IEnumerable<SourceFolders> Projects() =>
        Directory.GetDirectories(Repository.PathOf("src")).Order(StringComparer.Ordinal).Select(static path => new SourceFolders(path))
            .Where(static project => project._files.Count > 0);

    /// <summary>The folders that each folder uses, in order.</summary>
    public SortedDictionary<string, SortedSet<string>> Edges()
    {
        var folders = Types.ToLookup(static type => type.Name, static type => type.Folder, StringComparer.Ordinal);
        var edges = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var (folder, root) in _files)
        {
            if (!edges.TryGetValue(folder, out var used)) edges.Add(folder, used = new SortedSet<string>(StringComparer.Ordinal));
            var own = Declared(root).ToHashSet(StringComparer.Ordinal);
            var names = root.DescendantNodes().OfType<SimpleNameSyntax>()
                .Where(name => IsFirst(name) && !(IsValue(name) && own.Contains(name.Identifier.ValueText)));
            foreach (string name in names.Select(static name => name.Identifier.ValueText).Distinct())
            {
                if (!folders[name].Contains(folder)) used.UnionWith(folders[name]);
            }
        }

        return edges;
    }

    private static bool IsFirst(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access =>
            access.Expression == name || access.Expression is IdentifierNameSyntax { Identifier.ValueText: "Kan" },
        MemberBindingExpressionSyntax or NameColonSyntax or NameEqualsSyntax => false,
        AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } assignment => assignment.Left != name,
        QualifiedNameSyntax { Parent: UsingDirectiveSyntax or BaseNamespaceDeclarationSyntax or QualifiedNameSyntax } => false,
        UsingDirectiveSyntax or BaseNamespaceDeclarationSyntax => false,
        _ => true,
    };

    // Where a value stands, a property called like a type of another folder is meant, not the type.
    private static bool IsValue(SimpleNameSyntax name) =>
        name.Parent is ArgumentSyntax or ArrowExpressionClauseSyntax or EqualsValueClauseSyntax or InterpolationSyntax or StatementSyntax
        or MemberAccessExpressionSyntax or BinaryExpressionSyntax or AssignmentExpressionSyntax or InvocationExpressionSyntax
            or ConditionalExpressionSyntax or ConditionalAccessExpressionSyntax
        or ElementAccessExpressionSyntax or PrefixUnaryExpressionSyntax or ParenthesizedExpressionSyntax or IsPatternExpressionSyntax
            or SwitchExpressionSyntax or SwitchExpressionArmSyntax;

    private static IEnumerable<string> Declared(CompilationUnitSyntax root) => root.DescendantNodes().Select(static node => node switch
    {
        PropertyDeclarationSyntax property => property.Identifier.ValueText,
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        VariableDeclaratorSyntax variable => variable.Identifier.ValueText,
        ParameterSyntax parameter => parameter.Identifier.ValueText,
        EnumMemberDeclarationSyntax member => member.Identifier.ValueText,
        BaseTypeDeclarationSyntax { Parent: TypeDeclarationSyntax } nested => nested.Identifier.ValueText,
        _ => "",
    }).Where(static name => name.Length > 0);
}
