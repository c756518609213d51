using System;
using System.Globalization;
using System.Linq;
using Kan.Generators.Tests.Harness;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Kan.Generators.Tests.Diagnostics;

/// <summary>Projects in an older C#: one error for each declaration, which names the version, and none in generated code.</summary>
public sealed class LanguageVersionTests
{
    private const string Model = """{"format":"kan","version":1,"name":"n","layers":[{"kind":"affine","inputs":1,"outputs":1,"weights":[2]}]}""";

    // In the C# of all the versions below.
    private const string Source = """
        using Kan;
        namespace Old
        {
            [KanNetwork(2, 2, 1)]
            [Edge(0, 0, 0, Breakpoints = new double[] { 0 }, Slopes = new double[] { 0, 1 })]
            [Edge(0, 1, 1, Slopes = new double[] { 1 })]
            [Edge(1, 0, 0, Slopes = new double[] { 1 })]
            [Edge(1, 1, 0, Slopes = new double[] { 1 })]
            public sealed partial class Written { }

            [KanNetwork(1, 1)]
            [Edge(0, 0, 0, Slopes = new double[] { 1 })]
            public static partial class Fixed { }

            [KanModel("a.onnx")]
            public sealed partial class Read { }

            [KanNetwork(1, 1)]
            [Edge(0, 0, 5, Slopes = new double[] { 1 })]
            public sealed partial class Wrong { }

            public static partial class Curves
            {
                [PiecewiseLinear(Breakpoints = new double[] { 0 }, Slopes = new double[] { 0, 1 })]
                public static partial double Hinge(double x);

                public static float Use() { return Written.Evaluate(1, 2) + Fixed.Evaluate(3) + Read.Evaluate(4) + Wrong.Evaluate(5) + (float)Hinge(6) + My_App._2.Item.Evaluate(7); }
            }
        }
        """;

    private static readonly string[] s_names = ["Item", "Written", "Fixed", "Read", "Wrong", "Hinge"];

    public static TheoryData<LanguageVersion> Versions =>
        [.. Enum.GetValues<LanguageVersion>()
            .Where(static version => version is >= LanguageVersion.CSharp9 and < LanguageVersion.LatestMajor)];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_version_compiles_or_is_one_error_for_each_declaration(LanguageVersion version)
    {
        var run = GeneratorHarness.RunIn(version, Source, ("a.onnx", Model), ("b.onnx|Class=Item", Model));
        if (version >= LanguageVersion.CSharp13)
        {
            Assert.Equal(["KAN0104"], run.Diagnostics.Select(static diagnostic => diagnostic.Id));
        }
        else
        {
            Assert.All(run.All, static diagnostic => Assert.Equal("KAN0906", diagnostic.Id));
            string shown = version.ToDisplayString();
            Assert.Equal(
                s_names.Select(name =>
                    $"'{name}' needs C# 13.0 or later, but the project uses C# {shown}: remove its LangVersion, or set it to 13.0").Order(),
                run.All.Select(static diagnostic => diagnostic.GetMessage(CultureInfo.InvariantCulture)).Order());
        }

        Assert.Empty(run.CompilerDiagnostics);
    }
}
