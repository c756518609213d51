using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Linq;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>
/// What comes out of every command: a result, or one error at the file at fault. What no command expects is a fault of this program; it is
/// said as such, and is never called a damaged file.
/// </summary>
internal static class Boundary
{
    /// <summary>What an exception is to the user; no failure where the user stopped the command.</summary>
    /// <param name="subject">The file that the command is about, where the exception does not name one.</param>
    /// <param name="exception">What was thrown.</param>
    public static (Failure? Failure, int ExitCode) Describe(string subject, Exception exception) => exception switch
    {
        ModelFileException model => (Failure.From(model), model.IsFault ? ExitCode.Fault : ExitCode.ModelFailed),
        ToolException tool => (tool.Failure, tool.ExitCode),
        OperationCanceledException => (null, ExitCode.Cancelled),
        OutOfMemoryException => (new Failure(subject, "KAN0903", "There is not enough memory."), ExitCode.Fault),
        _ when FileFailure.Covers(exception) =>
            (new Failure(subject, "KAN0308", "A file cannot be read or written: " + FileFailure.Reason(exception)), ExitCode.InputOutput),
        _ => (new Failure(subject, "KAN0903", $"This is a bug in kan ({exception.GetType().Name}: {exception.Message}), not a problem "
            + $"with the file. Please report it, with the file."), ExitCode.Fault),
    };

    /// <summary>The file that a command is about: its first argument; <c>kan</c> where it has none.</summary>
    public static string SubjectOf(ParseResult result) =>
        result.CommandResult.Children.OfType<ArgumentResult>().SelectMany(static argument => argument.Tokens).FirstOrDefault()?.Value
            ?? "kan";
}
