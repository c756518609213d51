namespace Kan.Analysis;

/// <summary>Where an edge is in a network.</summary>
/// <param name="Layer">The zero-based index of the layer.</param>
/// <param name="Input">The zero-based index of its input node.</param>
/// <param name="Output">The zero-based index of its output node.</param>
public readonly record struct EdgePlace(int Layer, int Input, int Output);
