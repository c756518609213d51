using System;
using System.Linq;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Diagnostics;

public sealed class FunctionDiagnosticTests
{
    [Theory]
    [InlineData("1 + {|KAN0200:Math.Exp(-x)|}",
        "'Math.Exp(-x)' is not piecewise linear in 'x': use Abs, Min, Max or Clamp, or define the curve by breakpoints and slopes")]
    [InlineData("1 + {|KAN0201:x * Math.Abs(x)|}",
        "'x * Math.Abs(x)' multiplies two terms that vary with 'x', so it is not piecewise linear: make one of them constant")]
    [InlineData("1 + {|KAN0202:2 / x|}",
        "'2 / x' divides by a term that varies with 'x', so it is not piecewise linear: divide by a constant")]
    [InlineData("{|KAN0203:x < 10|} ? 5 : 8", "'x < 10' makes 'F' jump at x = 10, from 5 to 8: make the pieces meet there")]
    [InlineData("{|KAN0203:x != 0.5|} ? 5 : 8",
        "'x != 0.5' makes 'F' jump at x = 0.5, where it is 8 between 5 on both sides: make the pieces meet there")]
    [InlineData("2 * {|KAN0203:Math.Sign(x - 3)|}", "'Math.Sign(x - 3)' makes 'F' jump at x = 3, from -2 to 2: make the pieces meet there")]
    [InlineData("-{|KAN0204:Math.Floor(x)|}", "'Math.Floor(x)' rounds a number that varies with 'x' and has no bounds, so it has "
        + "infinitely many steps: bound it first with Math.Clamp, or use it without rounding")]
    [InlineData("{|KAN0206:s_rate|} * x",
        "'s_rate' reads a field that may change, but an edge may depend only on its parameters: make it a constant")]
    [InlineData("x + {|KAN0207:Random.Shared.NextDouble()|}", "'Random.Shared.NextDouble()' calls an instance method, which cannot be "
        + "compiled into an edge: use a constant: an edge has one value for each input")]
    [InlineData("x + {|KAN0208:Loop(1)|}", null)]
    [InlineData("{|KAN0209:x / Zero|}", "'x / Zero' divides by zero for every x, but an edge must have a finite value at every input: "
        + "test for it first, or use other constants")]
    [InlineData("{|KAN0210:s_fixed|} * x", "'s_fixed' is compiled into the edge with the value of its initializer: declare it as const")]
    [InlineData("x + ({|KAN0216:5 / 9|})",
        "'5 / 9' divides integers and gives 0, without the remainder, where a real number is needed: write 5 with a decimal point")]
    [InlineData("x * (1 + {|KAN0216:-7 / 2|})",
        "'-7 / 2' divides integers and gives -3, without the remainder, where a real number is needed: write -7 with a decimal point")]
    [InlineData("Math.Max({|KAN0216:N / 3|}, x)", null)]
    [InlineData("{|KAN0214:x <= 1000|} ? 0.1 * x : 100 + 0.2 * (x - 1000)", null)]
    public void An_expression_is_flagged_at_its_part(string expression, string? message)
    {
        string id = expression[(expression.IndexOf('|') + 1)..expression.IndexOf(':')];
        if (id == "KAN0208")
            expression = expression.Replace("{|KAN0208:", "", StringComparison.Ordinal).Replace("|}", "", StringComparison.Ordinal);
        string loop = id == "KAN0208" ? "{|KAN0208:Loop(n - 1)|}" : "Loop(n - 1)";
        var run = DiagnosticVerifier.Verify($$"""
            using System;
            using Kan;
            [KanNetwork(1, 1)]
            public sealed partial class Net
            {
                private const double Zero = 0;
                private const int N = 10;
                private static readonly double s_fixed = 2;
                public static double s_rate = 2;
                [EdgeFunction(0, 0, 0)] private static double F(double x) => {{expression}};
                private static double Loop(int n) => n < 0 ? 0 : {{loop}};
                public static float Use() => Evaluate(1f);
                public static double Fixed() => s_fixed;
            }
            """);
        if (message is not null) Assert.Equal(message, run.Message());
    }

