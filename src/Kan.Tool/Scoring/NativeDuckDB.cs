using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Text.Json;
using System.Threading;
using DuckDB.NET.Native;

namespace Kan.Tool.Scoring;

/// <summary>
/// The library of DuckDB. It is larger than everything else of the tool together, so the tool's package is without it: it is taken from the
/// packages that NuGet has on this machine, and fetched through NuGet where it is not among them.
/// </summary>
internal static class NativeDuckDB
{
    private const string Library = "duckdb", Package = "DuckDB.NET.Bindings.Full", Variable = "KAN_DUCKDB";

    private static readonly Lock s_lock = new();
    private static bool s_isPrepared;

    private static string Version { get; } = typeof(DuckDBNativeConnection).Assembly.GetName().Version!.ToString();

    private static string FileName =>
        OperatingSystem.IsWindows() ? "duckdb.dll" : OperatingSystem.IsMacOS() ? "libduckdb.dylib" : "libduckdb.so";

    /// <summary>Lets the runtime find the library, which is fetched if need be.</summary>
    /// <exception cref="ToolException">It is not there and cannot be fetched.</exception>
    public static void Prepare(Screen screen, CancellationToken token)
    {
        lock (s_lock)
        {
            if (s_isPrepared) return;
            if (!NativeLibrary.TryLoad(Library, typeof(DuckDBNativeConnection).Assembly, null, out _))
            {
                string path = Find(PackageFolders()) ?? Fetch(screen, token);
                nint library = NativeLibrary.Load(path);
                AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => name == Library ? library : 0;
            }

            s_isPrepared = true;
        }
    }

    private static IEnumerable<string> PackageFolders() =>
    [
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
    ];

    private static string? Find(IEnumerable<string> folders)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return File.Exists(named) ? named : throw Missing($"there is no file '{named}', which the variable {Variable} names");
        string architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        string platform = OperatingSystem.IsWindows() ? "win-" + architecture : OperatingSystem.IsMacOS() ? "osx" : "linux-" + architecture;
        return folders.Select(folder => Path.Combine(folder, Package.ToLowerInvariant(), Version, "runtimes", platform, "native", FileName))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>Has NuGet fetch the package, from the sources that this machine is configured for, as any build does.</summary>
    private static string Fetch(Screen screen, CancellationToken token)
    {
        screen.Note($"fetching {Package} {Version} through NuGet, once: kan score needs the library of DuckDB, which is not in the tool");
        var folder = Directory.CreateTempSubdirectory("kan-duckdb-");
        try
        {
            foreach (string isolation in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
                File.WriteAllText(Path.Combine(folder.FullName, isolation), "<Project />");
            File.WriteAllText(Path.Combine(folder.FullName, "fetch.csproj"), $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><TargetFramework>net{Environment.Version.Major}.0</TargetFramework></PropertyGroup>
                  <ItemGroup><PackageReference Include="{Package}" Version="[{Version}]" /></ItemGroup>
                </Project>
                """);
            string output = screen.Wait("Fetching DuckDB", () => Restore(folder.FullName, token));
            string assets = Path.Combine(folder.FullName, "obj", "project.assets.json");
            if (!File.Exists(assets))
                throw Missing("NuGet cannot fetch it: "
                    + (output.Split('\n').FirstOrDefault(static line => line.Contains("error", StringComparison.Ordinal)) ?? output)
                    .Trim());
            using var json = JsonDocument.Parse(File.ReadAllBytes(assets));
            return Find(json.RootElement.GetProperty("packageFolders").EnumerateObject().Select(static entry => entry.Name))
                ?? throw Missing($"the package {Package} {Version} has none for this machine");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Restore(string folder, CancellationToken token)
    {
        try
        {
            using var process =
                Process.Start(new ProcessStartInfo("dotnet", ["restore", folder, "-nologo", "-tl:off"])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true
                })!;
            using var stop = token.Register(() => process.Kill(entireProcessTree: true));
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            token.ThrowIfCancellationRequested();
            return output;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return "error: dotnet cannot be started: " + exception.Message;
        }
    }

    private static ToolException Missing(string reason) => new(
        new Failure("kan", "KAN0308", $"The library of DuckDB {Version} is missing: {reason}. Set the variable {Variable} to the path of "
        + $"{FileName}, or add the package {Package} {Version} to any project and restore it."),
        ExitCode.InputOutput);
}
