using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace Kan.Package.Tests.Support;

/// <summary>
/// Projects made from the templates, which are installed once, in folders side by side; all are restored and built by one command.
/// </summary>
public sealed class FromTemplates(PackedFeed feed) : IAsyncLifetime
{
    private readonly UserProject _folder = new(feed);
    private string _log = "";

    public async ValueTask InitializeAsync()
    {
        string hive = _folder.PathOf("templates");
        _folder.Copy("tests/models/breast-cancer-mlp.onnx", "cancer.onnx");
        await New("install", feed.PathOf("Kan.Templates"));
        await New("kan", "-n", "Pricing", "-o", "pricing");
        await New("kan", "-n", "Cancer", "--model", "../cancer.onnx", "--range=-4,4");
        await New("kan-service", "-n", "Risks", "-o", "risks");
        await New("kan-service", "-n", "Cancer", "-o", "service", "--model", "../cancer.onnx");
        _folder.Write("all.proj", """
            <Project>
              <ItemGroup><App Include="pricing/*.csproj;Cancer/*.csproj;risks/*.csproj;service/*.csproj" /></ItemGroup>
              <Target Name="Build">
                <MSBuild Projects="@(App)" Targets="Restore" Properties="Phase=Restore" />
                <MSBuild Projects="@(App)" Targets="Build" />
              </Target>
            </Project>
            """);
        (_, _log) = await _folder.DotNetIn("", "msbuild", "all.proj", "-nologo", "-v:m", "-clp:NoSummary", "-tl:off", "-m:1",
            "-p:Configuration=Release");

        Task<string> New(params string[] arguments) => _folder.Succeed("", ["new", .. arguments, "--debug:custom-hive", hive]);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return default;
    }

    public string PathOf(string name) => _folder.PathOf(name);

    /// <summary>What an app prints, with LF.</summary>
    public Task<string> Run(string folder, string name)
    {
        AssertBuilt(folder, name);
        return _folder.Succeed(folder, "exec", Assembly(folder, name));
    }

    /// <summary>Starts a service.</summary>
    internal Task<UserService> Start(string folder, string name)
    {
        AssertBuilt(folder, name);
        return UserService.Start(PathOf(folder), name);
    }

    private void AssertBuilt(string folder, string name) => Assert.True(File.Exists(Assembly(folder, name)), _log);

    private string Assembly(string folder, string name) => PathOf($"{folder}/bin/Release/net10.0/{name}.dll");
}
