using System;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Compiler.Emit;

/// <summary>The partial type that generated members are added to.</summary>
/// <param name="Namespace">The namespace, or empty for the global one.</param>
/// <param name="Declarations">
/// The type and those around it, outermost first, as they must be re-declared: <c>partial class Outer</c>, <c>partial struct Risk</c>.
/// </param>
/// <param name="IsStatic">Whether the innermost type is static and so implements no interface.</param>
public sealed record TargetType(string Namespace, ImmutableArray<string> Declarations, bool IsStatic)
{
    /// <summary>The documentation of the innermost type as text; empty where its own declaration has it.</summary>
    public string Summary { get; init; } = "";

    /// <summary>The namespace and the names of the types, joined by dots.</summary>
    public string QualifiedName =>
        string.Join(".", Declarations.Select(NameOf).Prepend(Namespace).Where(static name => name.Length > 0)).Replace("@", "");

    /// <summary>
    /// A name for a type that belongs to this one and stands outside of it: its own name and a hash of all that it is called, so that types
    /// of one name in different places have different ones.
    /// </summary>
    internal string CompanionName
    {
        get => NameOf(Declarations[Declarations.Length - 1]).TrimStart('@') + "_"
            + NameHash.Of(Namespace + "." + string.Join(".", Declarations));
    }

    private static string NameOf(string declaration) => declaration.Substring(declaration.LastIndexOf(' ') + 1);

    /// <inheritdoc/>
    public bool Equals(TargetType? other) => other is not null
        && Summary == other.Summary && Namespace == other.Namespace && IsStatic == other.IsStatic
        && Declarations.SequenceEqual(other.Declarations);

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((StringComparer.Ordinal.GetHashCode(Namespace) * 31) + Declarations.Length);
}
