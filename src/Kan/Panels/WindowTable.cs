using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Kan.Panels;

/// <summary>
/// The weights of sparse layers in the order in which lanes pick their inputs out of windows. They are made from the whole matrix when a
/// network is first used, on machines that have the instruction, so that an assembly holds them once.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class WindowTable
{
    /// <summary>A table with the windows of some layers behind it; the same table where the machine has no use for them.</summary>
    /// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
    /// <param name="table">The packed table of a network.</param>
    /// <param name="length">Numbers of both.</param>
    /// <param name="layers">The layers, in the order of their windows.</param>
    public static AlignedTable<T> Extend<T>(AlignedTable<T> table, int length, params ReadOnlySpan<WindowLayer> layers)
        where T : unmanaged
    {
        if (!Avx512F.IsSupported) return table;
        var extended = AlignedTable<T>.Allocate(length);
        table.Span.CopyTo(extended.Span);
        foreach (var layer in layers) layer.Fill(extended.Span);
        return extended;
    }
}

/// <summary>Where the weights of a layer are, and where its windows go.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct WindowLayer
{
    /// <summary>The number of inputs.</summary>
    public required int Inputs { get; init; }

    /// <summary>Panels of outputs.</summary>
    public required int OutputPanels { get; init; }

    /// <summary>Panels of a group of outputs, whose weights are stored together.</summary>
    public required int GroupPanels { get; init; }

    /// <summary>Partial sums of each output.</summary>
    public required int Sums { get; init; }

    /// <summary>Where the weights begin.</summary>
    public required int Weights { get; init; }

    /// <summary>Where the windows begin.</summary>
    public required int Windows { get; init; }

    internal void Fill<T>(Span<T> table)
        where T : unmanaged
    {
        int lanes = 64 / Unsafe.SizeOf<T>(), at = Windows, panelsOfBlock = WindowSchedule.MostChains / Sums;
        for (int first = 0; first < OutputPanels; first += panelsOfBlock)
        {
            var chains = new List<(int Panel, List<Window> Windows)>();
            for (int panel = first; panel < Math.Min(OutputPanels, first + panelsOfBlock); panel++)
            {
                int start = StartOf(panel, lanes), stride = StrideOf(panel, lanes);
                var isPresent = new bool[Inputs * lanes];
                for (int p = 0; p < Inputs; p++)
                {
                    for (int lane = 0; lane < lanes; lane++) isPresent[(p * lanes) + lane] = !IsZero(table[start + (p * stride) + lane]);
                }

                for (int sum = 0; sum < Sums; sum++)
                    chains.Add((panel, WindowSchedule.Of(Inputs, sum, Sums, lanes, (p, lane) => isPresent[(p * lanes) + lane])));
            }

            int rounds = 1;
            foreach (var (_, windows) in chains) rounds = Math.Max(rounds, windows.Count);
            FillBlock(table, chains, rounds, at, lanes);
            at += WindowSchedule.BlockLength(rounds, chains.Count, lanes);
        }
    }

    private void FillBlock<T>(Span<T> table, List<(int Panel, List<Window> Windows)> chains, int rounds, int at, int lanes)
        where T : unmanaged
    {
        int window = WindowSchedule.Panels * lanes, starts = at + (rounds * chains.Count * window);
        for (int round = 0; round < rounds; round++)
        {
            for (int c = 0; c < chains.Count; c++)
            {
                if (round >= chains[c].Windows.Count) continue;
                int start = chains[c].Windows[round].Start;
                int[] picks = chains[c].Windows[round].Picks;
                int place = (round * chains.Count) + c, first = StartOf(chains[c].Panel, lanes), stride = StrideOf(chains[c].Panel, lanes);
                Unsafe.As<T, int>(ref table[starts + place]) = start;
                for (int i = 0; i < picks.Length; i++)
                {
                    if (picks[i] == Window.Nothing) continue;
                    int step = i / lanes, lane = i % lanes;
                    Unsafe.As<T, int>(ref table[at + (place * window) + lane]) |= picks[i] << (8 * step);
                    table[at + (place * window) + lanes + i] = table[first + ((start + picks[i]) * stride) + lane];
                }
            }
        }
    }

    /// <summary>Where the weights of a panel begin: a group is a separate matrix.</summary>
    private int StartOf(int panel, int lanes) =>
        Weights + (panel / GroupPanels * GroupPanels * Inputs * lanes) + (panel % GroupPanels * lanes);

    /// <summary>Numbers from the weights of one input to those of the next; the last group may be narrower.</summary>
    private int StrideOf(int panel, int lanes) => Math.Min(GroupPanels, OutputPanels - (panel / GroupPanels * GroupPanels)) * lanes;

    private static bool IsZero<T>(T value)
        where T : unmanaged => typeof(T) == typeof(float) ? Unsafe.BitCast<T, float>(value) == 0 : Unsafe.BitCast<T, double>(value) == 0;
}
