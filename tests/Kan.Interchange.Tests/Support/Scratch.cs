using System;
using System.IO;

namespace Kan.Interchange.Tests.Support;

/// <summary>A temporary folder whose name is as awkward as users' are.</summary>
internal sealed class Scratch : IDisposable
{
    public string Folder { get; } = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "kan tést " + Guid.NewGuid().ToString("N")))
        .FullName;

    public string PathOf(string name) => Path.Combine(Folder, name);

    public string Write(string name, byte[] bytes)
    {
        string path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
