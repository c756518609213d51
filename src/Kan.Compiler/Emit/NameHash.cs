using System.Globalization;

namespace Kan.Compiler.Emit;

/// <summary>
/// Hashes that tell apart names of files and types whose readable parts are equal. They are the same in every process, unlike hash codes of
/// strings.
/// </summary>
internal static class NameHash
{
    /// <summary>The hash of a name, in eight hexadecimal digits: FNV-1a over UTF-16 units.</summary>
    public static string Of(string name)
    {
        uint hash = 2166136261;
        foreach (char c in name) hash = unchecked((hash ^ c) * 16777619);
        return hash.ToString("x8", CultureInfo.InvariantCulture);
    }
}
