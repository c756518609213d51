using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using System.Xml.Linq;
using Kan.Analysis;
using Kan.Interchange;
using Kan.Interchange.Tests.Support;
using Kan.Tool.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Commands;

public sealed class PictureTests
{
    [Fact]
    public async Task The_picture_is_that_of_the_library()
    {
        using var scratch = new Scratch();
        string model = TestFiles.Model("mnist-kan.npz");
        await KanRun.Succeed("plot", model, "-o", scratch.PathOf("net.svg"), "--range", "0,1", "--edges", "7");
        string expected = ModelImporter.Import(model).ToNetwork().ToSvg(new NetworkPictureOptions { Title = "mnist-kan", InputRanges = [new InputRange(0, 1)], EdgesPerLayer = 7 });
        Assert.Equal(expected, await File.ReadAllTextAsync(scratch.PathOf("net.svg"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Edges_are_drawn_with_axes()
    {
        using var scratch = new Scratch();
        var result = await KanRun.Json(0, "plot", TestFiles.Model("mnist-kan.npz"), "-o", scratch.PathOf("e.svg"), "--edge", "0,300,3", "--edge", "1,2,3");
        Assert.Equal(2, result.GetProperty("edges").GetArrayLength());
        Assert.Equal("svg", XDocument.Load(scratch.PathOf("e.svg")).Root!.Name.LocalName);
    }

    [Theory]
    [InlineData("2,0,0", "the network has 2 layers, counted from 0")]
    [InlineData("0,784,0", "layer 0 has 784 inputs and 32 outputs")]
    [InlineData("0,1", "expected 3 numbers separated by commas")]
    [InlineData("0,-1,2", "'-1' is not a node number")]
    public async Task Edges_that_are_not_there_are_named(string edge, string complaint)
    {
        string line = await KanRun.Failure(ExitCode.Usage, "plot", TestFiles.Model("mnist-kan.npz"), "-o", "e.svg", "--edge", edge);
        Assert.Contains(complaint, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Regions_of_a_cross_are_counted_and_drawn()
    {
        using var scratch = new Scratch();

        // |x| + |y| + 0 z: four quarters with four maps.
        string cross = """
            {"format":"kan","version":1,"name":"cross","layers":[{"kind":"kan","inputs":3,"outputs":1,"edges":[
            {"input":0,"output":0,"breakpoints":[0],"slopes":[-1,1],"anchor":[0,0]},{"input":1,"output":0,"breakpoints":[0],"slopes":[-1,1],"anchor":[0,0]}]}]}
            """;
        string model = scratch.Write("cross.kan.json", Encoding.UTF8.GetBytes(cross));
        var counts = await KanRun.Json(0, "regions", model, "--inputs", "0,1", "--at", "0,0,5", "--box", "-1,2", "-o", scratch.PathOf("r.svg"));
        Assert.Equal((4, 4, 4), (counts.GetProperty("cells").GetInt32(), counts.GetProperty("regions").GetInt32(), counts.GetProperty("maps").GetInt32()));
        Assert.Equal("svg", XDocument.Load(scratch.PathOf("r.svg")).Root!.Name.LocalName);

        // Along the third input nothing bends.
        Assert.Equal(2, (await KanRun.Json(0, "regions", model, "--inputs", "0,2", "--at", "0,1,5", "--box", "-1,2")).GetProperty("cells").GetInt32());
        Assert.Contains("use --at", await KanRun.Failure(ExitCode.Usage, "regions", model, "--box", "-1,1"), StringComparison.Ordinal);
        Assert.Contains("use --box", await KanRun.Failure(ExitCode.Usage, "regions", model, "--at", "0,0,0"), StringComparison.Ordinal);
        Assert.Contains("raise the limit", await KanRun.Failure(ExitCode.Usage, "regions", model, "--at", "0,0,0", "--box", "-1,1", "--limit", "2"), StringComparison.Ordinal);
        Assert.Contains("two different inputs out of 3", await KanRun.Failure(ExitCode.Usage, "regions", model, "--inputs", "1,1", "--at", "0,0,0", "--box", "-1,1"), StringComparison.Ordinal);
        Assert.Contains("no interior", await KanRun.Failure(ExitCode.Usage, "regions", model, "--at", "0,0,0", "--box", "1,1"), StringComparison.Ordinal);
    }
}
