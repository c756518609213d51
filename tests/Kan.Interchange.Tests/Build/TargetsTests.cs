using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Build;

/// <summary>The build targets, in real builds.</summary>
[Trait("Speed", "Slow")]
public sealed class TargetsTests
{
    private const string Items = """
        <KanModel Include="models/breast ü.onnx" Range="0,1" />
        <KanModel Include="models/native.kan.json" Link="nets/native.kan.json" />
        """;

    private static string[] Errors(string output) =>
        [.. output.Split('\n', StringSplitOptions.TrimEntries).Where(static line => line.Contains("error", StringComparison.Ordinal))
            .Distinct()];

    private static string Native() => KanDocumentWriter.Write(ModelImporter.Import(TestFiles.Model("breast-cancer-mlp.onnx")));

    [Fact]
    public async Task Models_reach_the_compiler_and_are_converted_only_when_something_changed()
    {
        using var project = new ModelProject(Items);
        project.Add("models/breast ü.onnx", "breast-cancer-mlp.onnx");
        project.Add("models/native.kan.json", System.Text.Encoding.UTF8.GetBytes(Native()));

        var (code, output) = await project.Build();
        Assert.True(code == 0, output);
        string converted = project.OutputOf("models/breast ü.onnx");
        var document = KanDocumentReader.Read(await File.ReadAllTextAsync(converted, TestContext.Current.CancellationToken));
        Assert.Equal("breast ü", document.Name);
        Assert.Equal([new InputRange(Rational.Zero, Rational.One)], document.InputRanges);
        var options = project.EditorConfig();
        Assert.Contains("build_metadata.AdditionalFiles.KanModelFile = models/breast ü.onnx", options);
        Assert.Contains("build_metadata.AdditionalFiles.KanModelFile = nets/native.kan.json", options);

        var first = File.GetLastWriteTimeUtc(converted);
        string assembly = project.PathOf("obj/Debug/net10.0/models.dll");
        var compiled = File.GetLastWriteTimeUtc(assembly);
        (code, output) = await project.Build("--no-restore");
        Assert.True(code == 0, output);
        Assert.Equal(first, File.GetLastWriteTimeUtc(converted));
        Assert.Equal(compiled, File.GetLastWriteTimeUtc(assembly));
        Assert.Contains("build_metadata.AdditionalFiles.KanModelFile = models/breast ü.onnx", project.EditorConfig());

        project.Add("models/breast ü.onnx", "digits-mlp.onnx");
        (code, output) = await project.Build("--no-restore");
        Assert.True(code == 0, output);
        Assert.Equal(64, KanDocumentReader.Read(await File.ReadAllTextAsync(converted, TestContext.Current.CancellationToken)).ToNetwork()
            .InputCount);
        Assert.NotEqual(compiled, File.GetLastWriteTimeUtc(assembly));

        (code, output) = await project.Clean();
        Assert.True(code == 0, output);
        Assert.False(File.Exists(converted));
        Assert.True(File.Exists(project.PathOf("models/native.kan.json")));
    }

    [Fact]
    public async Task A_model_that_fails_gives_one_error_at_the_file_until_it_is_mended()
    {
        using var project = new ModelProject("""<KanModel Include="models/*.onnx" />""");
        project.Add("models/cut.onnx", File.ReadAllBytes(TestFiles.Model("digits-mlp.onnx"))[..1000]);
        project.Add("models/curved.onnx", new OnnxBuilder(0, 2).Node("Sigmoid", ["*"]).ToBytes());
        project.Add("models/good.onnx", "breast-cancer-mlp.onnx");

        for (int round = 0; round < 2; round++)
        {
            var (code, output) = await project.Build();
            Assert.NotEqual(0, code);
            var errors = Errors(output);
            Assert.Equal(2, errors.Length);
            Assert.Single(errors, error =>
                error.StartsWith(project.PathOf("models/cut.onnx") + " : error KAN0302: ", StringComparison.Ordinal));
            Assert.Single(errors, error =>
                error.StartsWith(project.PathOf("models/curved.onnx") + " : error KAN0303: ", StringComparison.Ordinal));
            Assert.False(File.Exists(project.OutputOf("models/cut.onnx")));
        }

        project.Add("models/cut.onnx", "digits-mlp.onnx");
        File.Delete(project.PathOf("models/curved.onnx"));
        var (mended, log) = await project.Build("--no-restore");
        Assert.True(mended == 0, log);
    }

