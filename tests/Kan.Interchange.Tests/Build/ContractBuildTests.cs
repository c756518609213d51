using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Build;

/// <summary>Contracts, proved and broken in real builds.</summary>
[Trait("Speed", "Slow")]
public sealed class ContractBuildTests : IDisposable
{
    private const string Code = """
        using Kan; using Kan.Contracts;
        namespace N;
        [KanNetwork(2, 1)]
        [Edge(0, 0, 0, Breakpoints = [0.5], Slopes = [2, -1])]
        [Edge(0, 1, 0, Slopes = [-0.25])]
        [Input(0, "load", Low = 0, High = 1)]
        [Input(1, "age", Low = 0, High = 2)]
        [OutputRange(-0.5, 1)]
        [Monotone("age", Direction.Decreasing)]
        [LipschitzBound(2.001, Input = "load")]
        public sealed partial class Valve;

        [KanModel("digits.onnx")]
        [OutputRange(-1000, 1000)]
        [Robust("rows.csv", Radius = 0.001)]
        [Satisfies("p.vnnlib")]
        public sealed partial class Digits;
        """;

    private readonly Scratch _scratch = new();

    private string Program => _scratch.PathOf("Program.cs");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Contracts_that_hold_are_proved_once()
    {
        Write(Code);
        var (code, output) = await Build("-v:n");
        Assert.True(code == 0, output);
        foreach (int line in (int[])[8, 9, 10, 14, 15, 16])
            Assert.Contains($"Program.cs({line},2): message KAN0512: ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("KAN051", Strip(output, "KAN0512"), StringComparison.Ordinal);
        string[] proofs = Proofs();
        Assert.Equal(6, proofs.Length);
        var times = proofs.Select(File.GetLastWriteTimeUtc).ToArray();

        // Another line above, and another radius: all but one result are still those of before.
        Write("// A line.\n" + Code.Replace("0.001", "0.002", StringComparison.Ordinal));
        (code, output) = await Build("-v:n");
        Assert.True(code == 0, output);
        Assert.Contains("Program.cs(9,2): message KAN0512: ", output, StringComparison.Ordinal);
        Assert.Equal(7, Proofs().Length);
        Assert.Equal(times, proofs.Select(File.GetLastWriteTimeUtc));
    }

    [Fact]
    public async Task A_broken_contract_is_an_error_at_its_attribute_with_what_the_code_computes()
    {
        Write(Code.Replace("[OutputRange(-0.5, 1)]", "[OutputRange(-0.5, 0.9)]", StringComparison.Ordinal)
            .Replace("Direction.Decreasing", "Direction.Increasing", StringComparison.Ordinal));
        var (code, output) = await Build();
        Assert.NotEqual(0, code);
        Assert.Contains("Program.cs(8,2): error KAN0510: 'Valve' does not keep its contract that output 0 stays from -0.5 to 0.9: at "
            + "load = ", output, StringComparison.Ordinal);
        Assert.Contains("Program.cs(9,2): error KAN0510: 'Valve' does not keep its contract that output 0 never decreases when age "
            + "increases: from load = ", output, StringComparison.Ordinal);

        // It stays an error until it is mended, though the compiler has nothing left to do.
        (code, output) = await Build("--no-restore");
        Assert.NotEqual(0, code);
        Assert.Contains("error KAN0510", output, StringComparison.Ordinal);
        (code, output) = await Build("--no-restore", "-p:KanProofs=Off");
        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task An_undecided_contract_is_a_warning_or_where_asked_for_an_error()
    {
        // The exact network keeps it, by nothing.
        Write(Code.Replace("[OutputRange(-1000, 1000)]", "[LipschitzBound(1E-9)] [OutputRange(-1000, 1000)]", StringComparison.Ordinal)
            .Replace("rows.csv", "none.csv", StringComparison.Ordinal));
        var (code, output) = await Build("-p:KanProofSeconds=x");
        Assert.NotEqual(0, code);
        Assert.Contains("error KAN0902: The property KanProofSeconds is 'x'", output, StringComparison.Ordinal);
        (code, output) = await Build("--no-restore");
        Assert.NotEqual(0, code);
        Assert.Contains("error KAN0010: [Robust] of 'Digits' names a file that cannot be read: ", output, StringComparison.Ordinal);
        Assert.Contains("error KAN0510: 'Digits' does not keep its contract that every output changes", output, StringComparison.Ordinal);
    }

    private static string Strip(string text, string part) => text.Replace(part, "", StringComparison.Ordinal);

    private string[] Proofs() =>
        [.. Directory.GetFiles(_scratch.PathOf("obj/Debug/net10.0/kan/proofs"), "*.proof").Order(StringComparer.Ordinal)];

    private void Write(string program)
    {
        File.WriteAllText(Program, program);
        if (File.Exists(_scratch.PathOf("contracts.csproj"))) return;
        _scratch.Write("digits.onnx", File.ReadAllBytes(TestFiles.Model("digits-mlp.onnx")));
        _scratch.Write("Directory.Build.props", Encoding.UTF8.GetBytes("<Project />"));
        _scratch.Write("Directory.Build.targets", Encoding.UTF8.GetBytes("<Project />"));
        _scratch.Write("rows.csv", Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Repeat("0.5", 64)) + "\n"));
        _scratch.Write("p.vnnlib",
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 64)
            .Select(static i => $"(declare-const X_{i} Real)\n(assert (>= X_{i} 0.25))\n(assert (<= X_{i} 0.5))\n"))
            + string.Concat(Enumerable.Range(0, 10).Select(static i => $"(declare-const Y_{i} Real)\n")) + "(assert (>= Y_0 1000.0))\n"));
        _scratch.Write("contracts.csproj", Encoding.UTF8.GetBytes($"""
            <Project Sdk="Microsoft.NET.Sdk">
              <Import Project="{TestFiles.Metadata("KanTargets")}/Kan.Generators.props" />
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <NuGetAudit>false</NuGetAudit>
                <KanToolPath>{TestFiles.Metadata("KanTool")}</KanToolPath>
                <KanTasksPath>{TestFiles.Metadata("KanTasks")}</KanTasksPath>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="{typeof(IKanModel<>).Assembly.Location}" />
                <Analyzer Include="{TestFiles.Metadata("KanGenerator")}" />
                <KanModel Include="digits.onnx" Range="0,1" />
              </ItemGroup>
              <Import Project="{TestFiles.Metadata("KanTargets")}/Kan.Generators.targets" />
            </Project>
            """));
    }

    private Task<(int ExitCode, string Output)> Build(params string[] more) =>
        DotNet.Run(_scratch.Folder, ["build", "-nologo", "-v:m", "-clp:NoSummary", "-tl:off", .. more]);
}
