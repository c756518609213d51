using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Attributes;

/// <summary>Reads the values of attributes; what the compiler rejects already reads as null and is not reported again.</summary>
internal static class AttributeReader
{
    /// <summary>The first attribute of a symbol with this metadata name.</summary>
    public static AttributeData? First(ISymbol symbol, string metadataName) =>
        symbol.GetAttributes().FirstOrDefault(attribute => Is(attribute, metadataName));

    /// <summary>Whether an attribute has this metadata name.</summary>
    public static bool Is(AttributeData attribute, string metadataName) =>
        attribute.AttributeClass is { } type && metadataName.EndsWith(type.MetadataName, StringComparison.Ordinal)
        && type.ContainingType is null && type.ContainingNamespace + "." + type.MetadataName == metadataName;

    /// <summary>Whether the compiler understood all arguments.</summary>
    public static bool IsComplete(AttributeData attribute) => attribute.AttributeConstructor is not null
        && attribute.ConstructorArguments.All(IsValid) && attribute.NamedArguments.All(static argument => IsValid(argument.Value))
        && (attribute.ApplicationSyntaxReference?.GetSyntax() is not { } syntax || !syntax.ContainsDiagnostics);

    /// <summary>The integers of a constructor's argument.</summary>
    public static ImmutableArray<int> Integers(AttributeData attribute, int ordinal) =>
        ordinal < attribute.ConstructorArguments.Length ? [.. Elements(attribute.ConstructorArguments[ordinal]).Select(ToInt)] : [];

    /// <summary>An integer of the constructor.</summary>
    public static int Integer(AttributeData attribute, int ordinal) => ToInt(attribute.ConstructorArguments[ordinal]);

    /// <summary>A text of the constructor, or null.</summary>
    public static string? Text(AttributeData attribute, int ordinal) =>
        ordinal < attribute.ConstructorArguments.Length ? attribute.ConstructorArguments[ordinal].Value as string : null;

    /// <summary>The numbers of a property; empty if it is silent.</summary>
    public static ImmutableArray<double> Numbers(AttributeData attribute, string property) =>
        Named(attribute, property) is { } value ? [.. Elements(value).Select(ToDouble)] : [];

    /// <summary>The number of a property; 0 where it is silent.</summary>
    public static double Number(AttributeData attribute, string property) => Named(attribute, property) is { } value ? ToDouble(value) : 0;

    /// <summary>Whether a property is <c>true</c>.</summary>
    public static bool Flag(AttributeData attribute, string property) => Named(attribute, property)?.Value is true;

    /// <summary>The integer of an enumeration property; 0 where it is silent.</summary>
    public static int Option(AttributeData attribute, string property) => Named(attribute, property) is { } value ? ToInt(value) : 0;

    /// <summary>The text of a property; null if it is silent.</summary>
    public static string? NamedText(AttributeData attribute, string property) => Named(attribute, property)?.Value as string;

    /// <summary>Whether a property is given.</summary>
    public static bool Has(AttributeData attribute, string property) => Named(attribute, property) is not null;

    private static TypedConstant? Named(AttributeData attribute, string property)
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Key == property) return argument.Value;
        }

        return null;
    }

    private static ImmutableArray<TypedConstant> Elements(TypedConstant constant) =>
        constant.Kind == TypedConstantKind.Array && !constant.IsNull ? constant.Values : [];

    private static bool IsValid(TypedConstant constant) => constant.Kind switch
    {
        TypedConstantKind.Error => false,
        TypedConstantKind.Array => constant.IsNull || constant.Values.All(IsValid),
        _ => true,
    };

    private static int ToInt(TypedConstant constant) => constant.Value is int value ? value : 0;

    private static double ToDouble(TypedConstant constant) => constant.Value switch
    {
        double value => value,
        IConvertible value => value.ToDouble(CultureInfo.InvariantCulture),
        _ => 0,
    };
}
