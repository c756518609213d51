using System;

namespace Kan.Networks;

/// <summary>A text that is not a <c>.kan.json</c> document: what was found where, and what was expected.</summary>
public sealed class KanFormatException : FormatException
{
    /// <summary>An error without a location.</summary>
    public KanFormatException()
        : this("The text is not a .kan.json document.")
    {
    }

    /// <summary>An error at the start of the text.</summary>
    public KanFormatException(string message)
        : this(message, null)
    {
    }

    /// <summary>An error at the start of the text, with its cause.</summary>
    public KanFormatException(string message, Exception? innerException)
        : base(message, innerException)
    {
        Line = 1;
        Column = 1;
    }

    /// <summary>An error at a place.</summary>
    /// <param name="message">What was found and what was expected.</param>
    /// <param name="text">The whole text.</param>
    /// <param name="offset">Where in the text the error starts, from 0.</param>
    /// <param name="length">How many characters it covers.</param>
    internal KanFormatException(string message, string text, int offset, int length)
        : base(message)
    {
        Offset = offset;
        Length = length;
        int line = 1, start = 0;
        for (int i = 0; i < offset; i++)
        {
            // A carriage return ends a line unless a line feed follows, as editors count.
            if (text[i] != '\n' && (text[i] != '\r' || (i + 1 < text.Length && text[i + 1] == '\n'))) continue;
            line++;
            start = i + 1;
        }

        Line = line;
        Column = offset - start + 1;
    }

    /// <summary>The line of the error, from 1.</summary>
    public int Line { get; }

    /// <summary>The column of the error in UTF-16 units, from 1.</summary>
    public int Column { get; }

    /// <summary>The start of the error, in UTF-16 units from the start of the text.</summary>
    public int Offset { get; }

    /// <summary>The length of the error in UTF-16 units; 0 at the end of the text.</summary>
    public int Length { get; }
}
