using System;
using System.Collections.Immutable;
using System.CommandLine;
using System.IO;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>
/// The options that say of a model what its file does not: names of inputs and outputs, labels of classes, a standardization.
/// </summary>
internal sealed class AnnotationOptions
{
    private readonly Option<string?> _names = new("--names") { Description = "The names of the inputs.", HelpName = "a,b,..." };
    private readonly Option<string?> _outputNames =
        new("--output-names") { Description = "The names of the outputs.", HelpName = "a,b,..." };

    private readonly Option<string?> _labels = new("--labels")
    {
        Description = "The classes of a classifier, one per output, or a .txt file with one on each line.",
        HelpName = "a,b,...|file",
    };

    private readonly Option<string?> _standardization = new("--standardization")
    {
        Description = "A JSON file with the mean and scale of the inputs, which are folded into the first layer exactly.",
        HelpName = "file",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_names, _outputNames, _labels, _standardization]) command.Options.Add(option);
    }

    /// <summary>The options of reading with what the command line says.</summary>
    /// <exception cref="ToolException">A list is not one of different names.</exception>
    /// <exception cref="ModelFileException">A file cannot be used.</exception>
    public ImportOptions Apply(ParseResult result, ImportOptions options)
    {
        options = options with
        {
            InputNames = Names(result, _names, "age,pressure"),
            OutputNames = Names(result, _outputNames, "risk,margin"),
            Labels = result.GetValue(_labels) is { } labels && labels.EndsWith(".txt", StringComparison.OrdinalIgnoreCase)
                ? ItemFiles.ReadLabels(labels) : Names(result, _labels, "good,watch,bad"),
        };
        if (result.GetValue(_standardization) is not { } file) return options;
        var (mean, scale) = ItemFiles.ReadStandardization(Path.GetFullPath(file));
        return options with { Mean = mean, Scale = scale };
    }

    private static ImmutableArray<string> Names(ParseResult result, Option<string?> option, string example)
    {
        if (result.GetValue(option) is not { } text) return [];
        return NameText.TryParse(text, example, out var names) is { } expected
            ? throw ToolException.Option($"{option.Name} is '{text}'; expected {expected}.") : names;
    }
}
