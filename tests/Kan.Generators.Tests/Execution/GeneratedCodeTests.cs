using System;
using System.Linq;
using Kan.Generators.Tests.Engines;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Execution;

public sealed class GeneratedCodeTests
{
    private const string Network = """
        [KanNetwork(2, 1)]
        [Edge(0, 0, 0, Breakpoints = [-1, 0, 1], Slopes = [0, 0.5, -1, 0], ValueAtZero = 0.25)]
        [Edge(0, 1, 0, Breakpoints = [0], Slopes = [-1, 1])]
        """;

    private delegate void Evaluate(ReadOnlySpan<float> inputs, Span<float> outputs);

    [Theory]
    [InlineData("public sealed partial class Risk;", "Demo.Risk")]
    [InlineData("public abstract partial class Risk;", "Demo.Risk")]
    [InlineData("public static partial class Risk;", "Demo.Risk")]
    [InlineData("public partial struct Risk;", "Demo.Risk")]
    [InlineData("public readonly partial struct Risk;", "Demo.Risk")]
    [InlineData("public ref partial struct Risk;", "Demo.Risk")]
    [InlineData("public partial record Risk;", "Demo.Risk")]
    [InlineData("public sealed partial record Risk(int X);", "Demo.Risk")]
    [InlineData("public readonly partial record struct Risk(int X);", "Demo.Risk")]
    public void Every_kind_of_type_computes(string declaration, string name) => Check("namespace Demo;\n" + Network + declaration, name);

    [Theory]
    [InlineData("partial class Outer { NETWORK private partial class Inner; }", "Outer+Inner")]
    [InlineData("partial struct Outer { static partial class Middle { NETWORK internal partial struct Inner; } }", "Outer+Middle+Inner")]
    [InlineData("partial interface IOuter { NETWORK public partial class Inner; }", "IOuter+Inner")]
    [InlineData("partial record Outer { NETWORK protected partial record struct Inner; }", "Outer+Inner")]
    public void Nested_types_compute(string source, string name) => Check(source.Replace("NETWORK", Network), name);

    [Theory]
    [InlineData("namespace Demo { NETWORK partial class System; }", "Demo.System")]
    [InlineData("NETWORK partial class @class;", "class")]
    [InlineData("NETWORK partial class @record;", "record")]
    [InlineData("NETWORK partial class Kan0;", "Kan0")]
    [InlineData("namespace Risk { NETWORK partial class Risk; }", "Risk.Risk")]
    [InlineData("namespace @namespace.@int { NETWORK partial class @partial; }", "namespace.int.partial")]
    [InlineData("namespace My.System { NETWORK partial class Math; class Span<T>; class ReadOnlySpan<T>; class MathF; }", "My.System.Math")]
    [InlineData("namespace My.Kan { NETWORK partial class Float; class Vector; class Unsafe; class KanModelInfo; }", "My.Kan.Float")]
    [InlineData("namespace Demo { partial class System { partial class Kan { NETWORK internal partial class Numerics; } } }",
        "Demo.System+Kan+Numerics")]
    [InlineData("NETWORK partial class Größe;", "Größe")]
    public void Hostile_names_compute(string source, string name)
    {
        // A type System in the global namespace hides System itself: no source can be written beside it.
        // A namespace that hides Kan needs the attributes by their full names.
        string network = Network.Replace("[KanNetwork", "[global::Kan.KanNetwork").Replace("[Edge", "[global::Kan.Edge");
        using var assembly = GeneratorHarness.Build(source.Replace("NETWORK", network));
        Require(assembly, name);
    }

    [Fact]
    public void A_project_with_unsafe_code_computes()
    {
        using var assembly = GeneratorHarness.BuildUnsafe("using Kan;\n" + Network + "public unsafe partial class Risk;");
        Require(assembly, "Risk");
    }

