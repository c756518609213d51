using System;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Kan.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Kan.Generators.Tests.Contracts;

/// <summary>What the build learns of contracts from the compiled assembly.</summary>
public sealed class ContractDataTests
{
    private const string Source = """
        using Kan; using Kan.Contracts;
        namespace Bank { static partial class Models {
        [KanNetwork(2, 1)] [Edge(0, 0, 0, Breakpoints = [0.5], Slopes = [1, 2])] [Edge(0, 1, 0, Slopes = [-1])]
        [Input(0, "age", Low = 0, High = 1)] [Input(1, "a \"b\" \\", Low = -1, High = 0.1)] [Output(0, "risk")]
        [Monotone("age", Direction.Increasing)]
          [OutputRange(-1, 3.5)]
        [LipschitzBound(2, Input = "1")] [Satisfies("p.vnnlib")] [Monotone("1", Direction.Decreasing, Output = "0")]
        internal sealed partial class Credit;
        } }
        """;

    [Fact]
    public void Contracts_stand_in_an_assembly_attribute_with_all_that_a_prover_needs()
    {
        var run = GeneratorHarness.Run(Source);
        Assert.Empty(run.Diagnostics);
        Assert.Empty(run.CompilerDiagnostics);
        using var json = JsonDocument.Parse(Text(run));
        var root = json.RootElement;
        Assert.Equal("Bank.Models.Credit", root.GetProperty("type").GetString());
        Assert.Equal(["0 1", "-1 3602879701896397/36028797018963968"],
            root.GetProperty("ranges").EnumerateArray().Select(static range => range.GetString()));
        Assert.True(double.Parse(root.GetProperty("bound").GetString()!, CultureInfo.InvariantCulture) is > 0 and < 1e-5);
        var document = Kan.Networks.KanDocumentReader.Read(root.GetProperty("network").GetString()!);
        Assert.Equal(root.GetProperty("hash").GetString(),
            Kan.Networks.ContentHash.Compute(document.Expand(TestContext.Current.CancellationToken)));
        var contracts = root.GetProperty("contracts").EnumerateArray().Select(static contract =>
            $"{contract.GetProperty("kind")} {contract.GetProperty("input")} {contract.GetProperty("output")} "
            + $"{contract.GetProperty("low")} {contract.GetProperty("high")} {contract.GetProperty("increasing")} "
            + $"{contract.GetProperty("line")}:{contract.GetProperty("column")}");
        Assert.Equal(
            ["Monotone 0 -1 0 0 True 5:2", "OutputRange -1 -1 -1 3.5 False 6:4", "LipschitzBound 1 -1 0 2 False 7:2",
                "Satisfies -1 -1 0 0 False 7:35", "Monotone 1 0 0 0 False 7:59"],
            contracts);
    }

    [Fact]
    public void Info_lists_the_contracts_in_words()
    {
        var run = GeneratorHarness.Run(Source);
        string code = run.Sources.Single(static source => !source.Key.Contains("Contracts", StringComparison.Ordinal)).Value;
        string[] expected =
        [
            "risk never decreases when age increases.", "risk stays from -1 to 3.5.",
                "risk changes by at most 2 times the change of a \\\"b\\\" \\\\.", "what p.vnnlib forbids does not happen.",
            "risk never increases when a \\\"b\\\" \\\\ increases.",
        ];
        Assert.All(expected, sentence => Assert.Contains('"' + sentence + '"', code, StringComparison.Ordinal));
    }

    [Fact]
    public void Only_contracts_that_fit_are_written_and_a_network_without_any_has_no_attribute()
    {
        var run =
            GeneratorHarness.Run(Source.Replace("\"age\", Direction.Increasing", "\"salary\", Direction.Increasing",
            StringComparison.Ordinal));
        using var json = JsonDocument.Parse(Text(run));
        Assert.Equal(4, json.RootElement.GetProperty("contracts").GetArrayLength());
        Assert.Equal(6, json.RootElement.GetProperty("contracts")[0].GetProperty("line").GetInt32());
        Assert.DoesNotContain(GeneratorHarness.Run("using Kan; [KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [1])] partial class Net;")
            .Sources.Keys, static name => name.Contains("Contracts", StringComparison.Ordinal));
    }

    private static string Text(GeneratorRun run)
    {
        var attribute = Assert.Single(run.Compilation.Assembly.GetAttributes(),
            static attribute => attribute.AttributeClass?.Name == "ContractDataAttribute");
        return (string)attribute.ConstructorArguments[0].Value!;
    }
}
