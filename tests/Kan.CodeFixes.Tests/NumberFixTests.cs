extern alias fixes;

using System.Linq;
using System.Threading.Tasks;
using fixes::Kan.CodeFixes.Numbers;
using Kan.CodeFixes.Tests.Harness;
using Xunit;

namespace Kan.CodeFixes.Tests;

public sealed class NumberFixTests
{
    private const string Sorting = "Sort breakpoints, each with the slope to its right";
    private const string SortingWithCopies = "Sort breakpoints, each with the slope to its right, and keep the last of equal ones";
    private const string Removing = "Remove duplicate breakpoints, with the slope between them";

    [Theory]
    [InlineData("[0, 20, 10]", "[0, 1, 3, 0]", "[0, 10, 20]", "[0, 1, 0, 3]", Sorting)]
    [InlineData("[3, 2, 1]", "[0, 30, 20, 10]", "[1, 2, 3]", "[0, 10, 20, 30]", Sorting)]
    [InlineData("[0, 10, 10, 20]", "[0, 1, 2, 3, 4]", "[0, 10, 20]", "[0, 1, 3, 4]", Removing)]
    [InlineData("[0, 10, 10, 10]", "[0, 1, 2, 3, 4]", "[0, 10]", "[0, 1, 4]", Removing)]
    [InlineData("[0, -0.0]", "[0, 1, 2]", "[-0.0]", "[0, 2]", Removing)]
    [InlineData("[20, 10, 10]", "[0, 1, 2, 3]", "[10, 20]", "[0, 3, 1]", SortingWithCopies)]
    [InlineData("[20, 10, 20]", "[0, 1, 2, 1]", "[10, 20]", "[0, 2, 1]", SortingWithCopies)]
    [InlineData("[1e1, Low]", "[0, 1 + 1, -3]", "[Low, 1e1]", "[0, -3, 1 + 1]", Sorting)]
    [InlineData("new double[] { 2, 1 }", "new[] { 0.0, 2, 1 }", "new double[] { 1, 2 }", "new[] { 0.0, 1, 2 }", Sorting)]
    [InlineData("[/* knee */ 20, /* toe */ 10,]", "[0, 2, 1]", "[/* toe */ 10, /* knee */ 20,]", "[0, 1, 2]", Sorting)]
    public async Task Breakpoints_are_sorted_with_the_slopes_right_of_them(string breakpoints, string slopes, string sorted,
        string sortedSlopes, string title)
    {
        string Source(string b, string s) =>
            "static partial class C\n{\n    private const double Low = 1;\n\n    [PiecewiseLinear(Breakpoints = " + b + ", Slopes = " + s
                + ", ValueAtZero = 5)]\n    public static partial double F(double x);\n}\n";
        string source = Source(breakpoints, slopes);
        Assert.Equal([title], (await Fixing.Titles<SortBreakpointsFix>(source)).Distinct());
        Assert.Equal(Source(sorted, sortedSlopes), await Fixing.Apply<SortBreakpointsFix>(source, nameof(SortBreakpointsFix)));
    }

    [Fact]
    public Task Lines_stay_and_comments_move() => Fixing.Verify<SortBreakpointsFix>(
        """
        [KanNetwork(1, 1)]
        [Edge(0, 0, 0,
            Breakpoints = [
                // From here on nothing is free.
                20, // the knee
                30,
                {|KAN0102:10|} // the toe
            ],
            Slopes = [
                0, // left of all
                2, // from the knee
                3,
                1, // from the toe
            ])]
        public sealed partial class Tax;
        """,
        """
        [KanNetwork(1, 1)]
        [Edge(0, 0, 0,
            Breakpoints = [
                10, // the toe
                // From here on nothing is free.
                20, // the knee
                30
            ],
            Slopes = [
                0, // left of all
                1, // from the toe
                2, // from the knee
                3,
            ])]
        public sealed partial class Tax;
        """);

