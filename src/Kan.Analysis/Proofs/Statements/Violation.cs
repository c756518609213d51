using System.Collections.Immutable;

namespace Kan.Analysis;

/// <summary>Inputs for which a statement fails, exact.</summary>
/// <param name="Inputs">The inputs.</param>
/// <param name="Outputs">The outputs there.</param>
/// <param name="Other">For a statement about slopes: the outputs at <paramref name="OtherInputs"/>; otherwise empty.</param>
/// <param name="OtherInputs">For a statement about slopes: the inputs to compare with; otherwise empty.</param>
public sealed record Violation(ImmutableArray<Rational> Inputs, ImmutableArray<Rational> Outputs, ImmutableArray<Rational> OtherInputs,
    ImmutableArray<Rational> Other);
