extern alias generators;

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Kan.Testing;
using Xunit;
using Exact = generators::Kan.Networks.Rational;

namespace Kan.Generators.Tests.Functions;

/// <summary>
/// The gallery of the documentation: each method compiles to the values that stand beside it, or is flagged where it says.
/// </summary>
public sealed partial class GalleryTests
{
    private static readonly Lazy<string> s_code = new(ReadGallery);
    private static readonly Lazy<FunctionCompilation> s_compilation = new(static () => new FunctionCompilation(s_code.Value));
    private static readonly Lazy<Assembly> s_assembly = new(static () =>
    {
        using var stream = new MemoryStream();
        Assert.True(s_compilation.Value.Compilation.Emit(stream).Success);
        return Assembly.Load(stream.ToArray());
    });

    /// <summary>The methods that compile, and the values that the gallery states.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> Values() => StatedValue().Matches(s_code.Value)
        .GroupBy(static match => match.Groups["name"].Value)
        .Select(static group => new TheoryDataRow<string, string>(group.Key, string.Join("; ", group.Select(static match => match.Value))));

    /// <summary>The methods that are flagged.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> Flags() => StatedFlag().Matches(s_code.Value)
        .Select(static match => new TheoryDataRow<string,
            string>(match.Groups["name"].Value, match.Groups["id"].Value + " '" + match.Groups["code"].Value.TrimEnd('\r') + "'"));

    [Theory]
    [MemberData(nameof(Values))]
    public void A_method_has_the_values_stated(string name, string values)
    {
        foreach (Match match in StatedValue().Matches(values))
        {
            double[] arguments = [.. match.Groups["arguments"].Value.Split(',')
                .Select(static text => double.Parse(text, CultureInfo.InvariantCulture))];
            double expected = double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture);
            double exact = s_compilation.Value.Value(name, [.. arguments.Select(Exact.FromDouble)]).ToDouble();
            Assert.Equal(expected, exact, 1e-9 * Math.Max(1, Math.Abs(expected)));
        }

        Assert.All(s_compilation.Value.Mistakes(name),
            static mistake =>
            Assert.True(mistake.StartsWith("KAN0214", StringComparison.Ordinal) || mistake.StartsWith("KAN0217", StringComparison.Ordinal),
            mistake));
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void A_method_is_what_running_it_gives(string name, string values)
    {
        Assert.NotEmpty(values);
        var random = new Random(name.Length);
        int count = s_compilation.Value.Methods[name].Parameters.Length;
        var points = s_compilation.Value.Parts(name).SelectMany(static part => part.Breakpoints).Select(static point => point.ToDouble())
            .ToArray();
        for (int trial = 0; trial < 60; trial++)
        {
            double[] arguments = [.. Enumerable.Range(0, count).Select(_ => Argument())];
            double exact = s_compilation.Value.Value(name, [.. arguments.Select(Exact.FromDouble)]).ToDouble();
            if (Run(name, arguments) is not { } expected) continue;
            double tolerance = s_compilation.Value.Methods[name].ReturnType.Name == "Single" ? 1e-4 : 1e-9;
            Assert.Equal(expected, exact, tolerance * Math.Max(1, Math.Abs(exact)));
        }

        double Argument()
        {
            double scale = points.Length == 0 ? 10 : 1 + (2 * points.Max(Math.Abs));
            double value = random.Next(4) == 0 && points.Length > 0
                ? points[random.Next(points.Length)]
                : (random.NextDouble() - 0.5) * 2 * scale;
            return (float)value;
        }
    }

    [Theory]
    [MemberData(nameof(Flags))]
    public void A_mistake_is_flagged_where_it_is(string name, string expected)
    {
        Assert.Equal([expected], s_compilation.Value.Mistakes(name));
        bool isMistake = s_compilation.Value[name].Problems[0].Descriptor.DefaultSeverity
            == Microsoft.CodeAnalysis.DiagnosticSeverity.Error;
        Assert.Equal(isMistake, s_compilation.Value[name].Functions.IsDefault);
    }

    [Fact]
    public void The_gallery_has_all_kinds()
    {
        Assert.True(Values().Count() >= 75 && Flags().Count() >= 34, $"{Values().Count()} values, {Flags().Count()} flags");
        Assert.Contains($"has {Values().Count()} edges with their values, and {Flags().Count()} rejected methods",
            Repository.Read("docs/edge-functions.md"), StringComparison.Ordinal);
        var flagged = Flags().Select(static row => row.Data.Item2[..7]).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(Enumerable.Range(200, 15).Except([213]).Select(static number => "KAN0" + number), flagged);
    }

    // Null where a guard of the method throws.
    private static double? Run(string name, double[] arguments)
    {
        var method = s_assembly.Value.GetType("Edges")!.GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;
        bool isSingle = method.ReturnType == typeof(float);
        try
        {
            object? result = method.Invoke(null, [.. arguments.Select(argument => isSingle ? (object)(float)argument : argument)]);
            return Convert.ToDouble(result, CultureInfo.InvariantCulture);
        }
        catch (TargetInvocationException exception) when (exception.InnerException is ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    private static string ReadGallery() =>
        string.Join("\n", CodeBlock().Matches(Repository.Read("docs/edge-gallery.md")).Select(static match => match.Groups[1].Value));

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"(?<=(// |; ))(?<name>\w+)\((?<arguments>[-0-9., ]+)\) = (?<value>[-0-9.]+)")]
    private static partial Regex StatedValue();

    [GeneratedRegex(@"// (?<id>KAN\d{4}): (?<code>[^\n]*)\n(static [^(\n]*;\n|const [^\n]*\n|static readonly [^\n]*\n)*static \w+ (?<name>\w+)\(")]
    private static partial Regex StatedFlag();
}
