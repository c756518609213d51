using Kan.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.ModelFiles;

/// <summary>The document in a model's text, or what is wrong with it.</summary>
/// <param name="Document">The document, or null.</param>
/// <param name="Fault">The mistake, or null.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Column">Its column, from 1.</param>
internal sealed record ModelReading(KanDocument? Document, DiagnosticDescriptor? Fault = null, string Message = "", int Line = 1, int Column = 1)
{
    /// <summary>Reads a text. Generator and analyzer share this, so that what the one leaves out the other reports.</summary>
    public static ModelReading Read(string? text)
    {
        if (text is null) return new ModelReading(null, Descriptors.ModelFileMissing);
        try
        {
            return new ModelReading(KanDocumentReader.Read(text));
        }
        catch (KanFormatException exception)
        {
            return new ModelReading(null, Descriptors.ModelNotReadable, Sentence(exception.Message), exception.Line, exception.Column);
        }
    }

    private static string Sentence(string message) => message.TrimEnd('.');
}
