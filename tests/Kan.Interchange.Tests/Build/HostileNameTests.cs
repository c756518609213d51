using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Build;

/// <summary>
/// Names of folders and files and values of metadata that are commands to a shell, expressions to MSBuild or syntax to the compiler: in
/// real builds they are carried as they are, and nothing is executed, which would leave a file called PWN.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class HostileNameTests : IDisposable
{
    // Windows has no files with some of these characters.
    private static readonly char[] s_invalid = Path.GetInvalidFileNameChars();

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private static IEnumerable<string> Possible(params string[] names) => names.Where(static name => name.IndexOfAny(s_invalid) < 0);

    /// <summary>As a project file spells a text that MSBuild shall not interpret.</summary>
    private static string Spelled(string text) =>
        SecurityElement.Escape(string.Concat(
            text.Select(static c => "%$@'();?*".Contains(c, StringComparison.Ordinal) || c < ' ' ? $"%{(int)c:X2}" : c.ToString())));

    private static string Project(string items, string properties = "") => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <Import Project="{TestFiles.Metadata("KanTargets")}/Kan.Generators.props" />
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <NuGetAudit>false</NuGetAudit>
            <KanToolPath>{TestFiles.Metadata("KanTool")}</KanToolPath>
            <KanTasksPath>{TestFiles.Metadata("KanTasks")}</KanTasksPath>
            {properties}
          </PropertyGroup>
          <ItemGroup>
            <Reference Include="{typeof(IKanModel<>).Assembly.Location}" />
            <Analyzer Include="{TestFiles.Metadata("KanGenerator")}" />
            {items}
          </ItemGroup>
          <Import Project="{TestFiles.Metadata("KanTargets")}/Kan.Generators.targets" />
        </Project>
        """;

    private static byte[] Model() =>
        new OnnxBuilder(0, 2).Floats("w", [2, 2], 1, 2, 3, 4).Node("MatMul", ["*", "w"]).Node("Relu", ["*"]).ToBytes();

    private void Write(string name, string text) => _scratch.Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    private Task<(int ExitCode, string Output)> Run(Dictionary<string, string> environment, params string[] arguments) =>
        DotNet.Run(_scratch.Folder, environment, [.. arguments, "-nologo", "-v:q", "-tl:off", "-clp:NoSummary"]);

    private void AssertNothingRan() => Assert.Empty(Directory.EnumerateFiles(_scratch.Folder, "PWN*", SearchOption.AllDirectories));

    [Fact]
    public async Task Folders()
    {
        string[] folders =
            [.. Possible("plain", "a$(touch PWN)x", "b`touch PWN`;touch PWN;&|", "c'd\"e", "f%PATH%^!", "h\nnl", "i[j]{k}#=,~")];
        Write("Directory.Build.props", "<Project />");
        Write("Directory.Build.targets", "<Project />");
        Write("all.proj", """
            <Project>
              <ItemGroup><Mine Include="w/*/p.csproj" /></ItemGroup>
              <Target Name="Build">
                <MSBuild Projects="@(Mine)" Targets="Restore" Properties="Phase=Restore" />
                <MSBuild Projects="@(Mine)" Targets="Build" />
              </Target>
            </Project>
            """);
        foreach (string folder in folders)
        {
            // The class is there only if the document and the metadata of its item reach the generator.
            Write($"w/{folder}/p.csproj", Project("""<KanModel Include="m.onnx" Class="Net" Namespace="Nets" />"""));
            Write($"w/{folder}/P.cs", "public static class P { public static int Inputs => Nets.Net.InputCount; }");
            _scratch.Write($"w/{folder}/m.onnx", Model());
        }

        var (code, output) = await Run([], "msbuild", "all.proj");
        Assert.True(code == 0, output);
        Assert.All(folders, folder => Assert.True(File.Exists(_scratch.PathOf($"w/{folder}/bin/Debug/net10.0/p.dll")), folder));
        AssertNothingRan();
    }

    [Fact]
    public async Task Files_metadata_and_paths_of_the_build()
    {
        string[] names = [.. Possible(
            "a$(touch PWN).onnx", "b`touch PWN`&|.onnx", "c'd\"e.onnx", "f;g,h.onnx", "i%24(touch PWN)%3B.onnx", "j@(k)->'%(l)'.onnx",
            "m\nn\r\t.onnx", "o*p.onnx", "o?p.onnx", "q[r]{s}{7B}#t=u!.onnx",
            "v\u202Ew\u2028.onnx", "-x.onnx", new string('y', 200) + ".onnx", "n\"1\n*.kan.json", "n[2]{3}#=.kan.json", "plain.kan.json")];
        byte[] model = Model();
        Write("Directory.Build.props", "<Project />");
        Write("Directory.Build.targets", "<Project />");
        foreach (string name in names)
        {
            if (name.EndsWith(".onnx", StringComparison.Ordinal)) _scratch.Write("models/" + name, model);
            else Write("models/" + name,
                KanDocumentWriter.Write(new OnnxBuilder(0, 2).Node("Relu", ["*"]).Import() with { SourceFile = name }));
        }

        // The tool and the program that runs it, below folders that are commands.
        string evil = Possible("t$(touch PWN)`touch PWN`'\"; &").FirstOrDefault() ?? "t$(touch PWN)`touch PWN`'; &";
        string tool = TestFiles.Metadata("KanTool"), host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "", properties = "";
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_scratch.PathOf("e"));
            Directory.CreateSymbolicLink(_scratch.PathOf("e/" + evil), Path.GetDirectoryName(tool)!);
            properties = $"<KanToolPath>{Spelled(_scratch.PathOf($"e/{evil}/Kan.Tool.dll"))}</KanToolPath>";
            if (host.Length > 0)
            {
                Directory.CreateSymbolicLink(_scratch.PathOf("e/h" + evil), Path.GetDirectoryName(host)!);
                properties += $"<DOTNET_HOST_PATH>{Spelled(_scratch.PathOf($"e/h{evil}/{Path.GetFileName(host)}"))}</DOTNET_HOST_PATH>";
            }
        }

        string link = "l/$(touch PWN)`touch PWN`'\";*?\n.onnx", plain = _scratch.Write("plain.onnx", model);
        // The compiler cannot be given a quote in the path of a source that the build writes there.
        string folder = evil.Replace("\"", "", StringComparison.Ordinal).Replace(";", "", StringComparison.Ordinal);
        Write("p.csproj", Project($"""
            <KanModel Include="models/*" />
            <KanModel Include="plain.onnx" Link="{Spelled(link)}" Namespace="Nets" Class="Linked" />
            <Compile Remove="models/**;e/**" />
            <None Remove="models/**;e/**" />
            """, properties + $"<IntermediateOutputPath>obj/{Spelled(folder)}/</IntermediateOutputPath><DefaultItemExcludes>$(DefaultItemExcludes);e/**;models/**</DefaultItemExcludes>"));
        Write("P.cs", "public static class P { public static int Inputs => Nets.Linked.InputCount; }");

        var (code, output) = await Run([], "build", "p.csproj");
        Assert.True(code == 0, output);
        AssertNothingRan();
        string[] documents = Directory.GetFiles(_scratch.PathOf($"obj/{folder}/net10.0/kan"), "*.kan.json", SearchOption.AllDirectories);
        string[] converted = [.. documents.Select(static path => KanDocumentReader.Read(File.ReadAllText(path)).SourceFile!)
            .Order(StringComparer.Ordinal)];
        string[] expected = [.. names.Where(static name => name is not ("plain.kan.json" or "n[2]{3}#=.kan.json")).Append("plain.onnx")
            .Order(StringComparer.Ordinal)];
        Assert.Equal(expected, converted.Where(static name => name != "n[2]{3}#=.kan.json"));

        // What the generator reads, decoded by the rule that the documentation of its metadata gives.
        string config = Directory.EnumerateFiles(_scratch.PathOf("obj"), "*.GeneratedMSBuildEditorConfig.editorconfig",
            SearchOption.AllDirectories).Single();
        var read = Regex.Matches(await File.ReadAllTextAsync(config, TestContext.Current.CancellationToken), "KanModelFile = (.*)")
            .Select(static match => Regex.Replace(match.Groups[1].Value, @"\{([0-9A-F]+)\}", static code => ((char)Convert.ToInt32(code.Groups[1].Value, 16)).ToString()));
        Assert.Equal(names.Select(static name => "models/" + name).Append(link).Order(StringComparer.Ordinal),
            read.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Wrong_metadata_is_shown_and_not_run()
    {
        const string Evil = "$(touch PWN)`touch PWN`'\";&|\u202E %0A";
        string[] numbers = ["Range", "Head", "Tolerance", "Domain"], names = ["Activation", "Inputs", "Outputs"];
        Write("Directory.Build.props", "<Project />");
        Write("Directory.Build.targets", "<Project />");
        _scratch.Write("m.safetensors", File.ReadAllBytes(TestFiles.Model("pooled-digits.safetensors")));
        _scratch.Write("m.onnx", new OnnxBuilder(0, 2).Node("Relu", ["*"]).ToBytes());
        Write("p.csproj", Project(string.Concat(numbers.Concat(names).Select((name, i) =>
            $"<KanModel Include=\"m.{(name == "Activation" ? "safetensors" : "onnx")}\" Link=\"{i}\" {name}=\"{Spelled(Evil)}\" />"))));
        var (code, output) = await Run([], "msbuild", "p.csproj", "-t:KanConvertModels");
        Assert.NotEqual(0, code);
        string[] errors = [.. output.Split('\n', StringSplitOptions.TrimEntries)
            .Where(static line => line.Contains("error", StringComparison.Ordinal)).Distinct()];
        Assert.All(numbers, name => Assert.Single(errors, error => error.Contains($"error KAN0306: The KanModel item 'm.onnx' has "
            + $"{name}=\"$(touch PWN)`touch PWN`'\";&|\\u202e %0A\": expected ", StringComparison.Ordinal)));
        Assert.Equal(names.Length, errors.Count(static error => Regex.IsMatch(error, @"/m\.(onnx|safetensors) : error KAN030[23]: .*touch PWN")));
        Assert.Equal(numbers.Length + names.Length, errors.Length);
        AssertNothingRan();
    }
}
