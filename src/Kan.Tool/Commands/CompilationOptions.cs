using System;
using System.CommandLine;

namespace Kan.Tool;

/// <summary>How a network is compiled: the options of the attributes.</summary>
/// <param name="integers">Whether the command can do with integers what it does.</param>
internal sealed class CompilationOptions(bool integers = false)
{
    private readonly Option<Precision> _precision = Precisions(integers);
    private readonly Option<Lowering> _lowering =
        new("--lowering")
        {
            Description = "The form of the layers that are not affine.",
            DefaultValueFactory = static _ => Kan.Lowering.Auto,
            HelpName = "auto|rows|clamp|relu"
        };

    public void AddTo(Command command)
    {
        command.Options.Add(_precision);
        command.Options.Add(_lowering);
    }

    public Precision Precision(ParseResult result) => result.GetValue(_precision);

    /// <summary>
    /// The numbers to compute a model with: what the option says, and else integers where the model is an integer network.
    /// </summary>
    public Precision Precision(ParseResult result, KanDocument document) =>
        document.Codes is not null && IsSilent(result) ? Kan.Precision.Int8 : Precision(result);

    /// <summary>Whether nothing is said of the numbers.</summary>
    public bool IsSilent(ParseResult result) => result.GetResult(_precision) is null or { Implicit: true };

    private static Option<Precision> Precisions(bool integers)
    {
        var option = new Option<Precision>("--precision")
        {
            Description = integers ? "The numbers to compute with." : "The number type.",
            DefaultValueFactory = static _ => Kan.Precision.Single,
            HelpName = integers ? "single|double|int8" : "single|double",
        };
        if (!integers)
        {
            option.Validators.Add(static result =>
            {
                if (result.Tokens.Count == 1 && result.Tokens[0].Value.Equals(nameof(Kan.Precision.Int8),
                    StringComparison.OrdinalIgnoreCase))
                    result.AddError("--precision: found int8 where single or double was expected; kan compile, kan info, kan eval, kan "
                    + "bench and kan convert to C take int8.");
            });
        }

        return option;
    }

    public Lowering Lowering(ParseResult result) => result.GetValue(_lowering);
}
