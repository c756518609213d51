extern alias fixes;

using System;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using fixes::Kan.CodeFixes.Smooth;
using Kan.CodeFixes.Tests.Harness;
using Xunit;

namespace Kan.CodeFixes.Tests;

public sealed partial class SmoothFixTests
{
    private const string Coarse = "SmoothFunctionFix.on [0, 1] within 0.01", Marked = "SmoothFunctionFix.Marked";

    [Fact]
    public async Task An_edge_function_becomes_an_edge() => Assert.Equal(
        """
        /// <summary>A sound.</summary>
        [KanNetwork(2, 1)] // two inputs
        [Edge(0, 1, 0, Slopes = [1])]
        // How loud it is.
        // F(x) = Math.Sin(x)
        // on [0, 1] within 0.01: 3 segments, certified maximum error 0.009976; outside, the end segments extend.
        [Edge(0, 0, 0,
            Breakpoints = [0.55, 0.985],
            Slopes = [0.9503, 0.714, 0.548],
            ValueAtZero = 0.0098)]
        public sealed partial class Sound
        {
            public static int One => 1;

            public static float Use() => Evaluate(1f, 2f);
        }

        """,
        await Fixing.Apply<SmoothFunctionFix>(
            """
            /// <summary>A sound.</summary>
            [KanNetwork(2, 1)] // two inputs
            [Edge(0, 1, 0, Slopes = [1])]
            public sealed partial class Sound
            {
                public static int One => 1;

                /// How loud it is.
                [EdgeFunction(0, 0, 0)]
                private static double F(double x) => Math.Sin(x);

                public static float Use() => Evaluate(1f, 2f);
            }

            """, Coarse));

    [Fact]
    public async Task Code_of_several_lines_is_kept_as_a_comment() => Assert.Equal(
        """
        namespace N
        {
            // F(x) =
            //     {
            //         // twice
            //         var y = 2 * x;
            //         return y * x;
            //     }
            // on [0, 1] within 0.01: NUMBERS; outside, the end segments extend.
            [Kan.Edge(0, 0, 0,
                NUMBERS)]
            public sealed partial class Sound
            {
            }

            [KanNetwork(1, 1)] public sealed partial class Sound;
        }

        """,
        Numbers().Replace(
            await Fixing.Apply<SmoothFunctionFix>(
                """
                namespace N
                {
                    public sealed partial class Sound
                    {
                        [Kan.EdgeFunction(0, 0, 0)]
                        private static double F(double x)
                        {
                            // twice
                            var y = 2 * x;
                            return y * x;
                        }
                    }

                    [KanNetwork(1, 1)] public sealed partial class Sound;
                }

                """, Coarse), "NUMBERS"));

    [Fact]
    public async Task A_method_that_is_used_elsewhere_stays() => Assert.Equal(
        """
        [KanNetwork(1, 2)]
        // F(x) = x * x
        // on [0, 1] within 0.01: 4 segments, certified maximum error 0.009941; outside, the end segments extend.
        [Edge(0, 0, 0,
            Breakpoints = [0.281, 0.562, 0.843],
            Slopes = [0.281, 0.843, 1.405, 1.843],
            ValueAtZero = -0.0098)]
        [Edge(0, 0, output: 1,
            Breakpoints = [0.281, 0.562, 0.843],
            Slopes = [0.281, 0.843, 1.405, 1.843],
            ValueAtZero = -0.0098)]
        public sealed partial class Squares
        {
            // The square.
            private static double F(double x) => x * x;

            public static double Two() => F(2);
        }

        """,
        await Fixing.Apply<SmoothFunctionFix>(
            """
            [KanNetwork(1, 2)]
            public sealed partial class Squares
            {
                // The square.
                [EdgeFunction(0, 0, 0)]
                [EdgeFunction(0, 0, output: 1)] private static double F(double x) => x * x;

                public static double Two() => F(2);
            }

            """, Coarse));

    [Fact]
    public async Task A_curve_gets_numbers() => Assert.Equal(
        """
        public static partial class Curves
        {
            /// <summary>A wave.</summary>
            // G(t) = MathF.Sin(t)
            // on [0, 1] within 0.01: 3 segments, certified maximum error 0.009976; outside, the end segments extend.
            [PiecewiseLinear(
                Breakpoints = [0.55, 0.985],
                Slopes = [0.9503, 0.714, 0.548],
                ValueAtZero = 0.0098)]
            public static partial float F(float x);
        }

        """,
        await Fixing.Apply<SmoothFunctionFix>(
            """
            public static partial class Curves
            {
                /// <summary>A wave.</summary>
                [PiecewiseLinear(Function = nameof(G))]
                public static partial float F(float x);

                private static float G(float t) => MathF.Sin(t);
            }

            """, Coarse));

