using System.IO;
using System.Linq;
using System.Reflection;
using Kan.Interchange;
using Xunit;

namespace Kan.Analysis.Tests.Support;

/// <summary>Files of the repository: trained models, and the pictures of its documentation.</summary>
internal static class Repository
{
    // The path of a source file is not a path on disk in a deterministic build.
    private static readonly string s_root = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "RepositoryRoot").Value!;

    public static string PathOf(params string[] parts) => Path.Combine([s_root, .. parts]);

    public static KanNetwork Model(params string[] parts) => ModelImporter.Import(PathOf(parts)).ToNetwork();

    /// <summary>
    /// Requires a picture of the documentation to be what the code draws, byte for byte. What a failing test got lies beside it as
    /// <c>NAME.received.svg</c>; accept it by renaming.
    /// </summary>
    public static void IsDocumented(string svg, string name)
    {
        string verified = PathOf("docs", "images", name + ".svg"), received = PathOf("docs", "images", name + ".received.svg");
        string accepted = File.Exists(verified) ? File.ReadAllText(verified) : "";
        if (accepted == svg)
        {
            File.Delete(received);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(received)!);
        File.WriteAllText(received, svg);
        Assert.Fail($"docs/images/{name}.svg is not what the code draws now; compare it with {name}.received.svg beside it.");
    }
}
