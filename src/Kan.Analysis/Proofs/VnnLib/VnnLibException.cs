using System;
using System.Globalization;

namespace Kan.Analysis;

/// <summary>A VNN-LIB file that cannot be read, with the place at fault.</summary>
public sealed class VnnLibException : Exception
{
    /// <summary>An error at a place of a file.</summary>
    /// <param name="file">The path, as given.</param>
    /// <param name="line">From 1.</param>
    /// <param name="column">From 1.</param>
    /// <param name="reason">What is wrong and what was expected, in a sentence.</param>
    public VnnLibException(string file, int line, int column, string reason)
        : base(string.Create(CultureInfo.InvariantCulture, $"{file}({line},{column}): {reason}"))
    {
        File = file;
        Line = line;
        Column = column;
        Reason = reason;
    }

    /// <summary>The path, as given.</summary>
    public string File { get; }

    /// <summary>From 1.</summary>
    public int Line { get; }

    /// <summary>From 1, in characters.</summary>
    public int Column { get; }

    /// <summary>What is wrong.</summary>
    public string Reason { get; }
}
