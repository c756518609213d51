using System;
using System.IO;
using System.Threading.Tasks;
using Kan.Interchange.Tests.Support;
using Kan.Tool.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Commands;

/// <summary>What is wrong is one line with a place, an exit code, and no file.</summary>
public sealed class ErrorTests
{
    public static TheoryData<string[]> Commands =>
    [
        new[] { "info", "MODEL" },
        new[] { "convert", "MODEL", "-o", "out.c" },
        new[] { "verify", "MODEL", "MODEL" },
        new[] { "compile", "MODEL", "-o", "out.cs" },
        new[] { "plot", "MODEL", "-o", "out.svg" },
        new[] { "regions", "MODEL", "-o", "out.svg", "--box", "0,1" },
        new[] { "bench", "MODEL" },
        new[] { "eval", "MODEL", "--input", "in.csv", "-o", "out.csv" },
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Missing_and_broken_models_are_one_line(string[] command)
    {
        using var scratch = new Scratch();
        string missing = scratch.PathOf("none.onnx"), broken = scratch.Write("broken.kan.json", "{\n  \"format\": }"u8.ToArray());
        string[] With(string model) =>
            Array.ConvertAll(command, word => word == "MODEL" ? model : word.StartsWith("out.", StringComparison.Ordinal)
                ? scratch.PathOf(word)
                : word);
        Assert.StartsWith(missing + " : error KAN0301: ", await KanRun.Failure(ExitCode.ModelFailed, With(missing)),
            StringComparison.Ordinal);
        Assert.StartsWith(broken + "(2,13): error KAN0302: ", await KanRun.Failure(ExitCode.ModelFailed, With(broken)),
            StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(scratch.Folder));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_says_what_a_command_needs(string[] command)
    {
        string help = await KanRun.Succeed(command[0], "--help");
        Assert.Contains("Usage:", help, StringComparison.Ordinal);
        foreach (string word in command)
        {
            if (word.StartsWith('-')) Assert.Contains(word, help, StringComparison.Ordinal);
        }

        Assert.Contains("--json", help, StringComparison.Ordinal);
        Assert.Contains("  " + command[0], await KanRun.Succeed("--help"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("info")]
    [InlineData("info", "a", "b")]
    [InlineData("info", "a", "--precision", "half")]
    [InlineData("info", "a", "--range", "2,1")]
    [InlineData("info", "a", "--domain", "0,1;x")]
    [InlineData("info", "a", "--tolerance", "-1")]
    [InlineData("info", "a", "--head", "softmax")]
    [InlineData("convert", "a", "-o", "b.c", "--to", "mlp")]
    [InlineData("verify", "a")]
    [InlineData("plot", "a", "-o", "b", "--edges", "0")]
    [InlineData("bench", "a", "--calls", "1")]
    [InlineData("eval", "a", "-o", "b")]
    public async Task Wrong_command_lines_are_exit_code_2(params string[] arguments)
    {
        var (code, _, error) = await KanRun.Run(arguments);
        Assert.Equal(ExitCode.Usage, code);
        string[] lines = error.TrimEnd('\n').Split('\n');
        if (lines.Length == 1) return;
        Assert.Equal(3, lines.Length);
        Assert.Contains(" : error KAN0106: ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("usage: kan", lines[1], StringComparison.Ordinal);
        Assert.Contains("--help' explains the", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_option_is_named_with_the_way_to_call_the_command()
    {
        var (_, _, error) = await KanRun.Run("eval", "a", "-o", "b.csv");
        Assert.Equal("kan eval : error KAN0106: Option '--input' is required.\nusage: kan eval MODEL --input INPUT --output OUTPUT "
            + "[OPTIONS]\n'kan eval --help' explains the options.\n", error);
    }

    /// <summary>The advice of the readers of models, in the words of whoever typed the command.</summary>
    [Theory]
    [InlineData("At the end, drop it (Head = drop, which keeps the order) or not.",
        "At the end, drop it (--head drop, which keeps the order) or not.")]
    [InlineData("Specify Activation = relu, leaky_relu(0.1).", "Specify --activation relu, leaky_relu(0.1).")]
    [InlineData("Specify the range of the inputs, such as Domain = -1,1.", "Specify the range of the inputs, such as --domain -1,1.")]
    [InlineData("Specify a smaller Domain or a larger Tolerance, or retrain this edge.",
        "Specify a smaller --domain or a larger --tolerance, or retrain this edge.")]
    [InlineData("The base function is silu, but Activation specifies relu. Omit Activation.",
        "The base function is silu, but --activation specifies relu. Omit --activation.")]
    [InlineData("Specify the largest error, and the Domain or Range of the inputs.",
        "Specify the largest error, and the --domain or --range of the inputs.")]
    [InlineData("Select an output before it (Outputs), and decide in your own code.",
        "Select an output before it (--outputs), and decide in your own code.")]
    [InlineData("Node 3 (Range) reads the input 'the Range', which Inputs does not include.",
        "Node 3 (Range) reads the input 'the Range', which --inputs does not include.")]
    [InlineData("It is no function of one number, so that no Tolerance helps.",
        "It is no function of one number, so that no --tolerance helps.")]
    [InlineData("In the Order that is given, 'fc2' has 3 inputs.", "In the --order that is given, 'fc2' has 3 inputs.")]
    [InlineData("Range of pykan's grid: the Domain of 'it's Order'.", "Range of pykan's grid: the --domain of 'it's Order'.")]
    [InlineData("The model uses the operator 'Range' at 'Range = 1'.", "The model uses the operator 'Range' at 'Range = 1'.")]
    public void Advice_names_options_of_the_command_line(string message, string expected) =>
        Assert.Equal(expected, OptionWords.Say(message));

    [Fact]
    public async Task Models_that_need_an_option_ask_for_it_as_it_is_typed()
    {
        string[][] commands =
        [
            ["info", TestFiles.Model("pooled-digits.safetensors"), "--activation "],
            ["info", TestFiles.Model("hello-kan-k3_config.yml"), "--tolerance 1e-3"],
        ];
        foreach (string[] command in commands)
        {
            string line = await KanRun.Failure(ExitCode.ModelFailed, command[..2]);
            Assert.Contains(command[2], line, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"\b(Head|Activation|Tolerance|Domain|Range|Inputs|Outputs) = ", line);
        }
    }

    [Fact]
    public async Task An_output_that_cannot_be_written_is_exit_code_3()
    {
        using var scratch = new Scratch();
        string file = scratch.Write("file", [1]), model = TestFiles.Model("breast-cancer-mlp.onnx");
        scratch.Write("in.csv", "1\n"u8.ToArray());
        foreach (string[] command in (string[][])[["convert", model, "-o", file + "/out.c"], ["plot", model, "-o", file + "/out.svg"],
            ["compile", model, "-o", file + "/o.cs"],
            ["eval", model, "--input", TestFiles.Model("breast-cancer-mlp.expected.json"), "-o", file + "/o.csv"]])
        {
            var (code, _, error) = await KanRun.Run(command);
            Assert.True(code == ExitCode.InputOutput || (command[0] == "eval" && code == ExitCode.Usage), $"{command[0]}: {code}, {error}");
        }
    }

    [Fact]
    public async Task Ranges_of_a_wrong_number_are_named()
    {
        string line = await KanRun.Failure(ExitCode.Usage, "verify", TestFiles.Model("digits-mlp.onnx"), TestFiles.Model("digits-mlp.onnx"),
            "--box", "0,1;0,1");
        Assert.Equal("kan : error KAN0106: --box has 2 ranges; expected one, or one for each of the 64 inputs.", line);
    }

    [Fact]
    public async Task Output_in_a_pipe_has_no_colour_and_no_progress()
    {
        using var scratch = new Scratch();
        var (code, output) = await DotNet.Run(scratch.Folder, "exec", TestFiles.Metadata("KanTool"), "verify",
            TestFiles.Model("digits-mlp.onnx"), TestFiles.Model("digits-mlp.onnx"));
        Assert.Equal((0, "proved: Both networks have the same normal form.\n"), (code, output.ReplaceLineEndings("\n")));
    }
}
