using System;
using Kan.Generators.Tests.Harness;
using Xunit;

namespace Kan.Generators.Tests.Diagnostics;

/// <summary>What is wrong with contracts, and where it is reported.</summary>
public sealed class ContractDiagnosticTests
{
    private const string Network = """
        using Kan; using Kan.Contracts;
        [KanNetwork(2, 2)] [Edge(0, 0, 0, Slopes = [1])] [Edge(0, 1, 1, Slopes = [1])] [Input(0, "age", Low = 0, High = 1)] [Input(1, "income", Low = 0, High = 1)]
        [Output(0, "risk")] [Output(1, "price")] CONTRACT partial class Net;
        """;

    private const string Model = """{"format":"kan","version":1,"name":"n","inputs":{"names":["age","income"],"ranges":[[0,1]]},"layers":[{"kind":"affine","inputs":2,"outputs":1,"weights":[2,3]}]}""";

    [Theory]
    [InlineData("[OutputRange({|KAN0010:2|}, 1)]", "[OutputRange] of 'Net' has a low end, 2, above its high end, 1: exchange the two")]
    [InlineData("[OutputRange(0, {|KAN0010:1 / 0.0|})]", "[OutputRange] of 'Net' has an end that is not finite: use finite numbers")]
    [InlineData("[OutputRange(0, 1, Output = {|KAN0010:\"prize\"|})]",
        "[OutputRange] of 'Net' speaks of output 'prize', which does not exist: use 'risk', 'price' or a number from 0 to 1")]
    [InlineData("[Monotone({|KAN0010:\"salary\"|}, Direction.Increasing)]",
        "[Monotone] of 'Net' speaks of input 'salary', which does not exist: use 'age', 'income' or a number from 0 to 1")]
    [InlineData("[Monotone({|KAN0010:\"2\"|}, Direction.Increasing)]",
        "[Monotone] of 'Net' speaks of input '2', which does not exist: use 'age', 'income' or a number from 0 to 1")]
    [InlineData("[Monotone(\"age\", {|KAN0010:(Direction)7|})]",
        "[Monotone] of 'Net' has an unknown direction: use Direction.Increasing or Direction.Decreasing")]
    [InlineData("[LipschitzBound({|KAN0010:-1|})]", "[LipschitzBound] of 'Net' has the bound -1: use a finite number that is not negative")]
    [InlineData("[LipschitzBound(1, Input = {|KAN0010:\"x\"|})]",
        "[LipschitzBound] of 'Net' speaks of input 'x', which does not exist: use 'age', 'income' or a number from 0 to 1")]
    [InlineData("[{|KAN0010:Robust|}(\"rows.csv\")]", "[Robust] of 'Net' has the radius 0: set Radius to a positive number")]
    [InlineData("[Robust({|KAN0010:\" \"|}, Radius = 1)]",
        "[Robust] of 'Net' names no file: give the path of a file, relative to the project")]
    [InlineData("[Satisfies({|KAN0010:null!|})]", "[Satisfies] of 'Net' names no file: give the path of a file, relative to the project")]
    [InlineData("[OutputRange(0, 1, Box = {|KAN0010:\"age:0.5\"|})]", "[OutputRange] of 'Net' has a box with 'age:0.5', which is not a "
        + "range: write ranges as in \"age:18,65 income:0,90000\", or two numbers for all inputs")]
    [InlineData("[OutputRange(0, 1, Box = {|KAN0010:\"age:0,NaN\"|})]", "[OutputRange] of 'Net' has a box with 'age:0,NaN', whose ends "
        + "are not both finite: write ranges as in \"age:18,65 income:0,90000\", or two numbers for all inputs")]
    [InlineData("[Monotone(\"age\", Direction.Increasing, Box = {|KAN0010:\"0.5,0.25\"|})]", "[Monotone] of 'Net' has an empty box: the "
        + "low end of '0.5,0.25' is above its high end: write ranges as in \"age:18,65 income:0,90000\", or two numbers for all inputs")]
    [InlineData("[OutputRange(0, 1, Box = {|KAN0010:\" \"|})]", "[OutputRange] of 'Net' has a box without a range: write ranges as in "
        + "\"age:18,65 income:0,90000\", or two numbers for all inputs")]
    [InlineData("[OutputRange(0, 1, Box = {|KAN0010:\"age:0,1 0,1\"|})]", "[OutputRange] of 'Net' has a box with ranges of named inputs "
        + "and of others: write ranges as in \"age:18,65 income:0,90000\", or two numbers for all inputs")]
    [InlineData("[OutputRange(0, 1, Box = {|KAN0010:\"0,1 0,1 0,1\"|})]", "[OutputRange] of 'Net' has a box of 3 ranges, but the network "
        + "has 2 inputs: give one range, one for each input, or ranges of named inputs")]
    [InlineData("[LipschitzBound(1, Box = {|KAN0010:\"salary:0,1\"|})]", "[LipschitzBound] of 'Net' has a box with input 'salary', which "
        + "does not exist: use 'age', 'income' or a number from 0 to 1")]
    [InlineData("[OutputRange(0, 1, Box = {|KAN0010:\"age:0,1 0:0,1\"|})]", "[OutputRange] of 'Net' has a box with two ranges of age: keep "
        + "one of them")]
    [InlineData("[OutputRange(0, 1, Box = {|KAN0010:\"income:0.5,1.25\"|})]", "[OutputRange] of 'Net' has a box that leaves the declared "
        + "range of income, [0, 1], outside of which no rounding error is certified: widen the range, or narrow the box")]
    public void Contracts_that_do_not_fit_are_reported_where_they_are(string contract, string message) =>
        Assert.Equal(message, DiagnosticVerifier.Verify(Network.Replace("CONTRACT", contract, StringComparison.Ordinal)).Message());

    [Fact]
    public void Contracts_of_a_model_are_checked_against_its_file() => Assert.Equal(
        "[Robust] of 'Net' compares outputs, but there is one: use [OutputRange] for the value of an output",
        DiagnosticVerifier.Verify(
            "using Kan; using Kan.Contracts; [KanModel(\"a.onnx\")] [Monotone(\"age\", Direction.Increasing)] [{|KAN0010:Robust|}(\"rows.csv\", Radius = 1)] "
            + "partial class Net;", ("a.onnx", Model)).Message());

    [Fact]
    public void Contracts_need_ranges() => Assert.Equal(
        "[OutputRange] of 'Net' holds on the ranges of the inputs, but none are declared: declare Low and High with [Input], or the "
        + "Range of the KanModel item",
        DiagnosticVerifier.Verify(
            "using Kan; using Kan.Contracts; [KanNetwork(1, 1)] [Edge(0, 0, 0, Slopes = [1])] [{|KAN0010:OutputRange|}(0, 1)] partial class Net;").Message());

    [Fact]
    public void A_contract_without_a_network_is_reported() => Assert.Equal(
        "'Net' has [Monotone] without [KanNetwork] or [KanModel]: add one of the two",
        DiagnosticVerifier.Verify("using Kan; using Kan.Contracts; [{|KAN0004:Monotone|}(\"a\", Direction.Increasing)] partial class Net;").Message());
}
