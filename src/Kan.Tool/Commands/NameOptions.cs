using System;
using System.Collections.Immutable;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text;

namespace Kan.Tool;

/// <summary>The options that name the inputs and outputs in pictures; by default the model's own names are used.</summary>
internal sealed class NameOptions
{
    private const string Form = "names separated by commas, or a text file with one name per line";

    private readonly Option<string?> _names =
        new("--names") { Description = $"The names of the inputs: {Form}. Default: those of the model.", HelpName = "a,b,...|file" };
    private readonly Option<string?> _labels = new("--labels")
    {
        Description = $"The names of the outputs, such as classes: {Form}. "
        + $"Default: those of the model.",
        HelpName = "a,b,...|file"
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_names);
        command.Options.Add(_labels);
    }

    /// <summary>The document with these names.</summary>
    /// <exception cref="ToolException">There are too many or too few names.</exception>
    public KanDocument Apply(ParseResult result, KanDocument document) => document with
    {
        InputNames = Read(result.GetValue(_names), "--names", "input", document.Layers[0].InputCount) ?? document.InputNames,
        OutputNames = Read(result.GetValue(_labels), "--labels", "output", document.Layers[^1].OutputCount) ?? document.OutputNames,
    };

    private static ImmutableArray<string>? Read(string? text, string option, string noun, int count)
    {
        if (text is null) return null;
        ImmutableArray<string> names = text.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) || File.Exists(text)
            ? [.. Encoding.UTF8.GetString(DataFile.ReadAllBytes(text)).TrimStart('\uFEFF').ReplaceLineEndings("\n").TrimEnd('\n')
                .Split('\n')]
            : [.. text.Split(',').Select(static name => name.Trim())];
        if (names.Length == count) return names;
        throw ToolException.Option(
            $"{option} has {NumberText.Count(names.Length, "name")}; the model has {NumberText.Count(count, noun)}. Specify {Form}.");
    }
}