    [Fact]
    public Task Several_mistakes_of_one_list_are_one_fix() => Fixing.Verify<SortBreakpointsFix>(
        """
        [KanNetwork(2, 1)]
        [Edge(0, 0, 0, Breakpoints = [3, {|KAN0102:2|}, {|KAN0102:1|}], Slopes = [0, 3, 2, 1])]
        [Edge(0, 1, 0, Breakpoints = [1, {|KAN0102:1|}], Slopes = [0, 3, 2])]
        public sealed partial class Tax;
        """,
        """
        [KanNetwork(2, 1)]
        [Edge(0, 0, 0, Breakpoints = [1, 2, 3], Slopes = [0, 1, 2, 3])]
        [Edge(0, 1, 0, Breakpoints = [1], Slopes = [0, 2])]
        public sealed partial class Tax;
        """, iterations: 2);

    [Theory]
    [InlineData("[20, 10, 20]", "[0, 1, 2, 3]")]
    [InlineData("[20, 10]", "[0, 1]")]
    [InlineData("[20, double.NaN, 10]", "[0, 1, 2, 3]")]
    [InlineData("[20, 10 /* ten */ // or so\n]", "[0, 1, 2, 3]")]
    [InlineData("[20 // twenty\n, 10]", "[0, 1, 2]")]
    [InlineData("[\n#if A\n1,\n#endif\n20, 10]", "[0, 1, 2]")]
    public async Task Breakpoints_that_contradict_each_other_stay(string breakpoints, string slopes) =>
        Assert.Empty(await Fixing.Titles<SortBreakpointsFix>(
        "[KanNetwork(1, 1)] [Edge(0, 0, 0, Breakpoints = " + breakpoints + ", Slopes = " + slopes + ")] partial class C;"));

    [Theory]
    [InlineData("[0, 1]", "[0, 1]", "[0, 1, 1]", "Repeat", "Repeat the last slope, 1, for the last segment")]
    [InlineData("[0, 1, 2]", "[-0.5]", "[-0.5, -0.5, -0.5, -0.5]", "Repeat", "Repeat the last slope, -0.5, for the last 3 segments")]
    [InlineData("[0]", "[0, 1, 2]", "[0, 1]", "Drop", "Drop the last slope, 2")]
    [InlineData("[0]", "[0, 1, 2, 3]", "[0, 1]", "Drop", "Drop the last 2 slopes, 2, 3")]
    [InlineData("[0]", "new double[] { 0, 1, 2, }", "new double[] { 0, 1, }", "Drop", "Drop the last slope, 2")]
    [InlineData("[0, 1]", "[\n    0, // free\n    1 // full\n]", "[\n    0, // free\n    1, // full\n    1\n]", "Repeat",
        "Repeat the last slope, 1, for the last segment")]
    public async Task Slopes_are_made_to_match(string breakpoints, string slopes, string matched, string key, string title)
    {
        string source = "[KanNetwork(1, 1)]\n[Edge(0, 0, 0, Breakpoints = " + breakpoints + ", Slopes = " + slopes
            + ")] // risk\npublic sealed partial class C;\n";
        Assert.Equal([title], await Fixing.Titles<MatchSlopesFix>(source));
        Assert.Equal(source.Replace("Slopes = " + slopes, "Slopes = " + matched, System.StringComparison.Ordinal),
            await Fixing.Apply<MatchSlopesFix>(source, nameof(MatchSlopesFix) + "." + key));
    }

    [Theory]
    [InlineData("Slopes = [1, 2, 3]")]
    [InlineData("Breakpoints = [], Slopes = [1, 2, 3]")]
    [InlineData("Breakpoints = [1]")]
    [InlineData("Breakpoints = [1], Slopes = []")]
    [InlineData("Breakpoints = [1], Slopes = new double[3] { 1, 2, 3 }")]
    public async Task Slopes_without_breakpoints_stay(string arguments) => Assert.Empty(await Fixing.Titles<MatchSlopesFix>(
        "[KanNetwork(1, 1)] [Edge(0, 0, 0, " + arguments + ")] partial class C;"));

