using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace Kan.Package.Tests.Support;

/// <summary>The classes that look at <see cref="UserApps"/>.</summary>
[CollectionDefinition(nameof(UserApps))]
public sealed class UserAppsClasses : ICollectionFixture<UserApps>;

/// <summary>
/// The projects of <see cref="AppSources"/>, in folders side by side, restored and built by one command. A project that is meant to fail
/// leaves the others alone.
/// </summary>
public sealed class UserApps(PackedFeed feed) : IAsyncLifetime
{
    private readonly UserProject _folder = new(feed);
    private string _log = "";

    public async ValueTask InitializeAsync()
    {
        AppSources.Write(_folder, feed);
        _folder.Write("all.proj", """
            <Project>
              <ItemGroup>
                <App Include="*/*.csproj" Exclude="old/*" />
                <App Include="old/old.csproj" AdditionalProperties="CompilerApiVersion=roslyn4.14" />
              </ItemGroup>
              <Target Name="Build">
                <MSBuild Projects="@(App)" Targets="Restore" Properties="Phase=Restore" />
                <MSBuild Projects="@(App)" Targets="Build" />
              </Target>
            </Project>
            """);
        (_, _log) = await _folder.DotNetIn("", "msbuild", "all.proj", "-nologo", "-v:m", "-clp:NoSummary", "-tl:off", "-m:1",
            "-p:Configuration=Release");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return default;
    }

    public string PathOf(string name) => _folder.PathOf(name);

    /// <summary>What an app prints, with LF.</summary>
    public Task<string> Run(string name)
    {
        Assert.True(File.Exists(Assembly(name)), _log);
        return _folder.Succeed(name, "exec", Assembly(name));
    }

    /// <summary>The distinct lines that report errors of a project, which has not been built.</summary>
    public string[] Errors(string name)
    {
        Assert.False(File.Exists(Assembly(name)), _log);

        // The project stands in brackets at the end, or is itself the place of the error.
        string project = PathOf($"{name}/{name}.csproj");
        return [.. _log.Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.Contains(": error ", StringComparison.Ordinal) && line.Contains(project, StringComparison.Ordinal))
            .Distinct()];
    }

    private string Assembly(string name) => PathOf($"{name}/bin/Release/net10.0/{name}.dll");
}
