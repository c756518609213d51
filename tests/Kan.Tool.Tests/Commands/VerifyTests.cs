using System;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Kan.Tool.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Commands;

public sealed class VerifyTests
{
    private const string Hinge = """{"format":"kan","version":1,"name":"hinge","layers":[{"kind":"kan","inputs":1,"outputs":1,"edges":[{"input":0,"output":0,"breakpoints":[0],"slopes":[0,1],"anchor":[0,0]}]}]}""";

    [Fact]
    public async Task A_network_and_its_conversion_are_proved_equal()
    {
        using var scratch = new Scratch();
        string model = TestFiles.Model("breast-cancer-mlp.onnx");
        await KanRun.Succeed("convert", model, "-o", scratch.PathOf("kan.kan.json"), "--to", "kan");
        Assert.StartsWith("proved: ", await KanRun.Succeed("verify", model, scratch.PathOf("kan.kan.json")), StringComparison.Ordinal);
        Assert.Equal("proved", (await KanRun.Json(0, "verify", model, scratch.PathOf("kan.kan.json"))).GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task A_difference_is_a_point_that_can_be_checked()
    {
        using var scratch = new Scratch();
        scratch.Write("a.kan.json", Encoding.UTF8.GetBytes(Hinge));
        scratch.Write("b.kan.json",
            Encoding.UTF8.GetBytes(Hinge.Replace("\"slopes\":[0,1]", "\"slopes\":[0,\"4/3\"]", StringComparison.Ordinal)));
        var result = await KanRun.Json(ExitCode.Different, "verify", scratch.PathOf("a.kan.json"), scratch.PathOf("b.kan.json"));
        Assert.Equal("refuted", result.GetProperty("verdict").GetString());
        var point = result.GetProperty("counterexample");
        double x = point.GetProperty("inputs").GetProperty("doubles")[0].GetDouble();
        Assert.True(x > 0);
        Assert.Equal(x, point.GetProperty("left").GetProperty("doubles")[0].GetDouble());
        Assert.Equal(4 * x / 3, point.GetProperty("right").GetProperty("doubles")[0].GetDouble(), 1e-12);

        // At most a third at the end of [-1, 1], where samples are taken.
        Assert.InRange(result.GetProperty("sampled").GetProperty("largestDifference").GetDouble(), 0.33, 1.0 / 3);

        // To the left of the bend they are the same function.
        Assert.StartsWith("proved", await KanRun.Succeed("verify", scratch.PathOf("a.kan.json"), scratch.PathOf("b.kan.json"), "--box",
            "-5,0"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_limits_do_not_reach_is_undecided()
    {
        using var scratch = new Scratch();

        // |x| + |y| - |x + y| - |x - y| + (the same again with the signs of the second layer exchanged) is 0, but not by its form.
        string network = """
            {"format":"kan","version":1,"name":"n","layers":[
            {"kind":"affine","inputs":2,"outputs":4,"weights":[1,0,0,1,1,1,1,-1]},
            {"kind":"activation","size":4,"functions":[ABS,ABS,ABS,ABS]},
            {"kind":"affine","inputs":4,"outputs":2,"weights":[1,1,0,0,0,0,0.5,0.5]},
            {"kind":"kan","inputs":2,"outputs":1,"edges":[{"input":0,"output":0,"breakpoints":[1],"slopes":[1,W],"anchor":[0,0]},{"input":1,"output":0,"slopes":[-1],"anchor":[0,0]}]}]}
            """.Replace("ABS", """{"breakpoints":[0],"slopes":[-1,1],"anchor":[0,0]}""", StringComparison.Ordinal);
        scratch.Write("a.kan.json", Encoding.UTF8.GetBytes(network.Replace("W", "1.5", StringComparison.Ordinal)));
        scratch.Write("b.kan.json", Encoding.UTF8.GetBytes(network.Replace("W", "1.25", StringComparison.Ordinal)));

        // The second bend lies where |x| + |y| passes 1, so that the box keeps away from it for one pair only.
        Assert.Equal("refuted",
            (await KanRun.Json(ExitCode.Different, "verify", scratch.PathOf("a.kan.json"), scratch.PathOf("b.kan.json")))
            .GetProperty("verdict").GetString());
        var (code, output, _) = await KanRun.Run("verify", scratch.PathOf("a.kan.json"), scratch.PathOf("b.kan.json"), "--box", "-0.4,0.4",
            "--cells", "1");
        Assert.Contains(code, (int[])[ExitCode.Success, ExitCode.Undecided]);
        if (code == ExitCode.Undecided)
            Assert.Contains("sampled     the largest difference at 10,000 random points is 0", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_limit_of_zero_is_none_and_a_negative_one_is_refused()
    {
        using var scratch = new Scratch();
        string model = TestFiles.Model("digits-mlp.onnx");
        await KanRun.Succeed("convert", model, "-o", scratch.PathOf("kan.kan.json"), "--to", "kan");
        Assert.StartsWith("proved: ", await KanRun.Succeed("verify", model, scratch.PathOf("kan.kan.json"), "--time-limit", "0"),
            StringComparison.Ordinal);
        var (code, _, errors) = await KanRun.Run("verify", model, scratch.PathOf("kan.kan.json"), "--time-limit", "-1");
        Assert.NotEqual(ExitCode.Success, code);
        Assert.Contains("non-negative", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Networks_of_other_shapes_differ()
    {
        var (code, output, _) = await KanRun.Run("verify", TestFiles.Model("digits-mlp.onnx"), TestFiles.Model("breast-cancer-mlp.onnx"));
        Assert.Equal(ExitCode.Different, code);
        Assert.Equal("refuted: the shapes differ, 64 inputs and 10 outputs against 30 and 1.\n", output);
    }

    [Theory]
    [InlineData("digits-mlp.onnx", "digits-mlp")]
    [InlineData("digits-batchnorm-leaky.onnx", "digits-batchnorm-leaky")]
    [InlineData("breast-cancer-mlp.onnx", "breast-cancer-mlp")]
    [InlineData("mnist-kan.npz", "mnist-kan")]
    [InlineData("mnist-mlp.onnx", "mnist-mlp")]
    public async Task Trained_networks_meet_their_recorded_outputs(string model, string recorded)
    {
        string images = Path.Combine(AppContext.BaseDirectory, "data", "mnist10k-images-idx3-ubyte.gz");
        var result = await KanRun.Json(0, "verify", TestFiles.Model(model), TestFiles.Model(recorded + ".expected.json"), "--images",
            images);
        Assert.Equal("agrees", result.GetProperty("verdict").GetString());
        Assert.True(result.GetProperty("rows").GetInt32() >= 32);
    }

    [Fact]
    public async Task Recorded_rows_are_read_from_csv_and_npz_too()
    {
        using var scratch = new Scratch();
        var (inputs, outputs) = TestFiles.Expected("breast-cancer-mlp");
        string csv = string.Join('\n',
            inputs.Zip(outputs, static (x, y) =>
            string.Join(';', x.Concat(y).Select(static value => value.ToString("R", CultureInfo.InvariantCulture)))));
        scratch.Write("rows.csv", Encoding.UTF8.GetBytes(csv));
        scratch.Write("rows.npz", NpzBuilder.Archive(CompressionLevel.Fastest,
            ("inputs.npy", NpzBuilder.Floats($"({inputs.Length}, 30)",
            [.. inputs.SelectMany(static row => row).Select(static value => (float)value)])),
            ("outputs.npy", NpzBuilder.Floats($"({outputs.Length}, 1)",
                [.. outputs.SelectMany(static row => row).Select(static value => (float)value)]))));
        foreach (string file in (string[])["rows.csv", "rows.npz"])
            Assert.Equal(inputs.Length, (await KanRun.Json(0, "verify", TestFiles.Model("breast-cancer-mlp.onnx"), scratch.PathOf(file)))
                .GetProperty("rows").GetInt32());
    }

    [Fact]
    public async Task A_recorded_output_that_is_off_is_named()
    {
        using var scratch = new Scratch();
        scratch.Write("hinge.kan.json", Encoding.UTF8.GetBytes(Hinge));
        scratch.Write("rows.json", """{"inputs": [[1], [2], [-1]], "outputs": [[1], [2.5], [0]]}"""u8.ToArray());
        var result = await KanRun.Json(ExitCode.Different, "verify", scratch.PathOf("hinge.kan.json"), scratch.PathOf("rows.json"));
        Assert.Equal((2, 0.5, 1), (result.GetProperty("row").GetInt32(), result.GetProperty("largestDifference").GetDouble(),
            result.GetProperty("exceeding").GetInt32()));
        Assert.StartsWith("agrees", await KanRun.Succeed("verify", scratch.PathOf("hinge.kan.json"), scratch.PathOf("rows.json"),
            "--accept", "0.5"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"outputs": [[1]]}""", "neither 'inputs' nor 'image_indices'")]
    [InlineData("""{"inputs": [[1]]}""", "has no 'outputs'")]
    [InlineData("""{"inputs": [[1], [2]], "outputs": [[1]]}""", "2 rows of inputs and 1 of outputs")]
    [InlineData("""{"inputs": [[1, 2]], "outputs": [[1]]}""", "Row 1 of 'inputs' has 2 numbers; expected 1")]
    [InlineData("""{"inputs": ["x"], "outputs": [[1]]}""", "'inputs' is not an array of rows of numbers")]
    [InlineData("""{"inputs": [[1]], "outputs": [null]}""", "'outputs' is not an array of rows of numbers")]
    [InlineData("[", "is not JSON")]
    public async Task Recorded_rows_that_are_none_are_refused(string json, string complaint)
    {
        using var scratch = new Scratch();
        scratch.Write("hinge.kan.json", Encoding.UTF8.GetBytes(Hinge));
        string rows = scratch.Write("rows.json", Encoding.UTF8.GetBytes(json));
        string line = await KanRun.Failure(ExitCode.ModelFailed, "verify", scratch.PathOf("hinge.kan.json"), rows);
        Assert.StartsWith(rows, line, StringComparison.Ordinal);
        Assert.Contains("error KAN0302: ", line, StringComparison.Ordinal);
        Assert.Contains(complaint, line, StringComparison.Ordinal);
    }
}
