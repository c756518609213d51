extern alias generators;

using System;
using System.Linq;
using generators::Kan.Generators;
using generators::Kan.Generators.Output;
using generators::Kan.Generators.Specs;
using Kan.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Kan.Generators.Tests.Pipeline;

/// <summary>An edge is recompiled when its function changes, wherever the change is made, and only then.</summary>
public sealed class FunctionCachingTests
{
    private const string Source = """
        using System;
        using Kan;
        [KanNetwork(1, 1)] partial class First
        {
            [EdgeFunction(0, 0, 0)] static double F(double x) => Helper.Bend(x) + 1;
        }
        [KanNetwork(1, 1)] partial class Second
        {
            [EdgeFunction(0, 0, 0)] static double F(double x) => Math.Abs(x);
        }
        static partial class Curves
        {
            [PiecewiseLinear(Function = nameof(Body))] public static partial double Curve(double x);
            static double Body(double x) => Helper.Bend(x) / 2;
        }
        """;

    private const string Helper = """
        using System;
        static class Helper
        {
            public const double Threshold = 3;
            public static double Bend(double x) => Math.Max(x, Threshold);
        }
        """;

    [Fact]
    public void An_edit_of_a_method_in_another_file_recompiles_its_callers()
    {
        var session = Start();
        var result = session.EditFile("Helper.cs", Helper.Replace("Math.Max", "Math.Min", StringComparison.Ordinal));
        Assert.Equal(["First: computed", "Second: kept"], Reasons(result, TrackingNames.NetworkSources));
        Assert.Equal(["Curve: computed"], Reasons(result, TrackingNames.CurveSources));
    }

    [Fact]
    public void An_edit_of_a_constant_in_another_file_recompiles_its_readers()
    {
        var result = Start().EditFile("Helper.cs", Helper.Replace("= 3", "= 4", StringComparison.Ordinal));
        Assert.Equal(["First: computed", "Second: kept"], Reasons(result, TrackingNames.NetworkSources));
    }

    [Fact]
    public void Another_way_to_write_the_same_function_recompiles_nothing()
    {
        PipelineChecks.AssertCached(Start()
            .EditFile("Helper.cs", Helper.Replace("Math.Max(x, Threshold)", "x > Threshold ? x : Threshold", StringComparison.Ordinal)));
        PipelineChecks.AssertCached(Start()
            .EditFile("Helper.cs", Helper + "\n// A comment.\nstatic class Unrelated { public static int Count; }\n"));
    }

    [Fact]
    public void A_mistake_in_another_file_takes_the_code_away_and_its_repair_brings_it_back()
    {
        var session = Start();
        string before = Text(session.LastResult, "First");
        string broken =
            Text(session.EditFile("Helper.cs", Helper.Replace("Math.Max(x, Threshold)", "Math.Sqrt(x)", StringComparison.Ordinal)),
            "First");
        Assert.Contains("see KAN0200", broken, StringComparison.Ordinal);
        Assert.Equal(before, Text(session.EditFile("Helper.cs", Helper), "First"));
    }

    [Fact]
    public void What_the_steps_hold_is_pure() => PipelineChecks.AssertPure(Start().FirstResult);

    private static GeneratorSession Start() => GeneratorHarness.StartFiles(("Test.cs", Source), ("Helper.cs", Helper));

    private static string Text(GeneratorRunResult result, string name) =>
        result.GeneratedSources.Single(source => source.HintName.StartsWith(name, StringComparison.Ordinal)).SourceText.ToString();

    private static string[] Reasons(GeneratorRunResult result, string name) =>
    [
        .. result.TrackedSteps[name].SelectMany(static step => step.Outputs)
            .Select(static output => ((GeneratedSource)output.Value).Subject + ": "
                + (output.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged ? "kept" : "computed"))
            .Order(StringComparer.Ordinal),
    ];
}
