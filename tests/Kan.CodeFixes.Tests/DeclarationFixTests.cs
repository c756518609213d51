extern alias fixes;

using System.Threading.Tasks;
using fixes::Kan.CodeFixes.Declarations;
using Kan.CodeFixes.Tests.Harness;
using Xunit;

namespace Kan.CodeFixes.Tests;

public sealed class DeclarationFixTests
{
    [Fact]
    public Task A_type_is_made_partial() => Fixing.Verify<MakePartialFix>(
        """
        /// <summary>Risk.</summary>
        [KanNetwork(1, 1)]
        // Twice the input.
        [Edge(0, 0, 0, Slopes = [2])]
        public sealed /* for good */ class {|KAN0001:Risk|}
        {
            public static float Use() => {|CS0103:Evaluate|}(1f);
        }

        [KanNetwork(1, 1)]
        struct {|KAN0001:S|};

        // A record.
        [KanNetwork(1, 1)] internal record struct {|KAN0001:R|};
        """,
        """
        /// <summary>Risk.</summary>
        [KanNetwork(1, 1)]
        // Twice the input.
        [Edge(0, 0, 0, Slopes = [2])]
        public sealed /* for good */ partial class Risk
        {
            public static float Use() => Evaluate(1f);
        }

        [KanNetwork(1, 1)]
        partial struct S;

        // A record.
        [KanNetwork(1, 1)] internal partial record struct R;
        """);

    [Fact]
    public Task The_types_around_are_made_partial_too() => Fixing.Verify<MakePartialFix>(
        """
        // The outermost.
        class {|KAN0001:Outer|}
        {
            public partial class Middle
            {
                // The network.
                [KanNetwork(1, 1)] class {|KAN0001:Net|};
            }
        }
        """,
        """
        // The outermost.
        partial class Outer
        {
            public partial class Middle
            {
                // The network.
                [KanNetwork(1, 1)] partial class Net;
            }
        }
        """, iterations: 2);

    [Fact]
    public async Task The_title_names_the_types() => Assert.Equal(
        ["Make 'Outer' partial", "Make 'Outer' and 'Net' partial"],
        await Fixing.Titles<MakePartialFix>("class Outer { [KanNetwork(1, 1)] class Net; }"));

    [Fact]
    public Task A_file_local_type_is_given_to_the_project() => Fixing.Verify<RemoveFileModifierFix>(
        """
        // Risk.
        [KanNetwork(1, 1)] file /* one */ partial class {|KAN0005:Risk|};
        // A struct.
        file partial struct {|KAN0005:S|} { [PiecewiseLinear(Slopes = [1])] public static partial double {|CS8795:F|}(double x); }
        """,
        """
        // Risk.
        [KanNetwork(1, 1)] /* one */ partial class Risk;
        // A struct.
        partial struct S { [PiecewiseLinear(Slopes = [1])] public static partial double F(double x); }
        """);

    [Fact]
    public async Task A_file_local_type_stays_so_where_its_name_is_taken()
    {
        const string Source = "[KanNetwork(1, 1)] file partial class Risk;";
        Assert.Empty(await Fixing.Titles<RemoveFileModifierFix>(Source, "public class Risk;"));
        Assert.Equal(["Remove the file modifier of 'Risk'"],
            await Fixing.Titles<RemoveFileModifierFix>(Source, "namespace N { public class Risk; }"));
    }

    [Theory]
    [InlineData("public partial double Ramp(double x);", "public static partial double Ramp(double x);")]
    [InlineData("/* a ramp */ partial double Ramp(double x);", "/* a ramp */ private static partial double Ramp(double x);")]
    [InlineData("public static /* whole */ partial int Ramp(int x);", "public static /* whole */ partial double Ramp(double x);")]
    [InlineData("internal static partial double Ramp(float x); // steep", "internal static partial double Ramp(double x); // steep")]
    [InlineData("internal partial float Ramp(float x);", "internal static partial float Ramp(float x);")]
    public async Task A_curve_is_declared_as_one(string before, string after)
    {
        string source = "public partial class Curves\n{\n    [PiecewiseLinear(Breakpoints = [0], Slopes = [0, 1])]\n    " + before
            + "\n}\n";
        Assert.Equal(source.Replace(before, after, System.StringComparison.Ordinal),
            await Fixing.Apply<CurveMethodFix>(source, nameof(CurveMethodFix)));
    }

