using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kan.Benchmarks.Measuring;

/// <summary>The machine in words: processor, caches, runtime, system.</summary>
internal static class Machine
{
    public static IReadOnlyList<(string Name, string Value)> Describe() =>
    [
        ("Processor", Processor),
        ("Cores", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)),
        ("Caches", Caches()),
        ("Vectors",
            $"{(Vector512.IsHardwareAccelerated ? "512-bit (AVX-512)" : Vector256.IsHardwareAccelerated ? "256-bit" : "128-bit")}, "
            + $"Vector<float>.Count = {Vector<float>.Count}, FMA "
            + $"{(Fma.IsSupported || System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported ? "yes" : "no")}"),
        (".NET", RuntimeInformation.FrameworkDescription),
        ("System", $"{(OperatingSystem.IsLinux() ? Release() : RuntimeInformation.OSDescription)}, {RuntimeInformation.OSArchitecture}"),
    ];

    /// <summary>What results of two runs must share to stand in one report.</summary>
    public static string Identity => $"{Processor}; {RuntimeInformation.FrameworkDescription}";

    private static string Processor { get; } = ReadProcessor();

    private static string ReadProcessor()
    {
        if (!File.Exists("/proc/cpuinfo"))
            return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();
        string[] lines = File.ReadAllLines("/proc/cpuinfo");
        string? Field(string name) =>
            lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
        return $"{Field("model name") ?? RuntimeInformation.ProcessArchitecture.ToString()} (family {Field("cpu family")}, model "
            + $"{Field("model\t")})";
    }

    private static string Caches()
    {
        const string Folder = "/sys/devices/system/cpu/cpu0/cache";
        if (!Directory.Exists(Folder)) return "unknown";
        var caches = from folder in Directory.EnumerateDirectories(Folder, "index*").Order(StringComparer.Ordinal)
                     let type = Read(folder, "type")
                     where type != "Instruction"
                     select $"L{Read(folder, "level")}{(type == "Data" ? "d" : "")} {Read(folder, "size")}";
        return string.Join(", ", caches);

        static string Read(string folder, string file) => File.ReadAllText(Path.Combine(folder, file)).Trim();
    }

    private static string Release()
    {
        const string File = "/etc/os-release";
        string? name = System.IO.File.Exists(File)
            ? System.IO.File.ReadLines(File)
            .FirstOrDefault(static line => line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal))?.Split('=', 2)[1].Trim('"')
            : null;
        return name ?? "Linux";
    }
}
