extern alias generators;

using System.Linq;
using Xunit;
using Exact = generators::Kan.Networks.Rational;

namespace Kan.Generators.Tests.Functions;

/// <summary>Functions of numbers, conversions, switches, loops and guards, and what is wrong with some.</summary>
public sealed class NumberSnippetTests
{
    private const string TestFirst = "test for it first, or use other constants";

    /// <summary>The body of an edge and what stands beside it.</summary>
    public static TheoryData<string> Sound { get; } = new(
        // Functions of Math and of the types of numbers.
        "=> double.MaxNumber(x, 1) + double.MaxNative(x, 2) + double.MinNumber(x, 3) + double.MinNative(x, 4) + "
            + "double.ClampNative(x, 0, 1);",
        "=> double.FusedMultiplyAdd(2, x, 3) + double.MultiplyAddEstimate(3, x, 4) + double.Lerp(x, 3, 0.25);",
        "=> Of<double>(x); static T Of<T>(T v) where T : INumber<T> => T.CreateSaturating(2) * v + T.CreateTruncating(3);",
        "=> double.IsPositiveInfinity(x) || double.IsNegativeInfinity(x) || !double.IsFinite(x) || !double.IsRealNumber(x) ? 0 : x;",
        "=> double.IsNegative(x) ? 0 : x;",
        "=> double.IsPositive(x) || x < 0 ? x : 5;",
        "=> double.IsNegative(x) || x > 0 ? x : 0 * x;",
        "=> Math.Clamp(x, 1, 1) + Math.CopySign(2, Math.Max(x, 0)) + x;",
        "=> x + Math.Round(2.5) + Math.Round(-3.5) + Math.Round(2.25, 1) + Math.Round(-2.75, 1) + Math.Round(0.1234567890123456, 15);",
        "=> x + Math.Round(-2.5, MidpointRounding.AwayFromZero) + Math.Round(2.5, MidpointRounding.AwayFromZero) + Math.Round(2.25, 1, "
            + "MidpointRounding.AwayFromZero);",
        "=> x + Math.Round(-2.75, MidpointRounding.ToZero) + Math.Round(-2.25, MidpointRounding.ToNegativeInfinity) + Math.Round(-2.75, "
            + "MidpointRounding.ToPositiveInfinity) + Math.Round(3.5, MidpointRounding.ToEven);",
        "=> x * Math.Pow(2, -1) + Math.Pow(0, 2) + Math.Pow(-3, 3) + Math.Pow(2, -3) + Math.Pow(4, 0.5);",
        "=> x * Math.ScaleB(3, -2) + Math.ScaleB(x, 2) + Math.ScaleB(1, 0);",
        "=> x + 0 * Math.Sqrt(x > 1 ? 4 : 9) + 0 * Math.Abs(Math.Sqrt(x > 2 ? x * 0 + 1 : 4));",
        "=> x + E(1.0) + Tau(1.0); static T E<T>(T v) where T : IFloatingPointIeee754<T> => T.E * T.NegativeOne; static T Tau<T>(T v) "
            + "where T : IFloatingPointIeee754<T> => T.Tau + T.AdditiveIdentity + T.MultiplicativeIdentity;",
        "=> x + Pi<float>() + Pi<double>(); static T Pi<T>() where T : IFloatingPointIeee754<T> => T.Pi;",
        "{ float low = float.NegativeInfinity, high = float.PositiveInfinity; return Math.Max(x, low) + Math.Min(x, high); }",
        "=> Math.Max(x, float.NegativeInfinity) + 1 / float.PositiveInfinity + Math.Min(x, float.PositiveInfinity);",

        // Integers.
        "{ int i = 3; i += 1; byte b = 7; b /= 2; return i * x + b; }",
        "{ int a = x > 1 ? 5 : 3, b = x > 2 ? 2 : 3; return (a << b) == (x > 2 ? 20 : x > 1 ? 40 : 24) ? x : 1000; }",
        "{ int a = x > 1 ? 5 : 3, b = x > 2 ? 2 : 3; return (a & b) == (x > 2 ? 0 : x > 1 ? 1 : 3) ? x : 1000; }",
        "{ int a = x > 1 ? 5 : 3, b = x > 2 ? 2 : 3; return (a | b) == (x > 1 ? 7 : 3) ? x : 1000; }",
        "{ int a = x > 1 ? 5 : 3, b = x > 2 ? 2 : 3; return (a ^ b) == (x > 2 ? 7 : x > 1 ? 6 : 0) ? x : 1000; }",
        "{ int a = x > 1 ? 5 : 3, b = x > 2 ? 2 : 3; return a / b == (x > 2 ? 2 : 1) && a % b == (x > 2 ? 1 : x > 1 ? 2 : 0) ? x : 1000; }",
        "{ int a = x > 1 ? -5 : -3; return a >> 1 == (x > 1 ? -3 : -2) && a >>> 30 == 3 && a / 2 == (x > 1 ? -2 : -1) ? x : 1000; }",
        "{ long a = x > 1 ? -5 : -3; return a >>> 62 == 3 && a << 33 == (x > 1 ? -5 : -3) * 8589934592 ? x : 1000; }",
        "{ int n = int.MaxValue - 1; n++; int m = int.MinValue + 1; m--; sbyte s = 126; s++; return x + n + m + s; }",
        "{ ulong n = 3; sbyte s = 2; n *= 2; char c = 'a'; c++; return x * n + s + c; }",
        "{ if (x <= -1) return 0; return 0 * Math.Clamp((int)x + 1, 0, 3); }",
        "=> Math.Min(Math.Floor(double.PositiveInfinity), x) + Math.ScaleB(0 * x, 2000);",
        "=> (bool)(x > 1) ? 1 : x;",
        "{ int i = (int)x; return i == 2.5 ? 5 : i != 2.5 ? x : 5; }",
        "=> Math.Floor(x) == 2 ? Math.Min(x - 2, 3 - x) : 0;",
        "=> Math.Floor(x) != 2 ? 0 : Math.Min(x - 2, 3 - x);",

        // Conditions.
        "=> x <= 1 || x > 1 ? x : 1000;",
        "=> x is > 0 and <= 1 or > 1 or <= 0 ? x : 1000;",
        "=> x switch { > 0 when x < 2 => Math.Min(x, 2 - x), _ => 0 };",
        "{ double y = 0; switch (x) { case < -1: y = -1 - x; break; case > 1: y = x - 1; break; } return y; }",
        "{ double y; switch (x) { default: y = x; break; case < 0: y = 0; break; } return y; }",
        "{ double y = 0; switch (x) { case > 0 when x < 2: y = Math.Min(x, 2 - x); break; } return y; }",

        // Loops and calls.
        "{ for (int i = 5; i < 5; i++) x = 0; return x; }",
        "{ int n = 5; do { x += 1; n++; } while (n < 3); return x; }",
        "{ int n = 0; while (n < 1000) n++; return x; }",
        "{ int i = 0; while (i < 128 && i < x) i++; return x + i * 0; }",
        "=> G(x, 0) * 0 + G(x, 1); static double G(double v, int k) { for (int i = 0; i < 1; i++) { if (k == 0 && v > 1) break; if (k == "
            + "1 && v > 1) return 1; } return k == 1 ? v : 0; }",
        "{ System.Diagnostics.Debug.Assert(x < 1000); return x; }");

