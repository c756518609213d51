extern alias generators;

using System.Linq;
using Xunit;
using Exact = generators::Kan.Networks.Rational;

namespace Kan.Generators.Tests.Functions;

/// <summary>Arrays, spans, rows, queries: what compiles is what running it gives, and what does not says why.</summary>
public sealed class ListSnippetTests
{
    private const string Outside = "keep the index within it", Within = "keep the range within it", Range = "give the range constant ends";

    /// <summary>The body of an edge and what stands beside it.</summary>
    public static TheoryData<string> Sound { get; } = new(
        // Arrays and spans.
        "{ Span<double> s = [1, 2]; s[0] = x; return s[0] + s[1]; }",
        "{ var t = new double[0]; return x + t.Length + new double[4096].Length + new double[64, 64].Length; }",
        "{ var t = new bool[1]; return t[0] ? 1 : x; }",
        "{ var t = new (double, bool)[1]; return t[0].Item2 ? 1 : x + t[0].Item1; }",
        "{ double[,,] t = { { { 1, 2 }, { 3, 4 } } }; foreach (double v in t) x += v; return x + t.Length; }",
        "{ double[,][] t = { { [1, 2], [3] } }; foreach (double[] row in t) x += row[0]; return x + t.Length; }",
        "{ ReadOnlySpan<double> t = [1, 2, 3]; return x + t[1..1].Length + (t.IsEmpty ? 1 : 0) + (t[..0].IsEmpty ? 2 : 0); }",
        "{ double[] t = [1, 2, 3]; return t.AsSpan()[1] * x + t.AsSpan(1)[0] + t.AsSpan(1, 1).Length + t.AsSpan(1..)[1]; }",
        "{ Span<double> s = [1, 2, 3]; double[] t = s.Slice(1).ToArray(); t[0] = x; return s[1] + t[0]; }",
        "{ double[] t = [1, 2]; Array.Fill(t, x); return t[0] + t[1]; }",
        "{ double[] t = [x, 2]; Array.Clear(t); return x + t[0] + t[1]; }",
        "{ double[] t = [x, 2, 3]; t.AsSpan(1).Clear(); return t[0] + t[1] + t[2]; }",
        "{ int n = 0; var t = new double[3]; t[n++] += x; t[n++]++; ++t[n]; return t[0] + 2 * t[1] + 3 * t[2] + n; }",
        "{ IReadOnlyList<double> t = new double[] { 1, 2 }; return x + t.Count + t[1]; }",
        "{ double[] a = [1, 2], b = [3, 4]; double[] c = x > 1 ? a : b; return x + 0 * c[0]; }",
        "{ int i = x > 3 ? 1 : 0; (double, double)[] t = [(x, 2), (3, 4)]; return t[i].Item1; }",
        "{ int i = x > 3 ? 1 : 0; Row[] t = [new(x, 2), new(3, 4)]; return t[i].At; } record struct Row(double At, double Rate);",
        "{ double[] t = [0, 1, 4, 9]; double y = Math.Clamp(-x, 0, 2.5); int i = (int)y; return t[i] + (y - i) * (t[i + 1] - t[i]); }",

        // Structs.
        "=> default(Row).Rate + (new Row[2])[1].At + x; struct Row { public static int Count = 3; public double At; public double Rate; }",
        "{ var (at, rate) = default(Row); return x + at + rate; } readonly record struct Row(double At, double Rate);",
        "=> default(Row).At + x; readonly struct Row(double at) { public double At => at; }",
        "{ var t = default((double, double)); return x + t.Item1; }",
        "=> new Table(3).Y[0] * x; readonly struct Table { public readonly double[] Y; public Table(double a) { Y = [a, 2]; } }",
        "=> new Row(3).At * x; readonly struct Row { public readonly double At; public Row(double at) => At = at; }",
        "=> Inner.Twice(x); static partial class Inner { public static partial double Twice(double v); public static partial double "
            + "Twice(double v) => 2 * v; }",
        "=> Inner.Twice(x); static partial class Inner { public static partial T Twice<T>(T v) where T : INumber<T>; public static "
            + "partial T Twice<T>(T w) where T : INumber<T> => T.One * w + w; }",
        "=> Inner.Rate * x; static partial class Inner { public static partial double Rate { get; } public "
            + "static partial double Rate => 2; }",
        "=> new Helper(2).Of(x); class Helper(double rate) { public double Of(double v) => rate * v + Shift; double Shift => rate; }",

        // Queries.
        "=> Enumerable.Reverse(new[] { 1.0, 2, 4 }).First() * x + new[] { 1.0, 2, 4 }.Last();",
        "=> new[] { 1.0, 2 }.Append(3).Last() * x + new[] { 1.0, 2 }.Prepend(0.5).First() + new[] { 1.0, 2 }.Append(3).First();",
        "=> new[] { 1.0, 2 }.AsEnumerable().Count() * x + new[] { 1.0, 2 }.ElementAt(1);",
        "=> new[] { 3.0, 2 }.Select(t => 2 * t).ToArray()[0] * x + new[] { 3.0, 2 }.ToList()[1];",
        "=> new[] { 3.0, 1, 2 }.Min() * x + new[] { 1.0, 3, 2 }.Max();",
        "=> new[] { 1.0, 2 }.All(t => x > t) ? x - 2 : 0;",
        "=> new[] { 1.0, 2 }.Any(t => x > t) ? x - 1 : 0;",
        "=> new[] { 1.0, 5 }.Where(t => t > 2).Max() * x + new[] { 1.0, 5 }.Where(t => t > 0).First();",
        "=> Enumerable.Range(0, 4096).Count() * x + Enumerable.Empty<double>().Sum() + new[] { 1.0, 2 }.Take(4096).Count();",
        "{ double k = 2; double Scaled(double v) => k * v; return new[] { x, 1 }.Select(Scaled).Sum(); }",
        "=> new[] { x, 1 }.Select(Pick).Sum(); static double Pick(double v, int i) => i == 0 ? v : 3;",
        "{ double s = 0; foreach (double k in new[] { 1.0, 2 }.Where(k => x > k)) s += x - k; if (x < 0) s -= x; return s; }");

