using System.Collections.Immutable;

namespace Kan.Compiler.Lower;

/// <summary>What a model says of its inputs and outputs.</summary>
/// <param name="InputNames">One for each input, or empty.</param>
/// <param name="InputUnits">One for each input, or empty.</param>
/// <param name="InputRanges">One for each input, one for all, or empty.</param>
/// <param name="OutputNames">One for each output, or empty.</param>
public sealed record NetworkLabels(
    ImmutableArray<string> InputNames, ImmutableArray<string> InputUnits, ImmutableArray<InputRange> InputRanges,
    ImmutableArray<string> OutputNames)
{
    /// <summary>The classes of a classifier: one for each output, or empty.</summary>
    public ImmutableArray<string> Classes { get; init; } = [];

    /// <summary>What the model applies to its outputs.</summary>
    public NetworkHead Head { get; init; }

    /// <summary>What a document says.</summary>
    public static NetworkLabels Of(KanDocument document) =>
        new(document.InputNames, document.InputUnits, document.InputRanges, document.OutputNames)
        {
            Classes = document.Labels,
            Head = document.Head
        };
}
