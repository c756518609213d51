using System;
using System.IO;
using System.Text;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>Converts one file.</summary>
internal static class Conversion
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes the model as <c>.kan.json</c>; an output that is there already stays as it is on failure.</summary>
    /// <exception cref="IOException">The output cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The output may not be written.</exception>
    public static Failure? Run(string input, string output, InputRange? range)
    {
        KanDocument document;
        try
        {
            document = ModelImporter.Import(input, range);
        }
        catch (ModelFileException exception)
        {
            return Failure.From(exception);
        }

        WriteAtomically(output, KanDocumentWriter.Write(document));
        return null;
    }

    public static void WriteAtomically(string path, string text) => AtomicFile.Write(path, s_utf8.GetBytes(text));
}
