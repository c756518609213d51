using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace Kan.Tool;

/// <summary>The whole of the tool: a command line in, text and an exit code out.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command. It ends in a result or in one error at the file at fault, whatever the files hold.</summary>
    /// <param name="root">The commands there are.</param>
    /// <param name="args">The words after <c>kan</c>.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors, notes and progress go.</param>
    public static async Task<int> Run(RootCommand root, string[] args, TextWriter output, TextWriter error)
    {
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction && args.Length > 0)
        {
            await error.WriteAsync(Complaint(parsed));
            return ExitCode.Usage;
        }

        try
        {
            int code =
                await parsed.InvokeAsync(new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,
                    Output = output,
                    Error = error
                });
            return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
        }
        catch (Exception exception)
        {
            var (failure, exitCode) = Boundary.Describe(Boundary.SubjectOf(parsed), exception);
            await error.WriteAsync((failure?.ToCanonicalLine() ?? "kan : stopped") + "\n");
            return exitCode;
        }
    }

    /// <summary>What is wrong with a command line, how the command is called, and where its options are listed: three lines.</summary>
    private static string Complaint(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        string name = string.Join(' ',
            Path(parsed.CommandResult).Select(static part => part.Command is RootCommand ? "kan" : part.Command.Name));
        string[] messages = [.. parsed.Errors.Select(static error => error.Message.ReplaceLineEndings(" ")).Distinct()];
        string more = messages.Length > 1 ? $" (and {messages.Length - 1} more)" : "";
        var failure = new Failure(name, "KAN0106", messages[0] + more);
        string arguments = string.Concat(command.Arguments.Select(static argument => " " + argument.Name.ToUpperInvariant()));
        string required = string.Concat(command.Options.Where(static option => option.Required)
            .Select(static option => $" {option.Name} {(option.HelpName ?? option.Name.TrimStart('-')).ToUpperInvariant()}"));
        string usage = command.Subcommands.Count > 0 ? " COMMAND" : arguments + required;
        return $"{failure.ToCanonicalLine()}\nusage: {name}{usage} [OPTIONS]\n'{name} --help' explains the "
            + $"{(command.Subcommands.Count > 0 ? "commands" : "options")}.\n";
    }

    private static Stack<CommandResult> Path(CommandResult command)
    {
        var path = new Stack<CommandResult>();
        for (SymbolResult? current = command; current is not null; current = current.Parent)
        {
            if (current is CommandResult part) path.Push(part);
        }

        return path;
    }
}
