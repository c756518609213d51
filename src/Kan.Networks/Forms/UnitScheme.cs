using System;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Networks;

/// <summary>
/// A way to write an edge as a sum of units: which kinds, and the exact numbers of each. A lowering to units is one scheme; evaluators,
/// printers and the certificate read kinds and numbers, and know no scheme by name.
/// </summary>
internal abstract class UnitScheme
{
    /// <summary>All schemes.</summary>
    private static readonly ImmutableArray<UnitScheme> s_schemes = [new ClampScheme(), new ReluScheme()];

    /// <summary>The lowering.</summary>
    public abstract LayerLowering Lowering { get; }

    /// <summary>What the terms are called in generated code, in the plural.</summary>
    public abstract string Words { get; }

    /// <summary>
    /// Whether the units of an edge stand in the order of its segments and exactly one of them moves at each point; else several slopes add
    /// up. Only such a scheme may use units that end at a height, and <see cref="Balance"/> keeps what the rounding of its numbers adds to
    /// the units that an input has passed within one rounding of the largest of their terms.
    /// </summary>
    public abstract bool IsChain { get; }

    /// <summary>The scheme of a lowering; null for one that is not made of units.</summary>
    public static UnitScheme? Of(LayerLowering lowering) => s_schemes.FirstOrDefault(scheme => scheme.Lowering == lowering);

    /// <summary>The kinds of the units of every input, in the order in which they are added.</summary>
    /// <param name="bends">The most breakpoints of an edge, at least 1.</param>
    public abstract ImmutableArray<UnitKind> Kinds(int bends);

    /// <summary>The exact units of an edge, without its value at the anchor.</summary>
    /// <param name="function">The edge.</param>
    /// <param name="count">The number of kinds; an edge of fewer breakpoints leaves the last ones at weight 0.</param>
    public abstract ExactUnit[] Units(PiecewiseLinearFunction function, int count);

    /// <summary>
    /// Moves weights, by at most <see cref="Rounding.FourUnits"/> of each, so that what rounding does to them does not add up.
    /// </summary>
    public virtual void Balance(ExactUnit[] units, Rounding rounding)
    {
    }
}

/// <summary>A unit before rounding.</summary>
/// <param name="Point">The breakpoint, b.</param>
/// <param name="Height">The height of a unit that ends at one, h.</param>
/// <param name="Weight">The weight, w.</param>
internal readonly record struct ExactUnit(Rational Point, Rational Height, Rational Weight);

/// <summary>
/// Clamped differences, phi = v_1 + a_0 min(x - b_1, 0) + sum a_i min(max(x - b_i, 0), h_i) + a_k max(x - b_k, 0): one for each segment.
/// The rounding error grows with the total variation.
/// </summary>
internal sealed class ClampScheme : UnitScheme
{
    public override LayerLowering Lowering => LayerLowering.Clamp;

    public override string Words => "clamped differences";

    public override bool IsChain => true;

    public override ImmutableArray<UnitKind> Kinds(int bends) =>
        [UnitKind.LowRay, .. Enumerable.Repeat(UnitKind.Clamp, bends - 1), UnitKind.HighRay];

    public override ExactUnit[] Units(PiecewiseLinearFunction function, int count)
    {
        var units = new ExactUnit[count];
        int k = function.Breakpoints.Length;
        units[0] = new(function.AnchorPoint, Rational.Zero, function.Slopes[0]);
        for (int i = 1; i < k; i++)
            units[i] = new(function.Breakpoints[i - 1], function.Breakpoints[i] - function.Breakpoints[i - 1], function.Slopes[i]);
        units[count - 1] = new(k == 0 ? Rational.Zero : function.Breakpoints[k - 1], Rational.Zero, function.Slopes[k]);
        return units;
    }

    /// <summary>
    /// The values at the breakpoints are sums of all slopes before them: each slope makes up for the rounding of those before it.
    /// </summary>
    public override void Balance(ExactUnit[] units, Rounding rounding)
    {
        var drift = Rational.Zero;
        for (int i = 1; i < units.Length - 1; i++)
        {
            var (_, height, slope) = units[i];
            var roundedHeight = Rational.FromDouble(rounding.Round(height));
            var weight = slope;
            if (!slope.IsZero && !roundedHeight.IsZero)
            {
                var reach = Rational.Abs(slope) * rounding.FourUnits;
                weight = (slope * height - drift) / roundedHeight;
                weight = Rational.FromDouble(rounding.Round(Rational.Max(slope - reach, Rational.Min(slope + reach, weight))));
            }

            drift += weight * roundedHeight - slope * height;
            units[i] = units[i] with { Weight = weight };
        }
    }
}

/// <summary>
/// Lemma 1 of the paper: a ReLU to the left of the first breakpoint, then one to the right of each. The rounding error grows with the
/// square of the total variation.
/// </summary>
internal sealed class ReluScheme : UnitScheme
{
    public override LayerLowering Lowering => LayerLowering.Relu;

    public override string Words => "ReLU units";

    public override bool IsChain => false;

    public override ImmutableArray<UnitKind> Kinds(int bends) => [UnitKind.LeftRelu, .. Enumerable.Repeat(UnitKind.RightRelu, bends)];

    public override ExactUnit[] Units(PiecewiseLinearFunction function, int count)
    {
        var units = new ExactUnit[count];
        int k = function.Breakpoints.Length;
        units[0] = new(function.AnchorPoint, Rational.Zero, -function.Slopes[0]);
        units[1] = new(function.AnchorPoint, Rational.Zero, function.Slopes[Math.Min(k, 1)]);
        for (int i = 2; i <= k; i++)
            units[i] = new(function.Breakpoints[i - 1], Rational.Zero, function.Slopes[i] - function.Slopes[i - 1]);
        return units;
    }
}