    [Fact]
    public void Curves_compute()
    {
        using var assembly = GeneratorHarness.Build("""
            using Kan;
            namespace Demo;
            public static partial class Curves
            {
                [PiecewiseLinear(Breakpoints = [0, 10, 20], Slopes = [0, 1, 3, 0])]
                public static partial double Discount(double x);

                [PiecewiseLinear(Breakpoints = [0, 10, 20], Slopes = [0, 1, 3, 0])]
                internal static partial float Discount(this float @class);
            }
            partial struct Outer
            {
                private partial record Inner { [PiecewiseLinear(Slopes = [2], ValueAtZero = 1)] private static partial double @void(double @return); }
            }
            """);
        Assert.Equal(25, assembly.Method<Func<double, double>>("Demo.Curves", "Discount")(15));
        Assert.Equal(25, assembly.Method<Func<float, float>>("Demo.Curves", "Discount")(15));
        Assert.Equal(7, assembly.Method<Func<double, double>>("Demo.Outer+Inner", "void")(3));
    }

    [Fact]
    public void Models_compute()
    {
        using var assembly = GeneratorHarness.Build(
            "using Kan; [KanModel(\"a.onnx\", Precision = Precision.Double)] public partial class Net;",
            ("models/a.onnx", """{"format":"kan","version":1,"name":"n","layers":[{"kind":"affine","inputs":2,"outputs":1,"weights":[2, -1]}]}"""));
        Assert.Equal(5, assembly.Method<Func<double, double, double>>("Net", "Evaluate")(3, 1));
    }

    /// <summary>A network of ReLUs alone has no numbers, and so no table.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(400)]
    public void ReLUs_alone_compute(int width)
    {
        string model = $$"""{"format":"kan","version":1,"name":"n","layers":[{"kind":"activation","size":{{width}},"function":"relu"}]}""";
        using var assembly = GeneratorHarness.Build("using Kan; [KanModel(\"a.onnx\")] public partial class Net;", ("a.onnx", model));
        float[] inputs = [.. Enumerable.Range(0, 40 * width).Select(static i => (i % 7) - 3f)], outputs = new float[inputs.Length];
        assembly.Method<Evaluate>("Net", "EvaluateBatch")(inputs, outputs);
        Assert.Equal(inputs.Select(static x => Math.Max(0, x)), outputs);
        assembly.Method<Evaluate>("Net", "Evaluate")(inputs.AsSpan(0, width), outputs.AsSpan(width, width));
        Assert.Equal(outputs[..width], outputs[width..(2 * width)]);
        float[] jacobian = new float[width * width], offset = new float[width];
        assembly.Method<Explanation<float>>("Net", "Explain")(inputs.AsSpan(0, width), jacobian, offset);
        Assert.Equal(inputs.Take(width).Select(static x => x < 0 ? 0f : 1f),
            Enumerable.Range(0, width).Select(i => jacobian[(i * width) + i]));
    }

    [Fact]
    public void A_network_is_a_model_for_generic_code()
    {
        using var assembly = GeneratorHarness.Build("using Kan;\n" + Network + """
            public sealed partial class Risk;
            public static class Service
            {
                public static int Inputs() => Count<Risk>();
                private static int Count<TModel>() where TModel : IKanModel<float> => TModel.InputCount + TModel.Info.Widths.Length;
            }
            """);
        Assert.Equal(4, assembly.Method<Func<int>>("Service", "Inputs")());
    }

    private static void Check(string source, string name)
    {
        using var assembly = GeneratorHarness.Build("using Kan;\n" + source);
        Require(assembly, name);
    }

    // phi_0(-0.5) = 0.25 - 0.25 = 0, phi_1(-3) = 3.
    private static void Require(GeneratedAssembly assembly, string name)
    {
        var outputs = new float[1];
        assembly.Method<Evaluate>(name, "Evaluate")([-0.5f, -3f], outputs);
        Assert.Equal(3f, outputs[0]);
        Assert.Equal(3f, assembly.Method<Func<float, float, float>>(name, "Evaluate")(-0.5f, -3f));
    }
}
