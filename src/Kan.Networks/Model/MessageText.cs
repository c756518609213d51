using System;
using System.Globalization;
using System.Text;

namespace Kan.Networks;

/// <summary>
/// Texts that others wrote (names in models, paths, metadata) where people read them: in messages and in comments of generated code.
/// Characters that would end a line, move the cursor or change the order of what is shown are spelled <c>\u202e</c>, and long texts lose
/// their middle.
/// </summary>
internal static class MessageText
{
    /// <summary>The characters of a name that are shown.</summary>
    public const int LongestName = 160;

    /// <summary>The characters of a message that are shown.</summary>
    public const int LongestMessage = 4_000;

    // What is shown of the end of a text that is cut.
    private const int Tail = 32;

    /// <summary>A name of at most <see cref="LongestName"/> characters, without characters that are not shown as themselves.</summary>
    public static string Name(string text) => Escape(Cut(text, LongestName));

    /// <summary>A message of at most <see cref="LongestMessage"/> characters, on one line.</summary>
    public static string Bound(string text) => Escape(Cut(text, LongestMessage));

    /// <summary>A text of any length on one line, without characters that are not shown as themselves.</summary>
    public static string Escape(string text)
    {
        int first = 0;
        while (first < text.Length && IsPlain(text[first])) first++;
        if (first == text.Length) return text;
        var result = new StringBuilder(text, 0, first, text.Length + 16);
        for (int i = first; i < text.Length; i++)
        {
            char c = text[i];
            bool isPair = i + 1 < text.Length && char.IsSurrogatePair(c, text[i + 1]);
            if (isPair && IsShown(CharUnicodeInfo.GetUnicodeCategory(text, i))) result.Append(c).Append(text[++i]);
            else if (!char.IsSurrogate(c) && IsShown(CharUnicodeInfo.GetUnicodeCategory(c))) result.Append(c);
            else result.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
        }

        return result.ToString();
    }

    /// <summary>A text that is shortened in the middle if it is longer; the number of omitted characters replaces it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="longest">The characters to keep, more than 64.</param>
    public static string Cut(string text, int longest)
    {
        if (text.Length <= longest) return text;
        int head = longest - Tail, tail = text.Length - Tail;
        if (char.IsHighSurrogate(text[head - 1])) head--;
        if (char.IsLowSurrogate(text[tail])) tail++;
        return text.Substring(0, head) + "...(" + text.Length.ToString(CultureInfo.InvariantCulture) + " characters)..."
            + text.Substring(tail);
    }

    private static bool IsPlain(char c) => c is >= ' ' and < '\u007F';

    // Format characters have the marks of writing direction among them.
    private static bool IsShown(UnicodeCategory category) => category is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);
}
