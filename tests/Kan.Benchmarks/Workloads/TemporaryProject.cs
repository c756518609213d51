extern alias generators;

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using Kan.Benchmarks.Measuring;
using Kan.Testing;

namespace Kan.Benchmarks.Workloads;

/// <summary>A project of a user's, with one model or none, built by the SDK in a folder of its own.</summary>
internal sealed class TemporaryProject : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kan-build").FullName;
    private readonly bool _hasModel;
    private int _edits;

    public TemporaryProject(KanDocument? model)
    {
        _hasModel = model is not null;
        string targets = Repository.PathOf("src", "Kan.Generators", "build");
        Write("Directory.Build.props", "<Project />");
        Write("Directory.Build.targets", "<Project />");
        Write("Directory.Packages.props", "<Project />");
        Write("App.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <Import Project="{targets}/Kan.Generators.props" />
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <NuGetAudit>false</NuGetAudit>
                <KanToolPath>{Options.Metadata("KanTool")}</KanToolPath>
                <KanTasksPath>{Options.Metadata("KanTasks")}</KanTasksPath>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="{typeof(IKanModel<>).Assembly.Location}" />
                <Analyzer Include="{typeof(generators::Kan.Generators.KanGenerator).Assembly.Location}" />
                {(_hasModel ? """<KanModel Include="network.kan.json" />""" : "")}
              </ItemGroup>
              <Import Project="{targets}/Kan.Generators.targets" />
            </Project>
            """);
        if (model is not null) Write("network.kan.json", KanDocumentWriter.Write(model));
        Edit();
        Run(["restore", "App.csproj", "-v:q", "-nologo"]);
    }

    /// <summary>Changes the source in a way that has nothing to do with the model.</summary>
    public void Edit() => Write("Program.cs", $$"""
        {{(_hasModel ? "System.Console.WriteLine(App.Network.InputCount);" : "")}}
        System.Console.WriteLine({{++_edits}});
        {{(_hasModel ? """namespace App { [Kan.KanModel("network.kan.json")] public sealed partial class Network; }""" : "")}}
        """);

    /// <summary>Builds after an edit, with processes of its own.</summary>
    /// <returns>Seconds, and the most memory that the compiler held in MiB (0 where the system does not say).</returns>
    public (double Seconds, double CompilerMegabytes) Build()
    {
        Edit();
        long start = Clock.Now;
        double memory =
            Run(["build", "App.csproj", "-c", "Release", "--no-restore", "-v:q", "-nologo", "-m:1", "-nodeReuse:false",
            "-p:UseSharedCompilation=false"]);
        return (Clock.NanosecondsSince(start) / 1e9, memory);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    private double Run(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = _folder, RedirectStandardOutput = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        double most = 0;
        while (!process.WaitForExit(25)) most = Math.Max(most, CompilerMegabytes());
        return process.ExitCode == 0 ? most : throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)}: {output.Result}");
    }

    /// <summary>The high-water mark of the C# compiler that works in this folder, as the Linux kernel keeps it.</summary>
    private double CompilerMegabytes()
    {
        if (!OperatingSystem.IsLinux()) return 0;
        double most = 0;
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!char.IsAsciiDigit(Path.GetFileName(folder)[0])) continue;
            try
            {
                string command = File.ReadAllText(Path.Combine(folder, "cmdline"));
                if (!command.Contains("csc", StringComparison.Ordinal)
                    || new FileInfo(Path.Combine(folder, "cwd")).ResolveLinkTarget(returnFinalTarget: false)?.FullName != _folder) continue;
                string? line = File.ReadLines(Path.Combine(folder, "status"))
                    .FirstOrDefault(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
                if (line is not null)
                    most = Math.Max(most, double.Parse(line.AsSpan(6).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) / 1024);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The process has ended meanwhile, or belongs to somebody else.
            }
        }

        return most;
    }
}
