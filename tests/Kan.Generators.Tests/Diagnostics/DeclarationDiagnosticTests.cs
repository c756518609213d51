using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Diagnostics;

public sealed class DeclarationDiagnosticTests
{
    [Theory]
    [InlineData("class")]
    [InlineData("struct")]
    [InlineData("record")]
    [InlineData("record struct")]
    [InlineData("static class")]
    public void A_type_that_is_not_partial_is_reported_at_its_name(string kind)
    {
        var run = DiagnosticVerifier.Verify("[Kan.KanNetwork(1, 1)] public " + kind + " {|KAN0001:Risk|} { }");
        Assert.Equal("'Risk' is not partial, so the network cannot be added to 'Risk': declare 'Risk' as partial", run.Message());
        Assert.Empty(run.Sources);
    }

    [Fact]
    public void An_outer_type_that_is_not_partial_is_reported_at_its_own_name() => DiagnosticVerifier.Verify("""
        using Kan;
        class {|KAN0001:Outer|} { partial struct Middle { [KanNetwork(1, 1)] partial class Inner { } } }
        class {|KAN0001:Prices|} { [PiecewiseLinear(Slopes = [1])] public static double {|KAN0003:F|}(double x) => x; }
        """);

    [Fact]
    public void Every_mistake_is_reported() =>
        DiagnosticVerifier.Verify("[Kan.KanModel({|KAN0300:\"a.onnx\"|})] class {|KAN0001:X|} { }");

    [Fact]
    public void A_generic_type_is_reported() => DiagnosticVerifier.Verify("""
        using Kan;
        [KanNetwork(1, 1)] partial class {|KAN0002:Risk|}<T> { }
        partial class {|KAN0002:Outer|}<T> { [KanNetwork(1, 1)] partial class Inner { } }
        """);

    [Fact]
    public void A_file_local_type_is_reported() =>
        DiagnosticVerifier.Verify("[Kan.KanNetwork(1, 1)] file partial class {|KAN0005:Risk|} { }");

    [Theory]
    [InlineData("public double {|KAN0003:F|}(double x) => x;", "is not static")]
    [InlineData("public static double {|KAN0003:F|}(double x) => x;", "is not partial")]
    [InlineData("public static partial double {|KAN0003:F|}(double x); public static partial double F(double x) => x;",
        "already has a body")]
    [InlineData("public static partial double {|KAN0003:F|}<T>(double x);", "has type parameters")]
    [InlineData("public static partial double {|KAN0003:F|}(double x, double y);", "does not take exactly one number")]
    [InlineData("public static partial double {|KAN0003:F|}();", "does not take exactly one number")]
    [InlineData("public static partial double {|KAN0003:F|}(ref double x);", "passes its number by reference")]
    [InlineData("public static partial double {|KAN0003:F|}(in double x);", "passes its number by reference")]
    [InlineData("public static partial float {|KAN0003:F|}(double x);", "does not map double to double or float to float")]
    [InlineData("public static partial decimal {|KAN0003:F|}(decimal x);", "does not map double to double or float to float")]
    public void A_method_that_cannot_be_a_curve_is_reported_at_its_name(string method, string fact)
    {
        var run = DiagnosticVerifier.VerifyMarks("using Kan; public partial class C { [PiecewiseLinear(Slopes = [1])] " + method + " }");
        Assert.Equal($"'F' cannot be a curve because it {fact}: declare it as 'static partial double F(double x);', or use float for both",
            run.Message());
    }

    [Fact]
    public void An_edge_without_network_is_reported_at_the_attribute() => DiagnosticVerifier.Verify("""
        using Kan;
        [{|KAN0004:Edge|}(0, 0, 0, Slopes = [1])] [{|KAN0004:Kan.EdgeAttribute|}(0, 0, 0, Slopes = [1])] partial class Risk { }
        """);

    [Fact]
    public void A_network_that_is_a_model_too_is_reported_at_the_model() => DiagnosticVerifier.Verify("""
        using Kan;
        [KanNetwork(1, 1)] [{|KAN0004:KanModel|}("a.onnx")] partial class Risk { static float Use() => Evaluate(1f); }
        """);

    [Fact]
    public void Sound_declarations_are_silent() => DiagnosticVerifier.Verify("""
        using Kan;
        namespace Demo
        {
            [KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [1])] partial class A { }
            [KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [1])] readonly partial struct B { }
            [KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [1])] partial record C;
            [KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [1])] partial record struct D;
            [KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [1])] static partial class E { }
            partial interface IOuter { [KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [1])] partial class F { } }
            static partial class Curves
            {
                [PiecewiseLinear(Slopes = [1])] public static partial double F(double x);
                [PiecewiseLinear(Slopes = [1])] internal static partial float F(float x);
                [PiecewiseLinear(Slopes = [1])] internal static partial float G(this float @class);
            }
        }
        """);

    [Theory]
    [InlineData("static string {|KAN0006:Info|} => \"\";")]
    [InlineData("const int {|KAN0006:InputCount|} = 1;")]
    [InlineData("static float {|KAN0006:Evaluate|}(float x) => x;")]
    [InlineData("static void {|KAN0006:Explain|}(ReadOnlySpan<float> x, Span<float> y, Span<float> z) { }")]
    [InlineData("class {|KAN0006:EvaluateBatch|} { }")]
    [InlineData("public static double Evaluate(double x) => x; static void EvaluateBatch(float[] x) { } static T Evaluate<T>(T x) => x; "
        + "static float Evaluate(float x, float y) => x; static void Evaluate(Span<float> x, Span<float> y) { }")]
    public void A_name_that_the_network_adds_is_taken(string member) => DiagnosticVerifier.Verify(
        "using System; using Kan; [KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [1])] partial class C { " + member + " }");

    [Fact]
    public void A_type_that_hides_the_framework_is_reported() => DiagnosticVerifier.Verify(
        "using Kan; class {|KAN0006:System|} { } [KanNetwork(1, 1)] static partial class C { }");

    [Fact]
    public void A_type_with_the_name_of_a_member_is_reported() => DiagnosticVerifier.Verify("""
        using Kan;
        [KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [1])] partial class {|KAN0006:Info|} { }
        [KanModel({|KAN0301:"a.onnx"|})] partial class {|KAN0006:Evaluate|} { }
        """, ("a.onnx", null));

    [Fact]
    public void A_pragma_suppresses() => DiagnosticVerifier.Verify("""
        using Kan;
        #pragma warning disable KAN0001
        [KanNetwork(1, 1)] class Risk { }
        #pragma warning restore KAN0001
        [KanNetwork(1, 1)] class {|KAN0001:Other|} { }
        """);
}
