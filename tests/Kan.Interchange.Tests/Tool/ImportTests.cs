using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Tool;

/// <summary><c>kan import</c> on lists: every metadata value, and every way to get one wrong.</summary>
[Trait("Speed", "Slow")]
public sealed class ImportTests
{
    private static string Line(string input, string output, params string[] metadata) =>
        string.Join('\t', [input, output, .. metadata]) + "\n";

    [Fact]
    public async Task Wrong_values_are_one_error_each_at_the_project()
    {
        (string Metadata, string Message)[] cases =
        [
            ("Range=2,1", "has Range=\"2,1\": expected two finite numbers"),
            ("Range=0;1", "has Range=\"0;1\": expected two finite numbers"),
            ("Head=cut", "has Head=\"cut\": expected keep, drop or refuse"),
            ("Head=1", "has Head=\"1\": expected keep, drop or refuse"),
            ("Tolerance=-1", "has Tolerance=\"-1\": expected a positive number"),
            ("Tolerance=NaN", "has Tolerance=\"NaN\": expected a positive number"),
            ("Tolerance=0,5", "has Tolerance=\"0,5\": expected a positive number"),
            ("Domain=0,1;2", "has Domain=\"0,1;2\": expected one range"),
            ("Domain=;", "has Domain=\";\": expected one range"),
            ("InputNames=a,,b", "has InputNames=\"a,,b\": expected different names separated by commas, such as age,pressure"),
            ("OutputNames=a,b,a", "has OutputNames=\"a,b,a\": expected different names separated by commas"),
            ("Labels=,", "has Labels=\",\": expected different names separated by commas, such as good,watch,bad"),
            ("Mean=1 2", "has Mean=\"1 2\": expected finite numbers separated by commas, one for each input"),
            ("Simplify=all", "has Simplify=\"all\": expected Exact, or the largest acceptable difference of an output, such as 1e-3"),
            ("Simplify=-1", "has Simplify=\"-1\": expected Exact, or"),
            ("Scale=1,0", "has Scale=\"1,0\": expected positive finite numbers separated by commas"),
        ];
        using var scratch = new Scratch();
        string model = TestFiles.Model("breast-cancer-mlp.onnx");
        await File.WriteAllTextAsync(
            scratch.PathOf("list"),
            string.Concat(cases.Select((wrong, i) => Line(model, i.ToString(CultureInfo.InvariantCulture) + ".kan.json", "Item=m\\t1.onnx",
                wrong.Metadata))), TestContext.Current.CancellationToken);
        var (code, output) = await Kan(scratch, "import", "list", "--project", "my app.csproj");
        Assert.Equal(1, code);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(cases.Length, lines.Length);
        Assert.All(lines.Zip(cases), static pair => Assert.StartsWith("my app.csproj : error KAN0306: The KanModel item 'm\\u00091.onnx' "
            + pair.Second.Message, pair.First, StringComparison.Ordinal));
        Assert.Equal([scratch.PathOf("list")], Directory.GetFiles(scratch.Folder));
    }

    [Fact]
    public async Task Values_reach_the_importer_and_unchanged_models_are_left_alone()
    {
        using var scratch = new Scratch();
        var graph = new OnnxBuilder(0, 2).Floats("w", [2, 2], 1, 2, 3, 4).Node("MatMul", ["*", "w"]).Node("Relu", ["*"])
            .Node("Sigmoid", ["*"]);
        string model = scratch.Write("m.onnx", graph.ToBytes());
        await File.WriteAllTextAsync(
            scratch.PathOf("list"), Line(model, "out/a.kan.json", "Item=m.onnx", "Head= Drop ", "Range=-1,2", "Domain=", "Inputs=",
                "Outputs=") + Line(model, "out/b.kan.json", "Head=drop", "Tolerance=0.25"), TestContext.Current.CancellationToken);
        var (code, output) = await Kan(scratch, "import", "list");
        Assert.True(code == 0, output);
        Assert.Contains("m.onnx: 2 -> 2 -> 2, 8 segments\n", output, StringComparison.Ordinal);
        Assert.Contains("(Sigmoid)", output, StringComparison.Ordinal);
        var document =
            KanDocumentReader.Read(await File.ReadAllTextAsync(scratch.PathOf("out/a.kan.json"), TestContext.Current.CancellationToken));
        Assert.Equal([new InputRange(-1, 2)], document.InputRanges);
        Assert.Null(document.IntegerTolerance);
        Assert.Equal(0.25, KanDocumentReader.Read(
            await File.ReadAllTextAsync(scratch.PathOf("out/b.kan.json"), TestContext.Current.CancellationToken)).IntegerTolerance);
        Assert.Contains("Sigmoid", Assert.Single(document.SourceNotes), StringComparison.Ordinal);

        File.SetLastWriteTimeUtc(model, DateTime.UtcNow.AddHours(1));
        Assert.Equal((0, ""), await Kan(scratch, "import", "list"));
        scratch.Write("m.onnx", new OnnxBuilder(0, 2).Node("Relu", ["*"]).ToBytes());
        (code, output) = await Kan(scratch, "import", "list");
        Assert.Equal((0, 2), (code, output.Split("2 -> 2,").Length - 1));
    }

