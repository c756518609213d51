using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Networks;

/// <summary>A network along a line: what remains is one piecewise-linear function for each output, exact.</summary>
public static class LineRestriction
{
    /// <summary>The outputs at origin + t * direction as functions of t, or null if they have too many pieces.</summary>
    /// <param name="network">Any network.</param>
    /// <param name="origin">The point at t = 0.</param>
    /// <param name="direction">The change of the inputs with t; 1 for one input and 0 for the others sweeps that input.</param>
    /// <param name="pieceLimit">The maximum number of pieces that all nodes of a layer may have together.</param>
    /// <returns>One function for each output; its breakpoints are where the line enters another cell and the output bends there.</returns>
    /// <exception cref="ArgumentException">The dimension of the point is not the network's number of inputs.</exception>
    public static PiecewiseLinearFunction[]? AlongLine(this KanNetwork network, IReadOnlyList<Rational> origin,
        IReadOnlyList<Rational> direction, int pieceLimit = 100_000)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(direction);
        if (origin.Count != network.InputCount)
            throw new ArgumentException($"The network has {network.InputCount} inputs, not {origin.Count}.", nameof(origin));
        if (direction.Count != network.InputCount)
            throw new ArgumentException($"The network has {network.InputCount} inputs, not {direction.Count}.", nameof(direction));
        var nodes = origin.Zip(direction, static (at, slope) => PiecewiseLinearFunction.Linear(slope, at)).ToArray();
        foreach (var layer in network.Layers)
        {
            // A composition has at most the product of the pieces, each of which takes work even where pieces merge in the end.
            long pieces = 0;
            var terms = new List<PiecewiseLinearFunction>[layer.OutputCount];
            for (int q = 0; q < terms.Length; q++) terms[q] = [PiecewiseLinearFunction.Constant(layer.Biases[q])];
            foreach (var edge in layer.Edges)
            {
                if (NetworkSimplifier.TryCompose(edge.Function, nodes[edge.Input]) is not { } term) return null;
                pieces += term.Breakpoints.Length;
                if (pieces > pieceLimit) return null;
                terms[edge.Output].Add(term);
            }

            nodes = Array.ConvertAll(terms, PiecewiseLinearFunction.Sum);
        }

        return nodes;
    }
}
