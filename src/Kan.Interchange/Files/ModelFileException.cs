using System;

namespace Kan.Interchange;

/// <summary>The kinds of problems with a model file.</summary>
public enum ModelFileProblem
{
    /// <summary>The file does not exist (KAN0301).</summary>
    NotFound,

    /// <summary>The file is not in the format that its name indicates, or contains numbers that no network can have (KAN0302).</summary>
    Malformed,

    /// <summary>The file is valid, but contains something that is not supported (KAN0303).</summary>
    Unsupported,

    /// <summary>
    /// The file exists but cannot be read: access is denied, it is not a regular file, or the system reports an error (KAN0308).
    /// </summary>
    Inaccessible,

    /// <summary>The file is valid, but names, labels or scales of the options do not fit its inputs or outputs (KAN0310).</summary>
    OptionDoesNotFit,
}

/// <summary>
/// A model file cannot be read. The message says what was found, what was expected and what to do. The
/// readers of this library throw no other exception, whatever the file contains.
/// </summary>
public sealed class ModelFileException : Exception
{
    /// <summary>A failure in a file, at a line and column where the format has lines.</summary>
    /// <param name="file">The path of the file.</param>
    /// <param name="problem">The kind of failure.</param>
    /// <param name="reason">
    /// What was found, what was expected, what to do; characters that are not displayed as themselves become <c>\u202e</c>, and a long text
    /// is shortened in the middle.
    /// </param>
    /// <param name="line">The line, from 1; 0 where there is none.</param>
    /// <param name="column">The column, from 1; 0 where there is none.</param>
    /// <param name="innerException">The exception of the underlying reader, if any.</param>
    public ModelFileException(string file, ModelFileProblem problem, string reason, int line = 0, int column = 0,
        Exception? innerException = null)
        : base($"{MessageText.Escape(file)}: {MessageText.Bound(reason)}", innerException)
    {
        File = file;
        Problem = problem;
        Reason = MessageText.Bound(reason);
        Line = line;
        Column = column;
    }

    /// <summary>A failure whose message has texts of the file in it, each cut and escaped by <see cref="MessageHandler"/>.</summary>
    internal ModelFileException(string file, ModelFileProblem problem, MessageHandler reason, int line = 0, int column = 0,
        Exception? innerException = null)
        : this(file, problem, reason.ToString(), line, column, innerException)
    {
    }

    /// <summary>
    /// Whether the reader itself failed on the file, which it never should: <see cref="Exception.InnerException"/> says how. The file is
    /// refused all the same, so that no file ends the process that reads it; tests count it as a fault.
    /// </summary>
    public bool IsFault { get; internal init; }

    /// <summary>The path of the file.</summary>
    public string File { get; }

    /// <summary>The kind of failure.</summary>
    public ModelFileProblem Problem { get; }

    /// <summary>The message without the file.</summary>
    public string Reason { get; }

    /// <summary>The line, from 1; 0 where the format has none.</summary>
    public int Line { get; }

    /// <summary>The column, from 1; 0 where the format has none.</summary>
    public int Column { get; }

    /// <summary>The ID of the diagnostic that builds report for the problem.</summary>
    public string DiagnosticId => IsFault ? "KAN0903" : Problem switch
    {
        ModelFileProblem.NotFound => "KAN0301",
        ModelFileProblem.Malformed => "KAN0302",
        ModelFileProblem.Inaccessible => "KAN0308",
        ModelFileProblem.OptionDoesNotFit => "KAN0310",
        _ => "KAN0303",
    };
}
