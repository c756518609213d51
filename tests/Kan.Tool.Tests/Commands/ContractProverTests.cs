using System;
using System.Text;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Commands;

/// <summary>What the build's prover says of single contracts.</summary>
public sealed class ContractProverTests
{
    /// <summary>risk = |age - 1/2|, on [0, 1].</summary>
    private static readonly KanDocument s_risk = new()
    {
        Name = "risk",
        Layers = [new EdgesDescription(1, 1, [new KanEdge(0, 0, PiecewiseLinearFunction.FromSlopes(
            [Rational.Create(1, 2)], [-1, 1], Rational.Create(1, 2), 0))], [])],
        InputRanges = [new InputRange(0, 1)],
    };

    private static readonly KanDocument s_choice = new()
    {
        Name = "choice",
        Layers = [new AffineDescription(2, 2, [1, 0, 0, 1], [])],
        InputRanges = [new InputRange(0, 1)],
    };

    [Theory]
    [InlineData("OutputRange", 0, 0.25, 0.25, 0.75, ContractVerdict.Undecided)]
    [InlineData("OutputRange", -0.001, 0.251, 0.25, 0.75, ContractVerdict.Proved)]
    [InlineData("OutputRange", -0.001, 0.251, 0, 1, ContractVerdict.Broken)]
    [InlineData("OutputRange", -0.001, 0.251, 0.75, 1, ContractVerdict.Broken)]
    [InlineData("Monotone", 0, 0, 0.5, 1, ContractVerdict.Proved)]
    [InlineData("Monotone", 0, 0, 0.375, 1, ContractVerdict.Broken)]
    [InlineData("LipschitzBound", 0, 1, 0.5, 1, ContractVerdict.Proved)]
    [InlineData("LipschitzBound", 0, 0.5, 0.5, 0.75, ContractVerdict.Broken)]
    public void A_contract_is_decided_on_its_box(string kind, double low, double high, double from, double to, object verdict)
    {
        var box = new InputRange(Rational.FromDouble(from), Rational.FromDouble(to));
        var contract = Contract(kind, low, high) with { Box = [box] };
        var result = Prove(s_risk, contract, null);
        if ((ContractVerdict)verdict == ContractVerdict.Undecided) Assert.NotEqual(ContractVerdict.Broken, result.Verdict);
        else Assert.Equal((ContractVerdict)verdict, result.Verdict);
    }

    /// <summary>The declared ranges and another box are other questions, so their results are kept apart.</summary>
    [Fact]
    public void The_box_is_part_of_the_key()
    {
        var stated = Stated(s_risk);
        var contract = Contract("OutputRange", 0, 1);
        Assert.NotEqual(ContractKey.Of(stated, contract, null),
            ContractKey.Of(stated, contract with { Box = [new InputRange(0, Rational.Create(1, 2))] }, null));
    }

    [Theory]
    [InlineData("a,b\n0.25,0.5\n0.5,nan\n", "Row 2, column 2 'b' holds NaN, but a finite number is needed there.")]
    [InlineData("b,other,a\n0.25,0,0.5\n0.5,0,-Infinity\n", "Row 2, column 3 'a' holds -Infinity, but a finite number is needed there.")]
    [InlineData("0.25,0.5\nNaN,1\n", "Row 2, column 1 holds NaN, but a finite number is needed there.")]
    public void Rows_with_numbers_that_are_not_finite_are_named(string rows, string message)
    {
        using var scratch = new Scratch();
        scratch.Write("rows.csv", Encoding.UTF8.GetBytes(rows));
        var result = Prove(s_choice, Contract("Robust", 0, 0.01) with { File = "rows.csv" }, scratch.PathOf("rows.csv"));
        Assert.Equal(ContractVerdict.Wrong, result.Verdict);
        Assert.Contains("rows.csv", result.Reason, StringComparison.Ordinal);
        Assert.Contains(message, result.Reason, StringComparison.Ordinal);
    }

    private static ContractResult Prove(KanDocument document, StatedContract contract, string? file) =>
        new ContractProver(Stated(document), document).Prove(contract, file, 20, TestContext.Current.CancellationToken);

    private static StatedNetwork Stated(KanDocument document)
    {
        int inputs = document.Layers[0].InputCount;
        return new StatedNetwork("Net", "hash", 1e-6, Precision.Single, Lowering.Auto,
            [.. System.Linq.Enumerable.Repeat(document.InputRanges[0], inputs)], null, [])
        {
            InputNames = inputs == 2 ? ["a", "b"] : [],
        };
    }

    private static StatedContract Contract(string kind, double low, double high) =>
        new(kind, "it holds", "", low, high, IsIncreasing: true, kind == "OutputRange" ? null : 0, null, "", 0, 0);
}
