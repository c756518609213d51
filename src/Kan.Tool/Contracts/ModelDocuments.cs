using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;

namespace Kan.Tool;

/// <summary>The documents that a build compiled, found by the hashes of their networks.</summary>
internal sealed class ModelDocuments(IReadOnlyList<string> paths)
{
    private readonly Dictionary<string, KanDocument> _known = new(StringComparer.Ordinal);
    private int _read;

    /// <summary>The document of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="project">The project, at which a missing document is reported.</param>
    /// <exception cref="ToolException">There is none.</exception>
    public KanDocument Find(StatedNetwork network, string project)
    {
        if (network.Document is { } text) return KanDocumentReader.Read(text);
        while (!_known.ContainsKey(network.ContentHash) && _read < paths.Count) Read(paths[_read++]);
        return _known.TryGetValue(network.ContentHash, out var document)
            ? document
            : throw new ToolException(new Failure(project, "KAN0903",
                $"The model of '{MessageText.Name(network.Type)}' is not among those of the build: build the project again."));
    }

    private void Read(string path)
    {
        try
        {
            var document = KanDocumentReader.Read(File.ReadAllText(path));
            _known[ContentHash.Compute(document.Compact(CancellationToken.None))] = document;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or KanFormatException)
        {
            // The compiler has read it, or reports it.
        }
    }
}
