using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Build;

/// <summary>
/// The projects of <see cref="WrongProjectTests"/>, each in a folder of its own, built by one command without restoring them.
/// </summary>
public sealed class WrongProjects : IAsyncLifetime
{
    private readonly Dictionary<string, (ModelProject Project, string File)> _projects = [];
    private string[] _log = [];

    public async ValueTask InitializeAsync()
    {
        using var scratch = new Scratch();
        var items = new List<string>();
        foreach (string target in WrongProjectTests.OlderTargets)
        {
            // One of several targets is built as it would be alone.
            Add(target, WrongProjectTests.Package, $"<TargetFramework>{target}</TargetFramework>", "Build", "TargetFramework=" + target);
            Add(target + " of two", WrongProjectTests.Package,
                $"<TargetFramework></TargetFramework><TargetFrameworks>{target};net10.0</TargetFrameworks>", "Build",
                "TargetFramework=" + target);
        }

        foreach (string target in WrongProjectTests.Targets)
            Add(target, WrongProjectTests.Package,
                $"<TargetFramework>{target}</TargetFramework><EnableWindowsTargeting>true</EnableWindowsTargeting>", "KanCheckProject");
        foreach (string type in WrongProjectTests.Languages)
        {
            foreach (string asks in WrongProjectTests.Asks) Add(type + asks, asks, "", "KanCheckProject", type: type);
        }

        scratch.Write("all.proj", System.Text.Encoding.UTF8.GetBytes($"""
            <Project>
              <ItemGroup>
                {string.Join("\n", items)}
              </ItemGroup>
              <Target Name="Build" Outputs="%(Mine.Identity)">
                <MSBuild Projects="@(Mine)" Targets="%(Mine.Goal)" ContinueOnError="true" />
                <WriteLinesToFile File="%(Mine.Identity).result" Lines="$(MSBuildLastTaskResult)" />
              </Target>
            </Project>
            """));
        var (_, output) = await DotNet.Run(scratch.Folder, "msbuild", "all.proj", "-nologo", "-v:m", "-clp:NoSummary", "-tl:off", "-m:1");
        _log = output.Split('\n', StringSplitOptions.TrimEntries);

        void Add(string name, string content, string properties, string goal, string more = "", string type = "cs")
        {
            var project = new ModelProject(content, properties);
            string file = project.PathOf($"models.{type}proj");
            if (type != "cs") File.Move(project.PathOf("models.csproj"), file);
            _projects.Add(name, (project, file));
            items.Add($"""<Mine Include="{SecurityElement.Escape(file)}" Goal="{goal}" AdditionalProperties="{more}" />""");
        }
    }

    public ValueTask DisposeAsync()
    {
        foreach (var (project, _) in _projects.Values) project.Dispose();
        return default;
    }

    /// <summary>Whether a project was built, its file, and the distinct lines that report errors of it.</summary>
    public (bool IsBuilt, string File, string[] Errors) this[string name]
    {
        get
        {
            var (project, file) = _projects[name];
            bool isBuilt = bool.Parse(File.ReadAllText(file + ".result"));
            return (isBuilt, file,
                [.. _log.Where(line => line.Contains("error", StringComparison.Ordinal)
                && line.Contains(project.PathOf(""), StringComparison.Ordinal)).Distinct()]);
        }
    }
}
