using System.Collections.Immutable;

namespace Kan.Networks;

/// <summary>The answer to whether two networks are the same function.</summary>
public enum EquivalenceVerdict
{
    /// <summary>The networks are the same function. This is a proof.</summary>
    Proved,

    /// <summary>The networks differ, and a point where they differ is known.</summary>
    Refuted,

    /// <summary>Not decided within the limits of <see cref="EquivalenceOptions"/>.</summary>
    Undecided,
}

/// <summary>The method that decided the answer.</summary>
public enum EquivalenceMethod
{
    /// <summary>Both have the same normal form.</summary>
    NormalForm,

    /// <summary>Both are single layers, whose edges are unique up to constants.</summary>
    SingleLayer,

    /// <summary>Both have one input; all functions were composed.</summary>
    Composition,

    /// <summary>Cells were visited, on each of which both are the same function or differ at a point.</summary>
    Cells,

    /// <summary>Trying points and lines.</summary>
    Search,
}

/// <summary>A point where two networks differ.</summary>
/// <param name="Inputs">The point, exact.</param>
/// <param name="Left">The exact outputs of the left network.</param>
/// <param name="Right">The exact outputs of the right network; at least one is another number.</param>
public sealed record Counterexample(ImmutableArray<Rational> Inputs, ImmutableArray<Rational> Left, ImmutableArray<Rational> Right)
{
    /// <summary>The largest |left - right| over the outputs.</summary>
    public Rational Difference
    {
        get
        {
            var largest = Rational.Zero;
            for (int i = 0; i < Left.Length; i++) largest = Rational.Max(largest, Rational.Abs(Left[i] - Right[i]));
            return largest;
        }
    }
}

/// <summary>Whether two networks are the same function, and how that is known.</summary>
public sealed record EquivalenceResult
{
    /// <summary>The answer.</summary>
    public required EquivalenceVerdict Verdict { get; init; }

    /// <summary>The method that decided it.</summary>
    public required EquivalenceMethod Method { get; init; }

    /// <summary>The answer in a sentence; for <see cref="EquivalenceVerdict.Undecided"/> what prevented an answer.</summary>
    public required string Explanation { get; init; }

    /// <summary>
    /// Whether <see cref="EquivalenceOptions.TimeLimit"/> ended the decision, which is then <see cref="EquivalenceVerdict.Undecided"/>.
    /// </summary>
    public bool IsOutOfTime { get; init; }

    /// <summary>A point where the networks differ; null unless the answer is refuted.</summary>
    public Counterexample? Counterexample { get; init; }

    /// <summary>The largest difference at the points tried, which is 0 unless refuted.</summary>
    public Rational LargestDifference => Counterexample?.Difference ?? Rational.Zero;

    /// <summary>The cells visited.</summary>
    public int CellCount { get; init; }

    /// <summary>The points at which both networks were evaluated.</summary>
    public int SampleCount { get; init; }

    /// <summary>Whether equality is proved.</summary>
    public bool IsProved => Verdict == EquivalenceVerdict.Proved;

    /// <summary>Whether the networks are proved to differ.</summary>
    public bool IsRefuted => Verdict == EquivalenceVerdict.Refuted;

    /// <inheritdoc/>
    public override string ToString() => $"{Verdict}: {Explanation}";
}
