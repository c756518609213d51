using System.Collections.Generic;
using System.Linq;

namespace Kan.Tests.Support;

/// <summary>The points where a mistake in a piecewise-linear function shows.</summary>
internal static class Points
{
    private static readonly Rational s_step = Rational.Create(1, 1_000_003);

    /// <summary>Breakpoints, their neighbourhoods, the middles between them, and far outside.</summary>
    public static List<Rational> Around(IEnumerable<Rational> breakpoints)
    {
        var sorted = breakpoints.Distinct().Order().ToList();
        List<Rational> points = [Rational.Zero, 1_000_000_000, -1_000_000_000];
        foreach (var breakpoint in sorted) points.AddRange([breakpoint, breakpoint - s_step, breakpoint + s_step]);
        for (int i = 1; i < sorted.Count; i++) points.Add((sorted[i - 1] + sorted[i]) / 2);
        return points;
    }

    /// <summary>Inputs of a layer: each input runs through its own points while the others stand somewhere on theirs.</summary>
    public static IEnumerable<Rational[]> For(KanLayer layer)
    {
        var points = Enumerable.Range(0, layer.InputCount)
            .Select(input => Around(layer.Edges.Where(edge => edge.Input == input).SelectMany(edge => edge.Function.Breakpoints)))
            .ToArray();
        int most = points.Max(static own => own.Count);
        for (int shift = 0; shift < 3; shift++)
        {
            for (int i = 0; i < most; i++) yield return [.. points.Select((own, input) => own[(i + (shift * input)) % own.Count])];
        }
    }
}
