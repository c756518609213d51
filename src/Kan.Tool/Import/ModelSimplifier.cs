using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Analysis;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>Simplifies imported models on their declared ranges.</summary>
internal static class ModelSimplifier
{
    /// <summary>The value of the metadata for a simplification that keeps the function exactly.</summary>
    public const string Exact = "Exact";

    // Far more than large trained networks take; numbers of hostile ones could grow for hours.
    private const long Work = 400_000_000_000;

    /// <summary>The same function on the declared ranges, with fewer parts.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="document">The model.</param>
    /// <param name="goal">What must not grow.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ModelFileException">The model declares no ranges, or its exact numbers grow too long.</exception>
    public static SimplificationResult Run(string path, KanDocument document, SimplificationGoal goal = SimplificationGoal.Tables, CancellationToken cancellation = default)
    {
        int inputs = document.Layers[0].InputCount;
        ImmutableArray<InputRange> ranges = document.InputRanges.Length == 1 ? [.. Enumerable.Repeat(document.InputRanges[0], inputs)] : document.InputRanges;
        if (ranges.Length != inputs)
            throw new ModelFileException(path, ModelFileProblem.OptionDoesNotFit, "A model is simplified for inputs in their ranges, and this one declares none. Specify the range of the inputs, such as Range = 0,1, or one for each input, separated by ';'.");
        using var work = ExactWork.Limit(Work, cancellation: cancellation);
        try
        {
            return RangeSimplifier.Simplify(document.Expand(cancellation), ranges, new SimplificationOptions { Bounds = RelaxedBounds.Of, Goal = goal }, cancellation);
        }
        catch (ExactWorkException exception)
        {
            throw new ModelFileException(path, ModelFileProblem.Unsupported, $"The model cannot be simplified: {exception.Message}. Leave out Simplify, or reduce the model.", innerException: exception);
        }
    }
}