    [Fact]
    public Task An_edge_that_is_there_already_is_removed() => Fixing.Verify<DuplicateEdgeFix>(
        """
        [KanNetwork(1, 2)]
        [Edge(0, 0, 0, Slopes = [1])]
        [{|KAN0105:Edge|}(0, 0, 0, Slopes = [2])]
        // Why twice?
        [{|KAN0105:Edge|}(0, 0, 0, Slopes = [3])]
        [Edge(0, 0, 1, Slopes = [1]), {|KAN0105:Edge|}(0, 0, 1, Slopes = [4])]
        public sealed partial class Risk
        {
            // The same again.
            [{|KAN0105:EdgeFunction|}(0, 0, 0)]
            private static double F(double x) => x;
        }
        """,
        """
        [KanNetwork(1, 2)]
        [Edge(0, 0, 0, Slopes = [1])]
        // Why twice?
        [Edge(0, 0, 1, Slopes = [1])]
        public sealed partial class Risk
        {
            // The same again.
            private static double F(double x) => x;
        }
        """, nameof(DuplicateEdgeFix) + ".Remove");

    [Theory]
    [InlineData("Slopes = [1]", "Slopes = [2]", "Slopes = [3]")]
    [InlineData("Breakpoints = [0], Slopes = [-1, 1]", "Breakpoints = [-1, 1], Slopes = [0, 1, 0], ValueAtZero = 1",
        "Breakpoints = [-1, 0, 1], Slopes = [-1, 0, 2, 1], ValueAtZero = 1")]
    [InlineData("Breakpoints = [2], Slopes = [0.5, 1]", "Breakpoints = [2], Slopes = [0.5, 0]", "Slopes = [1]")]
    [InlineData("Slopes = [1]", "Slopes = [-1]", "Slopes = [0]")]
    [InlineData("Slopes = [1E-300]", "Breakpoints = [1e30], Slopes = [0, 0.25]", "Breakpoints = [1E+30], Slopes = [1E-300, 0.25]", false)]
    [InlineData("Slopes = [0.1]", "Slopes = [0.2]", null, false)]
    [InlineData("Slopes = [1e308]", "Slopes = [1e308]", null, false)]
    [InlineData("Slopes = [1]", "Slopes = [1, 2]", null, false)]
    [InlineData("Slopes = [1 /* one */]", "Slopes = [2]", null, false)]
    [InlineData("Slopes = [1]", "Slopes = [2 /* two */]", null, false)]
    public async Task The_sum_of_two_edges_is_exact_or_not_offered(string first, string second, string? sum, bool isExact = true)
    {
        string source = "[KanNetwork(1, 1)]\n[Edge(0, 0, 0, " + first + ")] // first\n[Edge(0, 0, 0, " + second
            + ")]\npublic sealed partial class C;\n";
        bool isOffered = (await Fixing.Titles<DuplicateEdgeFix>(source)).Contains("Replace both edges (0, 0, 0) with their sum");
        Assert.Equal(isExact, isOffered);
        if (isExact)
            Assert.Equal("[KanNetwork(1, 1)]\n[Edge(0, 0, 0, " + sum + ")] // first\npublic sealed partial class C;\n",
                await Fixing.Apply<DuplicateEdgeFix>(source, nameof(DuplicateEdgeFix) + ".Add"));
    }

    [Fact]
    public async Task An_attribute_for_several_inputs_stays() => Assert.Empty(await Fixing.Titles<DuplicateEdgeFix>(
        "[KanNetwork(2, 1)] [Edge(0, 0, 0, Slopes = [1])] partial class C { [EdgeFunction(0, new[] { 0, 1 }, 0)] static double F(double "
        + "x, double y) => x + y; }"));
}
