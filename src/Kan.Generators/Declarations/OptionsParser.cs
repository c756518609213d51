using System;
using System.Collections.Generic;
using System.Globalization;
using Kan.Generators.Attributes;
using Kan.Generators.Diagnostics;
using Kan.Generators.Parsing;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Declarations;

/// <summary>Reads <c>Precision</c> and <c>Lowering</c> of an attribute.</summary>
internal static class OptionsParser
{
    /// <summary>The number type.</summary>
    public static Precision Precision(AttributeData attribute, List<Problem> problems) =>
        Option<Precision>(attribute, nameof(Precision), problems);

    /// <summary>The form of the layers that bend.</summary>
    public static Lowering Lowering(AttributeData attribute, List<Problem> problems) =>
        Option<Lowering>(attribute, nameof(Lowering), problems);

    private static T Option<T>(AttributeData attribute, string name, List<Problem> problems)
        where T : struct, Enum
    {
        int value = AttributeReader.Option(attribute, name);
        if (Enum.IsDefined(typeof(T), value)) return (T)Enum.ToObject(typeof(T), value);
        problems.Add(new Problem(Descriptors.UnknownOption, new Place.Argument(attribute, name),
            value.ToString(CultureInfo.InvariantCulture), name, string.Join(", ", Enum.GetNames(typeof(T)))));
        return default;
    }
}
