using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Kan.Compiler.Lower;

/// <summary>Names of inputs, outputs and labels, which may hold anything, as C# identifiers.</summary>
internal static class Identifiers
{
    /// <summary>The characters of an identifier that are taken from a name: metadata has room for 1,023 bytes.</summary>
    private const int Longest = 128;

    private static readonly HashSet<string> s_keywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal",
            "default", "delegate", "do",
        "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto", "if",
            "implicit", "in", "int",
        "interface", "internal", "is", "lock", "long", "namespace", "new", "null", "object", "operator", "out", "override", "params",
            "private", "protected", "public",
        "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct", "switch", "this",
            "throw", "true", "try",
        "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",
    ];

    /// <summary>
    /// One identifier for each name: its words in PascalCase. Names that give the same one, or one that is taken, all end with an
    /// underscore and their index, so that none of them passes for the others.
    /// </summary>
    /// <param name="names">The names, of any characters.</param>
    /// <param name="noun">What stands, with the index, for a name without letters and digits.</param>
    /// <param name="taken">Identifiers that none may have.</param>
    public static ImmutableArray<string> Of(ImmutableArray<string> names, string noun, ISet<string> taken) =>
        Distinct([.. names.Select((name, i) => Pascal(name, noun + Text(i)))], taken);

    /// <summary>The identifiers as parameters, in camelCase; one that is a keyword begins with <c>@</c>.</summary>
    public static ImmutableArray<string> Parameters(ImmutableArray<string> identifiers)
    {
        var names = Distinct([.. identifiers.Select(Camel)], new HashSet<string>());
        return [.. names.Select(static name => s_keywords.Contains(name) ? "@" + name : name)];
    }

    private static ImmutableArray<string> Distinct(string[] identifiers, ISet<string> taken)
    {
        var counts = identifiers.GroupBy(static name => name, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.Count(), StringComparer.Ordinal);
        return [.. identifiers.Select((name, i) => counts[name] > 1 || taken.Contains(name) ? name + "_" + Text(i) : name)];
    }

    private static string Pascal(string name, string noun)
    {
        var text = new StringBuilder();
        bool isWordStart = true;
        foreach (char c in name)
        {
            if (text.Length == Longest) break;
            bool isLetter = IsLetter(c);
            if (isLetter || (IsPart(c) && text.Length > 0))
            {
                text.Append(isWordStart && isLetter ? char.ToUpperInvariant(c) : c);
                isWordStart = false;
            }
            else if (char.IsDigit(c))
            {
                text.Append('_').Append(c);
                isWordStart = false;
            }
            else
            {
                isWordStart = true;
            }
        }

        return text.Length == 0 ? noun : text.ToString();
    }

    // The leading capitals become small, but not the one that begins the next word: URLCount becomes urlCount.
    private static string Camel(string identifier)
    {
        int capitals = 0;
        while (capitals < identifier.Length && char.IsUpper(identifier[capitals])) capitals++;
        if (capitals > 1 && capitals < identifier.Length && char.IsLower(identifier[capitals])) capitals--;
        return identifier.Substring(0, capitals).ToLowerInvariant() + identifier.Substring(capitals);
    }

    private static bool IsLetter(char c) =>
        CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter
        or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber;

    private static bool IsPart(char c) => CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.DecimalDigitNumber
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
