using System.IO;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Kan.Tool.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Commands;

public sealed class ProveTests
{
    // y = max(x0, 0) - x1 / 2 on [-1, 1]^2, from -1/2 to 3/2.
    /// <summary>y = max(x0, 0) - x1 / 2 on [-1, 1]^2: from -1/2 to 3/2.</summary>
    private static async Task<string> WriteModel(Scratch scratch)
    {
        var layer = new EdgesDescription(2, 1,
            [new KanEdge(0, 0, PiecewiseLinearFunction.Relu),
            new KanEdge(1, 0, PiecewiseLinearFunction.Linear(Rational.Create(-1, 2), Rational.Zero))], [Rational.Zero]);
        var document = new KanDocument
        {
            Name = "ramp",
            InputNames = ["income", "debt"],
            OutputNames = ["score"],
            InputRanges = [new InputRange(-1, 1), new InputRange(-1, 1)],
            Layers = [layer]
        };
        string path = scratch.PathOf("ramp.kan.json");
        await File.WriteAllTextAsync(path, KanDocumentWriter.Write(document), TestContext.Current.CancellationToken);
        return path;
    }

    [Fact]
    public async Task A_range_is_proved_for_the_code_as_it_computes()
    {
        using var scratch = new Scratch();
        string model = await WriteModel(scratch);
        string output = await KanRun.Succeed("prove", model, "--range", "-0.6,1.6");
        Assert.StartsWith("proved: score in [-0.6, 1.6]. ", output);
        Assert.Contains("the code as it computes (single precision, rounding at most ", output);
        Assert.Contains("about        the exact function\n", await KanRun.Succeed("prove", model, "--range", "score:-0.6,1.6", "--exact"));
    }

    [Fact]
    public async Task What_is_refuted_comes_with_inputs_in_the_format_of_the_competition()
    {
        using var scratch = new Scratch();
        var (code, output, _) = await KanRun.Run("prove", await WriteModel(scratch), "--range", "-1,1");
        Assert.Equal(ExitCode.Different, code);
        Assert.StartsWith("refuted: score in [-1, 1]. ", output);
        Assert.Contains("((X_0 ", output);
        Assert.Contains("\n (Y_0 ", output);
        Assert.Contains("the code computes (", output);
        var json = await KanRun.Json(ExitCode.Different, "prove", scratch.PathOf("ramp.kan.json"), "--range", "-1,1");
        Assert.True(json.GetProperty("counterexample").GetProperty("outputs")[0].GetDouble() > 1);
    }

    [Theory]
    [InlineData("income:+", ExitCode.Success)]
    [InlineData("income:-", ExitCode.Different)]
    [InlineData("debt:-:score", ExitCode.Success)]
    [InlineData("1:+:0", ExitCode.Different)]
    public async Task Monotone_inputs_are_proved_or_refuted(string input, int expected)
    {
        using var scratch = new Scratch();
        await KanRun.Json(expected, "prove", await WriteModel(scratch), "--monotone", input);
    }

    [Theory]
    [InlineData("1", ExitCode.Different)]
    [InlineData("1.5", ExitCode.Success)]
    [InlineData("debt:0.5", ExitCode.Success)]
    [InlineData("debt:0.4", ExitCode.Different)]
    public async Task Lipschitz_bounds_are_proved_or_refuted(string bound, int expected)
    {
        using var scratch = new Scratch();
        await KanRun.Json(expected, "prove", await WriteModel(scratch), "--lipschitz", bound);
    }

    [Fact]
    public async Task A_property_file_is_read_and_its_errors_have_places()
    {
        using var scratch = new Scratch();
        string model = await WriteModel(scratch), property = scratch.PathOf("p.vnnlib");
        const string Declarations = "(declare-const X_0 Real)\n(declare-const X_1 Real)\n(declare-const Y_0 Real)\n(assert (and (<= X_0 "
            + "1) (>= X_0 0) (<= X_1 1) (>= X_1 0)))\n";
        await File.WriteAllTextAsync(property, Declarations + "(assert (>= Y_0 1.1))\n", TestContext.Current.CancellationToken);
        Assert.StartsWith("proved: what p.vnnlib asserts does not happen. ", await KanRun.Succeed("prove", model, "--satisfies", property));
        await File.WriteAllTextAsync(property, Declarations + "(assert (>= Z_0 1.1))\n", TestContext.Current.CancellationToken);
        Assert.Contains("p.vnnlib(5,13): error KAN0302: 'Z_0' is neither a number nor a declared variable.",
            await KanRun.Failure(ExitCode.ModelFailed, "prove", model, "--satisfies", property));
    }

    [Fact]
    public async Task A_proof_is_written_and_checked_and_not_accepted_for_another_statement()
    {
        using var scratch = new Scratch();
        string model = await WriteModel(scratch), proof = scratch.PathOf("range.proof");
        await KanRun.Succeed("prove", model, "--range", "-0.6,1.6", "-o", proof);
        Assert.Contains("Every step of the proof was derived again",
            await KanRun.Succeed("prove", model, "--range", "-0.6,1.6", "--check", proof));
        var (code, output, _) = await KanRun.Run("prove", model, "--range", "-0.6,1", "--check", proof);
        Assert.Equal(ExitCode.Undecided, code);
        Assert.Contains("The proof is about another statement.", output);
    }

    [Fact]
    public async Task Exactly_one_statement_and_a_box_are_needed()
    {
        using var scratch = new Scratch();
        string model = await WriteModel(scratch);
        Assert.Contains("Specify one of --satisfies", (await KanRun.Run("prove", model)).Error);
        Assert.Contains("Specify one of --satisfies", (await KanRun.Run("prove", model, "--range", "0,1", "--lipschitz", "1")).Error);
        Assert.Contains("there is no 'wealth'", (await KanRun.Run("prove", model, "--monotone", "wealth:+")).Error);
    }
}
