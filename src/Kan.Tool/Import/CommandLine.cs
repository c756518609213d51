using System;
using System.CommandLine;
using System.IO;
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
        try
        {
            int code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = output, Error = error });
            return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
        }
        catch (Exception exception)
        {
            var (failure, exitCode) = Boundary.Describe(Boundary.SubjectOf(parsed), exception);
            await error.WriteAsync((failure?.ToCanonicalLine() ?? "kan : stopped") + "\n");
            return exitCode;
        }
    }
}
