using System;
using System.CommandLine;

namespace Kan.Tool;

/// <summary><c>kan convert IN -o OUT</c>: one file, for people.</summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        var input = new Argument<string>("input") { Description = "The model: .onnx, .npz or .kan.json." };
        var output = new Option<string>("--output", "-o") { Description = "The .kan.json file to write.", Required = true };
        var range = new Option<string?>("--range") { Description = "The range all inputs lie in, as lo,hi; certificates hold inside.", HelpName = "lo,hi" };
        range.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !RangeText.TryParse(text, out _))
                result.AddError($"'{text}' is no range. {RangeText.Expected}");
        });

        var command = new Command("convert", "Convert a model to .kan.json. " + ExitCode.Help) { input, output, range };
        command.SetAction(result =>
        {
            InputRange? known = result.GetValue(range) is { } text && RangeText.TryParse(text, out var parsed) ? parsed : null;
            var failure = Conversion.Run(result.GetValue(input)!, result.GetValue(output)!, known);
            if (failure is null) return ExitCode.Success;
            Console.Error.WriteLine(failure.ToCanonicalLine());
            return ExitCode.ModelFailed;
        });
        return command;
    }
}
