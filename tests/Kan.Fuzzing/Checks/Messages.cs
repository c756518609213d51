using System.Globalization;
using System.Text;

namespace Kan.Fuzzing.Checks;

/// <summary>What a message may hold, and what is the same in messages of one kind.</summary>
internal static class Messages
{
    /// <summary>The longest message, in UTF-16 units. Names in it come from the file, so they must be shortened.</summary>
    public const int MaximumLength = 4_100;

    /// <summary>What is wrong with a message that goes to a terminal or an editor; null where nothing is.</summary>
    public static string? Fault(string message)
    {
        if (message.Length == 0) return "is empty";
        if (message.Length > MaximumLength) return string.Create(CultureInfo.InvariantCulture, $"has {message.Length} characters");
        return Unprintable(message) is { } c ? string.Create(CultureInfo.InvariantCulture, $"holds U+{(int)c:X4}") : null;
    }

    /// <summary>The first character that moves the cursor, ends a line or turns the direction of text.</summary>
    public static char? Unprintable(string text, string allowed = "")
    {
        foreach (char c in text)
        {
            if (IsUnprintable(c) && !allowed.Contains(c, System.StringComparison.Ordinal)) return c;
        }

        return null;
    }

    /// <summary>A message without numbers and without what stands in quotes.</summary>
    public static string Shape(string message)
    {
        var shape = new StringBuilder();
        bool isQuoted = false;
        foreach (char c in message)
        {
            if (c is '\'' or '"') isQuoted = !isQuoted;
            else if (isQuoted) continue;
            else if (!char.IsAsciiDigit(c)) shape.Append(c);
            else if (shape.Length == 0 || shape[^1] != '0') shape.Append('0');
            if (shape.Length > 160) break;
        }

        return shape.ToString();
    }

    private static bool IsUnprintable(char c) =>
        char.IsControl(c) || c is '\u061C' or '\u200E' or '\u200F' or '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E')
            or (>= '\u2066' and <= '\u2069');
}
