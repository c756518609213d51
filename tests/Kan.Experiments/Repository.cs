using System.IO;
using System.Linq;
using System.Reflection;

namespace Kan.Experiments;

/// <summary>The files of the repository this program was built in.</summary>
internal static class Repository
{
    private static readonly string s_root = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static attribute => attribute.Key == "RepositoryRoot").Value!;

    /// <summary>The full path of a file or folder that is named from the root.</summary>
    public static string PathOf(string relativePath) => Path.Combine(s_root, relativePath);
}
