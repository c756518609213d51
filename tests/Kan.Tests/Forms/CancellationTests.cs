using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Kan.Tests.Forms;

/// <summary>
/// The forms of a zigzag of 512 knots in single precision: sums of growing ReLUs cancel, clamped differences and tables do not.
/// Errors are in units of u max |phi|, u = 2^-24.
/// </summary>
public sealed class CancellationTests
{
    private const int KnotCount = 512;

    [Fact]
    public void Clamp_and_table_keep_what_the_telescoped_form_loses()
    {
        float[] knots = [.. Enumerable.Range(0, KnotCount).Select(static i => (float)(-1.0 + (2.0 * i / (KnotCount - 1))))];
        float[] values = [.. Enumerable.Range(0, KnotCount).Select(static i => i % 2 == 0 ? -1f : 1f)];
        var function = PiecewiseLinearFunction.FromKnots([.. knots.Select(Rational.FromSingle)], [.. values.Select(Rational.FromSingle)]);
        var layer = new KanLayer(1, 1, [new KanEdge(0, 0, function)]);

        Assert.InRange(LargestError(layer, LayerLowering.Clamp, knots, values), 0.1, 16);
        Assert.InRange(LargestError(layer, LayerLowering.Rows, knots, values), 0.1, 16);
        Assert.True(LargestError(layer, LayerLowering.Relu, knots, values) > 1e4);
    }

    private static double LargestError(KanLayer layer, LayerLowering lowering, float[] knots, float[] values)
    {
        var evaluator =
            new ReferenceEvaluator<float>(new NetworkForm(Precision.Single, [FormBuilder.Build(layer, lowering, Precision.Single)]));
        double largest = 0;
        foreach (var (x, exact) in Samples(knots, values))
        {
            var error = Rational.Abs(Rational.FromSingle(evaluator.Evaluate([x])[0]) - exact);
            largest = Math.Max(largest, error.ToDouble() * (1 << 24));
        }

        return largest;
    }

    /// <summary>Points on every segment and the exact values there: the line through two knots, and no form of it.</summary>
    private static IEnumerable<(float Point, Rational Exact)> Samples(float[] knots, float[] values)
    {
        var random = new Random(3);
        for (int i = 1; i < knots.Length; i++)
        {
            for (int k = 0; k < 8; k++)
            {
                float x = k == 0 ? knots[i] : Math.Clamp(knots[i - 1] + ((knots[i] - knots[i - 1]) * random.NextSingle()), knots[i - 1],
                    knots[i]);
                Rational left = Rational.FromSingle(knots[i - 1]), right = Rational.FromSingle(knots[i]);
                var t = (Rational.FromSingle(x) - left) / (right - left);
                yield return (x, Rational.FromSingle(values[i - 1]) + (t * Rational.FromSingle(values[i] - values[i - 1])));
            }
        }
    }
}
