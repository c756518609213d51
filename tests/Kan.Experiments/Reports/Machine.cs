using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Kan.Experiments.Reports;

/// <summary>What a figure depends on: the processor and the runtime.</summary>
internal static class Machine
{
    private const string ProcessorFile = "/proc/cpuinfo";

    public static string Description =>
        string.Create(CultureInfo.InvariantCulture,
            $"{Processor} ({Environment.ProcessorCount} cores used, {Vector<byte>.Count * 8}-bit vectors), "
            + $"{RuntimeInformation.FrameworkDescription}");

    private static string Processor
    {
        get
        {
            if (!File.Exists(ProcessorFile)) return $"{RuntimeInformation.ProcessArchitecture} processor";
            string? line = File.ReadLines(ProcessorFile)
                .FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal));
            return line is null ? $"{RuntimeInformation.ProcessArchitecture} processor" : line[(line.IndexOf(':') + 1)..].Trim();
        }
    }
}