    /// <summary>The body of an edge with marks, and the message of the last mark.</summary>
    public static TheoryData<string, string, string> Flagged { get; } = new()
    {
        { "{ int b = x > 1 ? 0 : 2; return x + 0 * ({|KAN0209:7 / b|}); }", "divides by zero for x > 1", TestFirst },
        { "{ int b = x > 1 ? 0 : 2; return x + 0 * ({|KAN0209:7 % b|}); }", "divides by zero for x > 1", TestFirst },
        { "{ int n = x > 1 ? int.MaxValue : 0; return x + 0 * ({|KAN0209:n + 1|}); }", "overflows int for x > 1", TestFirst },
        { "{ sbyte n = 127; {|KAN0209:n++|}; return x; }", "overflows sbyte for every x", TestFirst },
        { "{ ulong n = 0; {|KAN0209:n--|}; return x; }", "overflows ulong for every x", TestFirst },
        { "{ int n = x > 1 ? int.MinValue : 0; return x + 0 * {|KAN0209:-n|}; }", "overflows int for x > 1", TestFirst },
        { "{ double a = double.PositiveInfinity; return x + ({|KAN0209:a - a|}); }", "subtracts infinity from infinity for every x",
            TestFirst },
        { "=> x + {|KAN0209:Math.Sqrt(double.PositiveInfinity)|};", "has no finite value for every x", TestFirst },
        { "=> x + {|KAN0209:Math.Pow(0, -1)|};", "has no finite value for every x", TestFirst },
        { "=> x + {|KAN0209:Math.ScaleB(1, 2001)|};", "has no finite value for every x", TestFirst },
        { "=> x + {|KAN0209:float.NaN|};", "is not a number", "use finite numbers" },
        { "{ float n = {|KAN0209:float.NaN|}; return x; }", "is not a number", "use finite numbers" },
        { "{ if (x > 1) {|KAN0209:throw new Exception();|} return x; }", "throws for x > 1", "return a number instead" },
        { "=> {|KAN0209:x switch { < 0 => 0, <= 5 => x }|};", "has no arm for x > 5", "add an arm for it" },
        { "{ {|KAN0209:ArgumentOutOfRangeException.ThrowIfNegative(-1.0)|}; return x; }", "throws for every x", "allow some inputs" },
        { "{ {|KAN0209:ArgumentOutOfRangeException.ThrowIfNotEqual(x, 1)|}; return x; }", "throws for x < 1",
            "declare one interval of inputs" },
        { "{ var b = new Row(1); return {|KAN0209:x > b.At ? double.PositiveInfinity : 0|}; } readonly struct Row { public readonly double "
            + "At; public Row(double at) { At = at; } }", "is infinite for x > 1", TestFirst },
        { "=> x * {|KAN0206:s_rate|}; static double s_rate;", "reads a field that may change", "make it a constant" },
        { "=> x * {|KAN0206:s_rate|}; static readonly double s_rate; static Edges() { s_rate = 2; }",
            "reads a field whose value is not known when the network is compiled", "make it a constant" },
        { "=> x * {|KAN0206:Rate|}; static double Rate { get => 2; set { } }", "reads a property that may change", "make it a constant" },
        { "{ {|KAN0206:s_rate = x|}; return x; } static double s_rate;", "changes 's_rate'",
            "compute in a local variable and return the result" },
        { "{ double y = x; Change({|KAN0206:ref y|}); return y; } static void Change(ref double v) => v = 1;", "is passed by reference",
            "return the result" },
        { "=> {|KAN0210:s_rate|} * x; static readonly double s_rate = 2;",
            "is compiled into the edge with the value of its initializer", "declare it as const" },
        { "=> {|KAN0210:s_rate|} * x; static readonly double s_rate = Math.Sqrt(4);",
            "is compiled into the edge with the value of its initializer", "make sure that nothing else sets it" },
        { "=> {|KAN0210:s_table|}[0] * x + {|KAN0210:s_table|}[1]; static readonly double[] s_table = [1, 2];",
            "is compiled into the edge with the value of its initializer", "declare it as a property 'ReadOnlySpan<double>'" },
        { "=> {|KAN0200:Math.Atan2(1, 2)|} + x;", "is not piecewise linear in its arguments",
            "use Abs, Min, Max or Clamp, or define the curve by breakpoints and slopes" },
        { "=> {|KAN0200:Math.Pow(2, x)|};", "is not piecewise linear in 'x'",
            "use Abs, Min, Max or Clamp, or define the curve by breakpoints and slopes" },
        { "=> G(x); static double G(double v) => H(v); static double H(double v) => {|KAN0208:G(v)|};",
            "calls a method that is already being compiled, G -> H -> G", "write a loop with a constant bound" },
        { "{ int n = 0; while ({|KAN0205:n < 1001|}) n++; return x; }", "repeats its loop more than 1000 times",
            "give the loop a constant bound of at most 1000" },
        { "{ int i = 0; while ({|KAN0205:i < 129 && i < x|}) i++; return x + i * 0; }", "repeats its loop more than 128 times",
            "give the loop a constant bound of at most 128" },
        { "{ for (int i = 0; i < 12; i++) x = {|KAN0212:Math.Abs(x)|} - 1 / Math.Pow(2, i); return x; }",
            "needs more than 1024 breakpoints", "split the function, or use fewer pieces and simpler numbers" },
    };

