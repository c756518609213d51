using System;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>Files that commands write: what the system says about one becomes an error at that file.</summary>
internal static class Output
{
    /// <summary>Runs an action that writes a file.</summary>
    /// <exception cref="ToolException">The file cannot be written: the disk is full, access is denied, a folder has its name.</exception>
    public static void Write(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (FileFailure.Covers(exception))
        {
            throw Failure(path, exception);
        }
    }

    /// <summary>The error at a file that cannot be written.</summary>
    public static ToolException Failure(string path, Exception exception) =>
        new(new Failure(path, "KAN0308", "The file cannot be written: " + FileFailure.Reason(exception)), ExitCode.InputOutput);
}
