using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Compiler.Lower;

/// <summary>
/// The order in which kernels go through the codes that an output reads: in fours that are next to each other in memory, each row of the
/// kernel, or each of its taps, filled up to whole fours. Pairs of a four are added in 16 bits.
/// </summary>
/// <param name="Weights">The weight of each code of each four, counted within a filter; -1 where a four is filled up.</param>
/// <param name="Places">The row, column and channel of the first code of each four, from the first tap and the first channel.</param>
internal sealed record CodeTerms(int[] Weights, (int Row, int Column, int Channel)[] Places)
{
    /// <summary>Codes of a four.</summary>
    public const int Four = 4;

    /// <summary>The terms of a window.</summary>
    /// <param name="window">The window of a convolution that is not by channel.</param>
    public static CodeTerms Of(IntegerWindow window)
    {
        var geometry = window.Geometry;
        int inner = window.GroupChannels, taps = geometry.KernelHeight * geometry.KernelWidth;

        // Taps whose channels follow each other in memory are one run.
        bool areJoined = inner == geometry.Channels && geometry.DilationX == 1,
            isOne = areJoined && geometry.KernelWidth == geometry.Width && geometry.PadLeft + geometry.PadRight == 0
                && geometry.DilationY == 1;
        int together = isOne ? taps : areJoined ? geometry.KernelWidth : 1;
        var weights = new List<int>();
        var places = new List<(int, int, int)>();
        for (int tap = 0; tap < taps; tap += together)
        {
            int count = together * inner;
            for (int i = 0; i < count; i += Four)
            {
                int own = tap + (i / inner);
                places.Add((own / geometry.KernelWidth * geometry.DilationY, own % geometry.KernelWidth * geometry.DilationX, i % inner));
                for (int j = i; j < i + Four; j++) weights.Add(j < count ? (j % inner * taps) + tap + (j / inner) : -1);
            }
        }

        return new CodeTerms([.. weights], [.. places]);
    }

    /// <summary>The terms of a matrix, whose weights are numbered by input.</summary>
    public static CodeTerms Of(int inputs)
    {
        int fours = (inputs + Four - 1) / Four;
        return new CodeTerms([.. Enumerable.Range(0, fours * Four).Select(p => p < inputs ? p : -1)],
            [.. Enumerable.Range(0, fours).Select(static four => (0, 0, four * Four))]);
    }

    /// <summary>The weights of a filter in this order, and 0 where a four is filled up.</summary>
    public T[] Ordered<T>(Func<int, T> weight)
        where T : struct => Array.ConvertAll(Weights, index => index < 0 ? default : weight(index));
}
