using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Diagnostics;

public sealed class ModelDiagnosticTests
{
    private const string Model = """{"format":"kan","version":1,"name":"n","layers":[{"kind":"affine","inputs":1,"outputs":1,"weights":[2]}]}""";

    [Fact]
    public void A_project_without_models_says_so() =>
        Assert.Equal(
            "The project has no KanModel item 'a.onnx'; it has no KanModel items: add <KanModel Include=\"...\" /> to the project or "
            + "correct the name",
            Verify("{|KAN0300:\"a.onnx\"|}").Message());

    [Theory]
    [InlineData("mnist_mlp.onnx", "did you mean 'models/mnist-mlp.onnx'? It has 'models/mnist-mlp.onnx', 'other.onnx'")]
    [InlineData("MNIST-MLP.onnx", "did you mean 'models/mnist-mlp.onnx'? It has 'models/mnist-mlp.onnx', 'other.onnx'")]
    [InlineData("completely-different.pt", "it has 'models/mnist-mlp.onnx', 'other.onnx'")]
    public void The_nearest_model_is_suggested(string name, string fact) =>
        Assert.Equal(
            $"The project has no KanModel item '{name}'; {fact}: add <KanModel Include=\"...\" /> to the project or correct the name",
            Verify("{|KAN0300:\"" + name + "\"|}", ("other.onnx", Model), ("models/mnist-mlp.onnx", Model)).Message());

    [Theory]
    [InlineData("null!")]
    [InlineData("default(string)!")]
    public void A_name_that_is_null_is_no_model(string name)
    {
        var run = Verify("{|KAN0300:" + name + "|}", ("models/a.onnx", Model));
        Assert.Equal("The project has no KanModel item 'null'; it has 'models/a.onnx': add <KanModel Include=\"...\" /> to the project "
            + "or correct the name", run.Message());
        Assert.Contains("KAN0300", run.Source, System.StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_name_is_no_model() => Verify("{|KAN0300:\"\"|}", ("models/a.onnx", Model));

    [Fact]
    public void A_missing_text_is_reported() =>
        Assert.Equal(
            "The model file 'models/a.onnx' is missing or not yet converted: check the path of the KanModel item and build the project",
            Verify("{|KAN0301:\"a.onnx\"|}", ("models/a.onnx", null)).Message());

    [Fact]
    public void An_unreadable_text_is_reported_with_its_place() =>
        Assert.StartsWith(
            "The model 'models/a.onnx' is not readable, models_a.onnx.kan.json(2,10): ",
            Verify("{|KAN0302:\"a.onnx\"|}", ("models/a.onnx", "{\n\"format\":\"nak\"}")).Message());

    [Fact]
    public void Two_models_of_one_name_are_reported() =>
        Assert.Equal(
            "'a.onnx' matches 'x/a.onnx', 'y/a.onnx': specify more of the path to say which one",
            Verify("{|KAN0305:\"a.onnx\"|}", ("y/a.onnx", Model), ("x/a.onnx", Model)).Message());

    [Fact]
    public void Calls_of_a_model_that_is_not_found_are_no_errors() => DiagnosticVerifier.Verify("""
        using Kan;
        [KanModel({|KAN0300:"a.onnx"|})] partial class Net
        {
            static float One() => Evaluate(1);
            static float Eight() => Evaluate(1, 2, 3, 4, 5, 6, 7, 8);
            static int Size() => InputCount + OutputCount;
        }
        [KanModel({|KAN0300:"a.onnx"|}, Precision = Precision.Double)] static partial class Wide { static double Two() => Evaluate(1.0, 2.0); }
        """);

    [Theory]
    [InlineData("y/a.onnx")]
    [InlineData("y\\a.onnx")]
    [InlineData("./models/y/a.onnx")]
    [InlineData("b.onnx")]
    public void A_path_tells_models_apart(string name) =>
        Verify("@\"" + name + "\"", ("models\\y\\a.onnx", Model), ("models/x/a.onnx", Model), ("models/x/b.onnx", Model),
            ("b.onnx", Model));

    private static GeneratorRun Verify(string argument, params (string, string?)[] models) => DiagnosticVerifier.Verify(
        "using Kan; [KanModel(" + argument
        + ")] partial class Net { static void Use(float[] x, float[] y) { EvaluateBatch(x, y); _ = Info.Name; } }", models);
}
