namespace Kan.Networks;

/// <summary>One edge of a layer: output += function(input).</summary>
/// <param name="Input">The zero-based index of the input node.</param>
/// <param name="Output">The zero-based index of the output node.</param>
/// <param name="Function">The function whose value the edge adds to the output.</param>
public readonly record struct KanEdge(int Input, int Output, PiecewiseLinearFunction Function);
