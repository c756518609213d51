using System;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Contracts;

/// <summary>Contracts in the metadata of items.</summary>
public sealed class ItemContractTests
{
    private const string Model = """
        {"format":"kan","version":1,"name":"n","inputs":{"names":["age","income"],"ranges":[[0,1]]},"outputs":{"names":["risk","price"]},
        "layers":[{"kind":"affine","inputs":2,"outputs":2,"weights":[2,3,4,5]}]}
        """;

    [Fact]
    public void An_item_states_contracts_of_its_class()
    {
        const string Contracts = "range -1,3.5; range risk:0,1;monotone income:+;monotone 0:-:price; lipschitz 2.5;lipschitz "
            + "age:1e-3;robust rows.csv:0.01;robust C:/x y.csv:1;satisfies a b.vnnlib;";
        var run = GeneratorHarness.Run("", ("a.onnx|Class=Net|Contracts=" + Contracts, Model));
        Assert.Empty(run.Diagnostics);
        Assert.Equal(
            [
                "OutputRange -1 -1 -1 3.5 False ", "OutputRange -1 0 0 1 False ", "Monotone 1 -1 0 0 True ", "Monotone 0 1 0 0 False ",
                    "LipschitzBound -1 -1 0 2.5 False ", "LipschitzBound 0 -1 0 0.001 False ",
                "Robust -1 -1 0 0.01 False rows.csv", "Robust -1 -1 0 1 False C:/x y.csv", "Satisfies -1 -1 0 0 False a b.vnnlib",
            ],
            Stated(run));
    }

    [Fact]
    public void Contracts_of_the_item_join_those_of_the_class()
    {
        var run = GeneratorHarness.Run("using Kan; using Kan.Contracts; [KanModel(\"a.onnx\")] [OutputRange(0, 9)] partial class Net;",
            ("a.onnx|Contracts=monotone age:+", Model));
        Assert.Empty(run.Diagnostics);
        Assert.Equal(["OutputRange -1 -1 0 9 False ", "Monotone 0 -1 0 0 True "], Stated(run));
    }

    [Theory]
    [InlineData("range 1,0")]
    [InlineData("range 0")]
    [InlineData("range 0,1e999")]
    [InlineData("range a:b:0,1")]
    [InlineData("monotone age")]
    [InlineData("monotone age:up")]
    [InlineData("lipschitz -1")]
    [InlineData("robust rows.csv")]
    [InlineData("robust rows.csv:0")]
    [InlineData("satisfies")]
    [InlineData("always right")]
    public void A_statement_that_cannot_be_read_is_reported_at_the_project(string contract)
    {
        var diagnostic = Assert.Single(GeneratorHarness.Run("", ("a.onnx|Class=Net|Contracts=range 0,9; " + contract, Model)).Diagnostics);
        Assert.Equal("KAN0306", diagnostic.Id);
        Assert.StartsWith($"The KanModel item 'a.onnx' has Contracts=\"{contract}\": expected 'range 0,1', ",
            diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public void A_contract_that_does_not_fit_the_model_is_reported_at_the_project()
    {
        var diagnostic = Assert.Single(GeneratorHarness.Run("", ("a.onnx|Class=Net|Contracts=monotone salary:+", Model)).Diagnostics);
        Assert.Equal(
            ("KAN0010",
                "[Monotone] of 'a.onnx' speaks of input 'salary', which does not exist: use 'age', 'income' or a number from 0 to 1"),
                (diagnostic.Id, diagnostic.GetMessage(CultureInfo.InvariantCulture)));
    }

    private static string[] Stated(GeneratorRun run)
    {
        var attribute = Assert.Single(run.Compilation.Assembly.GetAttributes(),
            static attribute => attribute.AttributeClass?.Name == "ContractDataAttribute");
        using var json = JsonDocument.Parse((string)attribute.ConstructorArguments[0].Value!);
        return
        [
            .. json.RootElement.GetProperty("contracts").EnumerateArray().Select(static contract =>
                $"{contract.GetProperty("kind")} {contract.GetProperty("input")} {contract.GetProperty("output")} "
                + $"{contract.GetProperty("low")} {contract.GetProperty("high")} {contract.GetProperty("increasing")} "
                + $"{contract.GetProperty("file")}"),
        ];
    }
}
