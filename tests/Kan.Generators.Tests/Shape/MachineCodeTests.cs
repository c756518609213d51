using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Shape;

/// <summary>
/// The shape of the machine code that the JIT makes of generated kernels: optimised, without a call, without a jump on data, and with its
/// sums in registers. Speed follows from these, and they can be checked on a busy machine.
/// </summary>
[Trait("Speed", "Slow")]
[Collection(typeof(ShapeGroup))]
public sealed class MachineCodeTests(ShapeAssembly assembly)
{
    /// <summary>
    /// Vectors that a narrow kernel may keep on the stack between its two passes; a kernel out of registers moves hundreds.
    /// </summary>
    private const int MostSpills = 32;

    [Theory]
    [InlineData("DOTNET_EnableAVX512", "1")]
    [InlineData("DOTNET_EnableAVX512", "0")]
    public async Task Kernels_are_straight_loops_over_registers(string variable, string value)
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "The listings are read as x64 instructions.");
        Assert.SkipUnless(System.Runtime.Intrinsics.X86.Avx2.IsSupported, "Without AVX2 a panel takes more registers than there are.");
        var methods = await ListAsync(variable, value);
        var kernels = methods.Where(static method => IsKernel(method.Name)).ToList();
        Assert.Contains(kernels, static kernel => kernel.Name == "Run");
        Assert.True(kernels.Count(static kernel => kernel.Name.Contains("Block", StringComparison.Ordinal)) >= 8,
            "Too few kernels were listed: " + string.Join(", ", methods.Select(static method => method.Name)));
        bool lanes = value == "1" && System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated;
        foreach (string part in (string[])["Samples", "Listed", "Prepare", "Outputs", .. lanes ? ["Windows"] : Array.Empty<string>()])
            Assert.Contains(kernels, kernel => kernel.Name.Contains(part, StringComparison.Ordinal));
        foreach (string part in (string[])["Places", "Copy", "Places8", "Pair"])
            Assert.Contains(methods, method => IsOverImage(method.Name)
                && (value == "0" || method.Name.Contains(part, StringComparison.Ordinal)));
        var faults = new List<string>();
        foreach (var kernel in kernels)
        {
            bool isTile = kernel.Name.Contains("Places", StringComparison.Ordinal);
            if (!kernel.Header.EndsWith("(FullOpts)", StringComparison.Ordinal)) faults.Add($"{kernel.Header} is not optimised.");
            if (kernel.Calls.Any(static call => !IsOfMemory(call))) faults.Add($"{kernel.Header} calls:\n{string.Join("\n", kernel.Calls)}");
            if (kernel.ForwardBranches.Count() > MostDecisions(kernel))
                faults.Add($"{kernel.Header} decides:\n{string.Join("\n", kernel.ForwardBranches)}");
            int spills = kernel.VectorSpills.Count();
            if (spills > (isTile ? 0 : MostSpills)) faults.Add($"{kernel.Header} moves {spills} vectors to or from the stack.");
            if (isTile && !kernel.IsFused) faults.Add($"{kernel.Header} does not multiply and add at once.");
        }

        Assert.True(faults.Count == 0, string.Join("\n", faults));
    }

    [Fact]
    public void Listings_are_read_as_they_are()
    {
        var methods = MachineCode.Read("""
            ; Assembly listing for method Kernels:Sum0Block1[Kan.Panels.Panel512`1[float]](byref):int (FullOpts)
            G_M000_IG02:                ;; offset=0x0000
                   vmovups  zmm0, zmmword ptr [rsp+0x40]
            G_M000_IG03:
                   call     [Helper]
                   jne      SHORT G_M000_IG03
                   jb       G_M000_IG09
                   jmp      G_M000_IG02
            ; Total bytes of code 64
            ; Assembly listing for method Kernels:Sum1Block1[Kan.Panels.Panel512`1[float]](byref):int (FullOpts)
            G_M000_IG02:
            """.Replace(";; offset=0x0000", "", StringComparison.Ordinal));
        var method = Assert.Single(methods);
        Assert.Equal("Sum0Block1", method.Name);
        Assert.Equal(["jb       G_M000_IG09"], method.ForwardBranches);
        Assert.Single(method.Calls);
        Assert.Single(method.VectorSpills);
    }

    [Fact]
    public void Listings_for_Arm64_are_read_too()
    {
        var method = Assert.Single(MachineCode.Read("""
            ; Assembly listing for method Kernels:Sum0Block1[Kan.Panels.Panel4`1[float]](byref):int (FullOpts)
            G_M000_IG02:
                        stp     fp, lr, [sp, #-0x20]!
                        ldp     q9, q8, [fp, #0x40]
                        fmla    v10.2d, v7.2d, v3.2d
                        bsl     v16.16b, v0.16b, v10.16b
                        blr     x0
                        bne     G_M000_IG02
                        blt     G_M000_IG05
            G_M000_IG05:
                        ret     lr
            ; Total bytes of code 28
            """));
        Assert.Equal("Sum0Block1", method.Name);
        Assert.True(method.IsFused);
        Assert.Equal(["blr     x0"], method.Calls);
        Assert.Equal(["blt     G_M000_IG05"], method.ForwardBranches);
        Assert.Equal(["ldp     q9, q8, [fp, #0x40]"], method.VectorSpills);
    }

    /// <summary>Images are cleared and copied by the runtime, a row or all of it at once.</summary>
    private static bool IsOfMemory(string call) => call.Contains("[System.SpanHelpers:ClearWithoutReferences", StringComparison.Ordinal)
        || call.Contains("[System.SpanHelpers:Memmove", StringComparison.Ordinal);

    /// <summary>
    /// What a kernel may decide by places of an image, not by its numbers: a tile whether rows of it are on the image, and which terms there
    /// are; a maximum which of its taps are, along both axes.
    /// </summary>
    private static int MostDecisions(MachineCode kernel) =>
        IsOverImage(kernel.Name) || kernel.Header.Contains("<Images", StringComparison.Ordinal) ? 4 : 0;

    /// <summary>What computes a tile of places of an image, or copies one.</summary>
    private static bool IsOverImage(string name) =>
        name.StartsWith("Copy", StringComparison.Ordinal) || name.Contains("Places", StringComparison.Ordinal);

    /// <summary>What computes; the methods around it choose panels, loop over samples and call.</summary>
    private static bool IsKernel(string name) =>
        name == "Run" || name.StartsWith("Prepare", StringComparison.Ordinal) || IsOverImage(name) ||
        (name.StartsWith("Sum", StringComparison.Ordinal)
            && (name.Contains("Block", StringComparison.Ordinal) || name.Contains("Outputs", StringComparison.Ordinal)
                || name.Contains("Windows", StringComparison.Ordinal)));

    private async Task<IReadOnlyList<MachineCode>> ListAsync(string variable, string value)
    {
        string listing = Path.Combine(Path.GetTempPath(), "kan-" + Guid.NewGuid().ToString("N") + ".txt");
        try
        {
            await TestProcess.RunAsync(typeof(ShapeNetworks), new Dictionary<string, string>
            {
                [variable] = value,
                [ShapeAssembly.Variable] = assembly.Path,
                ["DOTNET_JitDisasm"] = "*Kernels:*",
                ["DOTNET_JitStdOutFile"] = listing,
                ["DOTNET_JitDisasmDiffable"] = "1",
            });

            // The outermost Run of a large network chooses its panel before it is hot; only the overload of small networks computes. A
            // layer over an image goes through its tiles, and calls a kernel for each.
            return [.. MachineCode.Read(await File.ReadAllTextAsync(listing, TestContext.Current.CancellationToken))
                .Where(static method => !method.Calls.Any() || !(method.Name == "Run" || (method.Name.StartsWith("Prepare",
                    StringComparison.Ordinal) && method.Calls.All(static call => call.Contains("Kernels:", StringComparison.Ordinal)))))];
        }
        finally
        {
            File.Delete(listing);
        }
    }
}
