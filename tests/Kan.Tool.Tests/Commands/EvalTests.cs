using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Kan.Compiler;
using Kan.Interchange;
using Kan.Interchange.Tests.Support;
using Kan.Tool.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Commands;

/// <summary>Rows in, rows out: the bits of the contract, errors that name the row, nothing half-written.</summary>
public sealed class EvalTests
{
    private const string Sum = """
        {"format":"kan","version":1,"name":"sum","inputs":{"names":["a","b"]},"outputs":{"names":["total"]},
        "layers":[{"kind":"kan","inputs":2,"outputs":1,"edges":[{"input":0,"output":0,"breakpoints":[0],"slopes":[0,1],"anchor":[0,0]},{"input":1,"output":0,"slopes":[10],"anchor":[0,0]}]}]}
        """;

    /// <summary>The same four rows as text, as arrays and as images: a pixel is a byte over 255.</summary>
    [Fact]
    public async Task Archives_and_images_are_rows_too()
    {
        using var scratch = new Scratch();
        string model = scratch.Write("sum.kan.json", """{"format":"kan","version":1,"name":"sum","layers":[{"kind":"affine","inputs":4,"outputs":1,"weights":[1,10,100,1000]}]}"""u8.ToArray());
        byte[] pixels = [255, 0, 0, 51, 0, 255, 102, 0];
        float[] numbers = Array.ConvertAll(pixels, static pixel => pixel / 255f);
        scratch.Write("rows.csv",
            Encoding.UTF8.GetBytes(string.Join('\n', numbers.Chunk(4)
            .Select(static row => string.Join(',', row.Select(static value => value.ToString("R", CultureInfo.InvariantCulture)))))));
        byte[] array = NpzBuilder.Floats("(2, 4)", numbers), other = NpzBuilder.Floats("(1,)", 7),
            idx = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, .. pixels];
        scratch.Write("one.npz", NpzBuilder.Archive(CompressionLevel.Optimal, ("x.npy", array)));
        scratch.Write("named.npz", NpzBuilder.Archive(CompressionLevel.NoCompression, ("outputs.npy", other), ("inputs.npy", array)));
        scratch.Write("t10k-images-idx3-ubyte", idx);
        using (var memory = new MemoryStream())
        {
            using (var gzip = new GZipStream(memory, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(idx);
            scratch.Write("images.idx3-ubyte.gz", memory.ToArray());
        }

        await KanRun.Succeed("eval", model, "-i", scratch.PathOf("rows.csv"), "-o", scratch.PathOf("expected.csv"));
        string expected = await File.ReadAllTextAsync(scratch.PathOf("expected.csv"), TestContext.Current.CancellationToken);
        Assert.Equal(["y0", "201", "50"], expected.TrimEnd('\n').Split('\n').Select(static line => line.Split('.')[0]));
        foreach (string rows in (string[])["one.npz", "named.npz", "t10k-images-idx3-ubyte", "images.idx3-ubyte.gz"])
        {
            await KanRun.Succeed("eval", model, "-i", scratch.PathOf(rows), "-o", scratch.PathOf(rows + ".csv"));
            Assert.Equal(expected, await File.ReadAllTextAsync(scratch.PathOf(rows + ".csv"), TestContext.Current.CancellationToken));
        }

        async Task Refused(string name, byte[] content, string message) => Assert.Contains(
            message, await KanRun.Failure(ExitCode.ModelFailed, "eval", model, "-i", scratch.Write(name, content), "-o",
                scratch.PathOf("refused.csv")), StringComparison.Ordinal);
        await Refused("two.npz", NpzBuilder.Archive(CompressionLevel.Optimal, ("b.npy", array), ("a.npy", other)),
            "The archive has the arrays 'a', 'b'; rows are read from 'inputs', or from the only one.");
        await Refused("wide.npz", NpzBuilder.Archive(CompressionLevel.Optimal, ("x.npy", NpzBuilder.Floats("(1, 2)", 1, 2))),
            "The array 'x' has the shape (1, 2); expected (rows, 4).");
        await Refused("cut-ubyte", idx[..^1], "The header states 2 images, but the file holds fewer.");
        await Refused("labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "The file is not an idx file of images.");
        Assert.False(File.Exists(scratch.PathOf("refused.csv")));
    }

    [Fact]
    public async Task Outputs_have_the_bits_of_the_reference()
    {
        using var scratch = new Scratch();
        var document = ModelImporter.Import(TestFiles.Model("digits-mlp.onnx"));
        var (inputs, _) = TestFiles.Expected("digits-mlp");
        scratch.Write("in.csv",
            Encoding.UTF8.GetBytes(string.Join('\n',
            inputs.Select(static row => string.Join(',', row.Select(static value => value.ToString("R", CultureInfo.InvariantCulture)))))));
        await KanRun.Succeed("eval", TestFiles.Model("digits-mlp.onnx"), "--input", scratch.PathOf("in.csv"), "-o",
            scratch.PathOf("out.csv"));
        await KanRun.Succeed("eval", TestFiles.Model("digits-mlp.onnx"), "--input", scratch.PathOf("in.csv"), "-o",
            scratch.PathOf("out.npy"));
        string[] lines = await File.ReadAllLinesAsync(scratch.PathOf("out.csv"), TestContext.Current.CancellationToken);
        Assert.Equal("y0,y1,y2,y3,y4,y5,y6,y7,y8,y9", lines[0]);
        Assert.Equal(inputs.Length + 1, lines.Length);
        byte[] npy = await File.ReadAllBytesAsync(scratch.PathOf("out.npy"), TestContext.Current.CancellationToken);
        Assert.Contains($"'<f4', 'fortran_order': False, 'shape': ({inputs.Length}, 10)", Encoding.Latin1.GetString(npy, 0, 128),
            StringComparison.Ordinal);
        var reference =
            new ReferenceEvaluator<float>(
            NetworkCompiler.Plan(document, Precision.Single, Lowering.Auto, TestContext.Current.CancellationToken).Form);
        for (int i = 0; i < inputs.Length; i++)
        {
            float[] expected = reference.Evaluate([.. inputs[i].Select(static value => (float)value)]);
            Bits.AssertSame<float>(expected,
                [.. lines[i + 1].Split(',').Select(static field => float.Parse(field, CultureInfo.InvariantCulture))], $"row {i}");
            Bits.AssertSame<float>(expected, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(npy.AsSpan(128 + (i * 40), 40)),
                $"row {i}");
        }
    }

    [Theory]
    [InlineData("1,2\n3,4\n", "total\n21\n43\n")]
    [InlineData("a,b\n1,2\n", "total\n21\n")]
    [InlineData("b;id;a\n2;x;1\n4;y;3\n", "total\n21\n43\n")]
    [InlineData("b\ta\r\n2\t1\r\n", "total\n21\n")]
    [InlineData("b,id,id,a\n2,x,x,1\n", "total\n21\n")]
    [InlineData("\ufeff\"a\" , \"b\"\n\n 1 ,\"2\"\n", "total\n21\n")]
    [InlineData("inf,0\nnan,1\n-Infinity,1\n1,-inf", "total\nInfinity\nNaN\n10\n-Infinity\n")]
    [InlineData("a,b\n", "total\n")]
    public async Task Csv_is_read_as_people_write_it(string input, string expected)
    {
        using var scratch = new Scratch();
        string model = scratch.Write("sum.kan.json", Encoding.UTF8.GetBytes(Sum));
        scratch.Write("in.csv", Encoding.UTF8.GetBytes(input));
        await KanRun.Succeed("eval", model, "--input", scratch.PathOf("in.csv"), "-o", scratch.PathOf("out.csv"));
        Assert.Equal(expected, await File.ReadAllTextAsync(scratch.PathOf("out.csv"), TestContext.Current.CancellationToken));
        Assert.Equal(3, Directory.GetFiles(scratch.Folder).Length);
    }

    [Theory]
    [InlineData("a,b\n1,2\n3,x\n", "(3,3): error KAN0302: Row 2, column 2 'b' holds 'x'; expected a number")]
    [InlineData("1,2\n3,\n", "(2,3): error KAN0302: Row 2, column 2 is empty")]
    [InlineData("1,2\n\n\n3\n", "(4,1): error KAN0302: Row 2 has 1 field, the first line 2.")]
    [InlineData("1,2\n1e39,2\n", "(2,1): error KAN0302: Row 2, column 1 holds '1e39'; expected a number that fits float")]
    [InlineData("1,2,3\n", "(1,1): error KAN0302: The first line has 3 columns; expected 2")]
    [InlineData("1,2\n\"3,4\n5,6\n", "error KAN0302: Row 2 is not a valid CSV row")]
    [InlineData("", ": error KAN0302: The file contains no rows.")]
    public async Task Bad_rows_are_named(string input, string complaint)
    {
        using var scratch = new Scratch();
        string model = scratch.Write("sum.kan.json", Encoding.UTF8.GetBytes(Sum)),
            data = scratch.Write("in.csv", Encoding.UTF8.GetBytes(input));
        var (code, _, error) = await KanRun.Run("eval", model, "--input", data, "-o", scratch.PathOf("out.csv"));
        Assert.Equal(ExitCode.ModelFailed, code);
        Assert.Contains(data, error, StringComparison.Ordinal);
        Assert.Contains(complaint, error, StringComparison.Ordinal);
        Assert.False(File.Exists(scratch.PathOf("out.csv")));
    }

    [Fact]
    public async Task What_was_stopped_by_a_bad_row_goes_on_after_it_is_corrected()
    {
        using var scratch = new Scratch();
        string model = scratch.Write("sum.kan.json", Encoding.UTF8.GetBytes(Sum)), data = scratch.PathOf("in.csv"),
            output = scratch.PathOf("out.csv");
        await File.WriteAllTextAsync(data, "1,1\n2,2\noops,3\n4,4\n", TestContext.Current.CancellationToken);
        var (_, _, error) = await KanRun.Run("eval", model, "--input", data, "-o", output);
        Assert.Contains("2 rows are in " + output + ".part; the same command with --resume continues after them.", error,
            StringComparison.Ordinal);
        Assert.Equal("total\n11\n22\n", await File.ReadAllTextAsync(output + ".part", TestContext.Current.CancellationToken));

        // A row that was cut in the middle is written again.
        await File.AppendAllTextAsync(output + ".part", "3", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(data, "1,1\n2,2\n3,3\n4,4\n", TestContext.Current.CancellationToken);
        var result = await KanRun.Json(0, "eval", model, "--input", data, "-o", output, "--resume");
        Assert.Equal((4, 2), (result.GetProperty("rows").GetInt32(), result.GetProperty("resumedAt").GetInt32()));
        Assert.Equal("total\n11\n22\n33\n44\n", await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
        Assert.False(File.Exists(output + ".part"));
    }

    [Fact]
    public async Task Rows_pass_through_a_pipe()
    {
        using var scratch = new Scratch();
        string model = scratch.Write("sum.kan.json", Encoding.UTF8.GetBytes(Sum));
        var (code, output, error) = await KanRun.Pipe("b,a\n2,1\n4,3\n", "eval", model, "--input", "-", "-o", "-");
        Assert.Equal((0, "total\n21\n43\n", ""), (code, output, error));
        (code, output, error) = await KanRun.Pipe("a,b\n1,2\n3,x\n", "eval", model, "--input", "-", "-o", "-");
        Assert.Equal((ExitCode.ModelFailed, "total\n21\n"), (code, output));
        Assert.StartsWith("standard input(3,3): error KAN0302: Row 2, column 2 'b' holds 'x'", error, StringComparison.Ordinal);
        Assert.Contains("--json would be among them",
            await KanRun.Failure(ExitCode.Usage, "eval", model, "--input", "in.csv", "-o", "-", "--json"), StringComparison.Ordinal);
        Assert.Contains("--resume continues a file",
            await KanRun.Failure(ExitCode.Usage, "eval", model, "--input", "in.csv", "-o", "-", "--resume"), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(scratch.Folder));
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("npy")]
    public async Task A_part_can_end_anywhere(string type)
    {
        using var scratch = new Scratch();
        string model = TestFiles.Model("breast-cancer-mlp.onnx"), data = scratch.PathOf("in.csv"), output = scratch.PathOf("out." + type);
        var (inputs, _) = TestFiles.Expected("breast-cancer-mlp");
        await File.WriteAllLinesAsync(data,
            inputs.Select(static row => string.Join(',', row.Select(static value => value.ToString("R", CultureInfo.InvariantCulture)))),
            TestContext.Current.CancellationToken);
        await KanRun.Succeed("eval", model, "--input", data, "-o", output);
        byte[] whole = await File.ReadAllBytesAsync(output, TestContext.Current.CancellationToken);

        // Until it is whole, a .npy file says that it has no rows.
        byte[] written = [.. whole];
        if (type == "npy") NpyHeader.Write(4, 0, 1).CopyTo(written, 0);
        for (int length = 0; length <= written.Length; length += 1 + (written.Length / 40))
        {
            await File.WriteAllBytesAsync(output + ".part", written[..length], TestContext.Current.CancellationToken);
            await KanRun.Succeed("eval", model, "--input", data, "-o", output, "--resume");
            Assert.Equal(whole, await File.ReadAllBytesAsync(output, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task A_part_of_something_else_is_not_continued()
    {
        using var scratch = new Scratch();
        string model = scratch.Write("sum.kan.json", Encoding.UTF8.GetBytes(Sum)), data = scratch.Write("in.csv", "1,1\n2,2\n"u8.ToArray()),
            output = scratch.PathOf("out.csv");
        string[] command = ["eval", model, "--input", data, "-o", output, "--resume"];
        scratch.Write("out.csv.part", "total\n12\n"u8.ToArray());
        Assert.Contains("Row 1 of the partial file is not what this model computes", await KanRun.Failure(ExitCode.Usage, command),
            StringComparison.Ordinal);
        scratch.Write("out.csv.part", "other\n11\n"u8.ToArray());
        Assert.Contains("Its header does not match these outputs", await KanRun.Failure(ExitCode.ModelFailed, command),
            StringComparison.Ordinal);
        scratch.Write("out.csv.part", "total\n11\n22\n33\n"u8.ToArray());
        Assert.Contains("more were read before", await KanRun.Failure(ExitCode.ModelFailed, command), StringComparison.Ordinal);
        Assert.False(File.Exists(output));
    }

    [Theory]
    [InlineData("(2, 2)", "<f4", "False", 4, "")]
    [InlineData("(2, 2)", "<i4", "False", 4, "numbers of type '<i4'")]
    [InlineData("(2, 2)", "<f4", "True", 4, "Fortran order")]
    [InlineData("(2, 3)", "<f4", "False", 6, "Each row has 3 numbers; expected 2")]
    [InlineData("(3, 2)", "<f4", "False", 4, "The header claims 3 rows")]
    [InlineData("(9223372036854775807, 9223372036854775807)", "<f4", "False", 4, "The header claims")]
    [InlineData("(2, 2, 1)", "<f4", "False", 4, "expected (rows, columns)")]
    public async Task Npy_is_read_or_refused(string shape, string type, string order, int count, string complaint)
    {
        using var scratch = new Scratch();
        string model = scratch.Write("sum.kan.json", Encoding.UTF8.GetBytes(Sum)), output = scratch.PathOf("out.csv");
        string data = scratch.Write("in.npy",
            NpzBuilder.Array(shape, type, order, [.. Enumerable.Range(1, count).SelectMany(static i => BitConverter.GetBytes((float)i))]));
        var (code, _, error) = await KanRun.Run("eval", model, "--input", data, "-o", output);
        if (complaint.Length == 0)
        {
            Assert.True(code == 0, error);
            Assert.Equal("total\n21\n43\n", await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
            return;
        }

        Assert.Equal(ExitCode.ModelFailed, code);
        Assert.Contains(complaint, error, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(scratch.Folder, "*npy*"));
        Assert.False(File.Exists(output));
    }

    [Fact]
    public async Task A_file_larger_than_the_memory_allowed_streams()
    {
        using var scratch = new Scratch();
        var random = new Random(1);
        string data = scratch.PathOf("in.csv");
        await using (var writer = new StreamWriter(data))
        {
            string[] lines = [.. Enumerable.Range(0, 512)
                .Select(_ => string.Join(',',
                    Enumerable.Range(0, 64).Select(_ => random.NextSingle().ToString("R", CultureInfo.InvariantCulture))))];
            for (long bytes = 0, i = 0; bytes < 20_000_000; bytes += lines[i % 512].Length + 1, i++) writer.Write(lines[i % 512] + "\n");
        }

        // The runtime may not have more than this for its heap; the file alone has 20 MB.
        var (code, output) = await DotNet.Run(scratch.Folder, new System.Collections.Generic.Dictionary<string,
            string>
        { ["DOTNET_GCHeapHardLimit"] = "0x1000000" },
            "exec", TestFiles.Metadata("KanTool"), "eval", TestFiles.Model("digits-mlp.onnx"), "--input", data, "-o", "out.csv", "--json");
        Assert.True(code == 0, output);
        Assert.Equal(File.ReadLines(data).Count() + 1, File.ReadLines(scratch.PathOf("out.csv")).Count());
    }

    [Fact]
    public async Task A_stop_leaves_whole_rows_to_go_on_from()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Sends SIGTERM");
        using var scratch = new Scratch();
        string data = scratch.PathOf("in.csv"), output = scratch.PathOf("out.csv"), part = output + ".part";
        string model = TestFiles.Model("mnist-mlp.onnx");
        string row = string.Join(',',
            Enumerable.Range(0, 784).Select(static i => (i % 10 * 0.1f).ToString("R", CultureInfo.InvariantCulture))) + "\n";
        const int Rows = 20_000;
        await using (var writer = new StreamWriter(data))
        {
            for (int i = 0; i < Rows; i++) writer.Write(row);
        }

        using var process =
            Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["exec", TestFiles.Metadata("KanTool"), "eval", model, "--input", data, "-o", output])
            {
                RedirectStandardError = true,
            })!;
        while (!process.HasExited && (!File.Exists(part) || new FileInfo(part).Length == 0))
            await Task.Delay(20, TestContext.Current.CancellationToken);
        // What Ctrl-C sends takes the same way, but processes that a shell starts in the background ignore it, and so do their children.
        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(process.ExitCode == 0, "The machine was done before it was interrupted");
        Assert.Equal(ExitCode.Cancelled, process.ExitCode);
        Assert.Contains("--resume continues after", error, StringComparison.Ordinal);
        Assert.False(File.Exists(output));
        Assert.EndsWith("\n", await File.ReadAllTextAsync(part, TestContext.Current.CancellationToken), StringComparison.Ordinal);

        var result = await KanRun.Json(0, "eval", model, "--input", data, "-o", output, "--resume");
        Assert.Equal(Rows, result.GetProperty("rows").GetInt32());
        Assert.True(result.GetProperty("resumedAt").GetInt32() > 0);
        string[] lines = await File.ReadAllLinesAsync(output, TestContext.Current.CancellationToken);
        Assert.Equal(Rows + 1, lines.Length);
        Assert.Single(lines.Skip(1).Distinct());
    }
}
