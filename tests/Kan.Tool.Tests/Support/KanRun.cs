using System;
using System.Diagnostics;
using System.IO;
using System.Text.Json;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Support;

/// <summary>The tool in this process, its output in memory as it is in a pipe.</summary>
internal static class KanRun
{
    public static async Task<(int Code, string Output, string Error)> Run(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = await CommandLine.Run(CommandList.Create(), arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>The tool as a process that reads a text from its standard input.</summary>
    public static async Task<(int Code, string Output, string Error)> Pipe(string input, params string[] arguments)
    {
        using var process =
            Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["exec", TestFiles.Metadata("KanTool"), .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, error);
    }

    /// <summary>The output of a command that must succeed.</summary>
    public static async Task<string> Succeed(params string[] arguments)
    {
        var (code, output, error) = await Run(arguments);
        Assert.True(code == ExitCode.Success, $"kan {string.Join(' ', arguments)}: exit code {code}, {error}");
        return output;
    }

    /// <summary>The JSON of a command that must end with an exit code.</summary>
    public static async Task<JsonElement> Json(int expected, params string[] arguments)
    {
        var (code, output, error) = await Run([.. arguments, "--json"]);
        Assert.True(code == expected, $"kan {string.Join(' ', arguments)}: exit code {code}, {error}");
        using var json = JsonDocument.Parse(output);
        return json.RootElement.Clone();
    }

    /// <summary>The one line that a command that must fail prints.</summary>
    public static async Task<string> Failure(int expected, params string[] arguments)
    {
        var (code, output, error) = await Run(arguments);
        Assert.True(code == expected, $"kan {string.Join(' ', arguments)}: exit code {code}, {error}");
        Assert.Empty(output);
        return Assert.Single(error.TrimEnd('\n').Split('\n'));
    }
}
