using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;

namespace Kan.Tool;

/// <summary>Lists of names and of numbers as people write them, separated by commas or semicolons.</summary>
internal static class NameText
{
    /// <summary>The most labels that a class is generated for.</summary>
    public const int MostLabels = 1024;

    public const string ExpectedNumbers = "finite numbers separated by commas, one for each input, with decimal points";

    /// <summary>
    /// The parts of a list, at semicolons, or without one at commas that are not in parentheses; parts that are empty are left out.
    /// </summary>
    public static ImmutableArray<string> Split(string text)
    {
        char separator = text.Contains(';', StringComparison.Ordinal) ? ';' : ',';
        var parts = ImmutableArray.CreateBuilder<string>();
        int start = 0, depth = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '(') depth++;
            if (i < text.Length && text[i] == ')') depth--;
            if (i < text.Length && (text[i] != separator || depth > 0)) continue;
            string part = text[start..i].Trim();
            if (part.Length > 0) parts.Add(part);
            start = i + 1;
        }

        return parts.ToImmutable();
    }

    /// <summary>The names of a list; what is wrong with it, or null.</summary>
    public static string? TryParse(string text, string example, out ImmutableArray<string> names)
    {
        names = [.. text.Split(text.Contains(';', StringComparison.Ordinal) ? ';' : ',', StringSplitOptions.TrimEntries)];
        return names.Contains("") || Fault(names) is not null ? $"different names separated by commas, such as {example}" : null;
    }

    /// <summary>What is wrong with names that stand for different things; null for nothing.</summary>
    public static string? Fault(ImmutableArray<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        if (names.FirstOrDefault(name => !seen.Add(name)) is { } twice) return $"have '{MessageText.Name(twice)}' twice";
        return names.Length > MostLabels
            ? string.Create(CultureInfo.InvariantCulture, $"are {names.Length}, of which at most {MostLabels} are supported")
            : null;
    }

    /// <summary>The numbers of a list, exactly the nearest doubles.</summary>
    public static bool TryParseNumbers(string text, out ImmutableArray<Rational> numbers)
    {
        numbers = [];
        var values = ImmutableArray.CreateBuilder<Rational>();
        foreach (string part in text.Split(',', ';'))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
                return false;
            values.Add(Rational.FromDouble(value));
        }

        numbers = values.ToImmutable();
        return true;
    }
}
