using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;

namespace Kan.Generators.Diagnostics;

/// <summary>What diagnostics tell code fixes, in addition to their text.</summary>
internal static class DiagnosticProperties
{
    /// <summary>Numbers that the compiler has read from an attribute.</summary>
    public const string Numbers = "Kan.Numbers";

    /// <summary>The layer, input and output of an edge.</summary>
    public const string Edge = "Kan.Edge";

    /// <summary>The properties of a diagnostic about numbers.</summary>
    public static ImmutableDictionary<string, string?> Of(string name, IEnumerable<double> numbers) =>
        ImmutableDictionary<string, string?>.Empty.Add(name,
            string.Join(" ", numbers.Select(static number => number.ToString("R", CultureInfo.InvariantCulture))));

    /// <summary>The numbers of a diagnostic; null if it has none, or one that is not finite.</summary>
    public static ImmutableArray<double>? Read(ImmutableDictionary<string, string?> properties, string name)
    {
        if (!properties.TryGetValue(name, out string? text) || text is null) return null;
        var numbers = ImmutableArray.CreateBuilder<double>();
        foreach (string part in text.Length == 0 ? [] : text.Split(' '))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || double.IsNaN(number)
                || double.IsInfinity(number)) return null;
            numbers.Add(number);
        }

        return numbers.ToImmutable();
    }
}
