using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;

namespace Kan.Networks;

/// <summary>A network with fewer parts, and what was done to get there.</summary>
public sealed record SimplificationResult
{
    /// <summary>The network.</summary>
    public required KanNetwork Network { get; init; }

    /// <summary>The box on which it is the network before, up to <see cref="ErrorBound"/>; outside it may be another function.</summary>
    public required ImmutableArray<InputRange> Box { get; init; }

    /// <summary>What was done, in order.</summary>
    public required ImmutableArray<SimplificationStep> Steps { get; init; }

    /// <summary>The number of rounds that the passes took.</summary>
    public required int Rounds { get; init; }

    /// <summary>Whether the last round found nothing; false if the limit on rounds was reached first.</summary>
    public required bool IsFinished { get; init; }

    /// <summary>The network before, with activations folded into edges.</summary>
    public required SimplificationSize Before { get; init; }

    /// <summary>The network after.</summary>
    public required SimplificationSize After { get; init; }

    /// <summary>
    /// A bound of |after - before| for every output and every input in the box, both exact: 0 if the networks are equal there.
    /// </summary>
    public Rational ErrorBound { get; init; }

    /// <summary>The layers that became two, in order; none without a tolerance.</summary>
    public ImmutableArray<FactoredLayer> Factored { get; init; } = [];

    /// <summary>
    /// A document with the layers of this network: names and ranges of inputs stay, and a note says where the networks are equal. What is
    /// known of integers goes.
    /// </summary>
    /// <param name="source">The document that the network before was read from.</param>
    public KanDocument ToDocument(KanDocument source) => source with
    {
        InputRanges = Box.Distinct().Take(2).Count() == 1 ? [Box[0]] : Box,
        SourceNotes = [.. source.SourceNotes, Note()],

        // They are those of the layers before.
        Codes = null,
        HiddenRanges = [],
        Layers = [.. Network.Layers.SelectMany(LayerDescriptions.Of)],
    };

    private string Note()
    {
        string what = $"{Before.Units} to {After.Units} hidden nodes, {Before.Edges} to {After.Edges} edges, {Before.Segments} to "
            + $"{After.Segments} segments";
        return ErrorBound.IsZero
            ? $"Simplified exactly on the declared ranges of the inputs ({what}): the same function for all inputs in them; outside it "
            + $"may differ."
            : $"Compressed on the declared ranges of the inputs ({what}): each output is within {Up(ErrorBound)} of the model's for all "
            + $"inputs in them, certified; outside it may differ.";
    }

    /// <summary>Three digits, not below a bound.</summary>
    private static string Up(Rational bound)
    {
        double value = bound.ToDouble(), digit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 2);
        if (Rational.FromDouble(value) < bound) value = Math.BitIncrement(value);
        foreach (double candidate in (double[])[value, value + digit])
        {
            string text = candidate.ToString("G3", CultureInfo.InvariantCulture);
            if (double.Parse(text, CultureInfo.InvariantCulture) >= value) return text;
        }

        return value.ToString("R", CultureInfo.InvariantCulture);
    }
}
