using System;
using System.IO;
using System.IO.Compression;
using System.Text;
using Kan.Interchange.Tests.Support;

namespace Kan.Interchange.Tests.Keras;

/// <summary>Models of Keras, as they are and changed.</summary>
internal static class KerasModel
{
    public static byte[] Bytes(string name) => File.ReadAllBytes(TestFiles.Model("keras/" + name));

    public static ImportResult Import(string name, byte[] bytes, ImportOptions? options = null)
    {
        using var scratch = new Scratch();
        return ModelImporter.Import(scratch.Write(name, bytes), options ?? ImportOptions.None);
    }

    /// <summary>An archive with another content of one entry; without it where there is none.</summary>
    public static byte[] Change(byte[] archive, string entry, Func<byte[], byte[]?> change)
    {
        using var result = new MemoryStream();
        using (var from = new ZipArchive(new MemoryStream(archive)))
        using (var to = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var part in from.Entries)
            {
                using var content = new MemoryStream();
                using (var stream = part.Open()) stream.CopyTo(content);
                byte[]? bytes = part.FullName == entry ? change(content.ToArray()) : content.ToArray();
                if (bytes is null) continue;
                using var written = to.CreateEntry(part.FullName, CompressionLevel.NoCompression).Open();
                written.Write(bytes);
            }
        }

        return result.ToArray();
    }

    /// <summary>An archive whose configuration says something else.</summary>
    public static byte[] Configure(string name, string found, string replacement) => Change(Bytes(name), "config.json", json =>
    {
        string text = Encoding.UTF8.GetString(json), changed = text.Replace(found, replacement, StringComparison.Ordinal);
        return changed != text ? Encoding.UTF8.GetBytes(changed) : throw new ArgumentException($"'{found}' is not in {text}");
    });
}
