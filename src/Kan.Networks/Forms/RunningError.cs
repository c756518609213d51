using System;

namespace Kan.Networks;

/// <summary>
/// The constants of the bound that goes along with one sample: it is computed in the number type of the network itself, and these make up
/// for what is rounded and left out on the way. <c>docs/exactness.md</c> says why that is enough.
/// </summary>
/// <param name="precision">The number type.</param>
internal readonly struct RunningError(Precision precision)
{
    /// <summary>Inputs whose rows are weighed together: so many stay in the nearest cache.</summary>
    public const int ListLength = 16;

    /// <summary>Terms of a sum beyond which products of rounding errors are no longer small.</summary>
    private const int MostTerms = 1 << 18;

    /// <summary>u: half the distance from 1 to the next number.</summary>
    public double Unit { get; } = precision == Precision.Single ? 1.0 / (1 << 24) : 1.0 / (1L << 53);

    /// <summary>The smallest number above 0: twice what the rounding of a result near 0 may move it.</summary>
    public double Tiny { get; } = precision == Precision.Single ? float.Epsilon : double.Epsilon;

    /// <summary>
    /// Where a bound becomes infinite. A bound is at least u times the sum of the magnitudes of all terms, so that below this none of the
    /// sums leaves the number type.
    /// </summary>
    public double Limit { get; } = precision == Precision.Single ? Math.Pow(2, 100) : Math.Pow(2, 967);

    /// <summary>What a sum of errors is multiplied by: twice what its own rounding and the products of errors take away.</summary>
    /// <param name="terms">The terms of the sum.</param>
    public double Inflation(int terms) => 1 + (4 * (terms + 16.0) * Unit);

    /// <summary>Roundings of a sum near 0, each of half a <see cref="Tiny"/>, rounded up.</summary>
    public static double Floor(int terms) => 2 * (terms + 16.0);

    /// <summary>The terms of the errors of an output of a layer.</summary>
    public static int Terms(LayerForm form)
    {
        int most = form is UnitsForm units ? units.Kinds.Length + 2 : 1;
        if (form is RowsForm rows)
        {
            foreach (var table in rows.Segments) most = Math.Max(most, table.SegmentCount + 1);
        }

        return (int)Math.Min(int.MaxValue / 2, (long)form.InputCount * most);
    }

    /// <summary>
    /// Roundings of the term of a unit that are in proportion to it: of the difference and of the weight. Where a unit ends at a height,
    /// that rounds too, and its weight has been moved by up to four roundings more.
    /// </summary>
    public static int OfUnit(UnitKind kind) => UnitTerm.HasHeight(kind) ? 7 : 2;

    /// <summary>What the slope of a sum of units may be off, in roundings of the sum of the magnitudes of their weights.</summary>
    public static int OfSlope(UnitsForm form) => form.Kinds.Length + 2;

    /// <summary>How far the breakpoints of units go: no unit of x is larger than |x| with this, nor is a height twice this.</summary>
    public static double Reach(UnitsForm form)
    {
        double reach = 0;
        foreach (var unit in form.Units)
        {
            foreach (double point in unit.Points) reach = Math.Max(reach, Math.Abs(point));
        }

        return reach;
    }

    /// <summary>Additions of the tree that combines the partial sums of a layer, on the way of each.</summary>
    public static int Depth(int sums)
    {
        int depth = 0;
        for (; sums > 1; sums /= 2) depth++;
        return depth;
    }

    /// <summary>Why a layer has no bound for a sample, as a sentence goes on behind the layer; null if it has one.</summary>
    public static string? Unsupported(LayerForm form) => form switch
    {
        ConvolutionForm => "is a convolution",
        MaximumForm => "is a maximum under a window",
        _ when Terms(form) > MostTerms => "has sums of too many terms",
        _ => null,
    };
}
