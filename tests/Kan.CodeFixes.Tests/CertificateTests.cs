extern alias fixes;

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using fixes::Kan.CodeFixes.Smooth;
using Kan.CodeFixes.Tests.Harness;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Kan.CodeFixes.Tests;

/// <summary>The error that a comment certifies holds for the numbers that the compiler reads from the attribute below it.</summary>
[Trait("Speed", "Slow")]
public sealed partial class CertificateTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, Func<decimal, decimal>> s_functions = new()
    {
        ["Math.Sin(x)"] = HighPrecision.Sin,
        ["Math.Cos(2 * x) / 3"] = static x => HighPrecision.Sin((2 * x) + 1.5707963267948966192313216916m) / 3,
        ["x * x"] = static x => x * x,
        ["Math.Exp(x)"] = HighPrecision.Exp,
        ["Math.Tanh(x)"] = HighPrecision.Tanh,
        ["Math.Sqrt(x)"] = HighPrecision.Sqrt,
        ["Math.Log(x)"] = HighPrecision.Log,
        ["Math.Log10(x)"] = static x => HighPrecision.Log(x) / 2.3025850929940456840179914547m,
        ["x / (1 + Math.Exp(-x))"] = static x => x * HighPrecision.Sigmoid(x),
        ["1 / (1 + Math.Exp(-x))"] = HighPrecision.Sigmoid,
        ["Math.Log(1 + Math.Exp(x))"] = static x => Math.Max(x, 0) + HighPrecision.Log(1 + HighPrecision.Exp(-Math.Abs(x))),
        ["Math.Pow(x, 1.5)"] = static x => x * HighPrecision.Sqrt(x),
        ["Math.Pow(2, x)"] = static x => HighPrecision.Exp(x * 0.6931471805599453094172321215m),
        ["1 / x"] = static x => 1 / x,
        ["0.5 * x * Math.Abs(x) - Math.Sin(x)"] = static x => (0.5m * x * Math.Abs(x)) - HighPrecision.Sin(x),
        ["x < 1 ? x : Math.Sqrt(x)"] = static x => x < 1 ? x : HighPrecision.Sqrt(x),
    };

    [Theory]
    [InlineData("Math.Sin(x)", "[-8, 8]", "1e-3")]
    [InlineData("Math.Sin(x)", "[-1, 1]", "1e-6")]
    [InlineData("Math.Cos(2 * x) / 3", "[-8, 8]", "1e-3")]
    [InlineData("x * x", "[0, 100]", "0.05")]
    [InlineData("x * x", "[-1, 1]", "1e-4")]
    [InlineData("Math.Exp(x)", "[-8, 2]", "1e-3")]
    [InlineData("Math.Tanh(x)", "all", "1e-4")]
    [InlineData("Math.Sqrt(x)", "[0, 100]", "1e-3")]
    [InlineData("Math.Log(x)", "[0.001, 10]", "1e-3")]
    [InlineData("Math.Log10(x)", "[1, 1000]", "1e-4")]
    [InlineData("x / (1 + Math.Exp(-x))", "all", "1e-2")]
    [InlineData("x / (1 + Math.Exp(-x))", "all", "1e-3")]
    [InlineData("x / (1 + Math.Exp(-x))", "[-8, 8]", "1e-4")]
    [InlineData("1 / (1 + Math.Exp(-x))", "all", "1e-3")]
    [InlineData("Math.Log(1 + Math.Exp(x))", "all", "1e-3")]
    [InlineData("Math.Pow(x, 1.5)", "[0, 10]", "1e-3")]
    [InlineData("Math.Pow(2, x)", "[-3, 3]", "1e-3")]
    [InlineData("1 / x", "[0.125, 8]", "1e-3")]
    [InlineData("1 / x", "[-8, -0.125]", "1e-2")]
    [InlineData("0.5 * x * Math.Abs(x) - Math.Sin(x)", "[-4, 4]", "1e-3")]
    [InlineData("x < 1 ? x : Math.Sqrt(x)", "[-5, 100]", "1e-3")]
    public async Task No_sample_is_farther_than_the_certificate_says(string expression, string domain, string error)
    {
        string changed = await Fixing.Apply<SmoothFunctionFix>(
            $$"""
            [KanNetwork(1, 1)]
            public sealed partial class C
            {
                // kan: domain {{domain}}, error {{error}}
                [EdgeFunction(0, 0, 0)]
                private static double F(double x) => {{expression}};
            }
            """, "SmoothFunctionFix.Marked");
        decimal certified = decimal.Parse(Certified().Match(changed).Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture);
        var edge = Fixing.Load(changed).GetType("C")!.GetCustomAttribute<EdgeAttribute>()!;
        var (low, high) = domain == "all"
            ? (-70m, 70m)
            : (Parse(domain.Trim('[', ']').Split(',')[0]), Parse(domain.Trim('[', ']').Split(',')[1]));
        decimal most = LargestError(edge, s_functions[expression], low, high);
        decimal ratio = certified / most;
        output.WriteLine($"{expression} on {domain} within {error}: {edge.Slopes.Length} segments, certified {certified}, found "
            + $"{most:0.000000000}, ratio {ratio:0.0000}");
        Assert.True(most <= certified, $"{most} > {certified}");
        Assert.True(certified <= decimal.Parse(error, NumberStyles.Float, CultureInfo.InvariantCulture));

        // A bound far above what there is would ask for more segments than needed.
        Assert.InRange(ratio, 1.0m, 1.1m);
    }

    /// <summary>
    /// Random code, run as the compiler makes it, against its approximation: what is read as a function is what the code computes.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_code_stays_within_the_bound_of_its_approximation(int seed)
    {
        const int Count = 60;
        var random = new Random(seed);
        string[] bodies = [.. Enumerable.Range(0, Count).Select(_ => Expression(random, 4))];
        string source = "public static class R\n{\n"
            + string.Concat(bodies.Select(static (body, i) => $"    public static double F{i}(double x) => {body};\n")) + "}\n";
        var compilation = Fixing.Compile(source);
        var type = Fixing.Load(source).GetType("R")!;
        int compared = 0;
        for (int i = 0; i < Count; i++)
        {
            var symbol = compilation.GetTypeByMetadataName("R")!.GetMembers("F" + i).OfType<IMethodSymbol>().Single();
            if (SmoothFunctionReader.Read(symbol, compilation, CancellationToken.None) is not { } function) continue;
            var goal = new ApproximationGoal(new fixes::Kan.Networks.Interval(0.25, 2), 0.02);
            if (CertifiedNumbers.Create(function, goal, CancellationToken.None) is not { } certified) continue;
            compared++;
            var code = type.GetMethod("F" + i)!.CreateDelegate<Func<double, double>>();
            var numbers = certified.Numbers;
            var approximation = PiecewiseLinearFunction.FromSlopes(
                [.. numbers.Breakpoints.Select(Rational.FromDouble)], [.. numbers.Slopes.Select(Rational.FromDouble)], Rational.Zero,
                Rational.FromDouble(numbers.ValueAtZero));
            for (int sample = 0; sample <= 400; sample++)
            {
                double x = 0.25 + (1.75 * sample / 400), value = code(x), error = Math.Abs(value - approximation.Evaluate(x));
                Assert.True(error <= certified.ErrorBound + (1e-12 * (1 + Math.Abs(value))),
                    $"{bodies[i]} at {x}: {error} > {certified.ErrorBound}");
            }
        }

        output.WriteLine($"{compared} of {Count} compared");
        Assert.True(compared > Count / 2);
    }

    private static string Expression(Random random, int depth)
    {
        if (depth == 0) return random.Next(4) == 0 ? (random.Next(1, 40) / 8.0).ToString(CultureInfo.InvariantCulture) : "x";
        string Inner() => Expression(random, random.Next(depth));
        return random.Next(20) switch
        {
            0 => "Math.Sin(" + Inner() + ")",
            1 => "Math.Cos(" + Inner() + ")",
            2 => "Math.Exp(-Math.Abs(" + Inner() + "))",
            3 => "Math.Tanh(" + Inner() + ")",
            4 => "Math.Sqrt(1 + Math.Abs(" + Inner() + "))",
            5 => "Math.Log(2 + Math.Abs(" + Inner() + "))",
            6 => "Math.Atan(" + Inner() + ")",
            7 => "Math.Pow(" + Inner() + ", 2)",
            8 => "Math.Log2(1.5 + " + Inner() + " * 0.125)",
            9 => Inner() + " / (1 + Math.Exp(-(" + Inner() + ")))",
            10 => "Math.Max(" + Inner() + ", " + Inner() + ")",
            11 => "Math.Clamp(" + Inner() + ", -1, 1.5)",
            12 => "(x < 1 ? " + Inner() + " * (x - 1) : Math.Sin(x - 1))",
            13 or 14 => "(" + Inner() + " * " + Inner() + ")",
            15 or 16 => "(" + Inner() + " - " + Inner() + ")",
            17 => "(" + Inner() + ") / 3",
            18 => "Math.FusedMultiplyAdd(x, " + Inner() + ", 0.5)",
            _ => "(" + Inner() + " + " + Inner() + ")",
        };
    }

    private static decimal LargestError(EdgeAttribute edge, Func<decimal, decimal> function, decimal low, decimal high)
    {
        const int Samples = 60;
        decimal[] breakpoints = [.. edge.Breakpoints.Select(HighPrecision.Exact)], slopes = [.. edge.Slopes.Select(HighPrecision.Exact)];
        decimal most = 0, left = low, value = ValueAt(low);
        foreach (decimal right in breakpoints.Where(knot => low < knot && knot < high).Append(high))
        {
            decimal slope = slopes[breakpoints.Count(knot => knot <= left)];
            for (int sample = 0; sample <= Samples; sample++)
            {
                decimal step = (right - left) * sample / Samples;
                most = Math.Max(most, Math.Abs(function(left + step) - (value + (slope * step))));
            }

            (left, value) = (right, value + (slope * (right - left)));
        }

        return most;

        // The slopes summed up from 0.
        decimal ValueAt(decimal x)
        {
            decimal sum = HighPrecision.Exact(edge.ValueAtZero), from = Math.Min(0, x), to = Math.Max(0, x);
            for (int i = 0; i < slopes.Length; i++)
            {
                decimal start = i == 0 ? from : Math.Max(from, breakpoints[i - 1]),
                    end = i == breakpoints.Length ? to : Math.Min(to, breakpoints[i]);
                if (start < end) sum += Math.Sign(x) * (end - start) * slopes[i];
            }

            return sum;
        }
    }

    private static decimal Parse(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex("certified maximum error ([0-9.Ee+-]+[0-9])")]
    private static partial Regex Certified();
}
