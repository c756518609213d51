using System;
using System.Collections.Immutable;
using System.IO;

namespace Kan.Interchange;

/// <summary>A network written as safetensors.</summary>
public sealed class SafetensorsExport
{
    internal SafetensorsExport(byte[] bytes, ImmutableArray<string> modules, RoundingReport rounding)
    {
        Bytes = bytes;
        Modules = modules;
        Rounding = rounding;
    }

    /// <summary>The content of the file.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>
    /// The modules of the <c>torch.nn.Sequential</c> that these weights belong to, as Python: <c>Linear(64, 32)</c>, <c>ReLU()</c>.
    /// </summary>
    public ImmutableArray<string> Modules { get; }

    /// <summary>The changes caused by the file's number type.</summary>
    public RoundingReport Rounding { get; }

    /// <summary>Writes the file completely or not at all; on failure, an existing file is unchanged.</summary>
    /// <param name="path">The file; missing folders are created.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, Bytes.Span);
    }
}
