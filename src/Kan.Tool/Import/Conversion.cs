using System;
using System.IO;
using System.Text;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>Converts one file.</summary>
internal static class Conversion
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>
    /// Writes the model as <c>.kan.json</c>; an output that is there already stays as it is on failure, and where it is the same.
    /// </summary>
    /// <param name="input">The model.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="options">What the model does not say.</param>
    /// <param name="simplification">How the model is simplified on its declared ranges; null if it is not.</param>
    /// <param name="calibrate">Gives the model the ranges of hidden values that samples have.</param>
    /// <returns>The text of the document and what was done to read the model.</returns>
    /// <exception cref="ModelFileException">The model cannot be used.</exception>
    /// <exception cref="ToolException">The output cannot be written.</exception>
    public static (string Text, ImportReport Report) Run(string input, string output, ImportOptions options,
        ModelSimplifier.Mode? simplification, Func<KanDocument, KanDocument> calibrate)
    {
        var result = ModelImporter.Import(input, simplification?.Apply(options) ?? options);
        if (simplification is not null) result = simplification.Run(input, result, options);
        string text = KanDocumentWriter.Write(calibrate(result.Document));
        if (!IsThere(output, text)) WriteAtomically(output, text);
        return (text, result.Report);
    }

    /// <summary>Writes a text whole or not at all.</summary>
    /// <exception cref="ToolException">The file cannot be written.</exception>
    public static void WriteAtomically(string path, string text) => Output.Write(path, () => AtomicFile.Write(path, s_utf8.GetBytes(text)));

    // A compilation that reads the output then finds nothing to do.
    private static bool IsThere(string path, string text)
    {
        try
        {
            return File.Exists(path) && RegularFile.ReadAllText(path) == text;
        }
        catch (Exception exception) when (FileFailure.Covers(exception))
        {
            return false;
        }
    }
}
