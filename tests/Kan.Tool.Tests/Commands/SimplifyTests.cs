using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Kan.Tool.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Commands;

public sealed class SimplifyTests
{
    /// <summary>Of four units on [0, 1]² one never switches, one is always on, and two are opposite halves of one.</summary>
    private const string Network = """
        {"format":"kan","version":1,"name":"net","inputs":{"ranges":[[0,1]]},"layers":[
        {"kind":"affine","inputs":2,"outputs":4,"weights":[-1,-2,1,1,1,-1,2,-2],"bias":[0,0.5,0,0]},
        {"kind":"activation","size":4,"function":"relu"},
        {"kind":"affine","inputs":4,"outputs":1,"weights":[1,1,1,1]}]}
        """;

    private static string Write(Scratch scratch, string text = Network) => scratch.Write("net.kan.json", Encoding.UTF8.GetBytes(text));

    [Fact]
    public async Task A_smaller_network_is_written_and_proved_equal_on_the_ranges()
    {
        using var scratch = new Scratch();
        string model = Write(scratch), output = scratch.PathOf("out.kan.json");
        string text = await KanRun.Succeed("simplify", model, "-o", output);
        Assert.StartsWith("equal: the same function as ", text, StringComparison.Ordinal);
        Assert.Contains("for all inputs in [0, 1] each; outside it may differ.", text, StringComparison.Ordinal);
        Assert.Contains("level 1  1 node: never on\n", text, StringComparison.Ordinal);
        Assert.Contains("level 1  1 node: multiple of another, merged\n", text, StringComparison.Ordinal);
        Assert.StartsWith("proved: ", await KanRun.Succeed("verify", model, output, "--box", "0,1"), StringComparison.Ordinal);
        Assert.StartsWith("refuted", (await KanRun.Run("verify", model, output, "--box", "-9,9")).Output, StringComparison.Ordinal);

        var document = KanDocumentReader.Read(await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
        Assert.Equal([new InputRange(0, 1)], document.InputRanges);
        Assert.Contains("outside it may differ", Assert.Single(document.SourceNotes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_result_as_JSON_lists_every_step()
    {
        using var scratch = new Scratch();
        var json = await KanRun.Json(0, "simplify", Write(scratch), "-o", scratch.PathOf("out.kan.json"), "--goal", "segments");
        Assert.Equal((4, 2), (json.GetProperty("before").GetProperty("units").GetInt32(),
            json.GetProperty("after").GetProperty("units").GetInt32()));
        Assert.True(json.GetProperty("after").GetProperty("segments").GetInt64() < json.GetProperty("before").GetProperty("segments")
            .GetInt64());
        Assert.True(json.GetProperty("after").GetProperty("bytes").GetInt64() > 0);
        Assert.Equal(0, json.GetProperty("certifiedError").GetDouble());
        Assert.True(json.GetProperty("isFinished").GetBoolean());
        var step = json.GetProperty("steps").EnumerateArray().First(static step => step.GetProperty("kind").GetString() == "neverSwitches");
        Assert.Equal((1, 1, 0), (step.GetProperty("round").GetInt32(), step.GetProperty("level").GetInt32(),
            step.GetProperty("nodes")[0].GetInt32()));
    }

    [Fact]
    public async Task Ranges_can_be_given_and_must_be()
    {
        using var scratch = new Scratch();
        string model = Write(scratch, Network.Replace("\"inputs\":{\"ranges\":[[0,1]]},", "", StringComparison.Ordinal)),
            output = scratch.PathOf("out.kan.json");
        string failure = await KanRun.Failure(ExitCode.ModelFailed, "simplify", model, "-o", output);
        Assert.Contains("error KAN0310: A model is simplified for inputs in their ranges, and this one declares none. Specify the range "
            + "of the inputs, such as --range 0,1", failure, StringComparison.Ordinal);
        Assert.False(File.Exists(output));
        var json = await KanRun.Json(0, "simplify", model, "-o", output, "--range", "0,1;2,3");
        Assert.Equal(2, json.GetProperty("inputRanges")[1][0].GetDouble());
        Assert.True(json.GetProperty("after").GetProperty("units").GetInt32() < 3);
    }

    [Fact]
    public async Task Other_outputs_and_wrong_options_are_refused()
    {
        using var scratch = new Scratch();
        string model = Write(scratch);
        Assert.Contains("must end in .kan.json", await KanRun.Failure(ExitCode.Usage, "simplify", model, "-o", scratch.PathOf("out.onnx")),
            StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await KanRun.Run("simplify", model)).Code);
        Assert.Equal(ExitCode.Usage, (await KanRun.Run("simplify", model, "-o", scratch.PathOf("out.kan.json"), "--goal", "beauty")).Code);
        Assert.Equal(ExitCode.Usage, (await KanRun.Run("simplify", model, "-o", scratch.PathOf("out.kan.json"), "--tolerance", "0")).Code);
        Assert.Equal(ExitCode.ModelFailed,
            (await KanRun.Run("simplify", scratch.PathOf("none.onnx"), "-o", scratch.PathOf("out.kan.json"))).Code);
    }

    [Fact]
    public async Task A_spline_network_within_a_tolerance_takes_fewer_segments_than_its_conversion()
    {
        using var scratch = new Scratch();
        string model = TestFiles.Model("hello-kan-k3_config.yml"), output = scratch.PathOf("out.kan.json");
        var info = await KanRun.Json(0, "info", model, "--tolerance", "1e-3");
        long today = info.GetProperty("segments").GetInt64(), bytes = info.GetProperty("bytes").GetInt64();
        var json = await KanRun.Json(0, "simplify", model, "-o", output, "--tolerance", "1e-3");
        Assert.InRange(json.GetProperty("certifiedError").GetDouble(), 5e-4, 1e-3);
        Assert.InRange(json.GetProperty("sampledDifference").GetDouble(), 1e-4, json.GetProperty("certifiedError").GetDouble());
        Assert.True(json.GetProperty("after").GetProperty("segments").GetInt64() * 1.3 <= today, json.ToString());
        Assert.True(json.GetProperty("after").GetProperty("bytes").GetInt64() * 1.3 <= bytes, json.ToString());
        Assert.StartsWith("agrees", await KanRun.Succeed("verify", output, TestFiles.Model("hello-kan-k3.expected.json"), "--accept",
            "1e-3"), StringComparison.Ordinal);

        var other = await KanRun.Json(0, "simplify", model, "-o", output, "--tolerance", "1e-3", "--goal", "segments", "--samples", "100");
        Assert.True(other.GetProperty("after").GetProperty("segments").GetInt64() * 2 <= today, other.ToString());
        Assert.StartsWith("agrees", await KanRun.Succeed("verify", output, TestFiles.Model("hello-kan-k3.expected.json"), "--accept",
            "1e-3"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_kept_on_rows_is_called_an_estimate()
    {
        using var scratch = new Scratch();
        string model = Write(scratch), output = scratch.PathOf("out.kan.json"),
            rows = scratch.Write("rows.csv", "x0,x1\n0,0.5\n0.25,0.5\n1,0.5\n"u8.ToArray());
        string text = await KanRun.Succeed("simplify", model, "-o", output, "--data", rows, "--tolerance", "1e-6");
        Assert.Matches("^within .* of .*net.kan.json on 3 rows of rows.csv, 100 % of them with the same largest output: an estimate, not "
            + "a certificate.\n  certified for all inputs in \\[0, 1\\] each: ", text);
        var document = KanDocumentReader.Read(await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
        Assert.Contains(document.SourceNotes, static note => note.Contains("an estimate, not a certificate", StringComparison.Ordinal));
        Assert.StartsWith("refuted", (await KanRun.Run("verify", model, output, "--box", "0,1")).Output, StringComparison.Ordinal);

        var json = await KanRun.Json(0, "simplify", model, "-o", output, "--data", rows, "--answers", "1");
        Assert.Equal((3, 1.0), (json.GetProperty("rows").GetInt32(), json.GetProperty("answers").GetDouble()));
        Assert.True(json.GetProperty("certifiedError").GetDouble() >= json.GetProperty("sampledDifference").GetDouble());
    }

    [Fact]
    public async Task Layers_that_become_factors_are_named_and_stay_factors()
    {
        using var scratch = new Scratch();

        // 12 units of 12 inputs, which read two sums of these: u (x) v + s (x) t. One is never on, and three weights are 0.
        string weights = string.Join(',', Enumerable.Range(0, 144).Select(static i =>
            (((i / 12) + 1) * ((i % 12) - 5)) + (((i / 12 * 7 % 12) - 6) * ((i % 12 * 5 % 12) + 1))));
        string model = Write(scratch, $$$"""
            {"format":"kan","version":1,"name":"net","inputs":{"ranges":[[0,1]]},"layers":[
            {"kind":"affine","inputs":12,"outputs":12,"weights":[{{{weights}}}]},
            {"kind":"activation","size":12,"function":"relu"},
            {"kind":"affine","inputs":12,"outputs":1,"weights":[1,-1,2,1,-1,1,1,-2,1,1,-1,1]}]}
            """);
        string output = scratch.PathOf("out.kan.json"), again = scratch.PathOf("again.kan.json");
        string text = await KanRun.Succeed("simplify", model, "-o", output, "--tolerance", "0.01");
        Assert.Matches("layer 0  factors of rank 2: 129 numbers are 5[0-9]\n", text);
        Assert.Contains("level 0  12 nodes: read by two layers of fewer numbers, within the tolerance\n", text, StringComparison.Ordinal);
        var json = await KanRun.Json(0, "simplify", model, "-o", output, "--tolerance", "0.01");
        var layer = Assert.Single(json.GetProperty("factored").EnumerateArray());
        Assert.Equal((0, 2, 129), (layer.GetProperty("layer").GetInt32(), layer.GetProperty("rank").GetInt32(),
            layer.GetProperty("numbersBefore").GetInt32()));
        Assert.True(json.GetProperty("certifiedError").GetDouble() <= 0.01);
        Assert.True(json.GetProperty("sampledDifference").GetDouble() <= json.GetProperty("certifiedError").GetDouble());

        // The exact passes, the compiler and ONNX leave them two.
        Assert.StartsWith("equal", await KanRun.Succeed("simplify", output, "-o", again), StringComparison.Ordinal);
        string onnx = scratch.PathOf("again.onnx");
        await KanRun.Succeed("convert", again, "-o", onnx);
        foreach (string file in (string[])[output, again, onnx])
        {
            var info = await KanRun.Json(0, "info", file, "--range", "0,1");
            Assert.Equal([2, 11, 1], info.GetProperty("layers").EnumerateArray().Select(static own => own.GetProperty("outputs").GetInt32()));
        }
    }

    [Theory]
    [InlineData("--answers counts rows", "--answers", "0.9")]
    [InlineData("--tolerance, --answers or both", "--data", "rows.csv")]
    [InlineData("--answers must be above 0 and at most 1", "--data", "rows.csv", "--answers", "99")]
    [InlineData("The file has no row", "--data", "empty.csv", "--answers", "0.9")]
    [InlineData("holds NaN, but a finite number is needed there", "--data", "nan.csv", "--answers", "0.9")]
    public async Task Rows_that_cannot_be_used_are_an_error(string message, params string[] arguments)
    {
        using var scratch = new Scratch();
        scratch.Write("rows.csv", "x0,x1\n0,0.5\n"u8.ToArray());
        scratch.Write("empty.csv", "x0,x1\n"u8.ToArray());
        scratch.Write("nan.csv", "x0,x1\n0,0.5\n0,nan\n"u8.ToArray());
        string[] paths =
            [.. arguments.Select(argument => argument.EndsWith(".csv", StringComparison.Ordinal) ? scratch.PathOf(argument) : argument)];
        var (code, _, error) = await KanRun.Run(["simplify", Write(scratch), "-o", scratch.PathOf("out.kan.json"), .. paths]);
        Assert.NotEqual(ExitCode.Success, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.False(File.Exists(scratch.PathOf("out.kan.json")));
    }
}
