using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Kan.Interchange;
using Kan.Interchange.Tests.Support;
using Kan.Tool.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Commands;

public sealed class ConvertTests
{
    [Theory]
    [InlineData("digits-mlp.onnx", null, true)]
    [InlineData("digits-mlp.onnx", "kan", false)]
    [InlineData("digits-mlp.onnx", "relu", true)]
    [InlineData("digits-batchnorm-leaky.onnx", "kan", false)]
    [InlineData("digits-batchnorm-leaky.onnx", "relu", true)]
    public async Task Every_form_is_the_same_function(string model, string? to, bool hasAffineLayers)
    {
        using var scratch = new Scratch();
        string output = scratch.PathOf("out.kan.json");
        await KanRun.Succeed(["convert", TestFiles.Model(model), "-o", output, .. to is null ? (string[])[] : ["--to", to]]);
        var document = KanDocumentReader.Read(await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
        Assert.Equal(hasAffineLayers, document.Layers.Any(static layer => layer is AffineDescription));
        if (to == "relu")
            Assert.All(document.Layers.OfType<ActivationDescription>(),
                static layer => Assert.Equal([PiecewiseLinearFunction.Relu], layer.Functions));
        Assert.Equal(EquivalenceVerdict.Proved,
            Equivalence.Decide(ModelImporter.Import(TestFiles.Model(model)).ToNetwork(), document.ToNetwork(),
            options: new EquivalenceOptions { TimeLimit = System.Threading.Timeout.InfiniteTimeSpan },
            cancellation: TestContext.Current.CancellationToken).Verdict);
    }

    [Fact]
    public async Task Names_labels_and_scales_go_into_the_file()
    {
        using var scratch = new Scratch();
        string output = scratch.PathOf("out.kan.json"), scaler = scratch.PathOf("scaler.json"), labels = scratch.PathOf("labels.txt");
        string model = scratch.PathOf("net.kan.json");
        await File.WriteAllTextAsync(model, """{"format":"kan","version":1,"name":"n","layers":[{"kind":"affine","inputs":2,"outputs":3,"weights":[1,0,0,1,1,1]}]}""", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(scaler, """{"mean":[10,20],"scale":[2,4]}""", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(labels, "good\nwatch\nbad\n", TestContext.Current.CancellationToken);
        await KanRun.Succeed("convert", model, "-o", output, "--names", "age,pressure", "--labels", labels, "--standardization", scaler);
        var document = KanDocumentReader.Read(await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
        Assert.Equal(["age", "pressure"], document.InputNames);
        Assert.Equal(["good", "watch", "bad"], document.Labels);
        Assert.Equal([1.0, -2.0, -1.0], document.ToNetwork().Evaluate([12.0, 12.0]));
        Assert.Contains("labels       good, watch, bad\n", await KanRun.Succeed("info", output), StringComparison.Ordinal);
        var (code, _, error) = await KanRun.Run("convert", model, "-o", output, "--names", "age,age");
        Assert.NotEqual(0, code);
        Assert.Contains("--names is 'age,age'; expected different names separated by commas, such as age,pressure", error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Onnx_reads_back_as_the_same_network()
    {
        using var scratch = new Scratch();
        var report = await KanRun.Json(0, "convert", TestFiles.Model("digits-batchnorm-leaky.onnx"), "-o", scratch.PathOf("net.onnx"),
            "--precision", "double");
        Assert.True(report.GetProperty("rounding").GetProperty("numbers").GetInt32() > 0);
        var read = ModelImporter.Import(scratch.PathOf("net.onnx")).ToNetwork();
        var (inputs, outputs) = TestFiles.Expected("digits-batchnorm-leaky");
        for (int i = 0; i < 4; i++)
        {
            double[] found = read.Evaluate(inputs[i]);
            for (int q = 0; q < found.Length; q++) Assert.Equal(outputs[i][q], found[q], 1e-5);
        }
    }

    [Fact]
    public async Task Rounding_is_reported()
    {
        using var scratch = new Scratch();
        var (code, output, error) = await KanRun.Run("convert", TestFiles.Model("mnist-kan.npz"), "-o", scratch.PathOf("net.safetensors"));
        Assert.Equal((0, ""), (code, output));
        Assert.Contains("note: rounded: ", error, StringComparison.Ordinal);
        Assert.Contains("torch.nn.Sequential(Linear(784, 3136), ReLU(), Linear(3136, 128), ReLU(), Linear(128, 10))", error,
            StringComparison.Ordinal);
    }

    /// <summary>A spline becomes pieces within a certified tolerance: another tolerance gives another function, near the first.</summary>
    [Fact]
    public async Task Curved_edges_are_approximated_as_told()
    {
        using var scratch = new Scratch();
        string model = TestFiles.Model("hello-kan-k3_config.yml"), coarse = scratch.PathOf("coarse.kan.json");
        Assert.Contains("error KAN0303: ", await KanRun.Failure(ExitCode.ModelFailed, "convert", model, "-o", coarse),
            StringComparison.Ordinal);
        var report = await KanRun.Json(0, "convert", model, "-o", coarse, "--tolerance", "1e-2");
        Assert.InRange(report.GetProperty("certifiedError").GetDouble(), 1e-6, 1e-2);
        var compared = await KanRun.Json(ExitCode.Different, "verify", coarse, model, "--tolerance", "1e-3");
        Assert.Equal("refuted", compared.GetProperty("verdict").GetString());
        Assert.InRange(compared.GetProperty("sampled").GetProperty("largestDifference").GetDouble(), 1e-9, 1.1e-2);
        var recorded = await KanRun.Json(0, "verify", model, TestFiles.Model("hello-kan-k3.expected.json"), "--tolerance", "1e-3");
        Assert.InRange(recorded.GetProperty("largestDifference").GetDouble(), 0, 1.1e-3);
    }

    [Fact]
    public async Task C_is_a_source_and_a_header()
    {
        using var scratch = new Scratch();
        var report = await KanRun.Json(0, "convert", TestFiles.Model("breast-cancer-mlp.onnx"), "-o", scratch.PathOf("sub/net.c"),
            "--range", "-4,4");
        Assert.Equal(2, report.GetProperty("files").GetArrayLength());
        Assert.Equal(["net.c", "net.h"], Directory.GetFiles(scratch.PathOf("sub")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.StartsWith("#include \"net.h\"\n",
            await File.ReadAllTextAsync(scratch.PathOf("sub/net.c"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains(", certified.", await File.ReadAllTextAsync(scratch.PathOf("sub/net.h"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_of_portable_CSharp_is_checked()
    {
        using var scratch = new Scratch();
        string model = TestFiles.Model("breast-cancer-mlp.onnx"), output = scratch.PathOf("Net.cs");
        Assert.Contains("C# 7 is too old",
            await KanRun.Failure(ExitCode.Usage, "convert", model, "-o", output, "--to", "csharp", "--lang", "7"),
            StringComparison.Ordinal);
        Assert.Contains("'new' is not a version of C#",
            await KanRun.Failure(ExitCode.Usage, "convert", model, "-o", output, "--lang", "new"), StringComparison.Ordinal);
        Assert.Contains("--lang is for C#",
            await KanRun.Failure(ExitCode.Usage, "convert", model, "-o", scratch.PathOf("net.c"), "--lang", "9"), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(scratch.Folder));
        await KanRun.Succeed("convert", model, "-o", output, "--to", "csharp");
        string text = await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken);
        await KanRun.Succeed("convert", model, "-o", output, "--to", "csharp", "--lang", "9");
        Assert.Equal(text, await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Sql_has_its_options_and_its_limits()
    {
        using var scratch = new Scratch();
        string model = TestFiles.Model("breast-cancer-mlp.onnx"), output = scratch.PathOf("net.sql");
        async Task Refuses(string message, int code, params string[] arguments) =>
            Assert.Contains(message, await KanRun.Failure(code, ["convert", .. arguments]), StringComparison.Ordinal);
        await Refuses("--to sql writes SQL", ExitCode.Usage, model, "-o", scratch.PathOf("net.c"), "--to", "sql");
        await Refuses("--dialect is for SQL", ExitCode.Usage, model, "-o", scratch.PathOf("net.c"), "--dialect", "duckdb");
        await Refuses("would be called 'y0'", ExitCode.Usage, model, "-o", output, "--id", "y0");
        await Refuses("Use kan score", ExitCode.ModelFailed, TestFiles.Model("mnist-mlp.onnx"), "-o", output);
        Assert.Empty(Directory.GetFiles(scratch.Folder));
        await KanRun.Succeed("convert", model, "-o", output, "--to", "sql", "--dialect", "duckdb", "--table", "lake.rows", "--id", "a,b");
        string text = await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken);
        Assert.Contains("FROM \"lake\".\"rows\"", text, StringComparison.Ordinal);
        Assert.Contains("SELECT\n    \"a\",\n    \"b\",\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_property_needs_a_sample()
    {
        using var scratch = new Scratch();
        string model = TestFiles.Model("digits-mlp.onnx"), output = scratch.PathOf("net.vnnlib");
        Assert.StartsWith("kan : error KAN0106: A property is about a sample",
            await KanRun.Failure(ExitCode.Usage, "convert", model, "-o", output), StringComparison.Ordinal);
        Assert.Contains("has 2 numbers; the network has 64 inputs",
            await KanRun.Failure(ExitCode.Usage, "convert", model, "-o", output, "--at", "1,2"), StringComparison.Ordinal);
        Assert.Contains("'x' in the sample", await KanRun.Failure(ExitCode.Usage, "convert", model, "-o", output, "--at", "1,x"),
            StringComparison.Ordinal);
        Assert.False(File.Exists(output));
        await KanRun.Succeed("convert", model, "-o", output, "--at", TestFiles.Model("digits-mlp.expected.json"), "--radius", "0.05",
            "--range", "0,1");
        string text = await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken);
        Assert.Contains("(declare-const X_63 Real)", text, StringComparison.Ordinal);
        Assert.Contains("(assert (<= X_0 0.05", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_past_the_type_are_named()
    {
        using var scratch = new Scratch();
        scratch.Write("big.kan.json", """{"format":"kan","version":1,"name":"big","layers":[{"kind":"affine","inputs":1,"outputs":1,"weights":[1e300]}]}"""u8.ToArray());
        string line = await KanRun.Failure(ExitCode.ModelFailed, "convert", scratch.PathOf("big.kan.json"), "-o",
            scratch.PathOf("big.onnx"));
        Assert.StartsWith(scratch.PathOf("big.kan.json") + " : error KAN0107: Layer 0 holds a number near 1.000E+300", line,
            StringComparison.Ordinal);
        Assert.False(File.Exists(scratch.PathOf("big.onnx")));
    }

    [Fact]
    public async Task Outputs_of_other_types_are_refused()
    {
        string line = await KanRun.Failure(ExitCode.Usage, "convert", TestFiles.Model("digits-mlp.onnx"), "-o", "net.pb");
        Assert.StartsWith("kan : error KAN0106: The output 'net.pb' has the type '.pb', which cannot be written;", line,
            StringComparison.Ordinal);
    }
}
