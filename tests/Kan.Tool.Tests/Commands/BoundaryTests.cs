using System;
using System.IO;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Kan.Tool.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Commands;

/// <summary>Errors of the system are said as what they are, at the file, and faults of the tool as faults.</summary>
public sealed class BoundaryTests
{
    [Fact]
    public void A_full_disk_is_called_that()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux has a device that is always full.");
        var exception = Assert.Throws<ToolException>(static () => Output.Write("out.csv", static () =>
        {
            using var stream = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            stream.Write([1]);
        }));
        Assert.Equal(ExitCode.InputOutput, exception.ExitCode);
        Assert.StartsWith("out.csv : error KAN0308: The file cannot be written: No space left on device",
            exception.Failure.ToCanonicalLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("convert", "out.kan.json")]
    [InlineData("convert", "out.onnx")]
    [InlineData("convert", "out.c")]
    [InlineData("convert", "out.safetensors")]
    [InlineData("compile", "out.cs")]
    [InlineData("plot", "out.svg")]
    [InlineData("eval", "out.csv")]
    [InlineData("eval", "out.npy")]
    public async Task What_cannot_be_written_is_named(string command, string name)
    {
        using var scratch = new Scratch();

        // A file where a folder would have to be, and a folder where the file would have to be.
        scratch.Write("file", [1]);
        Directory.CreateDirectory(scratch.PathOf("folder/" + name));
        Directory.CreateDirectory(scratch.PathOf("folder/" + name + ".part"));
        string rows = scratch.Write("rows.csv", System.Text.Encoding.UTF8.GetBytes(string.Join(',', new int[30]) + "\n"));
        string[] input = command == "eval" ? ["--input", rows] : [];
        foreach (string path in (string[])[scratch.PathOf("file/" + name), scratch.PathOf("folder/" + name)])
        {
            string line = await KanRun.Failure(ExitCode.InputOutput,
                [command, TestFiles.Model("breast-cancer-mlp.onnx"), .. input, "-o", path]);
            Assert.StartsWith(path, line, StringComparison.Ordinal);
            Assert.Contains(": error KAN0308: The file cannot be written: ", line, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFiles(scratch.Folder, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_fault_is_neither_a_damaged_file_nor_an_access_error()
    {
        foreach (var fault in (Exception[])[new ArgumentException("a\nb"), new InvalidOperationException("x"), new FormatException(),
            new ArithmeticException()])
        {
            var (failure, code) = Boundary.Describe("m.onnx", fault);
            Assert.Equal(ExitCode.Fault, code);
            Assert.StartsWith($"m.onnx : error KAN0903: This is a bug in kan ({fault.GetType().Name}: ", failure!.ToCanonicalLine(),
                StringComparison.Ordinal);
            Assert.DoesNotContain('\n', failure.ToCanonicalLine());
        }

        Assert.Equal((null, ExitCode.Cancelled), Boundary.Describe("m.onnx", new OperationCanceledException()));
        Assert.Equal("KAN0308", Boundary.Describe("m.onnx", new UnauthorizedAccessException()).Failure!.Code);
        Assert.Equal("KAN0308", Boundary.Describe("m.onnx", new IOException()).Failure!.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b.onnx")]
    public async Task A_path_that_is_none_is_no_fault(string path)
    {
        var (code, _, error) = await KanRun.Run("info", path);
        Assert.True(code is ExitCode.Usage or ExitCode.ModelFailed, error);
        Assert.DoesNotContain("KAN0903", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\0', error);
    }
}
