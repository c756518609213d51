using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;

namespace Kan.Interchange.Tests.Build;

/// <summary>A small project with models, in a folder with spaces and letters beyond ASCII.</summary>
internal sealed class ModelProject : IDisposable
{
    private readonly Scratch _scratch = new();

    public ModelProject(string items, string properties = "")
    {
        string targets = TestFiles.Metadata("KanTargets");
        Items = items;
        File.WriteAllText(_scratch.PathOf("Program.cs"), "public static class Program { }\n");

        // Nothing of the folders above, whatever lies in the temporary folder.
        File.WriteAllText(_scratch.PathOf("Directory.Build.props"), "<Project />");
        File.WriteAllText(_scratch.PathOf("Directory.Build.targets"), "<Project />");
        File.WriteAllText(_scratch.PathOf("models.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <Import Project="{targets}/Kan.Generators.props" />
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                {properties}
                <NuGetAudit>false</NuGetAudit>
                <KanToolPath>{TestFiles.Metadata("KanTool")}</KanToolPath>
                <KanTasksPath>{TestFiles.Metadata("KanTasks")}</KanTasksPath>
              </PropertyGroup>
              <ItemGroup>
                {items}
              </ItemGroup>
              <Import Project="{targets}/Kan.Generators.targets" />
            </Project>
            """);
    }

    public string Items { get; }

    public string PathOf(string name) => _scratch.PathOf(name);

    public string OutputOf(string model) => PathOf("obj/Debug/net10.0/kan/" + model + ".kan.json");

    public void Add(string name, string model) => _scratch.Write(name, File.ReadAllBytes(TestFiles.Model(model)));

    public void Add(string name, byte[] bytes) => _scratch.Write(name, bytes);

    public Task<(int ExitCode, string Output)> Build(params string[] more) =>
        DotNet.Run(_scratch.Folder, ["build", "-nologo", "-v:m", "-clp:NoSummary", "-tl:off", .. more]);

    public Task<(int ExitCode, string Output)> Clean() => DotNet.Run(_scratch.Folder, "clean", "-nologo", "-v:q", "-tl:off");

    public string[] EditorConfig() =>
        File.ReadAllLines(Directory.EnumerateFiles(PathOf("obj"), "*.GeneratedMSBuildEditorConfig.editorconfig",
            SearchOption.AllDirectories).Single());

    public void Dispose() => _scratch.Dispose();
}