    /// <summary>The body of an edge with a mark, and the message.</summary>
    public static TheoryData<string, string, string> Flagged { get; } = new()
    {
        { "{ int n = -1; var t = new double[{|KAN0209:n|}]; return x; }", "is a negative length", "use a length of 0 or more" },
        { "{ int n = x > 1 ? 1 : 2; var t = new double[{|KAN0207:n|}]; return x; }", "is a length that varies",
            "give the array a constant length" },
        { "{ double[] t = [1, 2]; return x + {|KAN0209:t.AsSpan().Slice(-1, 1)|}[0]; }", "is outside the list for every x",
            Within },
        { "{ double[] t = [1, 2]; return x + {|KAN0209:t[2..1]|}.Length; }", "is outside the list for every x", Within },
        { "{ double[] t = [1, 2]; return x + {|KAN0209:t[1..3]|}.Length; }", "is outside the list for every x", Within },
        { "{ double[] t = [1, 2]; int n = x > 1 ? 1 : 0; return x + t[{|KAN0207:n..|}].Length; }", "is a range that varies", Range },
        { "{ double[] t = [1, 2]; int n = x > 1 ? 1 : 0; return x + {|KAN0207:t.AsSpan(1, n)|}.Length; }", "is a range that varies",
            Range },
        { "{ int i = x > 1 ? 1 : 0; double[] t = []; return {|KAN0209:t[i]|}; }", "is outside the list for every x", Outside },
        { "{ int i = x > 1 ? -1 : 0; double[] t = [1, 2]; return {|KAN0209:t[i]|}; }", "is outside the list for x > 1", Outside },
        { "{ int i = x > 1 ? 2 : 0; double[] t = [1, 2]; return {|KAN0209:t[i]|}; }", "is outside the list for x > 1", Outside },
        { "{ var t = new double[2, 2]; {|KAN0209:t[2, 0]|} = x; return x; }", "is outside the list for every x", Outside },
        { "{ int n = -1; var t = new double[2, 2]; {|KAN0209:t[n, 0]|} = x; return x; }", "is outside the list for every x", Outside },
        { "{ int i = x > 1 ? 5 : 0; var t = new double[2]; {|KAN0209:t[i] = 1|}; return x; }", "is outside the list for x > 1",
            "test for it first, or use other constants" },
        { "{ double[] a = [0, 1], b = [2, 3], c = x > 0 ? a : b; {|KAN0206:b[0] = x|}; return c[1]; }",
            "changes an element of a list that this function does not own alone", "write to an array that it makes itself" },
        { "{ double[] a = [0, 1], b = [2, 3], c = x > 0 ? a : b; {|KAN0206:Array.Fill(a, x)|}; return c[1]; }",
            "changes a list that this function does not own alone", "write to an array that it makes itself" },
        { "{ double[] t = [x, 20]; return x + Array.BinarySearch({|KAN0207:t|}, x); }", "varies", "search in a table of constants" },
        { "{ double[] t = [1, 1, 2]; return x + Array.BinarySearch({|KAN0209:t|}, x); }", "does not increase at index 1",
            "sort the table and keep each number once" },
        { "{ var q = new[] { 1.0 }.Select(t => t); {|KAN0207:q = new[] { 2.0 }.Select(t => t)|}; return x; }", "keeps a query",
            "declare a variable for it, or call ToArray" },
        { "=> x * {|KAN0209:new double[0].Min()|};", "has no elements", "use a list with elements" },
        { "=> x * {|KAN0209:new double[0].Max()|};", "has no elements", "use a list with elements" },
        { "=> x * {|KAN0209:new double[0].Average()|};", "has no elements", "use a list with elements" },
        { "=> x * {|KAN0209:new double[0].First()|};", "has no elements", "use a list with elements" },
        { "=> x * {|KAN0209:new double[0].Last()|};", "has no elements", "use a list with elements" },
        { "=> {|KAN0207:new[] { 1.0, 2 }.Where(t => x > t).Max()|};", "asks for elements that are there for some inputs only",
            "use Sum or Count after Where, or a foreach loop with if" },
        { "=> {|KAN0207:new[] { -1.0, 2 }.Where(t => t < 0 || x > t)|}.Take(1).Sum() + x;",
            "has elements that are there for some inputs only", "use Sum or Count after Where, or a foreach loop with if" },
        { "{ int n = x > 1 ? 1 : 0; return x + {|KAN0207:Enumerable.Range(0, n)|}.Sum(); }", "is a range that varies", Range },
        { "=> Pair(x) is {|KAN0207:{ Item1: > 0 }|} ? 1 : x; static (double, double) Pair(double v) => (v, v);",
            "is a pattern other than a comparison of numbers", "compare numbers: is > 0 and < 5" },
    };

