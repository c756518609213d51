namespace Kan.Analysis;

/// <summary>Where an edge is in a network.</summary>
/// <param name="Layer">The layer, from 0.</param>
/// <param name="Input">Its input node, from 0.</param>
/// <param name="Output">Its output node, from 0.</param>
public readonly record struct EdgePlace(int Layer, int Input, int Output);
