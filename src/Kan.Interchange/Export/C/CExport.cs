using System;
using System.IO;
using System.Text;

namespace Kan.Interchange;

/// <summary>A network written as C99: a header and a source, both ASCII with LF line ends.</summary>
public sealed class CExport
{
    internal CExport(string identifier, string header, string sourceAfterInclude)
    {
        Identifier = identifier;
        Header = header;
        Body = sourceAfterInclude;
    }

    /// <summary>The prefix of the names of functions.</summary>
    public string Identifier { get; }

    /// <summary>The text of the header.</summary>
    public string Header { get; }

    private string Body { get; }

    /// <summary>The text of the source.</summary>
    /// <param name="headerName">The file name of the header next to it.</param>
    public string Source(string headerName) => $"#include \"{headerName}\"\n{Body}";

    /// <summary>Writes the source, and the header next to it; each completely or not at all.</summary>
    /// <param name="path">The source file; missing folders are created. The header has the same name with <c>.h</c>.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to a file is denied.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string header = Path.ChangeExtension(path, ".h");
        AtomicFile.Write(header, Encoding.UTF8.GetBytes(Header));
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(Source(Path.GetFileName(header))));
    }
}