    [Fact]
    public async Task A_method_that_an_edge_calls_becomes_a_curve() => Assert.Equal(
        """
        [KanNetwork(1, 1)]
        public sealed partial class Net
        {
            [EdgeFunction(0, 0, 0)]
            private static double F(double x) => 2 * Waves.Sine(x) + Math.Max(x, 0);
        }

        static partial class Waves
        {
            // Of an angle.
            // Sine(angle) = Math.Sin(angle)
            // on [0, 1] within 0.01: 3 segments, certified maximum error 0.009976; outside, the end segments extend.
            [PiecewiseLinear(
                Breakpoints = [0.55, 0.985],
                Slopes = [0.9503, 0.714, 0.548],
                ValueAtZero = 0.0098)]
            public static partial double Sine(double angle); // up and down
        }

        """,
        await Fixing.Apply<SmoothFunctionFix>(
            """
            [KanNetwork(1, 1)]
            public sealed partial class Net
            {
                [EdgeFunction(0, 0, 0)]
                private static double F(double x) => 2 * Waves.Sine(x) + Math.Max(x, 0);
            }

            static class Waves
            {
                // Of an angle.
                public static double Sine(double angle) => Math.Sin(angle); // up and down
            }

            """, Coarse));

    [Theory]
    [InlineData("// kan: domain [-2, 2], error 1e-3", "on [-2, 2] within 0.001")]
    [InlineData("//kan: domain all , error 0.05", "for all x within 0.05")]
    [InlineData("// kan: domain [-0.5,1e2], error 2.5e-2", "on [-0.5, 100] within 0.025")]
    public async Task A_comment_names_the_goal(string comment, string goal)
    {
        string source = "[KanNetwork(1, 1)]\npublic sealed partial class Net\n{\n    // Soft.\n    " + comment
            + "\n    [EdgeFunction(0, 0, 0)]\n    private static double F(double x) => Math.Tanh(x);\n}\n";
        string first = (await Fixing.Titles<SmoothFunctionFix>(source))[0];
        Assert.StartsWith("Approximate 'F' " + goal + " (", first, StringComparison.Ordinal);
        string changed = await Fixing.Apply<SmoothFunctionFix>(source, Marked);
        Assert.StartsWith("[KanNetwork(1, 1)]\n// Soft.\n" + comment + "\n// F(x) = Math.Tanh(x)\n// " + goal + ": ", changed,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("// kan: domain [2, -2], error 1e-3")]
    [InlineData("// kan: domain [-2, 2], error 0")]
    [InlineData("// kan: domain [-2, 2]")]
    [InlineData("// kan: domain [-1e999, 2], error 1")]
    public async Task A_comment_that_names_no_goal_is_none(string comment) => Assert.DoesNotContain(
        await Fixing.Titles<SmoothFunctionFix>("[KanNetwork(1, 1)] partial class Net\n{\n" + comment
            + "\n[EdgeFunction(0, 0, 0)] static double F(double x) => x * x; }"),
        static title => title.StartsWith("Approximate 'F' on", StringComparison.Ordinal)
            || title.StartsWith("Approximate 'F' for", StringComparison.Ordinal));

    [Fact]
    public async Task Lines_end_as_in_the_file()
    {
        string source = "[KanNetwork(1, 1)]\npublic sealed partial class Net\n{\n\t// A square.\n\t[EdgeFunction(0, 0, 0)]\n\tprivate "
            + "static double F(double x)\n\t{\n\t\treturn x * x;\n\t}\n}\n";
        string plain = await Fixing.Apply<SmoothFunctionFix>(source, Coarse),
            windows = await Fixing.Apply<SmoothFunctionFix>(source.Replace("\n", "\r\n", StringComparison.Ordinal), Coarse);
        Assert.Equal(plain.Replace("\n", "\r\n", StringComparison.Ordinal), windows);
    }

    [Fact]
    public Task All_edges_are_replaced_at_once() => Fixing.Verify<SmoothFunctionFix>(
        """
        [KanNetwork(1, 3)]
        public sealed partial class Net
        {
            [EdgeFunction(0, 0, 0)]
            private static double F(double x) => {|KAN0200:Math.Sin(x)|};

            [EdgeFunction(0, 0, 1)]
            private static double G(double x) => {|KAN0201:x * x|} + {|KAN0200:Math.Exp(x)|};
        }

        public sealed partial class Net
        {
            [EdgeFunction(0, 0, 2)]
            private static double H(double x) => {|KAN0202:1 / (1 + x)|};
        }
        """,
        """
        [KanNetwork(1, 3)]
        // F(x) = Math.Sin(x)
        // on [0, 1] within 0.01: 3 segments, certified maximum error 0.009976; outside, the end segments extend.
        [Edge(0, 0, 0,
            Breakpoints = [0.55, 0.985],
            Slopes = [0.9503, 0.714, 0.548],
            ValueAtZero = 0.0098)]
        // G(x) = x * x + Math.Exp(x)
        // on [0, 1] within 0.01: 5 segments, certified maximum error 0.009907; outside, the end segments extend.
        [Edge(0, 0, 1,
            Breakpoints = [0.22, 0.431, 0.631, 0.823],
            Slopes = [1.3385, 2.0383, 2.7655, 3.526, 4.3144],
            ValueAtZero = 0.9902)]
        public sealed partial class Net
        {
        }

        // H(x) = 1 / (1 + x)
        // on [0, 1] within 0.01: 3 segments, certified maximum error 0.009946; outside, the end segments extend.
        [Edge(0, 0, 2,
            Breakpoints = [0.281, 0.686],
            Slopes = [-0.7806, -0.463, -0.2966],
            ValueAtZero = 0.9902)]
        public sealed partial class Net
        {
        }
        """, Coarse, iterations: 3);

    [Theory]
    [InlineData("1 / x", "[-1, 1]")]
    [InlineData("1 / x", "[0, 1]")]
    [InlineData("Math.Log(x)", "[0, 100]")]
    [InlineData("Math.Sqrt(x)", "[-1, 1]")]
    [InlineData("Math.Tan(x)", "[-8, 8]")]
    [InlineData("Math.Exp(x)", "[0, 100]")]
    [InlineData("Math.Sin(x)", "all x")]
    [InlineData("x * x", "all x")]
    [InlineData("Math.Pow(x, 0.5)", "[-8, 8]")]
    public async Task Nothing_is_offered_where_there_is_no_bound(string expression, string domain)
    {
        var titles = await Fixing.Titles<SmoothFunctionFix>("[KanNetwork(1, 1)] partial class Net { [EdgeFunction(0, 0, 0)] static "
            + "double F(double x) => " + expression + "; }");
        Assert.NotEmpty(titles);
        Assert.DoesNotContain(titles, title => title.Contains(domain, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Math.Sin(x) + Math.Floor(x)")]
    [InlineData("x < 0 ? 0 : Math.Cos(x)")]
    [InlineData("Math.Sin(x) * s_state")]
    [InlineData("Math.Sin(x) + DateTime.Now.Ticks")]
    [InlineData("Math.Atan2(x, 1)")]
    [InlineData("1 / (x - x)")]
    [InlineData("Math.Sin(x) > 0.5 ? Math.Sin(x) : 0.5")]
    public async Task Nothing_is_offered_for_code_that_is_no_function_to_enclose(string expression) =>
        Assert.Empty(await Fixing.Titles<SmoothFunctionFix>(
        "[KanNetwork(1, 1)] partial class Net { static double s_state; [EdgeFunction(0, 0, 0)] static double F(double x) => " + expression
            + "; }"));

    /// <summary>Forty lines of which each doubles what an evaluation takes: known before one is made.</summary>
    [Theory]
    [InlineData("y = y + y * 0.5;")]
    [InlineData("y += y * 0.5;")]
    [InlineData("y = Math.Max(y, 2 - y);")]
    [InlineData("y = Twice(y);")]
    public async Task Nothing_is_offered_for_code_that_doubles_again_and_again(string line) =>
        Assert.Empty(await Fixing.Titles<SmoothFunctionFix>(
        "[KanNetwork(1, 1)] partial class Net { static double Twice(double z) => z + Math.Sin(z); [EdgeFunction(0, 0, 0)] static double "
        + "F(double x) { var y = Math.Sin(x); "
        + string.Concat(Enumerable.Repeat(line, 40)) + " return y; } }"));

    [Fact]
    public async Task Nothing_is_offered_for_several_inputs() => Assert.Empty(await Fixing.Titles<SmoothFunctionFix>(
        "[KanNetwork(2, 1)] partial class Net { [EdgeFunction(0, new[] { 0, 1 }, 0)] static double F(double x, double y) => Math.Sin(x) "
        + "+ y; }"));

    [Theory]
    [InlineData("x < 0 ? x : Math.Sin(x)")]
    [InlineData("x switch { < 0 => 0, <= 2 => x * x, _ => 4 * x - 4 }")]
    [InlineData("x is > 1 and < 2 ? (x - 1) * (2 - x) : 0")]
    [InlineData("Math.Max(x, 0) * Math.Clamp(x, -1, 1)")]
    [InlineData("Local(x) + Local(2 * x)")]
    public async Task Cases_and_calls_are_read(string expression) => Assert.NotEmpty(await Fixing.Titles<SmoothFunctionFix>(
        "[KanNetwork(1, 1)] partial class Net { [EdgeFunction(0, 0, 0)] static double F(double x) => " + expression
        + "; static double Local(double y) { if (!(y > 0)) return 0; y *= y; return y; } }"));

    [GeneratedRegex(@"[0-9]+ segments, certified maximum error [0-9.]+|Breakpoints = [^)]*")]
    private static partial Regex Numbers();
}
