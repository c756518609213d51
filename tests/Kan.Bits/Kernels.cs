using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Kan.Generators.Tests.Shape;

namespace Kan.Bits;

/// <summary>What the JIT of a machine makes of the kernels, read from its listings.</summary>
internal static class Kernels
{
    /// <summary>Vectors that a kernel may move to or from the stack, between two passes over the inputs.</summary>
    private const int MostSpills = 64;

    /// <summary>
    /// The share of kernels that may move more: those of many units of many kinds have more values than the JIT follows, and it then stores
    /// each of them.
    /// </summary>
    private const double MostCrowded = 0.05;

    /// <summary>Checks that kernels multiply and add in one instruction, call nothing and keep their sums in registers.</summary>
    /// <param name="path">The listings that <c>DOTNET_JitStdOutFile</c> received.</param>
    /// <returns>What was found, and whether it is as it should be.</returns>
    public static (IReadOnlyList<string> Lines, bool IsRight) Check(string path)
    {
        MachineCode[] kernels = [.. MachineCode.Read(File.ReadAllText(path)).Where(static method => IsSum(method.Name))];
        string[] faults =
        [
            .. kernels.Where(static kernel => kernel.Calls.Any()).Select(static kernel => $"{kernel.Header} calls {kernel.Calls.First()}"),
            .. kernels.Where(static kernel => !kernel.IsFused).Select(static kernel => $"{kernel.Header} has no fused multiply-add"),
            .. kernels.Where(static kernel => !kernel.Header.EndsWith("(FullOpts)", StringComparison.Ordinal))
                .Select(static kernel => $"{kernel.Header} is not optimised"),
        ];
        int crowded = kernels.Count(static kernel => kernel.VectorSpills.Count() > MostSpills);
        string summary = $"{kernels.Length} kernels, {faults.Length} faults; {crowded} move more than {MostSpills} vectors to or from the stack";
        return ([.. faults, summary], kernels.Length > 0 && faults.Length == 0 && crowded <= MostCrowded * kernels.Length);
    }

    /// <summary>The methods that sum the terms of a layer; those around them choose and loop.</summary>
    private static bool IsSum(string name) =>
        name.StartsWith("Sum", StringComparison.Ordinal)
            && (name.Contains("Block", StringComparison.Ordinal) || name.Contains("Outputs", StringComparison.Ordinal));
}
