using System.Text;

namespace Kan.Compiler.Emit;

/// <summary>
/// Short names for the namespaces that kernels call into. What stands before <c>::</c> is looked up among aliases alone, so no type or namespace of the user's
/// can be meant, as with full names; and a line of arithmetic stays a line.
/// </summary>
internal static class Aliases
{
    private static readonly (string Alias, string Namespace)[] s_aliases =
    [
        ("Interop", "global::System.Runtime.InteropServices"),
        ("Panels", "global::Kan.Panels"),
        ("Runtime", "global::System.Runtime.CompilerServices"),
        ("Simd", "global::System.Runtime.Intrinsics"),
    ];

    /// <summary>The text with short names, behind the directives that it needs.</summary>
    public static string Shorten(string text)
    {
        var directives = new StringBuilder();
        foreach (var (alias, name) in s_aliases)
        {
            string shortened = text.Replace(name + ".", alias + "::");
            if (shortened.Length == text.Length) continue;
            directives.Append("using ").Append(alias).Append(" = ").Append(name).Append(";\n");
            text = shortened;
        }

        return directives.Append(directives.Length == 0 ? "" : "\n").Append(text).ToString();
    }
}
