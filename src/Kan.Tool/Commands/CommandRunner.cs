using System;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;
using Kan.Compiler;

namespace Kan.Tool;

/// <summary>Runs the work of a command: Ctrl-C stops it, and what goes wrong becomes one line and an exit code.</summary>
internal static class CommandRunner
{
    public static Option<bool> JsonOption() => new("--json") { Description = "Print the result as JSON." };

    public static void SetWork(this Command command, Option<bool>? json, Func<ParseResult, Screen, CancellationToken, int> work) =>
        command.SetAction((result, token) =>
            Task.Run(() => Run(result, json is not null && result.GetValue(json), work, token), CancellationToken.None));

    private static int Run(ParseResult result, bool json, Func<ParseResult, Screen, CancellationToken, int> work, CancellationToken token)
    {
        var screen = new Screen(result.InvocationConfiguration, json);
        try
        {
            // Exact arithmetic of readers looks at the token, too.
            using var exact = ExactWork.Limit(long.MaxValue, cancellation: token);
            return work(result, screen, token);
        }
        catch (Exception exception)
        {
            string subject = Boundary.SubjectOf(result);
            var (failure, exitCode) = exception switch
            {
                OverflowException => (new Failure(subject, "KAN0107", exception.Message), ExitCode.ModelFailed),
                NetworkTooLargeException => (new Failure(subject, "KAN0108", $"The model is too large to compile: {exception.Message}. "
                    + $"Reduce or prune it."), ExitCode.ModelFailed),
                NoIntegerFormException => (new Failure(subject, "KAN0115", $"The model cannot be computed with integers: "
                    + $"{exception.Message}."), ExitCode.ModelFailed),
                MatrixTooLargeException or NotSupportedException =>
                    (new Failure(subject, "KAN0108", exception.Message), ExitCode.ModelFailed),
                _ => Boundary.Describe(subject, exception),
            };
            if (failure is null) screen.Error.Write("kan : stopped\n");
            else screen.Failure((failure with { Message = OptionWords.Say(failure.Message) }).ToCanonicalLine());
            return exitCode;
        }
    }
}
