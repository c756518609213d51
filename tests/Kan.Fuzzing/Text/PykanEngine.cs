using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Kan.Fuzzing.Archives;
using Kan.Fuzzing.Cases;
using Kan.Fuzzing.Checks;

namespace Kan.Fuzzing.Text;

/// <summary>A checkpoint of pykan in memory.</summary>
/// <param name="Config">The tokens of the configuration.</param>
/// <param name="State">The weights.</param>
internal sealed record PykanModel(List<string> Config, TorchModel State);

/// <summary>Checkpoints of pykan: the configuration by token, the weights as those of PyTorch.</summary>
internal sealed partial class PykanEngine : StructuredEngine<PykanModel>
{
    private static readonly string[] s_pieces =
    [
        "{", "}", "[", "]", ":", "- ", ", ", "? ", "&a ", "*a", "!!python/object/apply:os.system ['touch owned']", "!!binary |", "---\n",
            "...\n", "|\n", ">\n", "\n", "\n  ", "'", "\"", "#", "%YAML 1.2\n", "~", "true", "silu", "sin", "x^2", "abs",
        "1/x", "sqrt", "exp", "log", "tan", "arcsin", "1/x^4", "gaussian", "sgn", "'0'", "width:", "symbolic.funs_name.0:", "\t", "\u0085",
            "\u202E", "<<: *a", "!<tag:yaml.org,2002:str> ", "[[[[[[[[", "x^5", "arctanh", "cosh", "0",
    ];

    private static readonly string[] s_numbers =
        ["0", "1", "2", "3", "-1", "1048576", "1048577", "99999999999", "1e3", "0x10", "0o17", "1_000", ".inf", ".nan", "'2'", "1.5", "2 0",
        "[2, 0]", "[1, 1]", "null"];

    private static readonly string[] s_bases = ["identity", "silu", "zero"];

    /// <inheritdoc/>
    public override string Name => "pykan";

    /// <inheritdoc/>
    public override string Subject => "pykan: configuration by token, state by operation and number";

    /// <inheritdoc/>
    public override int SeedCount => 8;

    // Approximations take longer than other cases.
    /// <inheritdoc/>
    public override int SegmentLength => 500;

    /// <inheritdoc/>
    public override double Weight => 0.25;

    /// <inheritdoc/>
    public override Verdict Judge(FuzzInput input, int variant, string folder)
    {
        var options = ModelCheck.Options(variant);
        return ModelCheck.Judge(input, variant, folder, options with { Activation = variant % 16 == 1 ? options.Activation : null });
    }

    /// <inheritdoc/>
    protected override PykanModel Seed(int index)
    {
        int[] widths = index % 2 == 0 ? [2, 1] : [1, 2, 1];
        int degree = index / 4 == 0 ? 1 : 3;
        var text = new StringBuilder("base_fun_name: ").Append(s_bases[index % 3]).Append("\ngrid: 3\nk: ").Append(degree).Append('\n');
        for (int l = 0; l + 1 < widths.Length; l++)
        {
            text.Append("symbolic.funs_name.").Append(l).Append(":\n");
            for (int q = 0; q < widths[l + 1]; q++)
            {
                text.Append("- - ").Append(l == 0 && q == 0 ? index / 2 % 2 == 0 ? "abs" : "sin" : "'0'").Append('\n');
                for (int p = 1; p < widths[l]; p++) text.Append("  - '0'\n");
            }
        }

        text.Append("symbolic_enabled: true\nwidth:\n");
        foreach (int width in widths) text.Append("- - ").Append(width).Append("\n  - 0\n");
        return new PykanModel([.. Tokens().Matches(text.ToString()).Select(static match => match.Value)], TorchSeeds.Pykan(degree, widths));
    }

    /// <inheritdoc/>
    protected override void Mutate(PykanModel model, FuzzRandom random)
    {
        if (random.OneIn(2)) TokenMutator.Mutate(model.Config, random, s_pieces, s_numbers);
        else model.State.Mutate(random);
    }

    /// <inheritdoc/>
    protected override List<FuzzFile> Write(PykanModel model) =>
        [new FuzzFile("m_config.yml", Encoding.UTF8.GetBytes(string.Concat(model.Config))),
            new FuzzFile("m_state", model.State.Zip.ToBytes())];

    [GeneratedRegex(@"[A-Za-z_.]+[0-9]*|[0-9]+|\s+|.")]
    private static partial Regex Tokens();
}
