using System.IO;
using System.Linq;

namespace Kan.Package.Tests.Support;

/// <summary>What a stranger writes in the first hour: one folder for each project, which has the folder's name.</summary>
internal static class AppSources
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

    private const string Cancer = "tests/models/breast-cancer-mlp.onnx";

    public static void Write(UserProject folder, PackedFeed feed)
    {
        WriteWorking(folder);
        WriteWrong(folder);
        WriteNetworks(folder, feed);
    }

    private static void WriteWorking(UserProject folder)
    {
        folder.WriteProject("first/first.csproj");
        folder.Write("first/Networks.cs", Declarations);
        folder.Write("first/Program.cs", """
            using First;
            Console.WriteLine(Risk.Evaluate(0.5f, -2f));
            Console.WriteLine(Curves.Discount(15));
            """);

        folder.WriteProject("models/models.csproj", """
            <KanModel Include="small/net.onnx" Range="0,1" />
            <KanModel Include="large/net.onnx" Range="0,1" />
            """);
        folder.Copy(Cancer, "models/small/net.onnx");
        folder.Copy("sample-app/models/mnist-mlp.onnx", "models/large/net.onnx");
        folder.Write("models/Program.cs", """
            using Kan;
            Console.WriteLine($"{Small.InputCount} {Large.InputCount} {Describe<Small>()} {Describe<Large>()}");
            static string Describe<T>() where T : IKanModel<float> => string.Join('-', T.Info.Widths);

            [KanModel("small/net.onnx")] public sealed partial class Small;
            [KanModel("large/net.onnx")] public sealed partial class Large;
            """);

        folder.WriteProject("item-only/item-only.csproj", """
            <KanModel Include="cancer.onnx" Class="Cancer" Range="-4,4" EvaluateWithBound="true" />
            <KanModel Include="cancer.onnx" Class="Precise" Namespace="My.Nets" Precision="Double" />
            <KanModel Include="cancer.onnx" Class="Whole" Range="-4,4" Precision="Int8" Calibration="data/rows.csv" />
            """);
        folder.Copy(Cancer, "item-only/cancer.onnx");
        folder.Write("item-only/data/rows.csv",
            string.Concat(Enumerable.Range(0, 3).Select(static row =>
                string.Join(',', Enumerable.Range(0, 30).Select(p => (row + p) % 5 - 2)) + "\n")));
        folder.Write("item-only/Program.cs", """
            using item_only;
            using My.Nets;
            Console.WriteLine($"{Cancer.Info.Name} {Cancer.InputCount} {Cancer.Info.ErrorBound < 1} {Precise.Info.Precision} {double.IsInfinity(Precise.Info.ErrorBound)}");
            Console.WriteLine($"{Whole.Info.Precision} {double.IsFinite(Whole.Info.ErrorBound)} {Whole.Info.Notes.Single(note => note.Contains("rows.csv"))}");
            float[] sample = [.. Enumerable.Range(0, Cancer.InputCount).Select(i => i % 7 - 3.3f)], outputs = new float[Cancer.OutputCount];
            float[] expected = new float[Cancer.OutputCount], bounds = new float[Cancer.OutputCount];
            Cancer.EvaluateWithBound(sample, outputs, bounds);
            Cancer.Evaluate(sample, expected);
            Console.WriteLine($"{outputs.SequenceEqual(expected)} {bounds.All(bound => bound > 0 && bound < Cancer.Info.ErrorBound)} "
                + $"{typeof(Precise).GetMethod("EvaluateWithBound") is null}");
            """);

        folder.WriteProject("functions/functions.csproj");
        folder.Write("functions/Program.cs", """
            using Kan;
            Console.WriteLine(FormattableString.Invariant($"{Tax.Evaluate(60_000f)} {Tax.Evaluate(5_000f)}"));

            [KanNetwork(1, 1)]
            public sealed partial class Tax
            {
                [EdgeFunction(0, 0, 0)]
                private static double Due(double income) => 0.2 * Math.Max(0, income - 10_000) + 0.2 * Math.Max(0, income - 50_000);
            }
            """);

        // What the library brings also compiles models of the app.
        folder.WriteProject("library/library.csproj", properties: "");
        folder.Write("library/Networks.cs", Declarations);
        folder.WriteProject("app/app.csproj", """
            <ProjectReference Include="../library/library.csproj" />
            <KanModel Include="../cancer.onnx" Link="models/cancer.onnx" Class="Cancer" />
            """, package: false);
        folder.Copy(Cancer, "cancer.onnx");
        folder.Write("app/Program.cs", """
            using First;
            Console.WriteLine(Risk.Evaluate(0.5f, -2f));
            Console.WriteLine(app.Cancer.InputCount);
            """);
    }

    private static void WriteWrong(UserProject folder)
    {
        folder.WriteProject("wrong-item/wrong-item.csproj", """<KanModel Include="cancer.onnx" Class="Nets.Cancer" />""");
        folder.Copy(Cancer, "wrong-item/cancer.onnx");
        folder.Write("wrong-item/Program.cs", "Console.WriteLine();");

        folder.WriteProject("broken/broken.csproj", """<KanModel Include="models/cut.onnx" />""");
        folder.Copy(Cancer, "broken/models/cut.onnx");
        using (var file = File.OpenWrite(folder.PathOf("broken/models/cut.onnx"))) file.SetLength(600);
        folder.Write("broken/Program.cs", """
            using Kan;
            Console.WriteLine(Cut.InputCount);
            [KanModel("cut.onnx")] public sealed partial class Cut;
            """);

        folder.WriteProject("wrong/wrong.csproj");
        folder.Write("wrong/Program.cs", """
            using Kan;
            Console.WriteLine(Net.Evaluate(1f));

            [KanNetwork(1, 1)]
            [Edge(0, 0, 0, Breakpoints = [2, 1], Slopes = [0, 1, 2])]
            public sealed partial class Net;
            """);

        // Built as by an old compiler.
        folder.WriteProject("old/old.csproj");
        folder.Write("old/Program.cs", "Console.WriteLine();");
    }

    /// <summary>The package Kan.Networks: the first code of its pages is a whole program.</summary>
    private static void WriteNetworks(UserProject folder, PackedFeed feed)
    {
        foreach (string page in (string[])["conversions", "regions"])
        {
            folder.WriteProject($"{page}/{page}.csproj", $"""<PackageReference Include="Kan.Networks" Version="{feed.Version}" />""", package: false);
            string text = File.ReadAllText(Path.Combine(PackedFeed.Repository, "docs", page + ".md")).ReplaceLineEndings("\n");
            folder.Write($"{page}/Program.cs", text.Split("```csharp\n", 3)[1].Split("```", 2)[0]);
        }

        folder.Copy("tests/models/digits-mlp.onnx", "regions/digits-mlp.onnx");
    }
}
