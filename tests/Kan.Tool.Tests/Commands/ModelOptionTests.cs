using System;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Kan.Tool.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Commands;

/// <summary>The options of every command that reads a model.</summary>
public sealed class ModelOptionTests
{
    [Theory]
    [InlineData("a,b", "a|b")]
    [InlineData("a; b;", "a|b")]
    [InlineData("a,b;c", "a,b|c")]
    [InlineData("fc1,leaky_relu(0.1),hardtanh(-2, 2),fc2", "fc1|leaky_relu(0.1)|hardtanh(-2, 2)|fc2")]
    [InlineData(" ", "")]
    public void Lists_are_separated_by_semicolons_or_else_by_commas(string text, string parts) =>
        Assert.Equal(parts, string.Join('|', NameText.Split(text)));

    [Fact]
    public async Task An_order_on_the_command_line()
    {
        string model = TestFiles.Model("pooled-digits-double.pt");
        string refused = await KanRun.Failure(ExitCode.ModelFailed, "info", model, "--order", "relu,nowhere");
        Assert.Contains("--order names 'nowhere'", refused, StringComparison.Ordinal);
        string prefix = await KanRun.Failure(ExitCode.ModelFailed, "info", model, "--prefix", "actor.", "--activation", "relu");
        Assert.Contains("the --prefix 'actor.'", prefix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Curves_are_approximated_where_a_tolerance_says_so()
    {
        string model = TestFiles.Model("pooled-digits-double.pt");
        string refused = await KanRun.Failure(ExitCode.ModelFailed, "info", model, "--activation", "tanh");
        Assert.Contains("--tolerance 1e-3", refused, StringComparison.Ordinal);
        string text = await KanRun.Succeed("info", model, "--activation", "tanh", "--tolerance", "1e-2", "--domain", "0,1");
        Assert.Contains("approximated within", text, StringComparison.Ordinal);
        Assert.Contains("Factored", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_inputs_and_outputs_are_on_every_command()
    {
        foreach (string command in new[] { "info", "convert", "compile", "verify", "eval", "bench", "plot" })
        {
            string help = await KanRun.Succeed(command, "--help");
            Assert.Contains("--inputs", help, StringComparison.Ordinal);
            Assert.Contains("--outputs", help, StringComparison.Ordinal);
        }

        Assert.Contains("--model-inputs", await KanRun.Succeed("regions", "--help"), StringComparison.Ordinal);
    }
}
