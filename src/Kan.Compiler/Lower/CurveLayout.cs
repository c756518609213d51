using System.Collections.Immutable;
using System.Linq;

namespace Kan.Compiler.Lower;

/// <summary>
/// Where the numbers of a layer of curves are in the table of a network. First the knots, for all inputs together or for each: how many
/// segments there are, then the codes between them. Then a row for each input and segment, which has for each output two bytes, the values
/// at both ends. Last the biases and the multipliers. In a panel of 16 outputs, outputs i and 8 + i are neighbours: sums of 16 bits are
/// taken apart into even and odd ones.
/// </summary>
/// <param name="Layer">The layer.</param>
/// <param name="Start">Where its numbers begin.</param>
internal sealed record CurveLayout(IntegerLayerForm Layer, int Start)
{
    /// <summary>Outputs of a panel.</summary>
    public const int Lanes = 16;

    private const int MostValue = 127;

    private const long CacheBytes = 1 << 18;

    private IntegerCurves Curves => Layer.Curves!;

    /// <summary>Panels of outputs.</summary>
    public int Panels => (Layer.OutputCount + Lanes - 1) / Lanes;

    /// <summary>Lists of knots.</summary>
    public int Grids => Curves.Knots.Length;

    /// <summary>Bytes from one row to the next.</summary>
    public int RowBytes => Panels * Lanes * 2;

    /// <summary>Bytes from the rows of one input to those of the next where all have the same knots; else codes know their rows.</summary>
    public int InputBytes => Curves.AreShared ? (Curves.Knots[0].Length - 1) * RowBytes : 0;

    /// <summary>Places from the codes of one input to those of the next: 0 where all share them.</summary>
    public int PlaceStep => Curves.AreShared ? 0 : CodeRange.Highest + 1;

    /// <summary>Inputs whose terms fit 16 bits together: 1, 2 or 4.</summary>
    public int Together => Curves.Whole <= MostTogether(4) ? 4 : Curves.Whole <= MostTogether(2) ? 2 : 1;

    /// <summary>
    /// Inputs, a multiple of 4, whose rows of two panels stay in the second cache while samples of a batch go through them.
    /// </summary>
    public int BlockInputs
    {
        get
        {
            long bytes = (long)(Curves.Count(Layer.InputCount) - Layer.InputCount) * System.Math.Min(Panels, 2) * Lanes * 2;
            return bytes <= CacheBytes ? Layer.InputCount : System.Math.Max(8, (int)(CacheBytes * Layer.InputCount / bytes) & ~3);
        }
    }

    /// <summary>Where the rows begin.</summary>
    public int Rows => Start + Padded(Curves.Knots.Sum(static knots => knots.Length + 1));

    /// <summary>Where the biases begin.</summary>
    public int Biases => Rows + Padded((Curves.Count(Layer.InputCount) - Layer.InputCount) * (RowBytes / sizeof(int)));

    /// <summary>Where the multipliers begin.</summary>
    public int Multipliers => Biases + (Panels * Lanes);

    /// <summary>Numbers of 32 bits.</summary>
    public int Length => Multipliers + (Panels * Lanes) - Start;

    /// <summary>A layout of a layer.</summary>
    public static CurveLayout Of(IntegerLayerForm layer, int start) => new(layer, start);

    /// <summary>The largest whole of two weights that is of use for segments of some codes: most inputs fit 16 bits together.</summary>
    public static int MostWhole(int longest) =>
        longest <= MostTogether(4) ? MostTogether(4) : longest <= MostTogether(2) ? MostTogether(2) : CodeRange.Highest;

    /// <summary>Adds the numbers to a table that has what is before them.</summary>
    public void AddTo(ImmutableArray<int>.Builder table, bool isLast)
    {
        var knots = Curves.Knots.SelectMany(static own => own.Select(static knot => (int)knot).Prepend(own.Length - 1)).ToArray();
        IntegerPlan.AddPadded(table, knots.Length, i => knots[i]);
        int m = Layer.OutputCount, at = 0;
        for (int p = 0; p < Layer.InputCount; p++)
        {
            int segments = Curves.KnotsOf(p).Length - 1;
            for (int segment = 0; segment < segments; segment++, at += m)
            {
                for (int lane = 0; lane < Panels * Lanes; lane += 2) table.Add(Pair(Output(lane)) | (Pair(Output(lane + 1)) << 16));
            }

            at += m;
        }

        IntegerPlan.AddPadded(table, 0, static _ => 0);
        IntegerPlan.AddPadded(table, m, q => Layer.Biases[q]);
        IntegerPlan.AddPadded(table, m, q => IntegerPlan.Bits(isLast ? Layer.Units[q] : Layer.Multiplier(q)));

        int Pair(int q) => q >= m ? 0 : (byte)Curves.Values[at + q] | ((byte)Curves.Values[at + m + q] << 8);
    }

    /// <summary>The output whose values are at a place of a row.</summary>
    private static int Output(int lane)
    {
        int within = lane % Lanes;
        return lane - within + (within / 2) + (within % 2 * (Lanes / 2));
    }

    /// <summary>The largest whole of two weights with which the terms of some inputs fit 16 bits together.</summary>
    private static int MostTogether(int inputs) => short.MaxValue / (MostValue * inputs);

    private static int Padded(int count) => (count + Lanes - 1) / Lanes * Lanes;
}
