using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Kan.Tool.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Commands;

public sealed class QuantizeTests
{
    private const string Network = """
        {"format":"kan","version":1,"name":"net","inputs":{"ranges":[[-1,1]]},"layers":[
        {"kind":"affine","inputs":2,"outputs":3,"weights":[1,-0.5,0.25,0.75,-1,0.5],"bias":[0.1,0,-0.2]},
        {"kind":"activation","size":3,"function":"relu"},
        {"kind":"affine","inputs":3,"outputs":2,"weights":[1,-1,0.5,-0.25,0.75,1]}]}
        """;

    private static string Write(Scratch scratch, string name, string text) => scratch.Write(name, Encoding.UTF8.GetBytes(text));

    [Fact]
    public async Task Samples_give_the_ranges_of_hidden_values()
    {
        using var scratch = new Scratch();
        string model = Write(scratch, "net.kan.json", Network), rows = Write(scratch, "rows.csv", "0.5,0.5\n-1,0\n1,-1\n"),
            output = scratch.PathOf("q.kan.json");
        string text = await KanRun.Succeed("quantize", model, "--calibration", rows, "-o", output);
        Assert.Contains("certified: |integers - exact| over all outputs, inputs in their ranges", text, StringComparison.Ordinal);
        Assert.Contains("samples      3: the largest difference from float is ", text, StringComparison.Ordinal);
        Assert.Contains("; the largest output is the same for 100 %", text, StringComparison.Ordinal);

        // Sums of the first layer are 0.35, -0.9, 1.6; 0.5, -0.25, -0.5; -0.45, 0.8, -1.7. An eighth of 3.3 more at each end.
        var document = KanDocumentReader.Read(await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
        var range = Assert.Single(document.HiddenRanges);
        Assert.Equal((-1.7 - (3.3 / 8), 1.6 + (3.3 / 8)), (range.Low.ToDouble(), range.High.ToDouble()),
            (a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) < 1e-12);
        Assert.Contains("3 samples of rows.csv gave the ranges of the values between layers, for integers.", document.SourceNotes);

        // The same rows as an archive of arrays.
        string archive = scratch.Write("rows.npz",
            NpzBuilder.Archive(System.IO.Compression.CompressionLevel.Optimal,
            ("inputs.npy", NpzBuilder.Floats("(3, 2)", 0.5f, 0.5f, -1, 0, 1, -1))));
        await KanRun.Succeed("quantize", model, "--calibration", archive, "-o", scratch.PathOf("again.kan.json"));
        Assert.Equal(document.HiddenRanges,
            KanDocumentReader.Read(await File.ReadAllTextAsync(scratch.PathOf("again.kan.json"), TestContext.Current.CancellationToken))
            .HiddenRanges);
        Assert.Contains("int8 precision", await KanRun.Succeed("info", output, "--precision", "int8"), StringComparison.Ordinal);
        Assert.Contains("IntegerNetwork", await CompiledText(output, scratch), StringComparison.Ordinal);
    }

    /// <summary>A convolution, ReLU, a maximum and a matrix; 16 numbers an image.</summary>
    [Fact]
    public async Task A_network_over_images_keeps_its_ranges_and_becomes_C()
    {
        using var scratch = new Scratch();
        string numbers = string.Join(',', Enumerable.Range(0, 18).Select(static i => ((i * 5 % 7) - 3) / 4.0)
            .Select(static number => number.ToString(System.Globalization.CultureInfo.InvariantCulture))),
            model = Write(scratch, "net.kan.json", $$"""
            {"format":"kan","version":1,"name":"net","inputs":{"ranges":[[0,1]]},"layers":[
            {"kind":"convolution","channels":1,"size":[4,4],"kernel":[3,3],"padding":[1,1,1,1],"filters":2,"weights":[{{numbers}}],
            "bias":[0.1,0]},
            {"kind":"activation","size":32,"function":"relu"},
            {"kind":"maximum","channels":2,"size":[4,4],"kernel":[2,2],"strides":[2,2]},
            {"kind":"affine","inputs":8,"outputs":2,"weights":[1,-1,0.5,-0.25,0.75,1,0.5,-1,1,0.5,-0.5,0.25,-1,1,0.125,0]}]}
            """);
        string rows = Write(scratch, "rows.csv", string.Join('\n', Enumerable.Range(0, 5)
            .Select(static row => string.Join(',', Enumerable.Range(0, 16).Select(i => ((i * (row + 3)) % 8) / 8.0).Select(
            static number => number.ToString(System.Globalization.CultureInfo.InvariantCulture))))));
        string output = scratch.PathOf("q.kan.json"), text = await KanRun.Succeed("quantize", model, "--calibration", rows, "-o", output);
        Assert.Contains("samples      5: the largest difference from float is ", text, StringComparison.Ordinal);
        Assert.Contains("error bound  ", text, StringComparison.Ordinal);
        var document = KanDocumentReader.Read(await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
        Assert.Equal(3, document.HiddenRanges.Length);
        Assert.Contains("A convolution of 3 x 3 over 1 channel of 4 x 4", await CompiledText(output, scratch), StringComparison.Ordinal);
        string code = scratch.PathOf("q.c");
        await KanRun.Succeed("convert", output, "--precision", "int8", "-o", code);
        Assert.Contains("layers over images add products of codes and weights of 8 bits",
            await File.ReadAllTextAsync(Path.ChangeExtension(code, ".h"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tolerance_that_codes_of_8_bits_miss_takes_16()
    {
        using var scratch = new Scratch();
        string model = Write(scratch, "net.kan.json", Network), output = scratch.PathOf("q.kan.json"), file = scratch.PathOf("q.onnx");
        Assert.DoesNotContain("16 bits", await KanRun.Succeed("quantize", model, "--tolerance", "0.5", "-o", output),
            StringComparison.Ordinal);
        Assert.Contains("codes        16 bits: codes of 8 are not certified to keep the tolerance",
            await KanRun.Succeed("quantize", model, "--tolerance", "1e-3", "-o", output), StringComparison.Ordinal);
        Assert.Equal(1e-3,
            KanDocumentReader.Read(await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken)).IntegerTolerance);
        Assert.Contains("with codes of 16 for the tolerance", await CompiledText(output, scratch), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await KanRun.Succeed("quantize", output, "-o", file, "--json"));
        Assert.Equal(16, json.RootElement.GetProperty("codeBits").GetInt32());
        Assert.True(File.Exists(file));
    }

    [Fact]
    public async Task Curves_take_16_bits_for_a_tolerance_too()
    {
        using var scratch = new Scratch();
        string model = Write(scratch, "net.kan.json", """
            {"format":"kan","version":1,"name":"net","inputs":{"ranges":[[-1,1]]},"layers":[
            {"kind":"kan","inputs":2,"outputs":2,"sharedKnots":[-1,0.3,1],"values":[0,1,-1,0.5,2,1,0.1,0.2,0.3,1,-1,0.4],"bias":[0,0]}]}
            """), output = scratch.PathOf("q.kan.json");
        using (var narrow = JsonDocument.Parse(await KanRun.Succeed("quantize", model, "-o", output, "--json")))
            Assert.Equal(8, narrow.RootElement.GetProperty("codeBits").GetInt32());
        using var json = JsonDocument.Parse(await KanRun.Succeed("quantize", model, "--tolerance", "1e-3", "-o", output, "--json"));
        Assert.Equal(16, json.RootElement.GetProperty("codeBits").GetInt32());
        Assert.InRange(json.RootElement.GetProperty("certifiedError").GetDouble(), 1e-6, 1e-3);
        Assert.Contains("integers of 16 bits, for the tolerance", await CompiledText(output, scratch), StringComparison.Ordinal);
    }

    /// <summary>Outputs are 2x and 3y, so that the larger one is plain to see: classes 1, 0, 0, 1 for these rows.</summary>
    [Theory]
    [InlineData("y.csv", "class\n1\n0\n1\n1\n")]
    [InlineData("y-ubyte", "\0\0\u0008\u0001\0\0\0\u0004\u0001\0\u0001\u0001")]
    public async Task Classes_give_the_accuracy_of_integers_and_of_floats(string name, string classes)
    {
        using var scratch = new Scratch();
        string model = Write(scratch, "net.kan.json", """
            {"format":"kan","version":1,"name":"net","inputs":{"ranges":[[-1,1]]},"layers":[
            {"kind":"affine","inputs":2,"outputs":2,"weights":[2,0,0,3]}]}
            """), rows = Write(scratch, "rows.csv", "0.5,0.5\n0.5,0.25\n-0.25,-1\n-1,0.125\n"),
            known = scratch.Write(name, Encoding.Latin1.GetBytes(classes)), output = scratch.PathOf("q.kan.json");
        string text = await KanRun.Succeed("quantize", model, "--test", rows, "--classes", known, "-o", output);
        Assert.Contains("samples      4: the largest difference from float is ", text, StringComparison.Ordinal);
        Assert.Contains("\naccuracy     75 %, in float 75 %", text, StringComparison.Ordinal);
        string json = await KanRun.Succeed("quantize", model, "--calibration", rows, "--classes", known, "-o", output, "--json");
        Assert.Matches("\"accuracy\": ?0.75,\\s*\"floatAccuracy\": ?0.75", json);
    }

    [Theory]
    [InlineData("y.csv", "1\n0\n", "The file has 2 numbers; expected 3, one for each row of ")]
    [InlineData("y.csv", "1\n2\n0\n", "Row 2 holds 2, but a class is a whole number from 0 to 1, the index of an output.")]
    [InlineData("y.csv", "1\n0.5\n0\n", "Row 2 holds 0.5, but a class is a whole number from 0 to 1")]
    [InlineData("y.csv", "1,0\n", "The first line has 2 columns; expected 1")]
    [InlineData("y-ubyte", "\0\0\u0008\u0003\0\0\0\u0001\0", "The file is not an idx file of labels.")]
    [InlineData("y-ubyte", "\0\0\u0008\u0001\0\0\0\u0004\0", "The header states 4 labels, but the file holds 1.")]
    public async Task Wrong_classes_are_refused(string name, string classes, string message)
    {
        using var scratch = new Scratch();
        string model = Write(scratch, "net.kan.json", Network), rows = Write(scratch, "rows.csv", "0.5,0.5\n-1,0\n1,-1\n"),
            known = scratch.Write(name, Encoding.Latin1.GetBytes(classes)), output = scratch.PathOf("q.kan.json");
        string failure = await KanRun.Failure(ExitCode.ModelFailed, "quantize", model, "--test", rows, "--classes", known, "-o", output);
        Assert.Contains(message, failure, StringComparison.Ordinal);
        Assert.False(File.Exists(output));
    }

    [Fact]
    public async Task Classes_without_samples_are_refused()
    {
        using var scratch = new Scratch();
        string model = Write(scratch, "net.kan.json", Network), known = Write(scratch, "y.csv", "1\n");
        string failure = await KanRun.Failure(ExitCode.Usage, "quantize", model, "--classes", known, "-o", scratch.PathOf("q.kan.json"));
        Assert.Contains("--classes says what samples are: give them too, with --test or --calibration.", failure, StringComparison.Ordinal);
    }

    /// <summary>A pipe can be read once.</summary>
    [Fact]
    public async Task Samples_may_come_from_the_standard_input()
    {
        using var scratch = new Scratch();
        string model = Write(scratch, "net.kan.json", Network);
        var (code, output, error) = await KanRun.Pipe("0.5,0.5\n-1,0\n1,-1\n", "quantize", model, "--calibration", "-", "-o",
            scratch.PathOf("q.onnx"));
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("samples      3: the largest difference from float is ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_without_ranges_takes_those_of_its_samples()
    {
        using var scratch = new Scratch();
        string model = Write(scratch, "net.kan.json", Network.Replace("\"inputs\":{\"ranges\":[[-1,1]]},", "", StringComparison.Ordinal)),
            output = scratch.PathOf("q.kan.json");
        string failure = await KanRun.Failure(ExitCode.ModelFailed, "quantize", model, "-o", output);
        Assert.Contains("error KAN0115: The model cannot be computed with integers: no ranges of its inputs are known", failure,
            StringComparison.Ordinal);
        Assert.False(File.Exists(output));
        await KanRun.Succeed("quantize", model, "--calibration", Write(scratch, "rows.csv", "0.5,2\n-1,0\n"), "-o", output);
        var document = KanDocumentReader.Read(await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
        Assert.Equal([new InputRange(-1, Rational.Create(1, 2)), new InputRange(0, 2)], document.InputRanges);
    }

    [Fact]
    public async Task A_trained_model_becomes_a_file_of_integers()
    {
        using var scratch = new Scratch();
        string model = TestFiles.Model("digits-mlp.onnx"), output = scratch.PathOf("q.onnx");
        using var expected =
            JsonDocument.Parse(await File.ReadAllTextAsync(TestFiles.Model("digits-mlp.expected.json"),
            TestContext.Current.CancellationToken));
        var inputs = expected.RootElement.GetProperty("inputs").EnumerateArray()
            .Select(static row => string.Join(',', row.EnumerateArray().Select(static x => x.GetRawText())));
        string rows = Write(scratch, "rows.csv", string.Join('\n', inputs) + "\n");
        var json = await KanRun.Json(0, "quantize", model, "--range", "0,1", "--calibration", rows, "-o", output);
        Assert.Equal(64, json.GetProperty("samples").GetInt32());
        Assert.InRange(json.GetProperty("sameLargestOutput").GetInt32(), 62, 64);
        Assert.InRange(json.GetProperty("bytes").GetDouble(), 1, 0.35 * json.GetProperty("floatBytes").GetDouble());
        Assert.InRange(json.GetProperty("sampledDifference").GetDouble(), 1e-6, json.GetProperty("certifiedError").GetDouble());
        Assert.True(new FileInfo(output).Length > 2000);
    }

    [Theory]
    [InlineData("q.c", "must end in .onnx or .kan.json")]
    [InlineData("q.onnx", "The file has no row")]
    public async Task What_cannot_be_done_is_refused(string name, string expected)
    {
        using var scratch = new Scratch();
        string model = Write(scratch, "net.kan.json", Network), output = scratch.PathOf(name);
        var run = await KanRun.Run("quantize", model, "--calibration", Write(scratch, "rows.csv", "a,b\n"), "-o", output);
        Assert.NotEqual(0, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(output));
    }

    private const string Curves = """
        {"format":"kan","version":1,"name":"curves","inputs":{"ranges":[[0,1]]},"layers":[
        {"kind":"kan","inputs":1,"outputs":2,"knots":[[0,0.5,1]],"values":[0,1,1,0,0.5,1]},
        {"kind":"kan","inputs":2,"outputs":1,"knots":[[0,0.25,1],[0,0.75,1]],"values":[0,1,0,1,0,1]}]}
        """;

    [Fact]
    public async Task Curves_keep_their_ranges_and_have_no_file_of_integers()
    {
        using var scratch = new Scratch();
        string model = Write(scratch, "curves.kan.json", Curves), rows = Write(scratch, "rows.csv", "0\n0.5\n0.8\n"),
            output = scratch.PathOf("q.kan.json");
        string text = await KanRun.Succeed("quantize", model, "--calibration", rows, "-o", output);
        Assert.Contains("samples      3: the largest difference from float is ", text, StringComparison.Ordinal);

        // Hidden values of the samples are 0 and 1, 1 and 0, 0.7 and 0.6.
        var range = Assert.Single(KanDocumentReader.Read(await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken))
            .HiddenRanges);
        Assert.Equal((-0.125, 1.125), (range.Low.ToDouble(), range.High.ToDouble()));
        Assert.Contains("int8 precision", await KanRun.Succeed("info", output, "--precision", "int8"), StringComparison.Ordinal);
        Assert.Contains("AddPanel", await CompiledText(output, scratch), StringComparison.Ordinal);

        string file = scratch.PathOf("q.onnx");
        string failure = await KanRun.Failure(ExitCode.ModelFailed, "quantize", model, "--calibration", rows, "-o", file);
        Assert.Contains("The edges of the network are functions, and QuantizeLinear and DequantizeLinear are for weights. Write a "
            + ".kan.json file, which keeps the ranges for Precision.Int8, or C.", failure, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task Commands_without_integers_say_so()
    {
        using var scratch = new Scratch();
        var run = await KanRun.Run("simplify", Write(scratch, "net.kan.json", Network), "-o", scratch.PathOf("out.kan.json"), "--precision",
            "int8");
        Assert.Contains("found int8 where single or double was expected", run.Error, StringComparison.Ordinal);
    }

    private static async Task<string> CompiledText(string model, Scratch scratch)
    {
        string file = scratch.PathOf("Net.g.cs");
        await KanRun.Succeed("compile", model, "-o", file, "--precision", "int8");
        return await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
    }
}
