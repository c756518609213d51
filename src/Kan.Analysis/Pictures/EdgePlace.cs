namespace Kan.Analysis;

/// <summary>The location of an edge in a network.</summary>
/// <param name="Layer">The zero-based index of the layer.</param>
/// <param name="Input">The zero-based index of its input node.</param>
/// <param name="Output">The zero-based index of its output node.</param>
public readonly record struct EdgePlace(int Layer, int Input, int Output);