    /// <summary>The body of an edge with marks.</summary>
    public static TheoryData<string, string> Partly { get; } = new()
    {
        { "=> {|KAN0203:Math.Clamp(x, 0, 3) % 2|};", "makes 'F' jump at x = 2, from 2 to 0" },
        { "=> {|KAN0203:Math.Clamp(x, -3, 0) % 2|};", "makes 'F' jump at x = -2, from 0 to -2" },
        { "=> {|KAN0204:double.Ieee754Remainder(x, 2)|};", "rounds a number that varies with 'x'" },
        { "{ if (x < -1) return 0; return 0 * Math.Clamp({|KAN0204:(int)x|} + 1, 0, 3); }", "rounds a number that varies with 'x'" },
        { "=> (int)({|KAN0203:x > 1|} ? 2.5 : 0.5);", "makes 'F' jump at x = 1, from 0 to 2" },
        { "=> {|KAN0203:double.IsNegative(x)|} || x > 0 ? x : 5;", "makes 'F' jump at x = 0, where it is 5 between 0 on both sides" },
        { "=> ~{|KAN0204:(int)x|};", "rounds a number that varies with 'x'" },
        { "=> Math.Clamp((int){|KAN0204:(byte)x|}, 0, 3);", "rounds a number that varies with 'x'" },
        { "=> {|KAN0204:(int)Math.Clamp(x, -1e8, 1e8)|};", "rounds a number that varies with 'x'" },
        { "{ double w = {|KAN0204:Math.Floor(x)|}; if (w < 0) w = 0.5; return w; }", "rounds a number that varies with 'x'" },
        { "=> x + ({|KAN0203:double.IsPositive(x)|} ? 1 : 0);", "makes 'F' jump at x = 0, from 0 to 1" },
        { "{ {|KAN0217:ArgumentOutOfRangeException.ThrowIfNegative(x)|}; return x; }", "is meant for x >= 0" },
        { "{ {|KAN0217:ArgumentOutOfRangeException.ThrowIfNegativeOrZero(x)|}; return x; }", "is meant for x > 0" },
        { "{ {|KAN0217:ArgumentOutOfRangeException.ThrowIfZero(x)|}; return x; }", "is meant for x < 0" },
        { "{ {|KAN0217:ArgumentOutOfRangeException.ThrowIfLessThan(x, 1)|}; return x; }", "is meant for x >= 1" },
        { "{ {|KAN0217:ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(x, 1)|}; return x; }", "is meant for x > 1" },
        { "{ {|KAN0217:ArgumentOutOfRangeException.ThrowIfGreaterThan(x, 1)|}; return x; }", "is meant for x <= 1" },
        { "{ {|KAN0217:ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(x, 1)|}; return x; }", "is meant for x < 1" },
        { "{ {|KAN0217:ArgumentOutOfRangeException.ThrowIfEqual(x, 1)|}; return x; }", "is meant for x < 1" },
        { "{ double y = G(x); return y / (x < 0 ? 0 : 1); } static double G(double v) { "
            + "{|KAN0217:ArgumentOutOfRangeException.ThrowIfNegative(v)|}; return 2 * v; }", "is meant for x >= 0" },
    };