    /// <summary>The body of an edge with a mark, and what is too much.</summary>
    public static TheoryData<string, string> TooLarge { get; } = new()
    {
        { "{ var t = {|KAN0212:new double[4097]|}; return x; }", "4096 elements of an array" },
        { "{ var t = {|KAN0212:new double[65, 64]|}; return x; }", "4096 elements of an array" },
        { "{ var t = {|KAN0212:new double[0, 5000]|}; return x; }", "4096 elements of an array" },
        { "=> {|KAN0212:Enumerable.Range(0, 4097)|}.Count() * x;", "4096 elements of a range" },
    };

    [Theory]
    [MemberData(nameof(Sound))]
    public void A_list_is_what_running_the_code_gives(string body) => Snippets.AssertSame("static double F(double x) " + body);

    [Theory]
    [MemberData(nameof(Flagged))]
    public void A_mistake_in_a_list_says_what_it_is(string body, string fact, string remedy) =>
        Snippets.AssertSays("static double F(double x) " + body, fact, remedy);

    [Theory]
    [MemberData(nameof(TooLarge))]
    public void A_list_that_is_too_long_is_refused(string body, string limit) => Snippets.AssertSays("static double F(double x) " + body,
        "needs more than " + limit, "split the function, or use fewer pieces and simpler numbers");

    /// <summary>A place among a thousand is looked up at once: to compare it with each row would cost more than a function may.</summary>
    [Theory]
    [InlineData("double", "{0}", "t[i]")]
    [InlineData("(double, int)", "({0}, 1)", "t[i].Item1")]
    [InlineData("Row", "new({0}, 1)", "t[i].At")]
    public void A_long_table_is_looked_up_at_many_places(string type, string row, string element)
    {
        string rows = string.Join(", ", Enumerable.Range(0, 1001)
            .Select(i => string.Format(System.Globalization.CultureInfo.InvariantCulture, row, i)));
        var compilation = new FunctionCompilation($"static double F(double x) {{ {type}[] t = [{rows}]; int i = "
            + $"(int)Math.Clamp(x, 0, 1000); return x + 0 * {element}; }} readonly record struct Row(double At, double Rate);");
        Assert.Equal([(Exact)1], compilation.Parts("F")[0].Slopes);
    }

    /// <summary>A constant of a table may be a sum over several parameters: 2, and the sign of the other.</summary>
    [Fact]
    public void A_table_has_constants_of_several_parameters()
    {
        var compilation = new FunctionCompilation(
            "static double F(double x, double y) { double[] t = [2 + Math.Sign(Math.Abs(y) + 1), 3]; return t[x > 1 ? 1 : 0] + x + y; }");
        Assert.Equal((Exact)13, compilation.Value("F", 0, 10));
        Assert.Equal((Exact)18, compilation.Value("F", 5, 10));
    }

    /// <summary>The numbers of a curve: 1 below 1, 2 up to 3, -1 above, through 0 at 0.</summary>
    [Fact]
    public void A_curve_that_is_called_has_its_numbers()
    {
        var compilation = new FunctionCompilation(
            "static double F(double x) => 2 * Inner.Curve(x - 1); static partial class Inner { [Kan.PiecewiseLinear(Breakpoints = [1, 3], "
            + "Slopes = [1, 2, -1])] public static partial double Curve(double v); public static partial double Curve(double v) => 0; }");
        Assert.Equal((Exact)(-4), compilation.Value("F", -1));
        Assert.Equal((Exact)2, compilation.Value("F", 2));
        Assert.Equal((Exact)6, compilation.Value("F", 3));
        Assert.Equal((Exact)10, compilation.Value("F", 4));
        Assert.Equal((Exact)8, compilation.Value("F", 5));
    }
}
