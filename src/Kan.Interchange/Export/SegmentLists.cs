using System.Collections.Generic;
using System.Linq;

namespace Kan.Interchange;

/// <summary>
/// The tables of segments of all inputs, one after the other. Input p has one row more than knots, so its rows begin p rows after its
/// knots.
/// </summary>
/// <param name="Starts">Where the knots of each input begin, and where the last ones end.</param>
/// <param name="Knots">The knots.</param>
/// <param name="Values">The values at the anchor points, row by row.</param>
/// <param name="Slopes">The slopes, row by row.</param>
internal sealed record SegmentLists(IReadOnlyList<int> Starts, IReadOnlyList<double> Knots, IReadOnlyList<double> Values,
    IReadOnlyList<double> Slopes)
{
    /// <summary>Whether all nodes have the same function, which is then written once.</summary>
    public static bool IsShared(ActivationForm form) => form.Segments.All(table => ReferenceEquals(table, form.Segments[0]));

    /// <summary>The tables of an activation that are written: each once.</summary>
    public static IReadOnlyList<SegmentTable> Written(ActivationForm form) =>
        [.. form.Segments.Distinct<SegmentTable>(ReferenceEqualityComparer.Instance)];

    /// <summary>For each node the number of its table; null if that is its own number, or all have the first.</summary>
    public static IReadOnlyList<int>? Numbers(ActivationForm form)
    {
        var tables = Written(form);
        if (tables.Count == 1 || tables.Count == form.Count) return null;
        var places = new Dictionary<object, int>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < tables.Count; i++) places.Add(tables[i], i);
        return [.. form.Segments.Select(table => places[table])];
    }

    /// <summary>The tables without padding.</summary>
    public static SegmentLists Of(IReadOnlyList<SegmentTable> tables)
    {
        var starts = new List<int> { 0 };
        var knots = new List<double>();
        var values = new List<double>();
        var slopes = new List<double>();
        foreach (var table in tables)
        {
            // Padding, which no number is at or above, is at the end.
            int count = table.Knots.Count(static knot => !double.IsNaN(knot)), width = table.Values.Length / table.SegmentCount;
            knots.AddRange(table.Knots.Take(count));
            values.AddRange(table.Values.Take((count + 1) * width));
            slopes.AddRange(table.Slopes.Take((count + 1) * width));
            starts.Add(knots.Count);
        }

        return new SegmentLists(starts, knots, values, slopes);
    }
}
