using System;
using System.IO;
using System.Text;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>Converts one file.</summary>
internal static class Conversion
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes the model as <c>.kan.json</c>; an output that is there already stays as it is on failure, and where it is the same.</summary>
    /// <param name="input">The model.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="options">What the model does not say.</param>
    /// <param name="report">What was done; null on failure.</param>
    /// <exception cref="IOException">The output cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The output may not be written.</exception>
    public static Failure? Run(string input, string output, ImportOptions options, out ImportReport? report)
    {
        report = null;
        ImportResult result;
        try
        {
            result = ModelImporter.Import(input, options);
        }
        catch (ModelFileException exception)
        {
            return Failure.From(exception);
        }

        string text = KanDocumentWriter.Write(result.Document);
        if (!IsThere(output, text)) WriteAtomically(output, text);
        report = result.Report;
        return null;
    }

    public static void WriteAtomically(string path, string text) => AtomicFile.Write(path, s_utf8.GetBytes(text));

    // A compilation that reads the output then finds nothing to do.
    private static bool IsThere(string path, string text) => File.Exists(path) && File.ReadAllText(path) == text;
}
