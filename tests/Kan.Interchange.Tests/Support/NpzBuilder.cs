using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;

namespace Kan.Interchange.Tests.Support;

/// <summary>Writes .npy and .npz as numpy does.</summary>
internal static class NpzBuilder
{
    public static byte[] Small(CompressionLevel level) => Archive(
        level,
        ("layer0_values.npy", Floats("(1, 3, 2)", 1, 2, 3, 4, 5, 7)),
        ("layer0_range.npy", Floats("(2,)", -1, 1)));

    public static byte[] Floats(string shape, params float[] values) =>
        Array(shape, "<f4", "False", [.. values.SelectMany(BitConverter.GetBytes)]);

    public static byte[] Array(string shape, string type, string order, byte[] data)
    {
        string header = $"{{'descr': '{type}', 'fortran_order': {order}, 'shape': {shape}, }}";
        header = header.PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.Latin1.GetBytes(header), .. data];
    }

    public static byte[] Archive(CompressionLevel level, params (string Name, byte[] Content)[] entries)
    {
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var stream = archive.CreateEntry(name, level).Open();
                stream.Write(content);
            }
        }

        return memory.ToArray();
    }
}
