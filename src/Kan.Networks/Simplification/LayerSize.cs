using System.Collections.Generic;
using System.Linq;

namespace Kan.Networks;

/// <summary>The numbers that a layer takes in the form that it has: what passes compare before they replace one layer by another.</summary>
internal static class LayerSize
{
    /// <summary>What a goal counts of a layer.</summary>
    public static long By(SimplificationGoal goal, KanLayer layer) =>
        goal == SimplificationGoal.Tables ? NumbersOf(layer) : SegmentsOf(layer);

    public static long SegmentsOf(KanLayer layer) => layer.Edges.Sum(static edge => (long)edge.Function.Slopes.Length);

    /// <summary>The edges of each input, without constants.</summary>
    public static PiecewiseLinearFunction?[][] ByInput(KanLayer layer)
    {
        var byInput = new List<PiecewiseLinearFunction?>[layer.InputCount];
        for (int p = 0; p < byInput.Length; p++) byInput[p] = [];
        foreach (var edge in layer.Edges) byInput[edge.Input].Add(edge.Function);
        return [.. byInput.Select(static list => list.ToArray())];
    }

    /// <summary>
    /// Weights where the edges of each input are multiples of one shape, with the breakpoints and slopes of the shapes; else for each
    /// input the union of its breakpoints, and a value and a slope for each edge and interval between them.
    /// </summary>
    public static long NumbersOf(KanLayer layer)
    {
        long biases = layer.Biases.Count(static bias => !bias.IsZero);
        if (layer.IsAffine) return biases + layer.Edges.Length;
        var byInput = ByInput(layer);
        if (Factorization.TryFactor(byInput, Precision.Single) is { } shapes)
            return biases + layer.Edges.Length + shapes.Sum(static shape => 2L * shape.Breakpoints.Length);
        long numbers = biases;
        foreach (var edges in byInput)
        {
            var own = new HashSet<Rational>(edges.SelectMany(static function => function!.Breakpoints));
            numbers += own.Count == 0 ? edges.Length : own.Count + (2 * (own.Count + 1L) * edges.Length);
        }

        return numbers;
    }
}
