using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;

namespace Kan.Analysis;

/// <summary>How fast an output may change.</summary>
/// <param name="Output">The zero-based index of the output.</param>
/// <param name="Input">
/// The zero-based index of the input that changes, or null for all at once: then the sum of |slope| over the inputs is limited, that is how
/// far the output moves when no input moves farther than 1.</param>
/// <param name="Least">The least slope, or null for none; null if all inputs change.</param>
/// <param name="Greatest">The greatest slope, or null for none.</param>
public sealed record SlopeLimit(int Output, int? Input, Rational? Least, Rational? Greatest);

/// <summary>A statement about slopes: how outputs change when inputs do, everywhere in a box.</summary>
public sealed record SlopeStatement : Statement
{
    /// <summary>A statement of limits.</summary>
    /// <exception cref="ArgumentException">An empty interval, or a least slope for all inputs at once.</exception>
    public SlopeStatement(ImmutableArray<InputRange> box, IEnumerable<SlopeLimit> limits)
    {
        RequireBox(box);
        Box = box;
        Limits = [.. limits];
        if (Limits.Any(static limit => limit.Input is null && (limit.Least is not null || limit.Greatest is null)))
            throw new ArgumentException("A limit of all inputs at once needs a greatest slope, and no least one.", nameof(limits));
        if (Limits.FirstOrDefault(limit => limit.Output < 0 || limit.Input < 0 || limit.Input >= box.Length) is { } other)
            throw new ArgumentException($"The box has {box.Length} inputs; there is no output {other.Output} or input {other.Input}.",
                nameof(limits));
    }

    /// <summary>A closed interval for each input.</summary>
    public ImmutableArray<InputRange> Box { get; }

    /// <summary>The limits, all of which must hold.</summary>
    public ImmutableArray<SlopeLimit> Limits { get; }

    /// <summary>An output that never falls, or never rises, when an input rises.</summary>
    public static SlopeStatement Monotone(ImmutableArray<InputRange> box, int output, int input, bool isIncreasing) =>
        new(box, [new SlopeLimit(output, input, isIncreasing ? Rational.Zero : null, isIncreasing ? null : Rational.Zero)]);

    /// <summary>
    /// An output that changes at most by a factor times the change of an input, or, where none is named, of the input that changes most.
    /// </summary>
    public static SlopeStatement Lipschitz(ImmutableArray<InputRange> box, int output, int? input, Rational bound) =>
        new(box, [new SlopeLimit(output, input, input is null ? null : -bound, bound)]);

    /// <inheritdoc/>
    internal override string ToCanonicalText()
    {
        var text = new StringBuilder("slopes\n");
        Append(text, Box);
        foreach (var limit in Limits) text.Append(limit.Output).Append(' ').Append(limit.Input).Append(' ').Append(limit.Least).Append(' ')
            .Append(limit.Greatest).Append('\n');
        return text.ToString();
    }
}
