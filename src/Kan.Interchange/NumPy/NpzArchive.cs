using System;
using System.Collections.Generic;
using Kan.Interchange.Archives;

namespace Kan.Interchange.NumPy;

/// <summary>The arrays of a <c>.npz</c> file, which is a ZIP archive.</summary>
internal static class NpzArchive
{
    private const string Remedy = "Save the model again with numpy.savez.";

    /// <summary>The arrays by name, without <c>.npy</c>.</summary>
    /// <exception cref="ModelFileException">The archive is damaged, or holds something else than float arrays.</exception>
    public static Dictionary<string, NpyArray> Read(ModelFile file)
    {
        var arrays = new Dictionary<string, NpyArray>(StringComparer.Ordinal);
        using var entries = ZipEntries.Open(file, "an .npz archive", Remedy);
        foreach (string entry in entries.Names)
        {
            string name = entry.EndsWith(".npy", StringComparison.Ordinal)
                ? entry[..^4]
                : throw file.Unsupported($"The archive holds '{entry}', which is not a .npy array. {Remedy}");
            arrays.Add(name, NpyArray.Read(entries.Read(entry), name, file));
        }

        return arrays;
    }
}
