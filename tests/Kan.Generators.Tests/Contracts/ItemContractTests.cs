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

    [Fact]
    public void A_statement_may_be_about_a_part_of_the_ranges()
    {
        const string Contracts = "range risk:0,1 on age:0.25,0.5;monotone income:+ on 0,0.5; lipschitz 2 on 0,0.5 0.25,1;"
            + "robust on on.csv:1;satisfies a on b.vnnlib";
        var run = GeneratorHarness.Run("", ("a.onnx|Class=Net|Contracts=" + Contracts, Model));
        Assert.Empty(run.Diagnostics);
        Assert.Equal(["1/4 1/2|0 1", "0 1/2|0 1/2", "0 1/2|1/4 1", "", ""], Json(run, static contract =>
            contract.TryGetProperty("box", out var box) ? string.Join('|', box.EnumerateArray().Select(static range => range.GetString())) : ""));
        Assert.Equal(
            ["risk stays from 0 to 1 where age is from 0.25 to 0.5",
                "no output decreases when income increases where each input is from 0 to 0.5",
                "every output changes by at most 2 times the change of the input that changes most where age is from 0 to 0.5 and income is "
                + "from 0.25 to 1",
                "the largest output stays the largest within 1 of each row of on on.csv", "what a on b.vnnlib forbids does not happen"],
            Json(run, static contract => contract.GetProperty("text").GetString()!));
    }

    [Fact]
    public void A_box_of_an_item_is_checked_against_its_model()
    {
        var diagnostic = Assert.Single(GeneratorHarness.Run("", ("a.onnx|Class=Net|Contracts=range 0,9 on age:-1,1", Model)).Diagnostics);
        Assert.Equal(
            ("KAN0010",
                "[OutputRange] of 'a.onnx' has a box that leaves the declared range of age, [0, 1], outside of which no rounding error is "
                + "certified: widen the range, or narrow the box"),
            (diagnostic.Id, diagnostic.GetMessage(CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("range 0,1 on")]
    [InlineData("range 0,1 on age")]
    [InlineData("range 0,1 on age:1,0")]
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

    private static string[] Stated(GeneratorRun run) => Json(run, static contract =>
        $"{contract.GetProperty("kind")} {contract.GetProperty("input")} {contract.GetProperty("output")} "
        + $"{contract.GetProperty("low")} {contract.GetProperty("high")} {contract.GetProperty("increasing")} "
        + $"{contract.GetProperty("file")}");

    private static string[] Json(GeneratorRun run, Func<JsonElement, string> text)
    {
        var attribute = Assert.Single(run.Compilation.Assembly.GetAttributes(),
            static attribute => attribute.AttributeClass?.Name == "ContractDataAttribute");
        using var json = JsonDocument.Parse((string)attribute.ConstructorArguments[0].Value!);
        return [.. json.RootElement.GetProperty("contracts").EnumerateArray().Select(text)];
    }
}
