using System;
using System.IO;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Tool;

/// <summary>The command as a process: exit codes, one line for each failure, nothing half-written.</summary>
public sealed class CommandTests
{
    private static Task<(int ExitCode, string Output)> Kan(Scratch scratch, params string[] arguments) =>
        DotNet.Run(scratch.Folder, ["exec", TestFiles.Metadata("KanTool"), .. arguments]);

    [Fact]
    public async Task Convert_writes_the_document()
    {
        using var scratch = new Scratch();
        var (code, output) = await Kan(scratch, "convert", TestFiles.Model("breast-cancer-mlp.onnx"), "-o", "new/ö.kan.json", "--range",
            "-3,3.5");
        Assert.Equal((0, string.Empty), (code, output));
        var document =
            KanDocumentReader.Read(await File.ReadAllTextAsync(scratch.PathOf("new/ö.kan.json"), TestContext.Current.CancellationToken));
        Assert.Equal([new InputRange(-3, Rational.Create(7, 2))], document.InputRanges);
    }

    [Fact]
    public async Task A_failure_is_one_canonical_line_and_leaves_the_old_output()
    {
        using var scratch = new Scratch();
        string old = scratch.Write("out.kan.json", [1, 2, 3]);
        scratch.Write("in.kan.json", "{\n  \"format\": }"u8.ToArray());
        var (code, output) = await Kan(scratch, "convert", "in.kan.json", "-o", "out.kan.json");
        Assert.Equal(1, code);
        Assert.StartsWith("in.kan.json(2,13): error KAN0302: ", output, StringComparison.Ordinal);
        Assert.Single(output.TrimEnd().Split('\n'));
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(old, TestContext.Current.CancellationToken));
        Assert.Equal(2, Directory.GetFiles(scratch.Folder).Length);
    }

    [Theory]
    [InlineData(2, "convert")]
    [InlineData(2, "convert", "a", "-o", "b", "--range", "2,1")]
    [InlineData(2, "nonsense")]
    [InlineData(0, "--help")]
    [InlineData(1, "convert", "none.onnx", "-o", "b.kan.json")]
    [InlineData(3, "import", "none.list")]
    public async Task Exit_codes(int expected, params string[] arguments)
    {
        using var scratch = new Scratch();
        var (code, output) = await Kan(scratch, arguments);
        Assert.True(expected == code, $"{code}: {output}");
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_that_cannot_be_written_is_exit_code_3()
    {
        using var scratch = new Scratch();
        scratch.Write("file", [1]);
        var (code, output) = await Kan(scratch, "convert", TestFiles.Model("breast-cancer-mlp.onnx"), "-o", "file/out.kan.json");
        Assert.Equal(3, code);
        Assert.Contains(": error ", output, StringComparison.Ordinal);
    }
}
