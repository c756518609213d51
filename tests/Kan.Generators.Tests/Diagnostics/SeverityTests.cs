extern alias generators;

using System.Collections.Generic;
using System.Linq;
using generators::Kan.Generators.Diagnostics;
using Kan.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Kan.Generators.Tests.Diagnostics;

/// <summary>Each kind of diagnostic obeys what C# has to silence it and to give it another severity.</summary>
public sealed class SeverityTests
{
    private const string Model = """{"format":"kan","version":1,"name":"n","inputs":{"ranges":[[0,1]]},"layers":[{"kind":"affine","inputs":2,"outputs":2,"weights":[2,0,0,0]}]}""";

    /// <summary>An ID, and a declaration that earns it, with the line before it free.</summary>
    public static TheoryData<string, string> Declarations { get; } = new()
    {
        { "KAN0001", "[KanNetwork(1, 1)] ATTRIBUTE class C { }" },
        { "KAN0004", "[KanModel(\"a.onnx\")] [KanNetwork(1, 1)] ATTRIBUTE partial class C { }" },
        { "KAN0102", "[KanNetwork(1, 1)] [Edge(0, 0, 0, Breakpoints = [1, 0], Slopes = [1, 2, 3])] ATTRIBUTE partial class C { }" },
        { "KAN0109",
            "[KanNetwork(1, 1)] [Edge(0, 0, 0, Breakpoints = [1, 1.00000001], Slopes = [1, 2, 3])] ATTRIBUTE partial class C { }" },
        { "KAN0110", "[KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [0.1])] ATTRIBUTE partial class C { }" },
        { "KAN0111", "[KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [0])] ATTRIBUTE partial class C { }" },
        { "KAN0112", "[KanNetwork(1, 1)] [Edge(0, 0, 0, Breakpoints = [1], Slopes = [1, 1])] ATTRIBUTE partial class C { }" },
        { "KAN0113", "[KanModel(\"a.onnx\")] ATTRIBUTE partial class C { }" },
        { "KAN0114", "[KanNetwork(2, 1)] [Edge(0, 0, 0, Slopes = [1])] ATTRIBUTE partial class C { }" },
        { "KAN0203",
            "[KanNetwork(1, 1)] partial class C { [EdgeFunction(0, 0, 0)] ATTRIBUTE static double F(double x) => x < 0 ? 1 : 2; }" },
        { "KAN0300", "[KanModel(\"b.onnx\")] ATTRIBUTE partial class C { }" },
        { "KAN0400", "[KanModel(\"a.onnx\")] ATTRIBUTE partial class C { }" },
        { "KAN0404", "[KanModel(\"a.onnx\")] ATTRIBUTE partial class C { }" },
        { "KAN0500", "[KanModel(\"a.onnx\")] ATTRIBUTE partial class C { }" },
    };

    [Theory]
    [MemberData(nameof(Declarations))]
    public void It_is_reported_with_its_own_severity(string id, string declaration) =>
        Assert.Equal([Descriptor(id).DefaultSeverity], Severities("", id, declaration, "").Distinct());

    [Theory]
    [MemberData(nameof(Declarations))]
    public void A_pragma_silences_it(string id, string declaration)
    {
        Assert.Empty(Severities("", id, "#pragma warning disable " + id + "\n" + declaration + "\n#pragma warning restore " + id, ""));
        Assert.NotEmpty(Severities("", id, "#pragma warning disable " + id + "\n#pragma warning restore " + id + "\n" + declaration, ""));
    }

    [Theory]
    [MemberData(nameof(Declarations))]
    public void An_attribute_silences_it(string id, string declaration) =>
        Assert.Empty(Severities("", id, declaration,
            $"[System.Diagnostics.CodeAnalysis.SuppressMessage(\"{Descriptor(id).Category}\", \"{id}\")]"));

    [Theory]
    [MemberData(nameof(Declarations))]
    public void An_editor_config_decides(string id, string declaration)
    {
        Assert.Empty(Severities($"dotnet_diagnostic.{id}.severity = none", id, declaration, ""));
        Assert.Equal([DiagnosticSeverity.Warning],
            Severities($"dotnet_diagnostic.{id}.severity = warning", id, declaration, "").Distinct());
        Assert.Equal([DiagnosticSeverity.Error], Severities($"dotnet_diagnostic.{id}.severity = error", id, declaration, "").Distinct());
    }

    private static IEnumerable<DiagnosticSeverity> Severities(string editorConfig, string id, string declaration, string attribute) =>
        GeneratorHarness.RunWith(editorConfig,
            "using Kan;\n" + declaration.Replace("ATTRIBUTE", attribute, System.StringComparison.Ordinal), ("a.onnx", Model)).All
            .Where(diagnostic => diagnostic.Id == id && !diagnostic.IsSuppressed).Select(static diagnostic => diagnostic.Severity);

    private static DiagnosticDescriptor Descriptor(string id) => Descriptors.All.Single(descriptor => descriptor.Id == id);
}
