using System;

namespace Kan.Tool;

/// <summary>A command that cannot go on: one line for the user and an exit code.</summary>
internal sealed class ToolException : Exception
{
    public ToolException(Failure failure, int exitCode = Tool.ExitCode.ModelFailed)
        : base(failure.Message)
    {
        Failure = failure;
        ExitCode = exitCode;
    }

    public Failure Failure { get; }

    public int ExitCode { get; }

    /// <summary>An option that does not fit what it meets.</summary>
    public static ToolException Option(string message) => new(new Failure("kan", "KAN0106", message), Tool.ExitCode.Usage);

    /// <summary>A data file that is not what it should be.</summary>
    public static ToolException BadData(string file, string message, int line = 0, int column = 0) =>
        new(new Failure(file, "KAN0302", message, line, column));
}
