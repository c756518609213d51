using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Kan.Fuzzing.Cases;
using Kan.Fuzzing.Checks;

namespace Kan.Fuzzing.Text;

/// <summary>Networks as <c>.nnet</c> text, by token.</summary>
internal sealed partial class NNetEngine : StructuredEngine<List<string>>
{
    private static readonly string[] s_texts =
    [
        "// two layers\n2,2,1,2,\n2,2,1,\n0,\n-1.0,-1.0,\n1.0,1.0,\n0.5,0.0,3.0,\n4.0,2.0,10.0,\n1.0,2.0,\n-1.0,0.5,\n0.1,\n-0.2,\n3.0,-2.0,\n0.25,\n",
        "1,1,1,1,\n1,1,\n0,\n0,\n1,\n0,0,\n1,1,\n1e-2,\n0\n",
    ];

    private static readonly string[] s_pieces =
        [",", ",,", "\n", "\r\n", "//", "// \n", " ", "\t", "\0", "\u202E", ";", "0,", "1,1,\n", "nan", "inf", "#"];

    private static readonly string[] s_numbers =
        ["0", "-1", "1", "3", "1048577", "99999999999", "2147483647", "1e400", "-1e308", "1e-320", "0x10", "1_0", "+1", ".5", "1.", "1e",
        "--1"];

    /// <inheritdoc/>
    public override string Name => "nnet";

    /// <inheritdoc/>
    public override string Subject => "`.nnet` by token";

    /// <inheritdoc/>
    public override int SeedCount => s_texts.Length;

    /// <inheritdoc/>
    public override double Weight => 0.5;

    /// <inheritdoc/>
    public override Verdict Judge(FuzzInput input, int variant, string folder) =>
        ModelCheck.Judge(input, variant, folder, ModelCheck.Options(variant));

    /// <inheritdoc/>
    protected override List<string> Seed(int index) => [.. Tokens().Matches(s_texts[index]).Select(static match => match.Value)];

    /// <inheritdoc/>
    protected override void Mutate(List<string> model, FuzzRandom random) => TokenMutator.Mutate(model, random, s_pieces, s_numbers);

    /// <inheritdoc/>
    protected override List<FuzzFile> Write(List<string> model) => [new FuzzFile("m.nnet", Encoding.UTF8.GetBytes(string.Concat(model)))];

    [GeneratedRegex(@"[0-9.e+-]+|[a-z]+|.|\n")]
    private static partial Regex Tokens();
}
