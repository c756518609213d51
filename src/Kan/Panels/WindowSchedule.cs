using System;
using System.Collections.Generic;

namespace Kan.Panels;

/// <summary>
/// The order in which the lanes of a panel use the non-zero weights of a sparse matrix: window by window of inputs, each lane its own. A
/// lane takes its inputs in increasing order, so its sum is that of the dense matrix without the terms of zero weights.
/// </summary>
internal static class WindowSchedule
{
    /// <summary>Inputs that each lane takes out of a window: as many as a number of 32 bits has room for indices of a byte.</summary>
    public const int Steps = 4;

    /// <summary>Partial sums of panels, which are stored side by side.</summary>
    public const int MostChains = 8;

    /// <summary>Numbers of a window of one chain, in panels: one of indices, then the weights of each step.</summary>
    public const int Panels = 1 + Steps;

    /// <summary>The windows of one partial sum of one panel of outputs.</summary>
    /// <param name="inputs">n.</param>
    /// <param name="sum">The partial sum, which inputs p = sum (mod sums) go to.</param>
    /// <param name="sums">S.</param>
    /// <param name="lanes">Lanes of a panel; a window is twice as long.</param>
    /// <param name="isPresent">Whether the weight of an input and a lane is not zero.</param>
    public static List<Window> Of(int inputs, int sum, int sums, int lanes, Func<int, int, bool> isPresent)
    {
        int length = 2 * lanes, last = Math.Max(0, ((inputs + lanes - 1) / lanes * lanes) - length);
        var next = new int[lanes];
        for (int lane = 0; lane < lanes; lane++) next[lane] = Next(sum, lane);
        var windows = new List<Window>();
        while (true)
        {
            // The lane that is furthest behind decides in which panel the window begins: panels are loaded whole.
            int start = inputs;
            foreach (int input in next) start = Math.Min(start, input);
            if (start >= inputs) return windows;
            start = Math.Min(start / lanes * lanes, last);
            var picks = new int[Steps * lanes];
            for (int lane = 0; lane < lanes; lane++)
            {
                for (int step = 0; step < Steps; step++)
                {
                    bool isInside = next[lane] < Math.Min(inputs, start + length);
                    picks[(step * lanes) + lane] = isInside ? next[lane] - start : Window.Nothing;
                    if (isInside) next[lane] = Next(next[lane] + sums, lane);
                }
            }

            windows.Add(new Window(start, picks));
        }

        int Next(int input, int lane)
        {
            while (input < inputs && !isPresent(input, lane)) input += sums;
            return input;
        }
    }

    /// <summary>Numbers of a block of chains: their windows side by side, then where each window begins.</summary>
    public static int BlockLength(int rounds, int chains, int lanes) =>
        (rounds * chains * Panels * lanes) + (((rounds * chains) + lanes - 1) / lanes * lanes);
}

/// <summary>What the lanes take out of one window.</summary>
internal readonly struct Window(int start, int[] picks)
{
    /// <summary>The lane multiplies some input by 0.</summary>
    public const int Nothing = -1;

    /// <summary>The first input.</summary>
    public int Start => start;

    /// <summary>For each step and lane the input, counted from the start, or <see cref="Nothing"/>.</summary>
    public int[] Picks => picks;
}
