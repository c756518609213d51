using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Kan.Interchange;
using Kan.Interchange.Tests.Support;
using Kan.Tool.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Commands;

/// <summary>Commands on files that are quantised already: integers are kept and used unless something else is asked for.</summary>
public sealed class QuantizedFileTests
{
    private const string Name = "digits.q.onnx";

    [Fact]
    public async Task Info_says_what_the_file_is()
    {
        using var scratch = new Scratch();
        string model = await Model(scratch);
        string text = await KanRun.Succeed("info", model);
        Assert.Contains("integers     those of the file: input codes of ", text, StringComparison.Ordinal);
        Assert.Contains("compiled     int8 precision", text, StringComparison.Ordinal);
        Assert.Contains("compiled     single precision", await KanRun.Succeed("info", model, "--precision", "single"),
            StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await KanRun.Succeed("info", model, "--json"));
        Assert.Equal(0, json.RootElement.GetProperty("codes").GetProperty("inputs").GetProperty("zero").GetInt32());
        Assert.Equal(2, json.RootElement.GetProperty("codes").GetProperty("layers").GetArrayLength());
    }

    [Fact]
    public async Task Convert_keeps_the_integers()
    {
        using var scratch = new Scratch();
        string model = await Model(scratch), document = scratch.PathOf("q.kan.json"), again = scratch.PathOf("again.onnx"),
            floats = scratch.PathOf("floats.onnx"), relu = scratch.PathOf("relu.kan.json");
        await KanRun.Succeed("convert", model, "-o", document);
        await KanRun.Succeed("convert", document, "-o", again);
        Assert.Equal(Form(model).Layers.SelectMany(static layer => layer.Weights),
            Form(again).Layers.SelectMany(static layer => layer.Weights));
        Assert.Equal(Form(model).Layers.SelectMany(static layer => layer.Units),
            Form(again).Layers.SelectMany(static layer => layer.Units));
        await KanRun.Succeed("convert", document, "-o", floats, "--precision", "single");
        Assert.Null(ModelImporter.Import(floats).Codes);
        await KanRun.Succeed("convert", model, "-o", relu, "--to", "relu");
        Assert.Null(ModelImporter.Import(relu).Codes);
    }

    [Fact]
    public async Task Networks_over_images_are_written_with_their_integers()
    {
        using var scratch = new Scratch();
        string model = TestFiles.Model(Path.Combine("quantized", "torch-images-separable.onnx")), document = scratch.PathOf("q.kan.json"),
            again = scratch.PathOf("again.onnx"), floats = scratch.PathOf("floats.kan.json"), quantized = scratch.PathOf("new.onnx");
        await KanRun.Succeed("convert", model, "-o", document);
        await KanRun.Succeed("convert", document, "-o", again);
        Assert.Equal(Form(model).Layers.Select(static layer => layer.Window), Form(again).Layers.Select(static layer => layer.Window));
        Assert.Equal(Form(model).Layers.SelectMany(static layer => layer.Units),
            Form(again).Layers.SelectMany(static layer => layer.Units));
        await KanRun.Succeed("convert", document, "-o", floats, "--precision", "single");
        await KanRun.Succeed("quantize", floats, "-o", quantized, "--range", "0,1");
        Assert.Contains(Form(quantized).Layers, static layer => layer.Window is not null);
    }

    [Fact]
    public async Task C_is_written_in_integers_where_the_file_has_them_or_they_are_asked_for()
    {
        using var scratch = new Scratch();
        string model = await Model(scratch), output = scratch.PathOf("q.c");
        Task<string> Text() => File.ReadAllTextAsync(output, TestContext.Current.CancellationToken);
        await KanRun.Succeed("convert", model, "-o", output);
        Assert.Contains("static const signed char weight0", await Text(), StringComparison.Ordinal);
        await KanRun.Succeed("convert", model, "-o", output, "--precision", "single");
        Assert.DoesNotContain("signed char", await Text(), StringComparison.Ordinal);
        await KanRun.Succeed("convert", TestFiles.Model("breast-cancer-mlp.onnx"), "-o", output, "--precision", "int8", "--range", "-3,3");
        Assert.Contains("static const signed char weight0", await Text(), StringComparison.Ordinal);
        await KanRun.Succeed("convert", TestFiles.Model("mnist-kan.npz"), "-o", output, "--precision", "int8", "--range", "0,1");
        Assert.Contains("static const signed char value0", await Text(), StringComparison.Ordinal);
        Assert.Contains("KAN0115: The model cannot be computed with integers: no ranges of its inputs are known",
            await KanRun.Failure(ExitCode.ModelFailed, "convert", TestFiles.Model("mnist-kan.npz"), "-o", output, "--precision", "int8"),
            StringComparison.Ordinal);
        Assert.Contains("must end in .c",
            await KanRun.Failure(ExitCode.Usage, "convert", model, "-o", scratch.PathOf("a.onnx"), "--precision", "int8"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compile_writes_integers()
    {
        using var scratch = new Scratch();
        string model = await Model(scratch), output = scratch.PathOf("Q.cs");
        await KanRun.Succeed("compile", model, "-o", output);
        Assert.Contains("IntegerNetwork", await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        await KanRun.Succeed("compile", model, "-o", output, "--precision", "single");
        Assert.DoesNotContain("IntegerNetwork", await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eval_computes_in_integers()
    {
        using var scratch = new Scratch();
        string model = await Model(scratch), output = scratch.PathOf("out.csv");
        var form = Form(model);
        float[][] rows = [.. Enumerable.Range(0, 20)
            .Select(row => Enumerable.Range(0, form.InputCount).Select(p => ((row * 31) + (p * 17)) % 257 / 256f).ToArray())];
        string input = scratch.Write("rows.csv",
            Encoding.UTF8.GetBytes(string.Join('\n',
            rows.Select(static row => string.Join(',', row.Select(static x => x.ToString("R", CultureInfo.InvariantCulture))))) + "\n"));
        await KanRun.Succeed("eval", model, "--input", input, "-o", output);
        var evaluator = new IntegerEvaluator(form);
        string[] lines = await File.ReadAllLinesAsync(output, TestContext.Current.CancellationToken);
        for (int row = 0; row < rows.Length; row++)
            Assert.Equal(evaluator.Evaluate(rows[row]),
                lines[row + 1].Split(',').Select(static text => float.Parse(text, CultureInfo.InvariantCulture)));
        await KanRun.Succeed("eval", model, "--input", input, "-o", scratch.PathOf("single.csv"), "--precision", "single");
        Assert.NotEqual(lines, await File.ReadAllLinesAsync(scratch.PathOf("single.csv"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task There_is_nothing_to_calibrate()
    {
        using var scratch = new Scratch();
        string model = await Model(scratch), rows = scratch.Write("rows.csv", "1\n"u8.ToArray());
        var run = await KanRun.Run("quantize", model, "--calibration", rows, "-o", scratch.PathOf("r.onnx"));
        Assert.Equal(ExitCode.Usage, run.Code);
        Assert.Contains("there is nothing to calibrate", run.Error, StringComparison.Ordinal);
    }

    private static IntegerForm Form(string file)
    {
        var document = ModelImporter.Import(file);
        return document.Codes!.FormOf(document.Layers);
    }

    private static async Task<string> Model(Scratch scratch)
    {
        string file = scratch.PathOf(Name);
        await KanRun.Succeed("quantize", TestFiles.Model("digits-mlp.onnx"), "--range", "0,1", "-o", file);
        return file;
    }
}
