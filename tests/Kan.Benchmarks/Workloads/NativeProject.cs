using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Kan.Compiler;
using Kan.Compiler.Emit;

namespace Kan.Benchmarks.Workloads;

/// <summary>A program of the generated code of some networks, which times itself, published as native code.</summary>
internal sealed class NativeProject : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kan-native").FullName;

    public NativeProject(IReadOnlyList<Workload> workloads)
    {
        foreach (string name in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
            File.WriteAllText(Path.Combine(_folder, name), "<Project />");
        for (int i = 0; i < workloads.Count; i++)
        {
            var compilation = NetworkCompiler.Compile(workloads[i].Document, new CompilerOptions
            {
                Target = new TargetType("", [FormattableString.Invariant($"partial struct Network{i}")], IsStatic: false),
                AllowUnsafe = true,
            });
            int file = 0;
            foreach (string text in compilation.Files)
                File.WriteAllText(Path.Combine(_folder, FormattableString.Invariant($"Network{i}.{file++}.cs")), text);
        }

        string cases = string.Join("\n", Enumerable.Range(0, workloads.Count).Select(static i => $"    {i} => Time<Network{i}>(),"));
        File.WriteAllText(Path.Combine(_folder, "Program.cs"), $$"""
            using System;
            using System.Diagnostics;
            using System.IO;
            using System.Runtime.InteropServices;

            int rows = int.Parse(args[1]);
            float[] samples = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(args[2])).ToArray();
            double nanoseconds = int.Parse(args[0]) switch
            {
            {{cases}}
                _ => throw new ArgumentException("There is no such network."),
            };
            Console.WriteLine(nanoseconds.ToString("R", System.Globalization.CultureInfo.InvariantCulture));

            double Time<T>() where T : struct, Kan.IKanModel<float>
            {
                float[] outputs = new float[1024 * T.OutputCount];
                int count = 1;
                double[] found = new double[40];
                for (int block = -1; block < found.Length;)
                {
                    long start = Stopwatch.GetTimestamp();
                    for (int i = 0; i < count; i++)
                    {
                        if (rows > 1) T.EvaluateBatch(samples, outputs);
                        else T.Evaluate(samples.AsSpan((i & 1023) * T.InputCount, T.InputCount), outputs.AsSpan(0, T.OutputCount));
                    }

                    double elapsed = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
                    if (block < 0 && elapsed < 1e6) count *= 2;
                    else if (++block < found.Length) found[block] = elapsed / count / rows;
                }

                Array.Sort(found);
                return found[found.Length / 2];
            }
            """);
        File.WriteAllText(Path.Combine(_folder, "App.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
                <PublishAot>true</PublishAot>
                <InvariantGlobalization>true</InvariantGlobalization>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="{typeof(IKanModel<>).Assembly.Location}" />
              </ItemGroup>
            </Project>
            """);
    }

    /// <summary>Publishes the program for some instruction set.</summary>
    /// <param name="instructions">What ILC is told, or <c>default</c>.</param>
    /// <returns>The path of the executable.</returns>
    public string Publish(string instructions)
    {
        string output = Path.Combine(_folder, "out-" + instructions);
        Execute("dotnet", ["publish", "App.csproj", "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", output, "-v:q", "-nologo",
            .. instructions == "default" ? Array.Empty<string>() : [$"-p:IlcInstructionSet={instructions}"]]);
        return Path.Combine(output, "App");
    }

    /// <summary>Writes samples for the program.</summary>
    public string Write(string name, float[] samples)
    {
        string path = Path.Combine(_folder, name);
        if (!File.Exists(path)) File.WriteAllBytes(path, MemoryMarshal.AsBytes(samples.AsSpan()));
        return path;
    }

    /// <summary>The nanoseconds for a sample of a network.</summary>
    public static double Run(string program, int network, int rows, string samples) => double.Parse(
        Execute(program, [network.ToString(CultureInfo.InvariantCulture), rows.ToString(CultureInfo.InvariantCulture), samples]),
        CultureInfo.InvariantCulture);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Execute(string program, string[] arguments)
    {
        string folder = program == "dotnet" ? Path.GetDirectoryName(arguments[Array.IndexOf(arguments, "-o") + 1])! : "";
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with exit code {process.ExitCode}: {output}");
    }
}
