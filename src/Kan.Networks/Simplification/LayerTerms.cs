using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// A function of one input of a layer that is part of edges, each with a number: the input itself, a bend, or a shape that its edges share.
/// </summary>
/// <param name="Input">The input.</param>
/// <param name="Function">The function.</param>
/// <param name="IsBend">Whether it is max(x - b, 0), one of several terms of its input.</param>
internal sealed record EdgeTerm(int Input, PiecewiseLinearFunction Function, bool IsBend);

/// <summary>Some outputs of a layer whose edges consist of the same terms.</summary>
/// <param name="Outputs">The outputs.</param>
/// <param name="Terms">The terms, those of an input together, its bends from left to right behind the input itself.</param>
/// <param name="Weights">By term, then output, the numbers that edges have.</param>
internal sealed record TermBlock(int[] Outputs, EdgeTerm[] Terms, double[,] Weights)
{
    // Systems are solved in the cube of their terms, and stored in the square.
    private const long MostNumbers = 24_000_000;
    private const int MostTerms = 4_096;

    /// <summary>
    /// The terms of a layer: for all outputs together where tables are kept small, so that edges of an input go on to share breakpoints,
    /// else for each output; null if they are too many.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <param name="ranges">The ranges of its inputs.</param>
    /// <param name="goal">What is kept small.</param>
    public static TermBlock[]? Of(KanLayer layer, InputRange[] ranges, SimplificationGoal goal)
    {
        var shapes = layer.IsAffine ? null : Factorization.TryFactor(LayerSize.ByInput(layer), Precision.Single);
        int[] edgeCounts = new int[layer.InputCount];
        foreach (var edge in layer.Edges) edgeCounts[edge.Input]++;
        if (goal == SimplificationGoal.Segments)
        {
            TermBlock[] separate =
                [.. layer.Edges.GroupBy(static edge => edge.Output)
                    .Select(edges => Of([edges.Key], [.. edges], ranges, shapes, edgeCounts))];
            if (AreFew(separate)) return separate;
        }

        return Together(layer, ranges, shapes, edgeCounts) is { } together ? [together] : null;
    }

    /// <summary>The terms of a layer for all outputs together; null if they are too many, or if edges share none.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="ranges">The ranges of its inputs.</param>
    public static TermBlock? Together(KanLayer layer, InputRange[] ranges)
    {
        var shapes = layer.IsAffine ? null : Factorization.TryFactor(LayerSize.ByInput(layer), Precision.Single);
        int[] edgeCounts = new int[layer.InputCount];
        foreach (var edge in layer.Edges) edgeCounts[edge.Input]++;
        return Together(layer, ranges, shapes, edgeCounts);
    }

    private static TermBlock? Together(KanLayer layer, InputRange[] ranges, PiecewiseLinearFunction[]? shapes, int[] edgeCounts)
    {
        if (shapes is null && !layer.IsAffine && !EdgeChoices.IsShared(layer)) return null;
        var block = Of([.. Enumerable.Range(0, layer.OutputCount)], [.. layer.Edges], ranges, shapes, edgeCounts);
        return AreFew([block]) ? block : null;
    }

    /// <summary>The edges of some numbers of the terms; terms whose numbers are all 0 are no part of them.</summary>
    /// <param name="weights">By term, then output.</param>
    public IEnumerable<KanEdge> Edges(double[,] weights)
    {
        for (int first = 0, end; first < Terms.Length; first = end)
        {
            for (end = first + 1; end < Terms.Length && Terms[end].Input == Terms[first].Input; end++) { }
            for (int q = 0; q < Outputs.Length; q++)
            {
                var function = Function(first, end, q, weights);
                if (!function.IsConstant) yield return new KanEdge(Terms[first].Input, Outputs[q], function);
            }
        }
    }

    private PiecewiseLinearFunction Function(int first, int end, int q, double[,] weights)
    {
        if (!Terms[first].IsBend && end == first + 1) return Number(weights[first, q]) * Terms[first].Function;
        var slope = Terms[first].IsBend ? Rational.Zero : Number(weights[first, q]);
        List<Rational> points = [], slopes = [slope];
        for (int term = first; term < end; term++)
        {
            if (!Terms[term].IsBend || weights[term, q] == 0) continue;
            points.Add(Terms[term].Function.Breakpoints[0]);
            slopes.Add(slopes[^1] + Number(weights[term, q]));
        }

        return points.Count == 0
            ? PiecewiseLinearFunction.Linear(slope, Rational.Zero)
            : PiecewiseLinearFunction.FromSlopes(points, slopes, points[0], slope * points[0]);
    }

    // Tables hold floats; longer numbers would only make exact arithmetic slow. What is not finite is left out, and the result judged so.
    internal static Rational Number(double value) => float.IsFinite((float)value) ? Rational.FromSingle((float)value) : Rational.Zero;

    private static bool AreFew(TermBlock[] blocks) => blocks.All(static block => block.Terms.Length <= MostTerms)
        && blocks.Sum(static block => (long)block.Terms.Length * block.Terms.Length) <= MostNumbers;

    private static TermBlock Of(int[] outputs, KanEdge[] edges, InputRange[] ranges, PiecewiseLinearFunction[]? shapes, int[] edgeCounts)
    {
        var terms = new List<EdgeTerm>();
        var weights = new List<double[]>();
        var places = outputs.Select(static (output, q) => (output, q)).ToDictionary(static pair => pair.output, static pair => pair.q);
        foreach (var own in edges.Where(edge => ranges[edge.Input].Low < ranges[edge.Input].High)
            .GroupBy(static edge => edge.Input).OrderBy(static group => group.Key))
        {
            int input = own.Key;

            // A lone edge is a multiple of itself: what there is to take out of it are its bends.
            if (shapes is not null && (edgeCounts[input] > 1 || shapes[input].Breakpoints.Length <= 1))
            {
                Add(new EdgeTerm(input, shapes[input], IsBend: false), edge => Factorization.Weight(edge.Function, shapes[input]));
                continue;
            }

            var (low, high) = ranges[input];
            Add(new EdgeTerm(input, PiecewiseLinearFunction.Identity, IsBend: false), edge => edge.Function.SlopeRightOf(low));
            foreach (var point in own.SelectMany(static edge => edge.Function.Breakpoints).Distinct().Order())
            {
                if (point <= low || point >= high) continue;
                var bend = PiecewiseLinearFunction.FromSlopes([point], [Rational.Zero, Rational.One], point, Rational.Zero);
                Add(new EdgeTerm(input, bend, IsBend: true), edge => edge.Function.SlopeRightOf(point) - edge.Function.SlopeLeftOf(point));
            }

            void Add(EdgeTerm term, Func<KanEdge, Rational> weight)
            {
                var row = new double[outputs.Length];
                foreach (var edge in own) row[places[edge.Output]] = weight(edge).ToDouble();
                terms.Add(term);
                weights.Add(row);
            }
        }

        var numbers = new double[terms.Count, outputs.Length];
        for (int t = 0; t < terms.Count; t++)
        {
            for (int q = 0; q < outputs.Length; q++) numbers[t, q] = weights[t][q];
        }

        return new TermBlock(outputs, [.. terms], numbers);
    }
}
