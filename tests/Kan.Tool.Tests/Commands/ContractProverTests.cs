using System;
using System.Collections.Immutable;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Kan.Compiler;
using Kan.Interchange.Tests.Support;
using Kan.Tool.Tests.Support;
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

    private static CancellationToken Token => TestContext.Current.CancellationToken;

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

    [Fact]
    public async Task The_proof_of_a_robust_contract_is_a_file_that_is_checked_and_refused_when_damaged()
    {
        using var scratch = new Scratch();
        string rows = scratch.Write("rows.csv", "a,b\n0.25,0.75\n0.75,0.25\n0.25,0.75\n1,0.5\n"u8.ToArray());
        var named = s_choice with { InputNames = ["a", "b"], InputRanges = [new InputRange(0, 1), new InputRange(0, 1)] };
        string model = scratch.Write("choice.kan.json", Encoding.UTF8.GetBytes(KanDocumentWriter.Write(named)));
        var result = Prove(named, Contract("Robust", 0, 0.125) with { File = "rows.csv" }, rows);
        Assert.Equal(ContractVerdict.Proved, result.Verdict);
        Assert.Contains("4 rows", result.Reason, StringComparison.Ordinal);
        Assert.Contains("Every step of the proof was derived again", await KanRun.Succeed("prove", model, "--robust", rows + ":0.125",
            "--check", scratch.Write("whole.kanproof", Encoding.UTF8.GetBytes(result.Proof!))));

        // Another radius, and proofs with a claim that does not hold, with one too few, and with a row left out.
        Assert.Equal(ExitCode.Undecided, await Code("0.25", result.Proof!));
        Assert.Equal(ExitCode.Undecided, await Code("0.125", result.Proof!.Replace("claim 0 1", "claim 0 0", StringComparison.Ordinal)));
        Assert.Equal(ExitCode.Undecided, await Code("0.125", result.Proof!.Replace("claim 1 1\n", "", StringComparison.Ordinal)));
        Assert.Equal(ExitCode.Undecided, await Code("0.125", result.Proof![..result.Proof.LastIndexOf("claim", StringComparison.Ordinal)]));

        async Task<int> Code(string radius, string proof) => (await KanRun.Run("prove", model, "--robust", $"{rows}:{radius}", "--check",
            scratch.Write("other.kanproof", Encoding.UTF8.GetBytes(proof)))).Code;
    }

    /// <summary>
    /// y = x / 4, as the difference of two functions that bend: what the code computes is off by more where inputs are large.
    /// </summary>
    private static readonly KanDocument s_quarter = new()
    {
        Name = "quarter",
        Layers =
        [
            new EdgesDescription(1, 2, [new KanEdge(0, 0, Bent(0)), new KanEdge(0, 1, Bent(Rational.Create(1, 4)))], []),
            new AffineDescription(2, 1, [-1, 1], []),
        ],
        InputRanges = [new InputRange(-1_000_000, 1_000_000)],
    };

    [Fact]
    public void A_contract_on_a_box_has_the_margin_of_that_box()
    {
        double declared = ComputedCode.Of(s_quarter, s_quarter.InputRanges, Precision.Single, Lowering.Auto, Token).Bound;
        ContractResult InBox(int low, int high) => new ContractProver(Stated(s_quarter) with { ErrorBound = declared }, s_quarter).Prove(
            Contract("OutputRange", (low / 4.0) - 0.0078125, (high / 4.0) + 0.0078125) with { Box = [new InputRange(low, high)] }, null, 20,
            TestContext.Current.CancellationToken);
        Assert.True(declared > 0.0078125);
        Assert.Equal(ContractVerdict.Proved, InBox(0, 4).Verdict);
        Assert.NotEqual(ContractVerdict.Proved, InBox(-1_000_000, 1_000_000).Verdict);
    }

    /// <summary>Looks in boxes of many sizes for floats whose outputs are farther off than is certified there.</summary>
    [Fact]
    public void No_float_in_a_box_is_off_by_more_than_its_margin()
    {
        var random = new Random(17);
        for (int trial = 0; trial < 40; trial++)
        {
            double middle = Math.ScaleB((2 * random.NextDouble()) - 1, random.Next(-10, 20)), radius = Math.ScaleB(1, random.Next(-20, 10));
            ImmutableArray<InputRange> box = [new InputRange(Rational.FromDouble(middle - radius), Rational.FromDouble(middle + radius))];
            double bound = ComputedCode.Of(s_quarter, box, Precision.Single, Lowering.Auto, Token).Bound;
            var evaluator = new ReferenceEvaluator<float>(NetworkCompiler.Plan(s_quarter, Precision.Single, Lowering.Auto, Token).Form);
            for (int i = 0; i < 200; i++)
            {
                double share = i switch { 0 => -1, 1 => 1, _ => (2 * random.NextDouble()) - 1 };
                float x = (float)(middle + (share * radius));
                if (Math.Abs(x - middle) > radius) continue;
                var exact = Rational.FromDouble(x) * Rational.Create(1, 4);
                Assert.True(Rational.Abs(Rational.FromDouble(evaluator.Evaluate([x])[0]) - exact) <= Rational.FromDouble(bound), $"{x:R}");
            }
        }
    }

    /// <summary>|x - 1/3| + extra x, with a breakpoint and values that no float holds.</summary>
    private static PiecewiseLinearFunction Bent(Rational extra) => PiecewiseLinearFunction.FromSlopes([Rational.Create(1, 3)],
        [extra - 1, extra + 1], Rational.Create(1, 3), extra * Rational.Create(1, 3));

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
