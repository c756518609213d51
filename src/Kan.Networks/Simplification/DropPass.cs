using System.Collections.Generic;
using System.Linq;

namespace Kan.Networks;

/// <summary>Drops nodes that nothing depends on, and puts those that are constant into biases behind them.</summary>
internal static class DropPass
{
    public static void Apply(SimplificationRun run)
    {
        // Constants are found from the inputs on, what is not read from the outputs back.
        bool changed = true;
        while (changed)
        {
            changed = false;
            for (int l = 0; l + 1 < run.Layers.Count; l++) changed |= DropBetween(run, l);
            for (int l = run.Layers.Count - 3; l >= 0; l--) changed |= DropBetween(run, l);
        }
    }

    private static bool DropBetween(SimplificationRun run, int l)
    {
        KanLayer before = run.Layers[l], after = run.Layers[l + 1];
        var varies = new bool[before.OutputCount];
        var isRead = new bool[before.OutputCount];
        foreach (var edge in before.Edges) varies[edge.Output] |= !edge.Function.IsConstant;
        foreach (var edge in after.Edges) isRead[edge.Input] |= !edge.Function.IsConstant;
        if (!NetworkSimplifier.DropNodesBetween(run.Layers, l, run.Cancellation)) return false;
        int[] unread = [.. Enumerable.Range(0, isRead.Length).Where(q => !isRead[q])],
            constant = [.. Enumerable.Range(0, isRead.Length).Where(q => isRead[q] && !varies[q])];
        Note(run, SimplificationKind.UnreadNode, l, unread, before, after);
        Note(run, SimplificationKind.ConstantNode, l, constant, before, after);
        return true;
    }

    private static void Note(SimplificationRun run, SimplificationKind kind, int l, int[] nodes, KanLayer before, KanLayer after)
    {
        var set = new HashSet<int>(nodes);
        KanEdge[] gone = [.. before.Edges.Where(edge => set.Contains(edge.Output)), .. after.Edges.Where(edge => set.Contains(edge.Input))];
        run.Note(kind, l + 1, nodes, gone.Length, gone.Sum(static edge => (long)edge.Function.Slopes.Length));
    }
}
