using System;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace Kan.Build;

/// <summary>Texts of items where they must not mean more than they say: to MSBuild, to the compiler, as the name of a file.</summary>
internal static class ItemText
{
    // A file system allows 255 bytes, and the document has an extension, an ".origin" and, while it is written, a temporary one.
    private const int LongestPart = 120;

    /// <summary>As MSBuild spells characters that are syntax to it, so that it passes them through unchanged.</summary>
    public static string ToMSBuild(string text) => Spell(text, static c => "%$@'();?*".IndexOf(c) >= 0, '%', "");

    /// <summary>
    /// As the generator reads metadata: in the file that carries them <c>#</c> and <c>;</c> begin comments and a line ends the value, so
    /// these are <c>{23}</c>, <c>{3B}</c>, <c>{0A}</c>, and <c>{</c> itself is <c>{7B}</c>.
    /// </summary>
    public static string ToMetadata(string text) =>
        Spell(text, static c => c is '{' or '#' or ';' || char.IsControl(c) || c is '\u2028' or '\u2029', '{', "}");

    /// <summary>
    /// Whether the compiler can be handed a path: its command line, and the file that carries metadata, where paths are patterns, have no
    /// way to write these characters.
    /// </summary>
    public static bool IsPathForCompiler(string path) =>
        !path.Any(static c => char.IsControl(c) || c is '\u2028' or '\u2029' || "\"*?[]{}|<>".IndexOf(c) >= 0);

    /// <summary>
    /// A relative path below obj for an item: its own where every tool can take that, else with <c>_</c> for what is special and with a
    /// hash that keeps it apart from others.
    /// </summary>
    /// <param name="path">The path of the item, with '/' between its parts; it may lead anywhere.</param>
    /// <param name="suffix">What keeps apart items of one file.</param>
    public static string ToOutputPath(string path, string suffix)
    {
        string whole = path + suffix;
        string[] parts = (path + suffix.Replace('/', '_').Replace('\\', '_')).Split(['/'], StringSplitOptions.RemoveEmptyEntries);
        bool isPlain = true;
        for (int i = 0; i < parts.Length; i++)
        {
            var part = new StringBuilder();
            foreach (char c in parts[i])
            {
                bool isKept = !char.IsControl(c) && !char.IsSurrogate(c) && c is not ('\u2028' or '\u2029')
                    && "\"*?:<>|\\$%`[]{}^".IndexOf(c) < 0;
                part.Append(isKept ? c : '_');
                isPlain &= isKept;
            }

            if (parts[i] is "." or "..") part.Clear().Append('_');
            if (part.Length > LongestPart)
            {
                part.Length = LongestPart;
                isPlain = false;
            }

            parts[i] = part.ToString();
        }

        return string.Join("/", parts) + (isPlain ? "" : "~" + Hash(whole));
    }

    private static string Hash(string text)
    {
        using var sha = SHA256.Create();
        return string.Concat(sha.ComputeHash(Encoding.UTF8.GetBytes(text)).Take(4)
            .Select(static b => b.ToString("x2", CultureInfo.InvariantCulture)));
    }

    private static string Spell(string text, Func<char, bool> isSpecial, char before, string after)
    {
        var result = new StringBuilder();
        foreach (char c in text)
        {
            if (isSpecial(c)) result.Append(before).Append(((int)c).ToString("X2", CultureInfo.InvariantCulture)).Append(after);
            else result.Append(c);
        }

        return result.ToString();
    }
}
