using System;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Execution;

/// <summary>Classes that items alone ask for, and what their options do.</summary>
public sealed class ItemClassTests
{
    private const string Times = """{"format":"kan","version":1,"name":"n","layers":[{"kind":"affine","inputs":1,"outputs":1,"weights":[FACTOR]}]}""";
    private const string Bend = """{"format":"kan","version":1,"name":"n","layers":[{"kind":"kan","inputs":1,"outputs":1,"edges":[{"input":0,"output":0,"breakpoints":[0,1,2],"slopes":[0,1,3,0],"anchor":[0,0]}]}]}""";

    [Fact]
    public void An_item_alone_makes_a_public_sealed_class()
    {
        using var built = GeneratorHarness.Build("", ("a.onnx|Class=Net|Namespace=Nets.Small", Model(2)));
        var type = built.Type("Nets.Small.Net");
        Assert.True(type.IsPublic && type.IsSealed);
        Assert.Contains(typeof(IKanModel<float>), type.GetInterfaces());
        Assert.Equal(6f, built.Method<Func<float, float>>("Nets.Small.Net", "Evaluate")(3));
        Assert.Contains("/// <summary>The network of the model a.onnx.</summary>\n    public sealed partial class Net",
            built.Run.Source.Replace("\npublic", "\n    public", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_namespace_the_project_gives_it()
    {
        using var built = GeneratorHarness.Build("", ("a.onnx|Class=record", Model(2)));
        Assert.Equal(6f, built.Method<Func<float, float>>("My_App._2.record", "Evaluate")(3));
    }

    [Fact]
    public void Users_add_members_to_it()
    {
        using var built = GeneratorHarness.Build(
            "namespace Nets { partial class Net { /// <summary>Doubled.</summary>\n public static float Twice(float x) => 2 * "
            + "Evaluate(x); } }", ("a.onnx|Class=Net|Namespace=Nets", Model(2)));
        Assert.Equal(12f, built.Method<Func<float, float>>("Nets.Net", "Twice")(3));
    }

    [Fact]
    public void One_file_makes_several_classes()
    {
        using var built = GeneratorHarness.Build(
            "[Kan.KanModel(\"a.onnx\")] static partial class Third { }",
            ("a.onnx|Class=First|Namespace=N", Model(2)), ("a.onnx|Class=Second|Namespace=N|Precision=double", Model(2)),
            ("a.onnx", Model(2)));
        Assert.Equal(6f, built.Method<Func<float, float>>("N.First", "Evaluate")(3));
        Assert.Equal(6.0, built.Method<Func<double, double>>("N.Second", "Evaluate")(3));
        Assert.Equal(6f, built.Method<Func<float, float>>("Third", "Evaluate")(3));
    }

    [Theory]
    [InlineData("Rows")]
    [InlineData("Clamp")]
    [InlineData("relu")]
    public void The_lowering_of_an_item_holds(string lowering)
    {
        using var built = GeneratorHarness.Build("", ("a.onnx|Class=Net|Namespace=N|Lowering=" + lowering, Bend));
        var info = (KanModelInfo)built.Type("N.Net").GetProperty("Info")!.GetValue(null)!;
        Assert.Equal(Enum.Parse<LayerLowering>(lowering, ignoreCase: true), Assert.Single(info.Layers).Lowering);
        Assert.Equal(1f + 1.5f, built.Method<Func<float, float>>("N.Net", "Evaluate")(1.5f));
    }

    [Fact]
    public void A_declaration_that_is_silent_takes_the_options_of_its_item()
    {
        using var built = GeneratorHarness.Build(
            """
            using Kan;
            [KanModel("a.onnx")] static partial class Silent { }
            [KanModel("a.onnx", Precision = Precision.Single)] static partial class Loud { }
            """,
            ("a.onnx|Precision=Double", Model(2)));
        Assert.Equal(6.0, built.Method<Func<double, double>>("Silent", "Evaluate")(3));
        Assert.Equal(6f, built.Method<Func<float, float>>("Loud", "Evaluate")(3));
    }

    [Fact]
    public void What_the_conversion_did_is_in_Info()
    {
        string text = Model(2).Replace("\"layers\"", "\"source\":{\"file\":\"a.onnx\",\"notes\":[\"The final 'head' (Softmax) was left "
            + "out.\"]},\"layers\"", StringComparison.Ordinal);
        using var built = GeneratorHarness.Build("", ("a.onnx|Class=Net|Namespace=N", text));
        var info = (KanModelInfo)built.Type("N.Net").GetProperty("Info")!.GetValue(null)!;
        Assert.Equal(["The final 'head' (Softmax) was left out."], info.Notes);
    }

    private static string Model(int factor) =>
        Times.Replace("FACTOR", factor.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