    [Fact]
    public async Task A_missing_model_gives_one_error_that_names_the_item()
    {
        using var project = new ModelProject("""<KanModel Include="models/nowhere.onnx" />""");
        var (code, output) = await project.Build();
        Assert.NotEqual(0, code);
        string error = Assert.Single(Errors(output));
        Assert.Contains("error KAN0301: The model 'models/nowhere.onnx' does not exist.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_range_that_is_none_gives_one_error()
    {
        using var project = new ModelProject("""<KanModel Include="m.onnx" Range="1;0" />""");
        project.Add("m.onnx", "breast-cancer-mlp.onnx");
        var (code, output) = await project.Build();
        Assert.NotEqual(0, code);
        string error = Assert.Single(Errors(output));
        Assert.Contains(project.PathOf("models.csproj") + " : error KAN0306: The KanModel item 'm.onnx' has Range=\"1;0\": expected two "
            + "finite numbers, the lower first,", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_model_does_not_hide_what_is_wrong_with_others()
    {
        using var project = new ModelProject("""
            <KanModel Include="nowhere.onnx" />
            <KanModel Include="cut.onnx" />
            <KanModel Include="good.onnx" Range="1,0" />
            <KanModel Include="elsewhere.kan.json" />
            """);
        project.Add("cut.onnx", File.ReadAllBytes(TestFiles.Model("digits-mlp.onnx"))[..1000]);
        project.Add("good.onnx", "breast-cancer-mlp.onnx");
        var (code, output) = await project.Build();
        Assert.NotEqual(0, code);
        string[] errors = Errors(output);
        Assert.Equal(4, errors.Length);
        Assert.Single(errors, static error =>
            error.Contains("error KAN0301: The model 'nowhere.onnx' does not exist.", StringComparison.Ordinal));
        Assert.Single(errors, static error =>
            error.Contains("error KAN0301: The model 'elsewhere.kan.json' does not exist.", StringComparison.Ordinal));
        Assert.Single(errors, error => error.StartsWith(project.PathOf("cut.onnx") + " : error KAN0302: ", StringComparison.Ordinal));
        Assert.Single(errors, static error =>
            error.Contains("error KAN0306: The KanModel item 'good.onnx' has Range=\"1,0\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metadata_that_nothing_reads_are_warnings_with_the_nearest_name()
    {
        using var project = new ModelProject("""
            <KanModel Include="m.onnx" Rnage="0,1" range="-1,1;$(More)" clas="X" Sort="7" Visible="false" CopyToOutputDirectory="Never" Link="nets/m.onnx"><_Mine>x</_Mine></KanModel>
            <KanModel Include="n.onnx" Rnage="0,1" />
            """, "<More>0,2;" + string.Join(';', Enumerable.Repeat("0,1", 28)) + "</More>");
        project.Add("m.onnx", "breast-cancer-mlp.onnx");
        project.Add("n.onnx", "breast-cancer-mlp.onnx");
        var (code, output) = await project.Build();
        Assert.True(code == 0, output);
        string[] warnings = [.. output.Split('\n', StringSplitOptions.TrimEntries)
            .Where(static line => line.Contains("warning", StringComparison.Ordinal)).Distinct()];
        Assert.All(warnings, warning => Assert.StartsWith(project.PathOf("models.csproj") + " : warning KAN0309: The KanModel item ",
            warning, StringComparison.Ordinal));
        Assert.Equal(3, warnings.Length);
        Assert.Single(warnings, static warning =>
            warning.Contains("'m.onnx' has Rnage=\"0,1\", which nothing reads: did you mean Range?", StringComparison.Ordinal));
        Assert.Single(warnings, static warning =>
            warning.Contains("'m.onnx' has clas=\"X\", which nothing reads: did you mean Class?", StringComparison.Ordinal));
        Assert.Single(warnings, static warning =>
            warning.Contains("'m.onnx' has Sort=\"7\", which nothing reads: use one of Range, ", StringComparison.Ordinal));
        var document =
            KanDocumentReader.Read(await File.ReadAllTextAsync(project.OutputOf("nets/m.onnx"), TestContext.Current.CancellationToken));
        Assert.Equal(30, document.InputRanges.Length);
        Assert.Equal(new InputRange(-1, 1), document.InputRanges[0]);
        Assert.Equal(new InputRange(0, 2), document.InputRanges[1]);
    }
}