    [Fact]
    public async Task A_model_is_simplified_where_the_item_says_so()
    {
        using var scratch = new Scratch();
        string digits = TestFiles.Model("digits-mlp.onnx"), spline = TestFiles.Model("hello-kan-k3_config.yml");
        await File.WriteAllTextAsync(
            scratch.PathOf("list"), Line(digits, "a.kan.json", "Range=0,1", "Simplify= exact ")
            + Line(spline, "b.kan.json", "Simplify=1e-2"), TestContext.Current.CancellationToken);
        var (code, output) = await Kan(scratch, "import", "list");
        Assert.True(code == 0, output);
        Assert.Contains("Simplified exactly on the declared ranges", output, StringComparison.Ordinal);
        Assert.Contains("Compressed on the declared ranges", output, StringComparison.Ordinal);
        Assert.Equal((0, ""), await Kan(scratch, "import", "list"));

        await File.WriteAllTextAsync(scratch.PathOf("list"), Line(digits, "c.kan.json", "Simplify=Exact"),
            TestContext.Current.CancellationToken);
        (code, output) = await Kan(scratch, "import", "list");
        Assert.Equal(1, code);
        Assert.Contains("error KAN0310: A model is simplified for inputs in their ranges, and this one declares none. Specify the range "
            + "of the inputs, such as Range = 0,1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_that_was_changed_is_made_again()
    {
        using var scratch = new Scratch();
        string output = scratch.PathOf("a.kan.json"), origin = output + ".origin";
        await File.WriteAllTextAsync(scratch.PathOf("list"), Line(TestFiles.Model("breast-cancer-mlp.onnx"), output),
            TestContext.Current.CancellationToken);
        Assert.Equal(0, (await Kan(scratch, "import", "list")).ExitCode);
        string good = await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken),
            known = await File.ReadAllTextAsync(origin, TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), await Kan(scratch, "import", "list"));

        string other = KanDocumentWriter.Write(new OnnxBuilder(0, 2).Node("Relu", ["*"]).Import());
        foreach (var (path, text) in new (string, string)[]
        {
            (output, good[..^1] + " "), (output, good[..(good.Length / 2)]), (output, ""), (output, other),
                (output, good.Replace('1', '2')),
            (origin, ""), (origin, known[..^2]), (origin, known.Replace('a', 'b')),
        })
        {
            await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
            var (code, log) = await Kan(scratch, "import", "list");
            Assert.Equal((0, true), (code, log.Contains("segments", StringComparison.Ordinal)));
            Assert.Equal(good, await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
            Assert.Equal(known, await File.ReadAllTextAsync(origin, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Two_items_of_one_output_are_an_error()
    {
        using var scratch = new Scratch();
        string model = TestFiles.Model("breast-cancer-mlp.onnx");
        await File.WriteAllTextAsync(scratch.PathOf("list"), Line(model, "a.kan.json", "Item=m.onnx", "Range=0,1")
            + Line(model, "A.kan.json", "Item=m.onnx", "Range=0,2"), TestContext.Current.CancellationToken);
        var (code, output) = await Kan(scratch, "import", "list", "--project", "p.csproj");
        Assert.Equal(1, code);
        Assert.Contains("p.csproj : error KAN0306: The KanModel item 'm.onnx' occurs twice with different metadata: give each a "
            + "different Class or Link", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_labels_and_a_scaler_reach_the_document_and_their_files_are_watched()
    {
        using var scratch = new Scratch();
        string model = scratch.Write("m.onnx", new OnnxBuilder(0, 2).Floats("w", [2, 2], 1, 2, 3, 4).Node("MatMul", ["*", "w"]).ToBytes());
        scratch.Write("labels.txt", "\uFEFFgood\r\n\r\n bad \r\n"u8.ToArray());
        scratch.Write("scaler.json", """{"mean": [1, 2], "scale": [2, 0.5]}"""u8.ToArray());
        await File.WriteAllTextAsync(
            scratch.PathOf("list"), Line(model, "a.kan.json", "InputNames=age, pressure", "LabelsFile=labels.txt",
                "Standardization=scaler.json", "Mean=", "Labels="), TestContext.Current.CancellationToken);
        var (code, output) = await Kan(scratch, "import", "list", "--records");
        Assert.True(code == 0, output);
        Assert.Contains("input\t" + scratch.PathOf("labels.txt"), output, StringComparison.Ordinal);
        Assert.Contains("input\t" + scratch.PathOf("scaler.json"), output, StringComparison.Ordinal);
        var document =
            KanDocumentReader.Read(await File.ReadAllTextAsync(scratch.PathOf("a.kan.json"), TestContext.Current.CancellationToken));
        Assert.Equal(["age", "pressure"], document.InputNames);
        Assert.Equal(["good", "bad"], document.Labels);
        Assert.Equal([(Rational)(1 + 6), 2 + 8], document.ToNetwork().Evaluate([(Rational)3, 3]));

        Assert.DoesNotContain("note", (await Kan(scratch, "import", "list", "--records")).Output, StringComparison.Ordinal);
        scratch.Write("labels.txt", "yes\nno\n"u8.ToArray());
        Assert.Contains("note", (await Kan(scratch, "import", "list", "--records")).Output, StringComparison.Ordinal);

        foreach (var (file, text, message) in new[]
        {
            ("labels.txt", "\n", "labels.txt : error KAN0302: The file has no labels"),
                ("labels.txt", "a\na\n", "labels.txt : error KAN0302: The labels have 'a' twice."),
            ("scaler.json", "[1]", "scaler.json : error KAN0302: Write {"), ("scaler.json", """{"mean":[1,"2"]}""", "scaler.json : error KAN0302: The field 'mean' is not a list"),
            ("scaler.json", """{"mean_":[1,2]}""", "scaler.json : error KAN0302: The field 'mean_' is not known"), ("scaler.json", """{"mean":null}""", "has neither a mean nor a scale"),
            ("scaler.json", "{", "scaler.json(1,"), ("scaler.json", """{"mean":[1]}""", "m.onnx : error KAN0310: The model has 2 inputs, but Mean has 1 numbers"),
        })
        {
            scratch.Write("labels.txt", "yes\nno\n"u8.ToArray());
            scratch.Write("scaler.json", """{"scale": [2, 0.5]}"""u8.ToArray());
            scratch.Write(file, System.Text.Encoding.UTF8.GetBytes(text));
            (code, output) = await Kan(scratch, "import", "list");
            Assert.Equal(1, code);
            Assert.Contains(message, output, StringComparison.Ordinal);
            Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        File.Delete(scratch.PathOf("labels.txt"));
        Assert.Contains("labels.txt : error KAN0301: The file does not exist. Correct the path, which is relative to the project.",
            (await Kan(scratch, "import", "list")).Output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(scratch.PathOf("list"), Line(model, "a.kan.json", "Item=m", "Labels=a,b", "LabelsFile=labels.txt")
            + Line(model, "b.kan.json", "Item=m", "Scale=1,1", "Standardization=scaler.json"), TestContext.Current.CancellationToken);
        (_, output) = await Kan(scratch, "import", "list");
        Assert.Contains("has LabelsFile=\"labels.txt\": expected either Labels or LabelsFile", output, StringComparison.Ordinal);
        Assert.Contains("has Standardization=\"scaler.json\": expected either Mean and Scale, or Standardization", output,
            StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Output)> Kan(Scratch scratch, params string[] arguments) =>
        DotNet.Run(scratch.Folder, ["exec", TestFiles.Metadata("KanTool"), .. arguments]);
}
