using System.Collections.Immutable;

namespace Kan.Interchange;

/// <summary>Puts the names and labels of the options over those of a model.</summary>
internal static class NodeNames
{
    /// <summary>The document with the names.</summary>
    /// <exception cref="ModelFileException">They are too few or too many.</exception>
    public static KanDocument Apply(ModelFile file, KanDocument document, ImportOptions options)
    {
        int inputs = document.Layers[0].InputCount, outputs = document.Layers[^1].OutputCount;
        return document with
        {
            InputNames = Choose(document.InputNames, options.InputNames, inputs, "input", "InputNames", "names"),
            OutputNames = Choose(document.OutputNames, options.OutputNames, outputs, "output", "OutputNames", "names"),
            Labels = Choose(document.Labels, options.Labels, outputs, "output", "Labels", "labels"),
        };

        ImmutableArray<string> Choose(ImmutableArray<string> known, ImmutableArray<string> asked, int count, string node, string option,
            string what)
        {
            if (asked.IsEmpty) return known;
            if (asked.Length == count) return asked;
            throw file.DoesNotFit($"The model has {count} {node}{(count == 1 ? "" : "s")}, but {option} has {asked.Length} {what} "
                + $"('{string.Join("', '", asked)}'). Give one for each {node}, in order.");
        }
    }
}
