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
        string expected = ModelImporter.Import(model).ToNetwork()
            .ToSvg(new NetworkPictureOptions { Title = "mnist-kan", InputRanges = [new InputRange(0, 1)], EdgesPerLayer = 7 });
        Assert.Equal(expected, await File.ReadAllTextAsync(scratch.PathOf("net.svg"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Edges_are_drawn_with_axes()
    {
        using var scratch = new Scratch();
        var result = await KanRun.Json(0, "plot", TestFiles.Model("mnist-kan.npz"), "-o", scratch.PathOf("e.svg"), "--edge", "0,300,3",
            "--edge", "1,2,3");
        Assert.Equal(2, result.GetProperty("edges").GetArrayLength());
        Assert.Equal("svg", XDocument.Load(scratch.PathOf("e.svg")).Root!.Name.LocalName);
    }

    [Theory]
    [InlineData("net.png")]
    [InlineData("net.pdf")]
    [InlineData("net")]
    public async Task Only_svg_is_promised_by_a_name(string file)
    {
        using var scratch = new Scratch();
        string model = TestFiles.Model("breast-cancer-mlp.onnx");
        string[][] commands = [["plot", model, "-o", scratch.PathOf(file)], ["regions", model, "-o", scratch.PathOf(file)]];
        foreach (string[] command in commands)
            Assert.Contains("must end in .svg", await KanRun.Failure(ExitCode.Usage, command), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(scratch.Folder));
    }

    [Fact]
    public async Task Names_of_inputs_and_outputs_are_drawn()
    {
        using var scratch = new Scratch();
        string model = scratch.Write("net.kan.json", """{"format":"kan","version":1,"name":"net","layers":[{"kind":"affine","inputs":2,"outputs":2,"weights":[2,-1,0.5,0]}]}"""u8.ToArray());
        string labels = scratch.Write("labels.txt", "cat\r\ndog, small\r\n"u8.ToArray());
        await KanRun.Succeed("plot", model, "-o", scratch.PathOf("net.svg"), "--range", "0,1;0,10", "--names", "age, weight", "--labels",
            labels);
        await KanRun.Succeed("plot", model, "-o", scratch.PathOf("edge.svg"), "--range", "0,1", "--edge", "0,1,0", "--names", "age,weight",
            "--labels", labels);
        await KanRun.Succeed("regions", model, "-o", scratch.PathOf("regions.svg"), "--range", "0,1", "--colors", "decision", "--names",
            "age,weight", "--labels", labels);
        string[] Texts(string file) =>
            [.. XDocument.Load(scratch.PathOf(file)).Descendants().Where(static element => element.Name.LocalName == "text")
                .Select(static element => element.Value)];
        Assert.Equal(["age", "weight", "cat", "dog, small"], Texts("net.svg").Where(static text => text != "net"));
        Assert.Contains("weight", Texts("edge.svg"));
        Assert.Contains("added to cat", Texts("edge.svg"));
        Assert.Contains("age", Texts("regions.svg"));
        Assert.Contains("cat", string.Join(' ', Texts("regions.svg")), StringComparison.Ordinal);
        Assert.Contains("--names has 3 names; the model has 2 inputs.",
            await KanRun.Failure(ExitCode.Usage, "plot", model, "-o", "n.svg", "--names", "a,b,c"), StringComparison.Ordinal);
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
        var counts = await KanRun.Json(0, "regions", model, "--inputs", "0,1", "--at", "0,0,5", "--box", "-1,2", "-o",
            scratch.PathOf("r.svg"));
        Assert.Equal((4, 4, 4), (counts.GetProperty("cells").GetInt32(), counts.GetProperty("regions").GetInt32(),
            counts.GetProperty("maps").GetInt32()));
        Assert.Equal("svg", XDocument.Load(scratch.PathOf("r.svg")).Root!.Name.LocalName);

        // Along the third input nothing bends.
        Assert.Equal(2, (await KanRun.Json(0, "regions", model, "--inputs", "0,2", "--at", "0,1,5", "--box", "-1,2")).GetProperty("cells")
            .GetInt32());
        Assert.Contains("use --at", await KanRun.Failure(ExitCode.Usage, "regions", model, "--box", "-1,1"), StringComparison.Ordinal);
        Assert.Contains("use --box", await KanRun.Failure(ExitCode.Usage, "regions", model, "--at", "0,0,0"), StringComparison.Ordinal);
        Assert.Contains("raise the limit",
            await KanRun.Failure(ExitCode.Usage, "regions", model, "--at", "0,0,0", "--box", "-1,1", "--limit", "2"),
            StringComparison.Ordinal);
        Assert.Contains("two different inputs out of 3",
            await KanRun.Failure(ExitCode.Usage, "regions", model, "--inputs", "1,1", "--at", "0,0,0", "--box", "-1,1"),
            StringComparison.Ordinal);
        Assert.Contains("no interior", await KanRun.Failure(ExitCode.Usage, "regions", model, "--at", "0,0,0", "--box", "1,1"),
            StringComparison.Ordinal);
    }
}
