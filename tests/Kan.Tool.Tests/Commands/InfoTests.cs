using System;
using System.Linq;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Kan.Tool.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Commands;

public sealed class InfoTests
{
    [Fact]
    public async Task Json_has_the_figures_of_the_model()
    {
        var info = await KanRun.Json(0, "info", TestFiles.Model("mnist-kan.npz"), "--range", "0,1");
        Assert.Equal("mnist-kan", info.GetProperty("name").GetString());
        Assert.Equal([784, 32, 10], info.GetProperty("widths").EnumerateArray().Select(static width => width.GetInt32()));
        Assert.Equal((784 * 32) + (32 * 10), info.GetProperty("edges").GetInt32());
        Assert.Equal(4 * ((784 * 32) + (32 * 10)), info.GetProperty("segments").GetInt32());

        // Values at five knots for each edge, and the knots themselves once for each layer.
        Assert.Equal((5 * ((784 * 32) + (32 * 10))) + 10, info.GetProperty("parameters").GetInt32());
        Assert.Equal(["rows", "rows"],
            info.GetProperty("layers").EnumerateArray().Select(static layer => layer.GetProperty("lowering").GetString()));
        Assert.InRange(info.GetProperty("errorBound").GetDouble(), 1e-6, 0.1);
        Assert.Equal(64, info.GetProperty("contentHash").GetString()!.Length);
    }

    [Fact]
    public async Task A_model_without_ranges_has_no_bound()
    {
        var info = await KanRun.Json(0, "info", TestFiles.Model("digits-mlp.onnx"));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, info.GetProperty("errorBound").ValueKind);
        Assert.Contains("none: it needs a range", await KanRun.Succeed("info", TestFiles.Model("digits-mlp.onnx")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_choose_precision_and_lowering()
    {
        var info = await KanRun.Json(0, "info", TestFiles.Model("mnist-kan.npz"), "--precision", "double", "--lowering", "clamp");
        Assert.Equal("double", info.GetProperty("precision").GetString());
        Assert.All(info.GetProperty("layers").EnumerateArray(),
            static layer => Assert.Equal("clamp", layer.GetProperty("lowering").GetString()));
    }

    [Fact]
    public async Task A_range_can_be_given_for_each_input()
    {
        using var scratch = new Kan.Interchange.Tests.Support.Scratch();
        string model = scratch.Write("sum.kan.json", """{"format":"kan","version":1,"name":"sum","layers":[{"kind":"affine","inputs":2,"outputs":1,"weights":[1,10]}]}"""u8.ToArray());
        var ranges = (await KanRun.Json(0, "info", model, "--range", "0,120;60,220")).GetProperty("inputRanges");
        Assert.Equal("[[0,120],[60,220]]", System.Text.Json.JsonSerializer.Serialize(ranges));
        Assert.Contains("The range has 3 intervals, but the model has 2 inputs.",
            await KanRun.Failure(ExitCode.ModelFailed, "info", model, "--range", "0,1;0,1;0,1"), System.StringComparison.Ordinal);
    }
}
