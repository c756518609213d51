using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Kan.Interchange.Onnx.Proto;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Build;

/// <summary>The metadata of KanModel items, in real builds.</summary>
[Trait("Speed", "Slow")]
public sealed class ItemTests
{
    private static byte[] Classifier() =>
        new OnnxBuilder(0, 2).Floats("w", [2, 2], 1, 2, 3, 4).Node("MatMul", ["*", "w"]).Node("Relu", ["*"]).Node("Softmax", ["*"])
            .ToBytes();

    private static DateTime Time(string path) => File.GetLastWriteTimeUtc(path);

    [Fact]
    public async Task What_changed_is_converted_again_and_nothing_else()
    {
        using var project = new ModelProject("""
            <KanModel Include="C# models/a ü;.onnx" Class="First" Namespace="Nets" Head="drop" />
            <KanModel Include="C# models/a ü;.onnx" Class="Second" Namespace="Nets" Head="drop" Range="$(SecondRange)" Lowering="Rows" />
            <KanModel Include="b.onnx" />
            """.Replace(";.onnx", "%3B.onnx", StringComparison.Ordinal));
        project.Add("C# models/a ü;.onnx", Classifier());
        project.Add("b.onnx", "breast-cancer-mlp.onnx");
        string first = project.OutputOf("C# models/a ü;.onnx.Nets.First"), second = project.OutputOf("C# models/a ü;.onnx.Nets.Second"),
            third = project.OutputOf("b.onnx");

        var (code, output) = await project.Build("-v:n");
        Assert.True(code == 0, output);
        Assert.Contains("a ü;.onnx: 2 -> 2 -> 2, 8 segments", output, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(output, "a ü;.onnx: .*Softmax").Select(static match => match.Value).Distinct());
        Assert.Equal(["build_metadata.AdditionalFiles.KanClass = First", "build_metadata.AdditionalFiles.KanClass = Second"],
            project.EditorConfig().Where(static line => line.Contains("KanClass = S", StringComparison.Ordinal)
            || line.Contains("KanClass = F", StringComparison.Ordinal)));
        Assert.Contains("build_metadata.AdditionalFiles.KanModelFile = C{23} models/a ü{3B}.onnx", project.EditorConfig());
        Assert.Contains("build_metadata.AdditionalFiles.KanLowering = Rows", project.EditorConfig());
        Assert.Empty(Read(first).InputRanges);
        var times = (Time(first), Time(second), Time(third));

        // An edit of the project that no item notices: not even the tool runs.
        string file = project.PathOf("models.csproj");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))
            .Replace("</Project>", "<!-- x --></Project>", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var stamp = Time(project.PathOf("obj/Debug/net10.0/kan/models.stamp"));
        (code, output) = await project.Build("--no-restore");
        Assert.True(code == 0, output);
        Assert.Equal(stamp, Time(project.PathOf("obj/Debug/net10.0/kan/models.stamp")));

        // Other metadata of one item, from a property that stands in no file, and a touched model: only the one document changes.
        File.SetLastWriteTimeUtc(project.PathOf("b.onnx"), DateTime.UtcNow);
        (code, output) = await project.Build("--no-restore", "-p:SecondRange=0%2C1");
        Assert.True(code == 0, output);
        Assert.Equal([new InputRange(Rational.Zero, Rational.One)], Read(second).InputRanges);
        Assert.Equal((times.Item1, times.Item3), (Time(first), Time(third)));
        Assert.NotEqual(times.Item2, Time(second));

        // A document that somebody changed is made again, even where its length is the same and its time older.
        string good = await File.ReadAllTextAsync(third, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(third, good.Replace('1', '2'), TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(third, times.Item3.AddDays(-1));
        (code, output) = await project.Build("--no-restore", "-p:SecondRange=0%2C1");
        Assert.True(code == 0, output);
        Assert.Equal(good, await File.ReadAllTextAsync(third, TestContext.Current.CancellationToken));

        // What is deleted comes back; a rebuild converts; a clean leaves no trace.
        File.Delete(first);
        (code, output) = await project.Build("--no-restore", "-p:SecondRange=0%2C1");
        Assert.True(code == 0 && File.Exists(first), output);
        (code, output) = await project.Build("--no-restore", "-t:Rebuild");
        Assert.True(code == 0 && File.Exists(second), output);
        Assert.Empty(Read(second).InputRanges);
        (code, output) = await project.Clean();
        Assert.True(code == 0, output);
        Assert.False(Directory.Exists(project.PathOf("obj/Debug/net10.0/kan")));
    }

    [Fact]
    public async Task Several_frameworks_and_a_file_beside_the_model()
    {
        using var project = new ModelProject("""
            <KanModel Include="m.onnx" />
            <Compile Remove="**" />
            """, "<TargetFramework /><TargetFrameworks>net10.0;net10.0-windows</TargetFrameworks><EnableWindowsTargeting>true</EnableWindowsTargeting><DisableTransitiveFrameworkReferenceDownloads>true</DisableTransitiveFrameworkReferenceDownloads>");
        var model = new OnnxBuilder(0, 2).Floats("w", [2, 2]);
        model.Graph.Initializer[0].DataLocation = 1;
        model.Graph.Initializer[0].ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "weights.bin" });
        project.Add("m.onnx", model.Node("MatMul", ["*", "w"]).ToBytes());
        project.Add("weights.bin", MemoryMarshal.AsBytes<float>([1, 2, 3, 4]).ToArray());
        string[] documents = [project.PathOf("obj/Debug/net10.0/kan/m.onnx.kan.json"),
            project.PathOf("obj/Debug/net10.0-windows/kan/m.onnx.kan.json")];

        var (code, output) = await project.Build("-m:2");
        Assert.True(code == 0, output);
        Assert.All(documents, static path => Assert.Equal([4.0, 6], Read(path).ToNetwork().Evaluate([1.0, 1])));
        Assert.Contains(await File.ReadAllLinesAsync(project.PathOf("obj/Debug/net10.0/kan/models.stamp"),
            TestContext.Current.CancellationToken),
            line => line.StartsWith("dependency\t" + project.PathOf("weights.bin") + "\t", StringComparison.Ordinal));

        project.Add("weights.bin", MemoryMarshal.AsBytes<float>([1, 2, 3, 5]).ToArray());
        (code, output) = await project.Build("--no-restore", "-m:2");
        Assert.True(code == 0, output);
        Assert.All(documents, static path => Assert.Equal([4.0, 7], Read(path).ToNetwork().Evaluate([1.0, 1])));

        File.Delete(project.PathOf("weights.bin"));
        (code, output) = await project.Build("--no-restore");
        Assert.NotEqual(0, code);
        Assert.Contains(project.PathOf("m.onnx") + " : error KAN0302: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_builds_at_once_do_not_disturb_each_other()
    {
        using var project = new ModelProject("""<KanModel Include="a.onnx" Class="Net" />""");
        project.Add("a.onnx", "breast-cancer-mlp.onnx");
        var (code, output) = await project.Build("-t:Restore");
        Assert.True(code == 0, output);
        var builds = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => project.Build("--no-restore", "-t:KanConvertModels")));
        Assert.All(builds, static build => Assert.True(build.ExitCode == 0, build.Output));
        Assert.Equal(30, Read(project.OutputOf("a.onnx.Net")).ToNetwork().InputCount);
        Assert.Empty(Directory.GetFiles(project.PathOf("obj/Debug/net10.0/kan"), "*.tmp"));
        Assert.Empty(Directory.GetFiles(project.PathOf("obj/Debug/net10.0/kan"), "failure*"));
    }

    [Fact]
    public async Task A_design_time_build_warns_and_goes_on()
    {
        using var project = new ModelProject("""<KanModel Include="a.onnx" Tolerance="some" /><KanModel Include="nowhere.onnx" />""");
        project.Add("a.onnx", "breast-cancer-mlp.onnx");
        var (code, output) = await project.Build("-t:Compile", "-p:DesignTimeBuild=true", "-p:ProvideCommandLineArgs=true",
            "-p:SkipCompilerExecution=true");
        Assert.True(code == 0, output);
        Assert.Contains("warning KAN0306: The KanModel item 'a.onnx' has Tolerance=\"some\": expected a positive number, such as 1e-3",
            output, StringComparison.Ordinal);
        Assert.Contains("warning KAN0301: The model 'nowhere.onnx' does not exist.", output, StringComparison.Ordinal);
    }

    private static KanDocument Read(string path) => KanDocumentReader.Read(File.ReadAllText(path));
}
