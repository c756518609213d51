using System.IO;
using Kan.Interchange;
using Kan.Testing;
using Xunit;

namespace Kan.Analysis.Tests.Support;

/// <summary>Trained models of the repository, and the pictures of its documentation.</summary>
internal static class DocumentedFiles
{
    public static KanNetwork Model(params string[] parts) => ModelImporter.Import(Repository.PathOf(parts)).ToNetwork();

    /// <summary>
    /// Requires a picture of the documentation to be what the code draws, byte for byte. What a failing test got lies beside it as
    /// <c>NAME.received.svg</c>; accept it by renaming.
    /// </summary>
    public static void IsDocumented(string svg, string name)
    {
        string verified = Repository.PathOf("docs", "images", name + ".svg"),
            received = Repository.PathOf("docs", "images", name + ".received.svg");
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