    [Theory]
    [InlineData("public static double Ramp(double x) => x;")]
    [InlineData("public static partial double Ramp(ref double x);")]
    [InlineData("public static partial double Ramp(double x, double y);")]
    [InlineData("public static partial T Ramp<T>(T x);")]
    [InlineData("public static partial string Ramp(double x);")]
    [InlineData("public virtual double Ramp(double x) => x;")]
    public async Task A_curve_is_left_alone_where_code_would_be_lost(string method) => Assert.Empty(await Fixing.Titles<CurveMethodFix>(
        "public partial class Curves { [PiecewiseLinear(Breakpoints = [0], Slopes = [0, 1])] " + method + " }"));

    [Fact]
    public async Task The_title_shows_the_declaration() => Assert.Equal(
        ["Declare 'Ramp' as 'public static partial double Ramp(double x)'"],
        await Fixing.Titles<CurveMethodFix>("partial class C { [PiecewiseLinear(Slopes = [1])] public partial int Ramp(int x); }"));

    [Theory]
    [InlineData("private double Due(double x) => 2 * x;", "private static double Due(double x) => 2 * x;")]
    [InlineData("// What is due.\n    private static int Due(double x) { return 2; } // x",
        "// What is due.\n    private static double Due(double x) { return 2; } // x")]
    [InlineData("static float Due(double /* of money */ x) => 0f;", "static double Due(double /* of money */ x) => 0f;")]
    [InlineData("static double Due(int x) => 2 * x;", "static double Due(double x) => 2 * x;")]
    [InlineData("float Due(float x) => x;", "static float Due(float x) => x;")]
    public async Task An_edge_function_is_declared_as_one(string before, string after)
    {
        string source = "[KanNetwork(1, 1)]\npublic sealed partial class Tax\n{\n    [EdgeFunction(0, 0, 0)]\n    " + before + "\n}\n";
        Assert.Equal(source.Replace(before, after, System.StringComparison.Ordinal),
            await Fixing.Apply<EdgeMethodFix>(source, nameof(EdgeMethodFix)));
    }

    [Theory]
    [InlineData("private double Due(double x) => _rate * x;")]
    [InlineData("private static int Due(int x) => x << 1;")]
    [InlineData("private static T Due<T>(T x) => x;")]
    [InlineData("private static string Due(double x) => \"\";")]
    [InlineData("private static double Due(ref double x) => x;")]
    [InlineData("private double Due(double x, double y) => x + y;")]
    public async Task An_edge_function_is_left_alone_where_it_would_not_compile(string method) =>
        Assert.Empty(await Fixing.Titles<EdgeMethodFix>(
        "[KanNetwork(1, 1)] public sealed partial class Tax { private double _rate = 2; [EdgeFunction(0, 0, 0)] " + method
            + " double Rate() => _rate; }"));

    [Fact]
    public Task A_field_becomes_a_constant() => Fixing.Verify<ConstantFieldFix>(
        """
        [KanNetwork(1, 1)]
        partial class Tax
        {
            // The rate, in parts.
            private /* fixed */ static readonly double s_rate = 0.2, s_other = 1;
            static readonly double Free = 10_000; // a year

            [EdgeFunction(0, 0, 0)]
            private static double Due(double income) => [|s_rate|] * Math.Max(0, income - [|Free|]);
            public static double Other() => s_other;
        }
        """.Replace("[|", "{|KAN0210:", System.StringComparison.Ordinal).Replace("|]", "|}", System.StringComparison.Ordinal),
        """
        [KanNetwork(1, 1)]
        partial class Tax
        {
            // The rate, in parts.
            private /* fixed */ const double s_rate = 0.2, s_other = 1;
            const double Free = 10_000; // a year

            [EdgeFunction(0, 0, 0)]
            private static double Due(double income) => s_rate * Math.Max(0, income - Free);
            public static double Other() => s_other;
        }
        """);

    [Theory]
    [InlineData("private static readonly double s_rate = Math.Sqrt(2);")]
    [InlineData("private static readonly double s_rate = 0.2; static Tax() { s_rate = 3; }")]
    [InlineData("private static readonly double s_rate = 0.2; static void Take(in double x) { } static void Give() => Take(in s_rate);")]
    [InlineData("private static readonly double s_rate = 0.2, s_other = Math.Sqrt(2);")]
    [InlineData("private static readonly double[] s_rates = [0.2]; private static double s_rate => s_rates[0];")]
    public async Task A_field_that_is_no_constant_stays(string field) => Assert.Empty(await Fixing.Titles<ConstantFieldFix>(
        "[KanNetwork(1, 1)] partial class Tax { " + field
        + " [EdgeFunction(0, 0, 0)] private static double Due(double x) => s_rate * x; }"));
}
