using System.IO;
using Kan.Testing;
using Xunit;

namespace Kan.Generators.Tests.Snapshots;

/// <summary>
/// Compares text with a checked-in file in the on-disk convention of Verify: <c>NAME.verified.cs</c> is what was accepted, a
/// <c>NAME.received.cs</c> beside it is what a failing test got; accept it by renaming.
/// </summary>
internal static class Snapshot
{
    /// <summary>Where accepted texts are.</summary>
    public static string Folder { get; } = Repository.PathOf("tests", "Kan.Generators.Tests", "Snapshots");

    /// <summary>Requires the text to be what was accepted, byte for byte.</summary>
    public static void Verify(string text, string name)
    {
        string verified = Path.Combine(Folder, name + ".verified.cs"), received = Path.Combine(Folder, name + ".received.cs");
        string accepted = File.Exists(verified) ? File.ReadAllText(verified) : "";
        if (accepted == text)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, text);
        Assert.Equal(accepted, text);
    }
}
