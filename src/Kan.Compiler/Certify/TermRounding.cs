using System;
using Kan.Forms;

namespace Kan.Compiler.Certify;

/// <summary>What rounding does to the term of one edge, for an exact input.</summary>
/// <param name="Error">A bound of |computed - exact|, without the additions that take the term into its sum.</param>
/// <param name="Swing">A bound of what the additions of the term add up to on the way: of |term| where it is one number.</param>
/// <param name="Additions">The additions that take it into its sum; each rounds.</param>
internal readonly record struct TermRounding(double Error, double Swing, int Additions)
{
    /// <param name="edge">The edge.</param>
    /// <param name="form">The form of its layer.</param>
    /// <param name="low">The least input.</param>
    /// <param name="high">The largest input.</param>
    /// <param name="rounding">The number type.</param>
    public static TermRounding Of(KanEdge edge, LayerForm form, double low, double high, UnitRoundoff rounding)
    {
        switch (form)
        {
            case AffineForm affine:
                return OfWeight(affine, edge, edge.Function.Slopes[0], Math.Max(Math.Abs(low), Math.Abs(high)), 0, rounding);
            case FactoredForm { Activation.IsRelu: true } factored:
                var slope = edge.Function.Slopes[0].IsZero ? edge.Function.Slopes[edge.Function.Slopes.Length - 1] : edge.Function.Slopes[0];
                return OfWeight(factored.Affine, edge, slope, Math.Max(0, high), 0, rounding);
            case FactoredForm factored:
                var (error, height) = SegmentRounding.Of(factored.Activation.Segments[edge.Input], 0, low, high, rounding);
                return OfWeight(factored.Affine, edge, null, height, error, rounding);
            case ElementwiseForm { Activation.IsRelu: true }:
                return default;
            case ElementwiseForm elementwise:
                return new TermRounding(SegmentRounding.Of(elementwise.Activation.Segments[edge.Input], 0, low, high, rounding).Error, 0, 0);
            case RowsForm rows:
                var (local, magnitude) = SegmentRounding.Of(rows.Segments[edge.Input], edge.Output, low, high, rounding);
                return new TermRounding(local, magnitude, 1);
            case UnitsForm units:
                return OfUnits(edge.Function, units.Lowering == LayerLowering.Clamp, low, high, rounding);
            default:
                throw new ArgumentException($"Forms of type {form.GetType().Name} are not known.", nameof(form));
        }
    }

    /// <summary>w h, where h of at most some magnitude arrives with an error, and w is the rounded quotient of two slopes.</summary>
    private static TermRounding OfWeight(AffineForm affine, KanEdge edge, Rational? exact, double height, double error, UnitRoundoff rounding)
    {
        double weight = affine.Weights[(edge.Input * affine.OutputCount) + edge.Output], off = rounding.Of(Math.Abs(weight));
        if (exact is { } slope)
        {
            // Weights of trained networks are numbers of the type: their error is that of a conversion to double here, if any.
            double nearest = slope.ToDouble();
            off = Math.Min(off, Math.Abs(weight - nearest) + (1.2e-16 * Math.Abs(nearest)));
        }

        double swing = Math.Abs(weight) * height;
        return new TermRounding(((off * height) + (Math.Abs(weight) * error)) * UnitRoundoff.Slack, swing * UnitRoundoff.Slack, 1);
    }

    /// <summary>The sum of w unit(x - b) over the units of an edge.</summary>
    private static TermRounding OfUnits(PiecewiseLinearFunction function, bool isClamp, double low, double high, UnitRoundoff rounding)
    {
        int k = function.Breakpoints.Length;
        double first = function.AnchorPoint.ToDouble(), error = 0, swing = 0;

        // The slope of a clamped difference is within five roundings of the exact one, any other number within one.
        Add(first - low, function.Slopes[0].ToDouble(), first, 1);
        if (isClamp)
        {
            for (int i = 1; i < k; i++)
            {
                double left = function.Breakpoints[i - 1].ToDouble(), width = function.Breakpoints[i].ToDouble() - left;
                Add(Math.Min(high - left, width), function.Slopes[i].ToDouble(), left, 5);
            }

            double last = k == 0 ? 0 : function.Breakpoints[k - 1].ToDouble();
            Add(high - last, function.Slopes[k].ToDouble(), last, 1);
        }
        else
        {
            Add(high - first, function.Slopes[Math.Min(k, 1)].ToDouble(), first, 1);
            for (int i = 2; i <= k; i++)
            {
                double left = function.Breakpoints[i - 1].ToDouble();
                Add(high - left, (function.Slopes[i] - function.Slopes[i - 1]).ToDouble(), left, 1);
            }
        }

        return new TermRounding(error * UnitRoundoff.Slack, swing * UnitRoundoff.Slack, Math.Max(2, k + 1));

        // The breakpoint, the difference and the height of a clamp round; a unit that no input reaches is 0 without an error, but for the rounding of its breakpoint.
        void Add(double reach, double weight, double breakpoint, int weightRoundings)
        {
            double moved = rounding.Of(Math.Abs(breakpoint)), length = Math.Max(0, reach) + (1e-15 * Math.Abs(breakpoint)), slope = Math.Abs(weight);
            if (reach < -4 * moved) return;
            error += (slope * ((weightRoundings * rounding.Of(length)) + (2 * rounding.Of(length)) + (2 * moved))) + (rounding.Of(0) * (1 + length));
            swing += slope * (length + (2 * moved));
        }
    }
}
