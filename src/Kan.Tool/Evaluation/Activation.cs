using System.Linq;
using System.Numerics;

namespace Kan.Tool;

/// <summary>The knots of one input.</summary>
internal sealed class Segments<T>(SegmentTable table)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private readonly T[] _knots = [.. table.Knots.Select(static knot => T.CreateChecked(knot))];
    private readonly T[] _points = [.. table.Points.Select(static point => T.CreateChecked(point))];

    /// <summary>The segment of x, and how far x is from its anchor.</summary>
    public (int Segment, T Difference) Find(T x, FiniteEnds ends)
    {
        int j = 0;
        foreach (T knot in _knots)
        {
            if (x >= knot) j++;
        }

        return (j, SegmentTerm.Distance(default(FloatOps<T>), x, _points[j], ends));
    }
}

/// <summary>One function for each node.</summary>
internal sealed class Activation<T>(ActivationForm form)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    private readonly (Segments<T> Segments, T[] Values, T[] Slopes)[] _nodes = [.. form.Segments.Select(static table => (
        new Segments<T>(table),
        table.Values.Select(static value => T.CreateChecked(value)).ToArray(),
        table.Slopes.Select(static slope => T.CreateChecked(slope)).ToArray()))];

    public T Evaluate(int node, T x)
    {
        var ops = default(FloatOps<T>);
        if (form.IsRelu) return ops.AtLeast(x, ops.Zero);
        var (segments, values, slopes) = _nodes[node];
        var (j, t) = segments.Find(x, form.Ends);
        return SegmentTerm.Line(ops, slopes[j], t, values[j]);
    }
}
