namespace Kan.Interchange;

/// <summary>A linear condition on outputs: Y_output is at least, or at most, another output or a number.</summary>
/// <param name="Output">The output on the left.</param>
/// <param name="IsAtLeast">Whether it is at least, or else at most, the right side.</param>
/// <param name="Other">The output on the right, or null for <paramref name="Value"/>.</param>
/// <param name="Value">The number on the right.</param>
public readonly record struct OutputConstraint(int Output, bool IsAtLeast, int? Other, Rational Value);
