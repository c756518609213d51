using Kan.Generators.Attributes;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Names;

/// <summary>The inputs or the outputs, in words.</summary>
/// <param name="Attribute">The metadata name of the attribute.</param>
/// <param name="Title">How a sentence begins with one.</param>
/// <param name="Noun">What one is called.</param>
internal sealed record NameSides(string Attribute, string Title, string Noun)
{
    /// <summary>The inputs.</summary>
    public static NameSides Input { get; } = new(AttributeNames.Input, "Input", "input");

    /// <summary>The outputs.</summary>
    public static NameSides Output { get; } = new(AttributeNames.Output, "Output", "output");

    /// <summary>What an attribute names; null for another attribute.</summary>
    public static NameSides? Of(AttributeData attribute) =>
        AttributeReader.Is(attribute, Input.Attribute) ? Input : AttributeReader.Is(attribute, Output.Attribute) ? Output : null;
}
