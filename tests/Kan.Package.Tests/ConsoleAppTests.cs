using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Kan.Package.Tests.Support;
using Xunit;

namespace Kan.Package.Tests;

/// <summary>What a stranger does in the first hour, in empty projects outside the repository.</summary>
public sealed class ConsoleAppTests(PackedFeed feed)
{
    private const string Declarations = """
        using Kan;

        namespace First;

        [KanNetwork(2, 2, 1)]
        [Edge(0, 0, 0, Breakpoints = [-1, 0, 1], Slopes = [0, 0.5, -1, 0], ValueAtZero = 0.25)]
        [Edge(0, 1, 0, Breakpoints = [0], Slopes = [-1, 1])]
        [Edge(1, 0, 0, Slopes = [2])]
        public sealed partial class Risk;

        public static partial class Curves
        {
            [PiecewiseLinear(Breakpoints = [0, 10, 20], Slopes = [0, 1, 3, 0])]
            public static partial double Discount(double x);
        }
        """;

    [Fact]
    public async Task Attributes_and_curves_compile_and_run()
    {
        using var project = new UserProject(feed);
        project.WriteProject("first.csproj");
        project.Write("Networks.cs", Declarations);
        project.Write("Program.cs", """
            using First;
            Console.WriteLine(Risk.Evaluate(0.5f, -2f));
            Console.WriteLine(Curves.Discount(15));
            """);

        // 2 * ((0.25 - 0.5) + 2); ten steps of one and five of three.
        Assert.Equal("3.5\n25\n", await project.Run());
    }

    [Fact]
    public async Task Models_in_files_of_equal_names_stay_apart()
    {
        using var project = new UserProject(feed);
        project.WriteProject("models.csproj", """
            <KanModel Include="small/net.onnx" Range="0,1" />
            <KanModel Include="large/net.onnx" Range="0,1" />
            """);
        project.Copy("tests/models/breast-cancer-mlp.onnx", "small/net.onnx");
        project.Copy("sample-app/models/mnist-mlp.onnx", "large/net.onnx");
        project.Write("Program.cs", """
            using Kan;
            Console.WriteLine($"{Small.InputCount} {Large.InputCount} {Describe<Small>()} {Describe<Large>()}");
            static string Describe<T>() where T : IKanModel<float> => string.Join('-', T.Info.Widths);

            [KanModel("small/net.onnx")] public sealed partial class Small;
            [KanModel("large/net.onnx")] public sealed partial class Large;
            """);
        string output = await project.Run();
        Assert.StartsWith("30 784 30-", output, StringComparison.Ordinal);
        Assert.EndsWith(" 784-128-64-10\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_item_with_a_class_needs_no_code()
    {
        using var project = new UserProject(feed);
        project.WriteProject("item-only.csproj", """
            <KanModel Include="cancer.onnx" Class="Cancer" Range="-4,4" />
            <KanModel Include="cancer.onnx" Class="Precise" Namespace="My.Nets" Precision="Double" />
            """);
        project.Copy("tests/models/breast-cancer-mlp.onnx", "cancer.onnx");
        project.Write("Program.cs", """
            using item_only;
            using My.Nets;
            Console.WriteLine($"{Cancer.Info.Name} {Cancer.InputCount} {Cancer.Info.ErrorBound < 1} {Precise.Info.Precision} {double.IsInfinity(Precise.Info.ErrorBound)}");
            """);
        Assert.Equal("cancer 30 True Double True\n", await project.Run());
    }

    [Fact]
    public async Task Edges_and_networks_written_as_functions_compile_and_run()
    {
        using var project = new UserProject(feed);
        project.WriteProject("functions.csproj");
        project.Write("Program.cs", """
            using Kan;
            Console.WriteLine(FormattableString.Invariant($"{Tax.Evaluate(60_000f)} {Tax.Evaluate(5_000f)}"));

            [KanNetwork(1, 1)]
            public sealed partial class Tax
            {
                [EdgeFunction(0, 0, 0)]
                private static double Due(double income) => 0.2 * Math.Max(0, income - 10_000) + 0.2 * Math.Max(0, income - 50_000);
            }
            """);
        Assert.Equal("12000 0\n", await project.Run());
    }

    [Fact]
    public async Task A_wrong_item_is_one_error_at_the_project()
    {
        using var project = new UserProject(feed);
        project.WriteProject("wrong.csproj", """<KanModel Include="cancer.onnx" Class="Nets.Cancer" />""");
        project.Copy("tests/models/breast-cancer-mlp.onnx", "cancer.onnx");
        project.Write("Program.cs", "Console.WriteLine();");
        string error = Assert.Single(await project.Errors());
        Assert.StartsWith(project.PathOf("wrong.csproj") + "(1,1): error KAN0306: The KanModel item 'cancer.onnx' has Class=\"Nets.Cancer\": expected the name of a class", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_model_is_one_error_at_the_file()
    {
        using var project = new UserProject(feed);
        project.WriteProject("broken.csproj", """<KanModel Include="models/cut.onnx" />""");
        project.Copy("tests/models/breast-cancer-mlp.onnx", "models/cut.onnx");
        using (var file = File.OpenWrite(project.PathOf("models/cut.onnx"))) file.SetLength(600);
        project.Write("Program.cs", """
            using Kan;
            Console.WriteLine(Cut.InputCount);
            [KanModel("cut.onnx")] public sealed partial class Cut;
            """);
        string error = Assert.Single(await project.Errors());
        Assert.StartsWith(project.PathOf("models/cut.onnx") + " : error KAN0302: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_declaration_is_one_error_at_its_place()
    {
        using var project = new UserProject(feed);
        project.WriteProject("wrong.csproj");
        project.Write("Program.cs", """
            using Kan;
            Console.WriteLine(Net.Evaluate(1f));

            [KanNetwork(1, 1)]
            [Edge(0, 0, 0, Breakpoints = [2, 1], Slopes = [0, 1, 2])]
            public sealed partial class Net;
            """);
        string error = Assert.Single(await project.Errors());
        Assert.StartsWith(project.PathOf("Program.cs") + "(5,34): error KAN0102: ", error, StringComparison.Ordinal);
        Assert.Contains("/docs/diagnostics/KAN0102.md", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_library_with_networks_is_consumed_without_the_package()
    {
        using var project = new UserProject(feed);
        project.WriteProject("library/library.csproj", properties: "");
        project.Write("library/Networks.cs", Declarations);

        // What the library brings also compiles models of the app.
        project.WriteProject("app/app.csproj", """
            <ProjectReference Include="../library/library.csproj" />
            <KanModel Include="../cancer.onnx" Link="models/cancer.onnx" Class="Cancer" />
            """, package: false);
        project.Copy("tests/models/breast-cancer-mlp.onnx", "cancer.onnx");
        project.Write("app/Program.cs", """
            using First;
            Console.WriteLine(Risk.Evaluate(0.5f, -2f));
            Console.WriteLine(app.Cancer.InputCount);
            """);
        Assert.Equal("3.5\n30\n", await project.Run("app"));
    }

    [Fact]
    public async Task An_old_compiler_is_one_error_that_names_the_sdk()
    {
        using var project = new UserProject(feed);
        project.WriteProject("old.csproj");
        project.Write("Program.cs", "Console.WriteLine();");
        string error = Assert.Single(await project.Errors("-p:CompilerApiVersion=roslyn4.14"));
        Assert.Contains("error KAN0901: Kan.Generators needs the C# compiler 5.0", error, StringComparison.Ordinal);
    }
}
