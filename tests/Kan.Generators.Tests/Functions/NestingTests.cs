using System;
using System.Globalization;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Text;
using System.Threading;
using Kan.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Kan.Generators.Tests.Functions;

/// <summary>
/// Code that nests deep, compiled on threads with little stack: the C# compiler overflows it when it is asked for operations of such code,
/// and takes the process with it, so that a fault ends the test run.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class NestingTests
{
    /// <summary>What is nested, how often, and whether it is refused: sums and chains of "else if" are long, not deep.</summary>
    public static TheoryData<string, int, bool> Cases => new()
    {
        { "conditional", 1_500, true }, { "conditional", 150, false }, { "left conditional", 1_000, true },
        { "minus", 3_000, true }, { "minus", 150, false }, { "parenthesis", 3_000, true }, { "cast", 1_000, true },
        { "sum", 10_000, false }, { "right sum", 2_000, true }, { "and", 5_000, false }, { "max", 2_000, true }, { "max", 50, false },
        { "blocks", 2_000, true }, { "ifs", 2_000, true }, { "else if", 5_000, false }, { "fors", 1_000, true }, { "whiles", 1_000, true },
        { "switch statements", 600, true }, { "switch expressions", 600, true }, { "lambdas", 300, true }, { "local functions", 300, true },
        { "patterns", 3_000, true }, { "assignments", 1_500, true }, { "tuples", 800, true }, { "index", 1_000, true },
            { "helper", 3_000, true }, { "field", 3_000, true }, { "property", 3_000, true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Deep_code_is_a_diagnostic_on_a_small_stack(string kind, int count, bool isRefused)
    {
        // The parser of the C# compiler needs a larger stack for some of it.
        var compilation = OnStack(16_384, () => GeneratorHarness.Compile(Source(kind, count)));
        string[] ids = OnStack(1024, () =>
        {
            var run = GeneratorHarness.Start(compilation);
            return run.FirstResult.Diagnostics.Select(static diagnostic => diagnostic.ToString())
                .Append(run.FirstResult.GeneratedSources.Single().SourceText.ToString()).ToArray();
        });
        string generated = Assert.Single(ids);
        Assert.Equal(isRefused, generated.Contains("see KAN0212", StringComparison.Ordinal));
        if (!isRefused) Assert.DoesNotContain("was not generated", generated, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("conditional", 150)]
    [InlineData("minus", 150)]
    [InlineData("max", 60)]
    [InlineData("left conditional", 60)]
    [InlineData("lambdas", 35)]
    [InlineData("cast", 180)]
    public void Code_within_the_limit_never_overflows_a_stack_that_is_nearly_full(string kind, int count)
    {
        for (int kilobytes = 384; kilobytes <= 768; kilobytes += 64)
        {
            var compilation = GeneratorHarness.Compile(Source(kind, count));
            OnStack(kilobytes, () => GeneratorHarness.Start(compilation).FirstResult.Diagnostics.Length);
        }
    }

    [Theory]
    [InlineData("conditional", 1_500)]
    [InlineData("minus", 3_000)]
    [InlineData("helper", 3_000)]
    [InlineData("field", 3_000)]
    public void The_analyzer_reports_deep_code_once(string kind, int count)
    {
        var run = GeneratorHarness.Run(Source(kind, count));
        var diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal("KAN0212", diagnostic.Id);
        Assert.EndsWith(
            "' needs more than 200 levels of nested code: split the function, or use fewer pieces and simpler numbers",
            diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.Empty(run.Result.Diagnostics);
    }

    private static string Source(string kind, int count)
    {
        string own = kind switch
        {
            "conditional" => "return " + Indexed(count, static i => $"x > {i} ? x : ") + "x;",
            "left conditional" => "return " + Repeat("(", count) + "x" + Repeat(" > 0 ? x : x)", count) + ";",
            "minus" => "return " + Repeat("- ", count) + "x;",
            "parenthesis" => "return " + Repeat("(", count) + "x" + Repeat(")", count) + ";",
            "cast" => "return " + Repeat("(double)", count) + "x;",
            "sum" => "return x" + Repeat(" + x", count) + ";",
            "right sum" => "return " + Repeat("x + (", count) + "x" + Repeat(")", count) + ";",
            "and" => "return x > 1" + Repeat(" && x > 0", count) + " ? x - 1 : 0;",
            "max" => "return " + Repeat("Math.Max(1, ", count) + "x" + Repeat(")", count) + ";",
            "blocks" => Repeat("{", count) + "return x;" + Repeat("}", count),
            "ifs" => Repeat("if (x > 0) ", count) + "return x; return 0;",
            "else if" => Indexed(count, static i => $"if (x < {i % 2}) return x; else ") + "return x;",
            "fors" => Indexed(count, static i => $"for (int i{i} = 0; i{i} < 1; i{i}++) ") + "x = x + 1; return x;",
            "whiles" => Repeat("while (x > 0) ", count) + "x = x - 1; return x;",
            "switch statements" => Repeat("switch (x) { case > 0: ", count) + "return x;" + Repeat(" default: return 0; }", count),
            "switch expressions" => "return " + Repeat("x switch { > 0 => ", count) + "x" + Repeat(", _ => 0 }", count) + ";",
            "lambdas" => "return " + Indexed(count, static i => $"((Func<double, double>)(y{i} => ") + "x" + Repeat("))(x)", count) + ";",
            "local functions" => Indexed(count, static i => $"double f{i}(double y{i}) {{ ") + "return x; "
                + string.Concat(Enumerable.Range(0, count).Reverse().Select(static i => $"}} return f{i}(x); ")),
            "patterns" => "return x is 0" + Indexed(count, static i => $" or {i}") + " ? 0 : x;",
            "assignments" => "double a; return " + Repeat("a = ", count) + "x;",
            "tuples" => "var t = " + Repeat("(x, ", count) + "x" + Repeat(")", count) + "; return x;",
            "index" => "int[] a = [0]; return " + Repeat("a[", count) + "0" + Repeat("]", count) + " * x;",
            "helper" => "return Helper.G(x);",
            "field" => "return Helper.Field * x;",
            "property" => "return Helper.Property * x;",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        string minus = kind is "helper" or "field" or "property" ? Repeat("- ", count) : "";
        return "using System; using Kan; [KanNetwork(1, 1)] partial class Net { [EdgeFunction(0, 0, 0)] static double F(double x) { " + own
            + " } }"
            + "static class Helper { static double One() => 1; public static double G(double y) => " + (kind == "helper" ? minus : "")
            + "y;"
            + "public static readonly double Field = " + (kind == "field" ? minus : "") + "One(); public static double Property { get; } = "
            + (kind == "property" ? minus : "") + "One(); }";
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();

    private static string Indexed(int count, Func<int, string> text) => string.Concat(Enumerable.Range(0, count).Select(text));

    internal static T OnStack<T>(int kilobytes, Func<T> run)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = run();
                }
                catch (Exception exception)
                {
                    failure = ExceptionDispatchInfo.Capture(exception);
                }
            },
            kilobytes * 1024);
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }
}
