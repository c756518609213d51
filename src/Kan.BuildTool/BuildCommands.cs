using System.CommandLine;

namespace Kan.Tool;

/// <summary>The commands that a build needs.</summary>
internal static class BuildCommands
{
    public static RootCommand Create() => new("Converts the models of a project and proves its contracts during the build. The other "
        + "commands are in the tool package Kan.Tool. " + ExitCode.Help)
    {
        ImportCommand.Create(static (document, samples) => Calibration.Apply(document, samples)), ContractsCommand.Create(),
    };
}
