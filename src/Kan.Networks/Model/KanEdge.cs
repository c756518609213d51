namespace Kan.Networks;

/// <summary>One edge of a layer: output += function(input).</summary>
/// <param name="Input">The input node, from 0.</param>
/// <param name="Output">The output node, from 0.</param>
/// <param name="Function">What the edge adds to the output.</param>
public readonly record struct KanEdge(int Input, int Output, PiecewiseLinearFunction Function);
