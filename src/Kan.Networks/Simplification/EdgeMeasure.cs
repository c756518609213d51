using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Networks;

/// <summary>A node that edges begin at.</summary>
/// <param name="Level">Its level; 0 for inputs.</param>
/// <param name="Index">Its place in the level.</param>
/// <param name="Range">The values that it takes.</param>
internal readonly record struct NodePlace(int Level, int Index, InputRange Range);

/// <summary>How far one function is from another on the values of a node.</summary>
internal abstract class EdgeMeasure
{
    /// <summary>The constant that is best taken off a difference, and how large the rest is.</summary>
    public abstract (Rational Shift, double Error) Of(PiecewiseLinearFunction difference, NodePlace node);

    /// <summary>Values at some knots of a function for a function that bends at these only and is near it.</summary>
    /// <param name="kept">The knots, the ends of the range among them.</param>
    /// <param name="function">The function.</param>
    /// <param name="knots">All knots between which it is affine.</param>
    /// <param name="node">The node.</param>
    public abstract Rational[] ValuesAt(List<Rational> kept, PiecewiseLinearFunction function, List<Rational> knots, NodePlace node);
}

/// <summary>The largest value on the range, rounded up.</summary>
internal sealed class LargestError : EdgeMeasure
{
    public override (Rational Shift, double Error) Of(PiecewiseLinearFunction difference, NodePlace node)
    {
        var (least, greatest) = difference.RangeOn(node.Range.Low, node.Range.High);
        var middle = Rational.FromDouble(((least + greatest) * Rational.Create(1, 2)).ToDouble());
        return (middle, EnclosedFunction.Enclose(Rational.Max(greatest - middle, middle - least)).High);
    }

    /// <summary>
    /// Values at kept knots, moved so that the function lies to both sides of the lines between them: half of what it would be off to
    /// one.
    /// </summary>
    public override Rational[] ValuesAt(List<Rational> kept, PiecewiseLinearFunction function, List<Rational> knots, NodePlace node)
    {
        Rational[] values = [.. kept.Select(function.Evaluate)];
        var middles = new double[kept.Count - 1];
        for (int segment = 0, i = 1; segment < middles.Length; segment++)
        {
            double left = kept[segment].ToDouble(), value = values[segment].ToDouble(),
                slope = (values[segment + 1].ToDouble() - value) / (kept[segment + 1].ToDouble() - left), least = 0, greatest = 0;
            for (; knots[i] < kept[segment + 1]; i++)
            {
                double over = function.Evaluate(knots[i]).ToDouble() - value - (slope * (knots[i].ToDouble() - left));
                (least, greatest) = (Math.Min(least, over), Math.Max(greatest, over));
            }

            middles[segment] = (least + greatest) / 2;
            i++;
        }

        for (int k = 0; k < values.Length; k++)
        {
            double before = middles[Math.Max(k - 1, 0)], after = middles[Math.Min(k, middles.Length - 1)], middle = (before + after) / 2;
            if (double.IsFinite(middle) && middle != 0) values[k] = Rational.FromDouble(values[k].ToDouble() + middle);
        }

        return values;
    }
}
