using System;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;
using Kan.Compiler;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>Runs the work of a command: Ctrl-C stops it, and what goes wrong becomes one line and an exit code.</summary>
internal static class CommandRunner
{
    public static Option<bool> JsonOption() => new("--json") { Description = "Print the result as JSON." };

    public static void SetWork(this Command command, Option<bool>? json, Func<ParseResult, Screen, CancellationToken, int> work) =>
        command.SetAction((result, token) => Task.Run(() => Run(result, json is not null && result.GetValue(json), work, token), CancellationToken.None));

    private static int Run(ParseResult result, bool json, Func<ParseResult, Screen, CancellationToken, int> work, CancellationToken token)
    {
        var screen = new Screen(result.InvocationConfiguration, json);
        try
        {
            return work(result, screen, token);
        }
        catch (ModelFileException exception)
        {
            screen.Failure(Failure.From(exception).ToCanonicalLine());
            return ExitCode.ModelFailed;
        }
        catch (ToolException exception)
        {
            screen.Failure(exception.Failure.ToCanonicalLine());
            return exception.ExitCode;
        }
        catch (OverflowException exception)
        {
            return Fail(screen, "KAN0107", exception);
        }
        catch (Exception exception) when (exception is NetworkTooLargeException or MatrixTooLargeException or NotSupportedException)
        {
            return Fail(screen, "KAN0108", exception);
        }
        catch (OperationCanceledException)
        {
            screen.Error.Write("kan : stopped\n");
            return ExitCode.Cancelled;
        }
    }

    private static int Fail(Screen screen, string code, Exception exception)
    {
        screen.Failure(new Failure("kan", code, exception.Message.ReplaceLineEndings(" ")).ToCanonicalLine());
        return ExitCode.ModelFailed;
    }
}
