using System.CommandLine;

namespace Kan.Tool;

/// <summary>The commands that a build needs.</summary>
internal static class BuildCommands
{
    public static RootCommand Create() => new("Converts the models of a project while it is built; the tool package Kan.Tool has the other commands. " + ExitCode.Help) { ImportCommand.Create() };
}