    [Theory]
    [InlineData("x * new System.Collections.Generic.List<double> { 1 }[0]", "use an array")]
    [InlineData("x * new System.Exception().HResult", "use a field of a record struct or a tuple")]
    [InlineData("((System.Func<double, double>)(y => y))(x)", "write a static method or a local function, and call it by its name")]
    [InlineData("x + System.Random.Shared.NextDouble()", "use a constant: an edge has one value for each input")]
    [InlineData("x + double.Parse(\"2\")", "write the number itself")]
    [InlineData("x.CompareTo(1) > 0 ? x : 1", "compare with <, > or ==")]
    [InlineData("x.ToString().Length", "compute with numbers only")]
    [InlineData("(double?)x ?? 1", "use numbers that cannot be null")]
    [InlineData("(double)(object)x", "declare it as double")]
    [InlineData("System.Math.MaxMagnitude(x, 1)", "compare Math.Abs of both")]
    [InlineData("System.Linq.Enumerable.Order(new[] { 1.0, 2 }).Count() * x",
        "use Sum, Zip, Select, Where, Min or Max, or write a foreach loop")]
    [InlineData("Of(x); double Of(double v) { try { return v; } finally { } }", "test for the case with if")]
    [InlineData("Of(x); double Of(double v) { System.Span<double> t = stackalloc double[2]; return v + t[0]; }",
        "allocate an array: new double[n]")]
    [InlineData("Of(x); double Of(double v) { ref double w = ref v; return w; }", "copy the value: leave out ref")]
    [InlineData("Of(x); double Of(double v) { start: if (v < 0) return 0; goto start; }", "write a loop with break or continue")]
    [InlineData("new Helper().Of(x); } class Helper { public double Of(double v) => v; public Helper(int n) { } public Helper() : "
        + "this(1) { }", "use a record struct or a tuple of numbers")]
    public void Code_that_is_not_compiled_names_the_form_that_works(string code, string remedy)
    {
        var run = GeneratorHarness.Run($$"""
            using System.Linq; using Kan;
            [KanNetwork(1, 1)] partial class Net { [EdgeFunction(0, 0, 0)] static double F(double x) { return {{code}}; } }
            """);
        Assert.EndsWith("which cannot be compiled into an edge: " + remedy,
            Assert.Single(run.Diagnostics, static diagnostic => diagnostic.Id == "KAN0207")
            .GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x * (10 / 5)")]
    [InlineData("x * (5.0 / 9)")]
    [InlineData("x * (double)(5 / 9 + 1)")]
    [InlineData("x * Weights[9 / 2]")]
    [InlineData("x * (5 / 9.0)")]
    public void A_division_whose_remainder_is_not_missed_is_not_flagged(string expression) => DiagnosticVerifier.Verify($$"""
        using System; using Kan;
        [KanNetwork(1, 1)] partial class Net
        {
            private static ReadOnlySpan<double> Weights => [1, 2, 3, 4, 5];
            [EdgeFunction(0, 0, 0)] static double F(double x) => {{expression}};
        }
        """);

    [Fact]
    public void A_constant_curve_names_the_division_that_made_it_so()
    {
        var run = DiagnosticVerifier.VerifyMarks("""
            using Kan;
            [{|KAN0113:KanNetwork|}(1, 1)] partial class Celsius { [{|KAN0111:EdgeFunction|}(0, 0, 0)] static double From(double f) => (f - 32) * ({|KAN0216:5 / 9|}); }
            static partial class Curves { [PiecewiseLinear(Function = nameof(Of))] public static partial double Celsius(double f); static double Of(double f) => (f - 32) * ({|KAN0216:5 / 9|}); }
            """, []);
        Assert.Equal(2, run.Diagnostics.Count(static diagnostic => diagnostic.Id == "KAN0216"));
    }

    [Fact]
    public void A_division_in_a_constant_field_is_flagged_where_it_is_written() => DiagnosticVerifier.Verify("""
        using Kan;
        [KanNetwork(1, 1)] partial class Celsius
        {
            private const double Offset = 3 + {|KAN0216:5 / 9|}, Twice = 2 * Offset;
            private const int Half = 7 / 2;
            private const double Exact = 5.0 / 9;
            [EdgeFunction(0, 0, 0)] static double From(double f) => (f - 32) * Twice + Half * Exact;
        }
        """);

    [Fact]
    public void A_guard_declares_for_which_inputs_an_edge_is_meant() => Assert.Equal(
        "'ArgumentOutOfRangeException.ThrowIfNegative(x)' declares that 'F' is meant for x >= 0: elsewhere the edge continues its first "
        + "or last piece",
        DiagnosticVerifier.Verify("""
            using System; using Kan;
            [KanNetwork(1, 1)] partial class Net
            {
                [EdgeFunction(0, 0, 0)] static double F(double x) { {|KAN0217:ArgumentOutOfRangeException.ThrowIfNegative(x)|}; return 2 * x; }
            }
            """).Message());

    [Fact]
    public void A_property_of_the_framework_is_state() => DiagnosticVerifier.Verify("""
        using System; using Kan;
        [KanNetwork(1, 1)] partial class Net { [EdgeFunction(0, 0, 0)] static double F(double x) => x + {|KAN0206:Environment.TickCount64|}; }
        """);

    [Fact]
    public void Several_mistakes_are_all_reported() => DiagnosticVerifier.Verify("""
        using System; using Kan;
        [KanNetwork(1, 1)]
        partial class Net
        {
            [EdgeFunction(0, 0, 0)]
            static double F(double x)
            {
                double y = {|KAN0200:Math.Sin(x)|} + {|KAN0201:x * x|};
                if (x > 3) y = {|KAN0204:x % 2|};
                return y;
            }
        }
        """);

    [Fact]
    public void A_mistake_in_a_called_method_is_reported_there_once() => DiagnosticVerifier.Verify("""
        using System; using Kan;
        [KanNetwork(1, 1)]
        partial class Net
        {
            [EdgeFunction(0, 0, 0)] static double F(double x) => Helper.G(x) + Helper.G(2 * x);
        }
        static class Helper { public static double G(double y) => {|KAN0200:Math.Cos(y)|}; }
        """);

    [Fact]
    public void A_loop_without_a_bound_is_reported_at_its_condition() => Assert.Equal(
        "'y > 1' repeats its loop more than 128 times: give the loop a constant bound of at most 128",
        DiagnosticVerifier.Verify("""
            using Kan;
            [KanNetwork(1, 1)]
            partial class Net { [EdgeFunction(0, 0, 0)] static double F(double x) { double y = x; while ({|KAN0205:y > 1|}) { y -= 1; } return y; } }
            """).Message());

    [Fact]
    public void A_function_that_does_not_separate_says_why() => Assert.Equal(
        "'Math.Max(x, y)' mixes 'x' and 'y', so 'F' is not a sum of functions of one input each: sum the inputs in a node of an earlier "
        + "layer, and make an edge from that node bend",
        DiagnosticVerifier.Verify("""
            using System; using Kan;
            [KanNetwork(2, 1)]
            partial class Net { [EdgeFunction(0, new[] { 0, 1 }, 0)] static double F(double x, double y) => {|KAN0211:Math.Max(x, y)|}; static float Use() => Evaluate(1f, 2f); }
            """).Message());

    [Fact]
    public void A_function_with_too_many_pieces_is_reported() => DiagnosticVerifier.Verify("""
        using System; using Kan;
        [KanNetwork(1, 1)]
        partial class Net
        {
            [EdgeFunction(0, 0, 0)]
            static double F(double x) { for (int i = 0; i < 20; i++) x = {|KAN0212:Math.Abs(x)|} - 1 / Math.Pow(2, i); return x; }
        }
        """);

    [Theory]
    [InlineData("[EdgeFunction(0, 0, 0)] double {|KAN0213:F|}(double x) => x;", "is not static", "double x")]
    [InlineData("[EdgeFunction(0, 0, 0)] static int {|KAN0213:F|}(double x) => 0;", "does not map double to double or float to float",
        "double x")]
    [InlineData("[EdgeFunction(0, 0, 0)] static float {|KAN0213:F|}(double x) => 0;", "does not map double to double or float to float",
        "double x")]
    [InlineData("[EdgeFunction(0, 0, 0)] static T {|KAN0213:F|}<T>(T x) => x;", "has type parameters", "double x")]
    [InlineData("[EdgeFunction(0, 0, 0)] static double {|KAN0213:F|}(ref double x) => x;", "passes its numbers by reference", "double x")]
    [InlineData("[EdgeFunction(0, 0, 0)] static double {|KAN0213:F|}(double x, double y) => x;", "has 2 parameters for 1 input",
        "double x")]
    [InlineData("[EdgeFunction(0, new[] { 0, 1 }, 0)] static double {|KAN0213:F|}(double x) => x;", "has 1 parameter for 2 inputs",
        "double x0, double x1")]
    [InlineData("[EdgeFunction(0, new int[0], 0)] static double {|KAN0213:F|}(double x) => x;", "names no input", "double x")]
    [InlineData("[EdgeFunction(0, 0, 0)] [System.Runtime.InteropServices.DllImport(\"m\")] static extern double {|KAN0213:F|}(double x);",
        "has no body", "double x")]
    public void A_method_that_cannot_be_an_edge_is_reported(string method, string fault, string parameters)
    {
        var run = DiagnosticVerifier.Verify("using Kan; [KanNetwork(2, 1)] partial class Net { " + method
            + " static float Use() => Evaluate(1f, 2f); }");
        Assert.Equal($"'F' cannot be an edge because it {fault}: declare it as 'static double F({parameters})' with a body, or use float "
            + $"throughout", run.Message());
    }

    [Fact]
    public void Indices_are_checked_as_those_of_edges() => DiagnosticVerifier.Verify("""
        using Kan;
        [KanNetwork(2, 1)]
        [Edge(0, 1, 0, Slopes = [1])]
        partial class Net
        {
            [EdgeFunction({|KAN0104:1|}, 0, 0)]
            [EdgeFunction(0, 0, {|KAN0104:1|})]
            [EdgeFunction(0, {|KAN0104:2|}, 0)]
            [{|KAN0105:EdgeFunction|}(0, 1, 0)]
            [EdgeFunction(0, 0, 0)]
            static double F(double x) => x;

            [{|KAN0105:EdgeFunction|}(0, new[] { 0, {|KAN0104:-1|} }, 0)]
            static double G(double x, double y) => x + y;
        }
        """);

    [Fact]
    public void An_edge_function_outside_a_network_is_reported() => Assert.Equal(
        "'F' has [EdgeFunction] outside a type with [KanNetwork]: add [KanNetwork] with the widths of the network to the type",
        DiagnosticVerifier.Verify("using Kan; class Net { [{|KAN0004:EdgeFunction|}(0, 0, 0)] static double F(double x) => x; }")
        .Message());

    [Theory]
    [InlineData("{|KAN0215:\"Ramp\"|}", "", "'C' has no method of that name")]
    [InlineData("{|KAN0215:nameof(Ramp)|}", "static double Ramp(float x) => x;",
        "no static method of that name with a body takes and returns double")]
    [InlineData("{|KAN0215:nameof(F)|}", "", "no static method of that name with a body takes and returns double")]
    public void A_curve_without_its_function_is_reported(string name, string members, string fact)
    {
        var run = DiagnosticVerifier.Verify(
            "using Kan; static partial class C { [PiecewiseLinear(Function = " + name + ")] public static partial double F(double x); "
            + members + " }");
        Assert.Equal($"'F' names '{(name.Contains("Ramp", StringComparison.Ordinal) ? "Ramp" : "F")}' as its function, but {fact}: name "
            + $"a static method of 'C' that takes and returns double", run.Message());
    }

    [Fact]
    public void A_curve_has_a_function_or_numbers() => DiagnosticVerifier.Verify("""
        using Kan;
        static partial class C
        {
            [PiecewiseLinear(Function = nameof(G), Slopes = {|KAN0004:[1]|})] public static partial double F(double x);
            static double G(double x) => x;
        }
        """);

    [Fact]
    public void A_mistake_in_the_code_of_a_curve_is_reported() => DiagnosticVerifier.Verify("""
        using System; using Kan;
        static partial class C
        {
            [PiecewiseLinear(Function = nameof(G))] public static partial double F(double x);
            static double G(double x) => {|KAN0200:Math.Sqrt(x)|};
            static double Use() => F(1);
        }
        """);

    [Theory]
    [InlineData("#pragma warning disable KAN0203\n", "", "#pragma warning restore KAN0203\n")]
    [InlineData("", "[System.Diagnostics.CodeAnalysis.SuppressMessage(\"Kan.Functions\", \"KAN0203\")]", "")]
    public void A_mistake_can_be_suppressed(string before, string attribute, string after)
    {
        var run = GeneratorHarness.Run(
            "using Kan;\n[KanNetwork(1, 1)] partial class Net\n{\n[EdgeFunction(0, 0, 0)] " + attribute + " static double F(double x) =>\n"
            + before + "x < 1 ? 1 : 2;\n" + after + "}\n");
        Assert.Empty(run.Diagnostics.Where(static diagnostic => !diagnostic.IsSuppressed));
        Assert.Empty(run.CompilerDiagnostics);
        Assert.Contains("see KAN0203", run.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void Sound_functions_are_silent() => DiagnosticVerifier.Verify("""
        using System; using Kan;
        [KanNetwork(2, 1, Precision = Precision.Double)]
        partial class Net
        {
            [EdgeFunction(0, 0, 0)] static double F(double x) => Math.Max(0, x) - Math.Clamp(x, -1, 1);
            [EdgeFunction(0, 1, 0)] static float G(float x) { for (int i = 0; i < 3; i++) x = MathF.Abs(x) - 1; return x; }
            static double Use() => Evaluate(1.0, 2.0);
        }
        static partial class C
        {
            [PiecewiseLinear(Function = nameof(H))] public static partial float F(float x);
            static float H(float x) => x switch { < 0 => 0, < 1 => x, _ => 1 };
        }
        """);
}
