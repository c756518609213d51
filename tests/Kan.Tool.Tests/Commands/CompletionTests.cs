using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Kan.Tool.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Commands;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("kan ", "eval", "plot", "completion")]
    [InlineData("kan pl", "plot")]
    [InlineData("kan eval net.onnx --", "--input", "--output", "--by-position", "--help")]
    [InlineData("kan completion ", "bash", "zsh", "fish", "powershell")]
    public async Task Words_are_offered_as_they_are_typed(string line, params string[] expected)
    {
        string[] offered = await Offered(line);
        Assert.All(expected, word => Assert.Contains(word, offered));
    }

    /// <summary>The spellings of help on other systems are files, or wildcards, to a shell.</summary>
    [Fact]
    public async Task No_command_offers_or_takes_the_spellings_of_other_systems()
    {
        IEnumerable<string> lines = CommandList.Create().Subcommands.Select(static command => $"kan {command.Name} ").Prepend("kan ");
        foreach (string line in lines.SelectMany(static line => new[] { line, line + "-", line + "/" }))
            Assert.DoesNotContain(await Offered(line), static word => word.StartsWith('/') || word.Contains('?', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bash", "bash")]
    [InlineData("zsh", "zsh")]
    [InlineData("fish", "fish")]
    [InlineData("powershell", "pwsh")]
    public async Task A_script_is_one_of_its_shell(string shell, string program)
    {
        string script = await KanRun.Succeed("completion", shell);
        Assert.Contains("[suggest:", script, StringComparison.Ordinal);
        Assert.EndsWith("\n", script, StringComparison.Ordinal);
        Assert.SkipUnless(IsInstalled(program), program + " is not installed");
        Assert.SkipWhen(program == "pwsh", "PowerShell has no check of syntax alone");
        using var scratch = new Scratch();
        string file = scratch.Write("script", Encoding.UTF8.GetBytes(script));
        Assert.Equal((0, ""), await Shell(program, Path.GetDirectoryName(file)!, "-n", file));
    }

    /// <summary>Each shell reads its script and is asked, as it asks itself, for what may follow <c>kan ev</c>.</summary>
    [Theory]
    [InlineData("bash", "bash", "-c",
        ". 'SCRIPT'; COMP_LINE='kan ev'; COMP_POINT=6; COMP_WORDS=(kan ev); COMP_CWORD=1; _kan; echo \"${COMPREPLY[*]}\"")]
    [InlineData("zsh", "zsh", "-fc",
        "compdef() { :; }; compadd() { print -l -- \"${(P)2[@]}\"; }; _files() { :; }; . 'SCRIPT'; BUFFER='kan ev'; CURSOR=6; _kan")]
    [InlineData("fish", "fish", "-Nc", "source 'SCRIPT'; complete -C 'kan ev'")]
    [InlineData("fish", "fish", "-Nc", "source 'SCRIPT'; complete -C 'true | kan ev'")]
    [InlineData("powershell", "pwsh", "-NoProfile", "-Command",
        ". 'SCRIPT'; (TabExpansion2 -inputScript 'kan ev' -cursorColumn 6).CompletionMatches.CompletionText")]
    public async Task A_shell_completes_a_line(string shell, string program, params string[] arguments)
    {
        Assert.SkipUnless(IsInstalled(program), program + " is not installed");
        using var scratch = new Scratch();
        string file = scratch.Write("script.ps1", Encoding.UTF8.GetBytes(await KanRun.Succeed("completion", shell)));
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string kan = scratch.Write("kan",
            Encoding.UTF8.GetBytes($"#!/bin/sh\nexec '{host}' exec '{TestFiles.Metadata("KanTool")}' \"$@\"\n"));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(kan, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string[] asked = [.. arguments.Select(argument => argument.Replace("SCRIPT", file, StringComparison.Ordinal))];
        Assert.Equal((0, "eval"), await Shell(program, Path.GetDirectoryName(kan)!, asked));
    }

    private static bool IsInstalled(string program) =>
        !OperatingSystem.IsWindows() && Array.Exists(Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator),
            folder => File.Exists(Path.Combine(folder, program)));

    private static async Task<string[]> Offered(string line) =>
        (await KanRun.Succeed($"[suggest:{line.Length}]", line))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static async Task<(int Code, string Output)> Shell(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = folder + Path.PathSeparator + start.Environment["PATH"];
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, (await output + error).Trim());
    }
}
