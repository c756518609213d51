using System.CommandLine;

namespace Kan.Tool;

/// <summary>How a network is compiled: the options of the attributes.</summary>
internal sealed class CompilationOptions
{
    private readonly Option<Precision> _precision = new("--precision") { Description = "The number type.", DefaultValueFactory = static _ => Kan.Precision.Single, HelpName = "single|double" };
    private readonly Option<Lowering> _lowering = new("--lowering") { Description = "The form of the layers that are not affine.", DefaultValueFactory = static _ => Kan.Lowering.Auto, HelpName = "auto|rows|clamp|relu" };

    public void AddTo(Command command)
    {
        command.Options.Add(_precision);
        command.Options.Add(_lowering);
    }

    public Precision Precision(ParseResult result) => result.GetValue(_precision);

    public Lowering Lowering(ParseResult result) => result.GetValue(_lowering);
}
