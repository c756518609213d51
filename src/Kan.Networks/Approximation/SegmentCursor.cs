namespace Kan.Networks;

/// <summary>
/// Evaluates a piecewise-linear function at points from left to right, each segment summed up once: n points take n steps and one for each
/// segment.
/// </summary>
/// <param name="function">The function.</param>
internal sealed class SegmentCursor(PiecewiseLinearFunction function)
{
    // The value at the breakpoint left of the segment; at the anchor for the first one.
    private int _segment;
    private Rational _value = function.AnchorValue;

    /// <summary>The exact value at a point that is not left of the last one.</summary>
    public Rational Evaluate(Rational x)
    {
        var breakpoints = function.Breakpoints;
        while (_segment < breakpoints.Length && breakpoints[_segment] < x)
        {
            if (_segment > 0) _value += function.Slopes[_segment] * (breakpoints[_segment] - breakpoints[_segment - 1]);
            _segment++;
        }

        var point = _segment == 0 ? function.AnchorPoint : breakpoints[_segment - 1];
        return _value + (function.Slopes[_segment] * (x - point));
    }
}