    [Theory]
    [MemberData(nameof(Sound))]
    public void A_number_is_what_running_the_code_gives(string body) => Snippets.AssertSame("static double F(double x) " + body);

    [Theory]
    [MemberData(nameof(Flagged))]
    public void A_mistake_with_numbers_says_what_it_is(string body, string fact, string remedy) =>
        Snippets.AssertSays("static double F(double x) " + body, fact, remedy);

    [Theory]
    [MemberData(nameof(Partly))]
    public void A_mistake_with_some_numbers_says_where(string body, string fact) =>
        Snippets.AssertFlagged("static double F(double x) " + body, fact);

    /// <summary>Jumps that only the rounding of binary constants makes: as decimals both sides are the same.</summary>
    [Theory]
    [InlineData("0.3 * x : 0.1 + 0.2 + (x - 1) * 2")]
    [InlineData("0.6 * x : 0.1 + 0.2 + 0.3 + (x - 1) * 2")]
    [InlineData("0.2 * x : 0.3 - 0.1 + (x - 1) * 2")]
    [InlineData("0.3 * x : 0.1 * 3 + (x - 1) * 2")]
    [InlineData("0.1 * x : 0.3 / 3 + (x - 1) * 2")]
    [InlineData("-0.3 * x : -(0.1 + 0.2) + (x - 1) * 2")]
    [InlineData("(double)0.1f * 3 * x : 0.3 + (x - 1) * 2")]
    [InlineData("0.3 * x : (double)(0.1f + 0.2) + (x - 1) * 2")]
    public void Pieces_meet_as_decimals(string pieces)
    {
        var compilation = new FunctionCompilation("static double F(double x) => x <= 1 ? " + pieces + ";");
        Assert.Equal("KAN0214", Assert.Single(compilation["F"].Problems).Descriptor.Id);
        Assert.Equal([Exact.One], compilation.Parts("F")[0].Breakpoints);
    }

