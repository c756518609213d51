using System.Text;
using Kan.Compiler.Emit;
using Kan.Generators.Output;

namespace Kan.Generators.Specs;

/// <summary>Names of generated files.</summary>
internal static class HintName
{
    private const int MaximumStem = 96;

    /// <summary>
    /// A name for a qualified name: its plain characters, then a hash of all of it, since hint names must differ even when names differ
    /// only in case or in characters that no file system likes.
    /// </summary>
    public static string Create(string qualifiedName)
    {
        var stem = new StringBuilder(qualifiedName.Length);
        foreach (char c in qualifiedName)
        {
            if (stem.Length == MaximumStem) break;
            if (c is '@' or ' ') continue;
            stem.Append(c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '.' or '_' ? c : '_');
        }

        return stem + "." + NameHash.Of(qualifiedName) + ".g.cs";
    }
}
