using System.Globalization;
using System.Linq;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Diagnostics;

/// <summary>What is wrong with the metadata of items, and where it is reported.</summary>
public sealed class ItemDiagnosticTests
{
    private const string Model = """{"format":"kan","version":1,"name":"n","layers":[{"kind":"affine","inputs":1,"outputs":1,"weights":[2]}]}""";

    [Theory]
    [InlineData("Class=9Net",
        "Class=\"9Net\": expected the name of a class, such as Mnist, whose namespace is given separately, in Namespace")]
    [InlineData("Class=Nets.Net",
        "Class=\"Nets.Net\": expected the name of a class, such as Mnist, whose namespace is given separately, in Namespace")]
    [InlineData("Class=A{3B}B{23}{7B}",
        "Class=\"A;B#{\": expected the name of a class, such as Mnist, whose namespace is given separately, in Namespace")]
    [InlineData("Class=Net|Namespace=My..Nets", "Namespace=\"My..Nets\": expected a namespace, such as My.Networks")]
    [InlineData("Namespace=Nets", "Namespace=\"Nets\": expected a Class, since Namespace is the namespace of that class")]
    [InlineData("Lowering=Fast", "Lowering=\"Fast\": expected one of Auto, Rows, Clamp, Relu")]
    [InlineData("Class=Net|Lowering=1", "Lowering=\"1\": expected one of Auto, Rows, Clamp, Relu")]
    [InlineData("Class=Net|Precision=Half", "Precision=\"Half\": expected one of Single, Double, Int8")]
    public void Wrong_metadata_are_reported_at_the_project(string metadata, string fact)
    {
        var run = GeneratorHarness.Run("", ("models/a.onnx|" + metadata, Model));
        var diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal("KAN0306", diagnostic.Id);
        Assert.Equal("The KanModel item 'models/a.onnx' has " + fact, diagnostic.GetMessage(CultureInfo.InvariantCulture));
        Assert.Equal(ItemOptionsProvider.Project, diagnostic.Location.GetLineSpan().Path);
        Assert.Empty(run.CompilerDiagnostics);
    }

    [Fact]
    public void A_wrong_option_keeps_the_class_so_that_it_is_the_only_error()
    {
        var run = GeneratorHarness.Run("class User { static int Size() => My_App._2.Net.InputCount; }",
            ("a.onnx|Class=Net|Lowering=Fast", Model));
        Assert.Equal("KAN0306", Assert.Single(run.Diagnostics).Id);
        Assert.Empty(run.CompilerDiagnostics);
        Assert.Contains("KAN0306", run.Source, System.StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_is_not_readable_is_reported_at_its_place()
    {
        var run = GeneratorHarness.Run("", ("a.onnx|Class=Net", "{\n\"format\":\"nak\"}"));
        var diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal("KAN0302", diagnostic.Id);
        Assert.Equal("obj/a.onnx|Class=Net.kan.json(2,10)", diagnostic.Location.GetLineSpan().Path
            + diagnostic.Location.GetLineSpan().StartLinePosition switch { var p => $"({p.Line + 1},{p.Character + 1})" });
    }

    [Fact]
    public void A_missing_text_is_reported_at_the_project()
    {
        var diagnostic = Assert.Single(GeneratorHarness.Run("", ("a.onnx|Class=Net", null)).Diagnostics);
        Assert.Equal("KAN0301", diagnostic.Id);
        Assert.Equal(ItemOptionsProvider.Project, diagnostic.Location.GetLineSpan().Path);
    }

    [Fact]
    public void What_became_of_the_class_is_said_at_the_project()
    {
        const string Constant = """{"format":"kan","version":1,"name":"n","layers":[{"kind":"affine","inputs":2,"outputs":2,"weights":[2,0,0,0]}]}""";
        var run = GeneratorHarness.Run("", ("a.onnx|Class=Net", Constant), ("b.onnx", Constant));
        Assert.Equal(["KAN0113", "KAN0400", "KAN0404", "KAN0503"],
            run.Reports.Concat(run.Diagnostics).Select(static report => report.Id).Order());
        Assert.All(run.Reports.Concat(run.Diagnostics),
            static report => Assert.Equal(ItemOptionsProvider.Project, report.Location.GetLineSpan().Path));
        Assert.Contains(run.Reports.Concat(run.Diagnostics),
            static report => report.GetMessage(CultureInfo.InvariantCulture) == "Output 1 of 'Net' is the same for all inputs: connect "
            + "an edge to it, or remove it");
    }

    [Fact]
    public void A_class_declared_in_code_too_is_reported_there()
    {
        string message = DiagnosticVerifier.Verify(
            "using Kan; namespace Nets { [{|KAN0307:KanModel|}(\"a.onnx\")] partial class Net { } }",
            ("a.onnx|Class=Net|Namespace=Nets", Model)).Message();
        Assert.Equal("'Nets.Net' is the Class of the KanModel item 'a.onnx', but the type has [KanModel]: remove the attribute, or the "
            + "Class of the item", message);
        DiagnosticVerifier.Verify(
            "using Kan; namespace Nets { [{|KAN0307:KanNetwork|}(1, 1)] [Edge(0, 0, 0, Slopes = [1])] partial class Net { } }",
            ("a.onnx|Class=Net|Namespace=Nets", Model));
    }

    [Fact]
    public void Two_items_of_one_class_are_reported_once()
    {
        var run = GeneratorHarness.Run("", ("a.onnx|Class=Net", Model), ("b.onnx|Class=Net", Model),
            ("b.onnx|Class=Net|Lowering=Rows", Model));
        Assert.Equal(
            [
                "KAN0307: 'My_App._2.Net' is the Class of the KanModel item 'a.onnx', but 'b.onnx' has it too: give each item a "
                + "different class",
                "KAN0307: 'My_App._2.Net' is the Class of the KanModel item 'a.onnx', but 'b.onnx' has it too: give each item a "
                + "different class",
            ],
            run.Diagnostics.Select(static diagnostic => diagnostic.Id + ": " + diagnostic.GetMessage(CultureInfo.InvariantCulture)));
        Assert.Empty(run.CompilerDiagnostics);
        Assert.Single(run.Sources);
    }
}