    [Theory]
    [InlineData(31, 0)]
    [InlineData(32, 1)]
    public void Calls_nest_32_deep(int helpers, int expected)
    {
        string chain = string.Concat(Enumerable.Range(1, helpers - 1)
            .Select(static i => $"static double G{i}(double v) => G{i + 1}(v); "));
        var compilation = new FunctionCompilation($"static double F(double x) => G1(x); {chain}static double G{helpers}(double v) => v;");
        Assert.Equal(expected, compilation["F"].Problems.Length);
        if (expected == 0) return;
        Assert.Equal(["KAN0212 'G32(v)'"], compilation.Mistakes("F"));
        Assert.Contains("needs more than 32 nested calls", compilation.Describe("F"), System.StringComparison.Ordinal);
    }

    /// <summary>1.3 to the 45th is rounded once; a host's own power is not always.</summary>
    [Fact]
    public void A_whole_power_is_rounded_once() => Assert.Equal(
        Exact.FromDouble(134106.81671325013), new FunctionCompilation("static double F(double x) => Math.Pow(1.3, 45) + 0 * x;")
        .Value("F", 0));

    [Fact]
    public void Operations_are_counted_over_all_turns() => Assert.Contains("needs more than 50000 operations after unrolling loops",
        new FunctionCompilation("static double F(double x) { for (int i = 0; i < 300; i++) for (int j = 0; j < 300; j++) x = x + 0; "
            + "return x; }").Describe("F"), System.StringComparison.Ordinal);

    [Fact]
    public void A_method_without_code_has_no_function()
    {
        var compilation = new FunctionCompilation(
            "[System.Runtime.InteropServices.DllImport(\"m\")] static extern double F(double x);");
        Assert.True(compilation["F"].Functions.IsDefault);
        Assert.Empty(compilation["F"].Problems);
    }
}
