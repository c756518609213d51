extern alias generators;

using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Fractions;
using Kan.Generators.Tests.Functions.Trees;
using Kan.Testing;
using Xunit;
using Exact = generators::Kan.Networks.Rational;

namespace Kan.Generators.Tests.Functions;

/// <summary>
/// Random methods against a direct evaluation of their trees in the rationals of another library: at breakpoints, beside them, between them
/// and far outside.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class RandomTreeTests
{
    private const int Batch = 250;

    private static readonly string[] s_relations = ["<", "<=", ">", ">=", "==", "!="];

    /// <summary>The seeds: a failure comes back.</summary>
    public static IEnumerable<TheoryDataRow<int>> Seeds(int count) =>
        Enumerable.Range(1, count).Select(static seed => new TheoryDataRow<int>(seed));

    [Theory]
    [MemberData(nameof(Seeds), 8)]
    public void A_tree_is_what_its_direct_evaluation_gives(int seed)
    {
        var random = new Random(seed);
        var methods = Methods(random, Batch, out var helpers);
        var compilation = new FunctionCompilation(string.Concat(helpers.Concat(methods).Select(static method => method.Text)));
        foreach (var method in methods) AssertSame(compilation, method, random);
    }

    [Fact]
    public void A_sum_over_several_parameters_is_what_its_direct_evaluation_gives()
    {
        var random = new Random(99);
        Method[] methods = [.. Enumerable.Range(0, Batch)
            .Select(i => new TreeGenerator(random, random.Next(4) == 0, []).Separable("F" + i, random.Next(2, 4), 2))];
        var compilation = new FunctionCompilation(string.Concat(methods.Select(static method => method.Text)));
        foreach (var method in methods) AssertSame(compilation, method, random);
    }

    [Theory]
    [MemberData(nameof(Seeds), 5)]
    public void A_forbidden_node_is_flagged_at_that_node(int seed)
    {
        var random = new Random(1000 + seed);
        var planted = new List<(Method Method, Forbidden Node)>();
        while (planted.Count < 100)
        {
            bool isSingle = random.Next(4) == 0;
            var generator = new TreeGenerator(random, isSingle, []);
            var method = random.Next(2) == 0
                ? generator.Expression("F" + planted.Count, random.Next(1, 5))
                : generator.Block("F" + planted.Count, 3);
            if (generator.Slots.Count == 0) continue;
            var node = ForbiddenNode(random, isSingle);
            generator.Slots[random.Next(generator.Slots.Count)].Content = node;

            // A node that stands twice, or that no input reaches, is another story.
            if (method.Text.Count(static c => c == Forbidden.Start) != 1 || !IsReached(method)) continue;
            planted.Add((method, node));
        }

        var compilation = new FunctionCompilation(
            "static double s_rate = 2; static float s_gain = 2f;\n"
            + string.Concat(planted.Select(static pair => Unmarked(pair.Method.Text))));
        int bounded = 0;
        foreach (var (method, node) in planted)
        {
            var mistakes = compilation.Mistakes(method.Name);
            if (mistakes is [var mistake] && mistake == $"{node.Id} '{node.Code}'") continue;

            // A clamp around it gives it bounds, and what is left is a jump, if anything.
            bool isBounded = node.Id == "KAN0204" && mistakes.All(static jump => jump.StartsWith("KAN0203", StringComparison.Ordinal));
            Assert.True(isBounded, $"{Unmarked(method.Text)}\n{node}\n{compilation.Describe(method.Name)}");
            bounded++;
        }

        Assert.InRange(bounded, 0, planted.Count / 20);
    }

    [Theory]
    [MemberData(nameof(Seeds), 3)]
    public void A_jump_is_real_and_named_by_its_point_and_values(int seed)
    {
        var random = new Random(2000 + seed);
        var planted = new List<(Method Method, string Condition)>();
        while (planted.Count < 100)
        {
            var generator = new TreeGenerator(random, false, []);
            var method = generator.Expression("F" + planted.Count, random.Next(0, 4));
            if (generator.Slots.Count == 0) continue;
            var literal = new Literal(random.Next(-8, 9) / 2.0, false);
            var condition = new Comparison(s_relations[random.Next(s_relations.Length)], new Parameter("x", 0), literal);
            var slot = generator.Slots[random.Next(generator.Slots.Count)];
            slot.Content = new Choice(condition, new Literal(random.Next(5), false),
                new Arithmetic('+', new Parameter("x", 0), new Literal(5.5, false), false));
            if (Occurrences(method.Text, slot.Text) == 1) planted.Add((method, condition.Text));
        }

        var compilation = new FunctionCompilation(string.Concat(planted.Select(static pair => pair.Method.Text)));
        int flagged = 0;
        foreach (var (method, condition) in planted)
        {
            if (!compilation[method.Name].Functions.IsDefault)
            {
                AssertSame(compilation, method, random);
                continue;
            }

            flagged++;
            Assert.True(compilation.Mistakes(method.Name) is [var mistake] && mistake == $"KAN0203 '{condition}'",
                method.Text + compilation.Describe(method.Name));
            AssertNamed(method, Assert.Single(compilation.Messages(method.Name)));
        }

        Assert.InRange(flagged, 60, 100);
    }

    private static List<Method> Methods(Random random, int count, out List<Method> helpers)
    {
        bool IsSingle() => random.Next(4) == 0;
        List<Method> singles = [], doubles = [];
        for (int i = 0; i < 3; i++)
        {
            singles.Add(new TreeGenerator(random, true, singles).Expression("G" + i, 2));
            doubles.Add(new TreeGenerator(random, false, doubles).Block("H" + i, 2));
        }

        helpers = [.. singles, .. doubles];
        var methods = new List<Method>();
        for (int i = 0; i < count; i++)
        {
            bool isSingle = IsSingle();
            var generator = new TreeGenerator(random, isSingle, isSingle ? singles : doubles);
            methods.Add(random.Next(3) == 0
                ? generator.Block("F" + i, random.Next(1, 4))
                : generator.Expression("F" + i, random.Next(1, 5)));
        }

        return methods;
    }

    private static void AssertSame(FunctionCompilation compilation, Method method, Random random)
    {
        Require.That(compilation.Mistakes(method.Name) is [], $"{method.Text}{compilation.Describe(method.Name)}");
        var parts = compilation.Parts(method.Name);
        for (int variable = 0; variable < method.ParameterCount; variable++)
        {
            Fraction[] breakpoints =
                [.. parts[variable].Breakpoints.Select(static point => new Fraction(point.Numerator, point.Denominator))];
            foreach (var point in Points(breakpoints, random))
            {
                var arguments = Enumerable.Range(0, method.ParameterCount).Select(i => i == variable ? point : Generic(random)).ToArray();
                var actual = compilation.Value(method.Name,
                    [.. arguments.Select(static argument => Exact.Create(argument.Numerator, argument.Denominator))]);
                var expected = method.Value(arguments);
                Require.That(new Fraction(actual.Numerator, actual.Denominator) == expected,
                    $"{method.Text}at {string.Join(", ", arguments)}: {actual}, not {expected}");
            }
        }
    }

    private static IEnumerable<Fraction> Points(Fraction[] breakpoints, Random random)
    {
        var tiny = new Fraction(BigInteger.One, BigInteger.Pow(10, 40));
        var far = new Fraction(BigInteger.Pow(10, 30));
        for (int i = 0; i < breakpoints.Length; i++)
        {
            yield return breakpoints[i];
            yield return breakpoints[i] - tiny;
            yield return breakpoints[i] + tiny;
            if (i > 0) yield return (breakpoints[i - 1] + breakpoints[i]) / Fraction.Two;
        }

        yield return far;
        yield return -far;
        for (int i = 0; i < 24; i++) yield return Generic(random);
        for (int i = -8; i <= 8; i++) yield return new Fraction(i, 2);
    }

    /// <summary>A point that is not a threshold of anything.</summary>
    private static Fraction Generic(Random random) => new(random.Next(-200_000, 200_000), 10_007);

    private static bool IsReached(Method method)
    {
        var random = new Random(5);
        return Enumerable.Range(0, 60).Any(_ =>
        {
            var scope = new Scope(Generic(random));
            method.Value(scope);
            return scope.MetForbidden;
        });
    }

    private static Forbidden ForbiddenNode(Random random, bool isSingle)
    {
        string math = isSingle ? "MathF" : "Math", f = isSingle ? "f" : "";
        string a = new[] { "x", "(x + 1)", "(2 * x - 3)", $"({f switch { "f" => "0.5f", _ => "0.5" }} - x)" }[random.Next(4)];
        (string Code, string Id)[] nodes =
        [
            ($"{a} * x", "KAN0201"), ($"{a} * {math}.Abs(x)", "KAN0201"), ($"1 / {a}", "KAN0202"), ($"x / {a}", "KAN0202"),
            ($"{math}.Sqrt({a})", "KAN0200"), ($"{math}.Exp({a})", "KAN0200"), ($"{math}.Sin({a})", "KAN0200"),
                ($"{math}.Tanh({a})", "KAN0200"),
            ($"{math}.Pow({a}, 2)", "KAN0200"), ($"{math}.Cbrt({a})", "KAN0200"), ($"{math}.Atan2({a}, 1)", "KAN0200"),
                ($"{math}.Log({a})", "KAN0200"),
            ($"{a} % 3", "KAN0204"), ($"(int){a}", "KAN0204"), ($"(long){a}", "KAN0204"), ($"{math}.Floor({a})", "KAN0204"),
                ($"{math}.Round({a})", "KAN0204"), ($"{math}.Truncate({a})", "KAN0204"),
            (isSingle ? "s_gain" : "s_rate", "KAN0206"), (isSingle ? "s_gain++" : "s_rate++", "KAN0206"),
                ($"Random.Shared.Next{(isSingle ? "Single" : "Double")}()", "KAN0207"), ("new object().GetHashCode()", "KAN0207"),
            ($"{a} / {(isSingle ? "0f" : "0.0")}", "KAN0209"),
        ];
        var (code, id) = nodes[random.Next(nodes.Length)];
        return new Forbidden(code, id);
    }

    private static string Unmarked(string text) =>
        text.Replace(Forbidden.Start.ToString(), "", StringComparison.Ordinal)
            .Replace(Forbidden.End.ToString(), "", StringComparison.Ordinal);

    private static int Occurrences(string text, string part)
    {
        int count = 0;
        for (int i = text.IndexOf(part, StringComparison.Ordinal); i >= 0; i = text.IndexOf(part, i + 1, StringComparison.Ordinal)) count++;
        return count;
    }

    /// <summary>Requires that a message names a point where the tree jumps, and what it is on both sides.</summary>
    private static void AssertNamed(Method method, string message)
    {
        var match = System.Text.RegularExpressions.Regex.Match(message, @"jump at x = (\S+), (?:from (\S+) to (\S+)|where it is (\S+) between (\S+) on both sides):");
        Assert.True(match.Success, message);
        double Number(int group) => double.Parse(match.Groups[group].Value, System.Globalization.CultureInfo.InvariantCulture);
        var (tiny, point) = (new Fraction(BigInteger.One, BigInteger.Pow(10, 40)), Tree.Exact(Number(1)));
        Fraction left = method.Value(point - tiny), at = method.Value(point), right = method.Value(point + tiny);
        bool isStep = match.Groups[2].Success;
        Assert.Equal(isStep ? Number(2) : Number(5), left.ToDouble(), 1e-9);
        Assert.Equal(isStep ? Number(3) : Number(5), right.ToDouble(), 1e-9);
        if (!isStep) Assert.Equal(Number(4), at.ToDouble(), 1e-9);
        Assert.True((left - right).Abs() > new Fraction(BigInteger.One, 1_000_000_000)
            || (at - left).Abs() > new Fraction(BigInteger.One, 1_000_000_000), method.Text + message);
    }
}
