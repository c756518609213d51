using System;
using System.ComponentModel;

namespace Kan.Panels;

/// <summary>
/// One layer of an integer network: sums of products of codes (0 to 255) and weights (-128 to 127) in 32 bits. A hidden layer gives codes,
/// saturate(round(sum * multiplier) + zero) with ties to even, at least the lowest code; the last one gives sum * multiplier.
/// </summary>
/// <param name="inputs">Codes that it reads.</param>
/// <param name="outputs">Nodes behind it.</param>
/// <param name="start">
/// Where its numbers begin in the table of the network: weights by block of four panels of 16 outputs, then group of four inputs, then
/// panel; the biases; the multipliers.
/// </param>
/// <param name="zero">The code of 0 behind it, from 0 to 255; of no meaning for the last layer.</param>
/// <param name="fitsPairs">Whether two neighbouring products with any codes add up to a number of 16 bits.</param>
/// <param name="lowest">The lowest code behind it: that of 0 where nodes are ReLUs whose codes reach below.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct IntegerLayer(int inputs, int outputs, int start, int zero, bool fitsPairs, int lowest)
{
    /// <summary>A layer whose lowest code is 0.</summary>
    /// <param name="inputs">Codes that it reads.</param>
    /// <param name="outputs">Nodes behind it.</param>
    /// <param name="start">Where its numbers begin in the table.</param>
    /// <param name="zero">The code of 0 behind it.</param>
    /// <param name="fitsPairs">Whether two neighbouring products with any codes add up to a number of 16 bits.</param>
    public IntegerLayer(int inputs, int outputs, int start, int zero, bool fitsPairs)
        : this(inputs, outputs, start, zero, fitsPairs, lowest: 0)
    {
    }

    /// <summary>Panels of a block.</summary>
    internal const int BlockPanels = 4;

    /// <summary>Sums of a panel.</summary>
    internal const int Lanes = 16;

    internal int Inputs => inputs;

    internal int Outputs => outputs;

    internal int Start => start;

    internal int Zero => zero;

    internal int Lowest => lowest;

    /// <summary>Whether two neighbouring products with any codes add up to a number of 16 bits.</summary>
    internal bool FitsPairs => fitsPairs;

    /// <summary>Groups of four codes.</summary>
    internal int Groups => (Inputs + 3) / 4;

    /// <summary>Panels of 16 outputs.</summary>
    internal int Panels => (Outputs + Lanes - 1) / Lanes;

    /// <summary>Where the biases begin.</summary>
    internal int Biases => Start + (Groups * Panels * Lanes);

    /// <summary>Where the multipliers begin.</summary>
    internal int Multipliers => Biases + (Panels * Lanes);

    /// <summary>Numbers of 32 bits in the table.</summary>
    internal int Length => (Groups + 2) * Panels * Lanes;

    /// <summary>Adds 128 times the weights of each output to its bias, so that codes may be multiplied less 128; modulo 2^32.</summary>
    internal void AddCentres(int[] table)
    {
        for (int block = 0; block < Panels * Lanes; block += BlockPanels * Lanes)
        {
            int lanes = Math.Min(BlockPanels * Lanes, (Panels * Lanes) - block), first = Start + (Groups * block);
            for (int i = 0; i < Groups * lanes; i++)
            {
                int four = table[first + i];
                table[Biases + block + (i % lanes)] += ((sbyte)four + (sbyte)(four >> 8) + (sbyte)(four >> 16) + (four >> 24)) << 7;
            }
        }
    }
}
