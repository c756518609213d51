using System.Collections.Immutable;

namespace Kan.Compiler.Lower;

/// <summary>
/// Where the numbers of a layer with codes of 16 bits are in the table of a network: weights of 8 bits by block of four panels of 16
/// outputs, then pair of inputs, then panel, the two weights of an output next to each other; the biases; the multipliers.
/// </summary>
/// <remarks>
/// Kernels multiply signed numbers of 16 bits, so a code is kept less 2^15, and biases have what that is too little. They may leave 32
/// bits, as may sums on the way: both are kept modulo 2^32, and what they come to at the end does not leave them.
/// </remarks>
/// <param name="Form">The network.</param>
/// <param name="Index">The layer.</param>
/// <param name="Start">Where its numbers begin.</param>
internal sealed record WideLayout(IntegerForm Form, int Index, int Start)
{
    /// <summary>Outputs of a panel.</summary>
    public const int Lanes = 16;

    /// <summary>Panels of a block.</summary>
    public const int BlockPanels = 4;

    /// <summary>What is kept of a code is the code less this.</summary>
    public const int Offset = 1 << 15;

    /// <summary>Numbers of 32 bits that the weights of a pair of inputs take in a panel.</summary>
    private const int PairLength = Lanes * 2 / sizeof(int);

    /// <summary>The layer.</summary>
    public IntegerLayerForm Layer => Form.Layers[Index];

    /// <summary>Whether its sums are outputs.</summary>
    public bool IsLast => Index == Form.Layers.Length - 1;

    /// <summary>Pairs of inputs.</summary>
    public int Pairs => (Layer.InputCount + 1) / 2;

    /// <summary>Panels of outputs.</summary>
    public int Panels => (Layer.OutputCount + Lanes - 1) / Lanes;

    /// <summary>Where the biases begin.</summary>
    public int Biases => Start + (((Panels * Pairs * PairLength) + Lanes - 1) / Lanes * Lanes);

    /// <summary>Where the multipliers begin.</summary>
    public int Multipliers => Biases + (Panels * Lanes);

    /// <summary>Numbers of 32 bits.</summary>
    public int Length => Multipliers + (Panels * Lanes) - Start;

    /// <summary>Adds the numbers to a table.</summary>
    public void AddTo(ImmutableArray<int>.Builder table)
    {
        var layer = Layer;
        int n = layer.InputCount, m = layer.OutputCount;
        for (int block = 0; block < Panels; block += BlockPanels)
        {
            int end = System.Math.Min(Panels, block + BlockPanels) * Lanes;
            for (int p = 0; p < n; p += 2)
            {
                for (int q = block * Lanes; q < end; q += 2) table.Add(Pair(p, q) | (Pair(p, q + 1) << 16));
            }
        }

        IntegerPlan.AddPadded(table, 0, static _ => 0);
        IntegerPlan.AddPadded(table, m, q => unchecked((int)Bias(q)));
        IntegerPlan.AddPadded(table, m, q => IntegerPlan.Bits(IsLast ? layer.Units[q] : layer.Multiplier(q)));

        int Pair(int p, int q) => Weight(p, q) | (Weight(p + 1, q) << 8);

        int Weight(int p, int q) => p < n && q < m ? (byte)layer.Weight(p, q) : 0;
    }

    /// <summary>Where the sum of an output starts, if codes less <see cref="Offset"/> are multiplied.</summary>
    private long Bias(int output)
    {
        long bias = Form.SumBias(Index, output);
        for (int p = 0; p < Layer.InputCount; p++) bias += (long)Layer.Weight(p, output) * Offset;
        return bias;
    }
}
