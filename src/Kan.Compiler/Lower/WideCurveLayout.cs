using System;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Compiler.Lower;

/// <summary>
/// Where the numbers of a layer of curves with codes of 16 bits are in the table of a network. First what finds the segment of a code: the
/// knots between segments and the factors of segments, for all inputs together or for each. Then where the first row of each input begins,
/// in bytes, and a row for each input and segment, which has for each output two numbers of 16 bits, the values at both ends. Last the
/// biases and the multipliers.
/// </summary>
/// <remarks>
/// Codes and knots are kept less 2^15, as codes of <see cref="WideLayout"/> are. Where segments are few, a code is compared with all
/// knots, many codes at a time: the first knot of each input stands first, then the second, and those of inputs with fewer are beyond all
/// codes. Where they are many, the knots of an input stand together, and are searched by halves.
/// </remarks>
/// <param name="Layer">The layer.</param>
/// <param name="Start">Where its numbers begin.</param>
internal sealed record WideCurveLayout(IntegerLayerForm Layer, int Start)
{
    /// <summary>Outputs of a panel.</summary>
    public const int Lanes = WideLayout.Lanes;

    /// <summary>Panels of a block.</summary>
    public const int BlockPanels = WideLayout.BlockPanels;

    /// <summary>Inputs of a block are a multiple of this, as are those whose places are found together.</summary>
    public const int InputStep = 32;

    /// <summary>A knot that no code reaches.</summary>
    private const int Beyond = 1 << 20;

    /// <summary>Knots up to which comparing a code with all of them is faster than a search.</summary>
    private const int MostCompared = 48;

    /// <summary>Inputs whose places are found at once for a sample that is alone.</summary>
    private const int MostInputs = 1024;

    private const int CacheBytes = 1 << 14;

    private WideCurves Curves => Layer.WideCurves!;

    /// <summary>Panels of outputs.</summary>
    public int Panels => (Layer.OutputCount + Lanes - 1) / Lanes;

    /// <summary>Bytes from one row to the next.</summary>
    public int RowBytes => Panels * Lanes * sizeof(int);

    /// <summary>Whether all inputs have the same knots.</summary>
    public bool AreShared => Curves.AreShared;

    /// <summary>The most knots between segments that an input has.</summary>
    public int Knots => Curves.Knots.Max(static knots => knots.Length - 2);

    /// <summary>Whether codes are compared with all knots.</summary>
    public bool AreCompared => Knots <= MostCompared;

    /// <summary>Numbers from one knot of an input to the next, where codes are compared with all.</summary>
    public int KnotStep => AreShared ? 1 : Padded(Layer.InputCount);

    /// <summary>The power of 2 above the number of knots.</summary>
    public int Searched
    {
        get
        {
            int searched = 1;
            while (searched <= Knots) searched *= 2;
            return searched;
        }
    }

    /// <summary>Where the factors begin: those of all inputs, or those of the first where knots are searched.</summary>
    public int Factors => Start + (AreCompared ? Knots * KnotStep : Searched);

    /// <summary>Where it says where the first row of each input begins.</summary>
    public int Bases => Start + Padded(AreCompared ? ((2 * Knots) + 1) * KnotStep : 2 * Searched * Curves.Knots.Length);

    /// <summary>Where the rows begin.</summary>
    public int Rows => Bases + Padded(Layer.InputCount);

    /// <summary>Where the biases begin.</summary>
    public int Biases => Rows + (Segments * (RowBytes / sizeof(int)));

    /// <summary>Where the multipliers begin.</summary>
    public int Multipliers => Biases + (Panels * Lanes);

    /// <summary>Numbers of 32 bits.</summary>
    public int Length => Multipliers + (Panels * Lanes) - Start;

    /// <summary>Inputs whose places are found together for a sample that is alone.</summary>
    public int SampleInputs => Math.Min(Padded(Layer.InputCount, InputStep), MostInputs);

    /// <summary>
    /// Inputs whose rows stay in the first cache while samples of a batch go through them, as far as they are of one block of panels.
    /// </summary>
    public int BatchInputs
    {
        get
        {
            long bytes = (long)Segments * Math.Min(Panels, BlockPanels) * Lanes * sizeof(int) / Layer.InputCount;
            return (int)Math.Max(InputStep, Math.Min(SampleInputs, CacheBytes / bytes / InputStep * InputStep));
        }
    }

    private int Segments => Curves.Count(Layer.InputCount) - Layer.InputCount;

    /// <summary>Adds the numbers to a table that has what is before them.</summary>
    public void AddTo(ImmutableArray<int>.Builder table, bool isLast)
    {
        if (AreCompared) AddCompared(table);
        else AddSearched(table);
        IntegerPlan.AddPadded(table, 0, static _ => 0);
        int row = 0, m = Layer.OutputCount, at = 0;
        for (int p = 0; p < Layer.InputCount; p++)
        {
            table.Add(row);
            row += (Curves.KnotsOf(p).Length - 1) * RowBytes;
        }

        IntegerPlan.AddPadded(table, 0, static _ => 0);
        for (int p = 0; p < Layer.InputCount; p++, at += m)
        {
            for (int segment = Curves.KnotsOf(p).Length - 1; segment > 0; segment--, at += m)
            {
                for (int q = 0; q < Panels * Lanes; q++)
                    table.Add(q < m ? (ushort)Curves.Values[at + q] | (Curves.Values[at + m + q] << 16) : 0);
            }
        }

        IntegerPlan.AddPadded(table, m, q => Layer.Biases[q]);
        IntegerPlan.AddPadded(table, m, q => IntegerPlan.Bits(isLast ? Layer.Units[q] : Layer.Multiplier(q)));
    }

    private void AddCompared(ImmutableArray<int>.Builder table)
    {
        for (int k = 1; k <= Knots; k++) AddAll(k, Knot);
        for (int k = 0; k <= Knots; k++) AddAll(k, Factor);

        void AddAll(int k, Func<ImmutableArray<ushort>, int, int> number)
        {
            for (int p = 0; p < KnotStep; p++) table.Add(AreShared || p < Layer.InputCount ? number(Curves.KnotsOf(p), k) : 0);
        }
    }

    private void AddSearched(ImmutableArray<int>.Builder table)
    {
        foreach (var knots in Curves.Knots)
        {
            for (int k = 0; k < Searched; k++) table.Add(k == 0 ? -WideLayout.Offset : Knot(knots, k));
            for (int k = 0; k < Searched; k++) table.Add(Factor(knots, k));
        }
    }

    private static int Knot(ImmutableArray<ushort> knots, int k) => k < knots.Length - 1 ? knots[k] - WideLayout.Offset : Beyond;

    private static int Factor(ImmutableArray<ushort> knots, int k) =>
        k < knots.Length - 1 ? unchecked((int)WideCurves.Factor(knots[k + 1] - knots[k])) : 0;

    private static int Padded(int count, int step = Lanes) => (count + step - 1) / step * step;
}
