using System;
using System.IO;

namespace Kan.Interchange.Export;

/// <summary>A network written as ONNX.</summary>
public sealed class OnnxExport
{
    internal OnnxExport(byte[] bytes, RoundingReport rounding)
    {
        Bytes = bytes;
        Rounding = rounding;
    }

    /// <summary>The content of the file.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>What the number type of the file changed.</summary>
    public RoundingReport Rounding { get; }

    /// <summary>Writes the file whole or not at all; one that is there already stays as it is on failure.</summary>
    /// <param name="path">The file; folders are made.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, Bytes.Span);
    }
}
