using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading;
using Kan.Analysis;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>Simplifies imported models on their declared ranges.</summary>
internal static class ModelSimplifier
{
    // Far more than large trained networks take; numbers of hostile ones could grow for hours.
    private const long Work = 400_000_000_000;

    /// <summary>Of an error that is allowed, what curved edges may take when a model is read: a finer model is the better start.</summary>
    public const double ShareOfReading = 1.0 / 24;

    /// <summary>The same function on the declared ranges, or one within a tolerance, with fewer parts.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="document">The model.</param>
    /// <param name="tolerance">The largest acceptable difference of an output; null for none.</param>
    /// <param name="goal">What must not grow.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ModelFileException">The model declares no ranges, or its exact numbers grow too long.</exception>
    public static SimplificationResult Run(string path, KanDocument document, double? tolerance = null,
        SimplificationGoal goal = SimplificationGoal.Tables, CancellationToken cancellation = default) =>
        OnRanges(
            path, document, goal,
            (network, ranges, options) => tolerance is { } error
                ? RangeCompressor.Compress(network, ranges, error, options, cancellation)
                : RangeSimplifier.Simplify(network, ranges, options, cancellation),
            cancellation);

    /// <summary>A network with fewer parts that keeps a limit on rows of inputs.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="document">The model.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="limit">What must be kept.</param>
    /// <param name="goal">What must not grow.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ModelFileException">The model declares no ranges, or its exact numbers grow too long.</exception>
    public static SampledResult RunOn(string path, KanDocument document, IReadOnlyList<double[]> rows, SampledLimit limit,
        SimplificationGoal goal, CancellationToken cancellation) =>
        OnRanges(path, document, goal,
        (network, ranges, options) => SampledCompressor.Compress(network, ranges, rows, limit, options, cancellation), cancellation);

    private static T OnRanges<T>(
        string path, KanDocument document, SimplificationGoal goal, Func<KanNetwork, ImmutableArray<InputRange>, SimplificationOptions,
        T> simplify, CancellationToken cancellation)
    {
        int inputs = document.Layers[0].InputCount;
        ImmutableArray<InputRange> ranges = document.InputRanges.Length == 1
            ? [.. Enumerable.Repeat(document.InputRanges[0], inputs)]
            : document.InputRanges;
        if (ranges.Length != inputs)
            throw new ModelFileException(path, ModelFileProblem.OptionDoesNotFit, "A model is simplified for inputs in their ranges, and "
                + "this one declares none. Specify the range of the inputs, such as Range = 0,1, or one for each input, separated by ';'.");
        using var work = ExactWork.Limit(Work, cancellation: cancellation);
        try
        {
            return simplify(document.Expand(cancellation), ranges, new SimplificationOptions { Bounds = ProvedBounds.Of, Goal = goal });
        }
        catch (ExactWorkException exception)
        {
            throw new ModelFileException(path, ModelFileProblem.Unsupported, $"The model cannot be simplified: {exception.Message}. "
                + $"Leave out Simplify, or reduce the model.", innerException: exception);
        }
    }

    /// <summary>A bound of the error of reading a model and of simplifying it.</summary>
    public static double ErrorOf(double reading, SimplificationResult result)
    {
        double own = result.ErrorBound.ToDouble(), sum = reading + own;
        return reading == 0 ? own : own == 0 ? reading : Math.BitIncrement(sum);
    }

    /// <summary>What the metadata says: exactly, or within a tolerance; null if neither.</summary>
    public static Mode? TryParse(string text)
    {
        if (string.Equals(text.Trim(), "Exact", StringComparison.OrdinalIgnoreCase)) return new Mode(null);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double tolerance) && tolerance > 0
            && double.IsFinite(tolerance) ? new Mode(tolerance) : null;
    }

    /// <summary>How a model is simplified.</summary>
    /// <param name="Tolerance">The largest acceptable difference of an output; null for none.</param>
    public sealed record Mode(double? Tolerance)
    {
        /// <summary>The options of reading: curves take a share of the tolerance, unless they have a separate one.</summary>
        public ImportOptions Apply(ImportOptions options) =>
            Tolerance is { } error && options.Tolerance is null ? options with { Tolerance = error * ShareOfReading } : options;

        /// <summary>Simplifies an imported model.</summary>
        /// <param name="path">The file, for messages.</param>
        /// <param name="imported">The model.</param>
        /// <param name="options">The options it was read with.</param>
        public ImportResult Run(string path, ImportResult imported, ImportOptions options)
        {
            double? rest = options.Tolerance is null ? Tolerance - imported.Report.CertifiedError : Tolerance;
            var result = ModelSimplifier.Run(path, imported.Document, rest);
            var document = result.ToDocument(imported.Document);
            return imported with
            {
                Document = document,
                Report = imported.Report with
                {
                    Notes = document.SourceNotes,
                    CertifiedError = ErrorOf(imported.Report.CertifiedError, result),
                    Domain = result.Box
                }
            };
        }
    }
}
