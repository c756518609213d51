using System;
using System.Globalization;
using System.Linq;
using System.Threading;
using Kan.Analysis;
using Kan.Benchmarks.Measuring;
using Kan.Benchmarks.Reporting;
using Kan.Benchmarks.Workloads;
using Kan.Testing;

namespace Kan.Benchmarks.Sections;

/// <summary>Exact decisions: whether two networks are equal, and all cells of one.</summary>
internal sealed class ExactSection() : Section("exact", "equality of networks that no normal form shows, and the time of a cell")
{
    private static readonly EquivalenceOptions s_unlimited = new()
    {
        TimeLimit = Timeout.InfiniteTimeSpan,
        CellLimit = int.MaxValue,
        LinearProgramLimit = int.MaxValue,
    };

    public override void Run(Effort effort, SectionResult result)
    {
        result.Tables.Add(Equalities(result));
        result.Tables.Add(Cells(result));
    }

    private static Table Equalities(SectionResult result)
    {
        var table = new Table
        {
            Title = "Equality of networks",
            Columns = ["networks", "on", "verdict", "cells", "seconds"]
        };
        foreach (int[] widths in (int[][])[[2, 32, 32], [4, 8, 8], [8, 8], [8, 16, 16]])
        {
            string name = "max of three forms of " + string.Join('-', widths);
            Decide(name, ReorderedMaxima.Dense(3, widths));
        }

        foreach (var (inputs, terms) in (ReadOnlySpan<(int, int)>)[(2, 10), (4, 3), (8, 5), (16, 5)])
            Decide($"sum of {terms} such, {inputs}-{3 * terms}-{2 * terms}-1", ReorderedMaxima.Sum(inputs, inputs, terms));
        table.Notes.Add("Each pair takes max(a, b, c) from the left and from the right; a, b and c are random forms of what dense ReLU layers "
            + "compute, or of the inputs. The box is [-1, 1] for each input.");
        return table;

        void Decide(string name, (KanNetwork Left, KanNetwork Right) pair)
        {
            Console.WriteLine($"  {name}");
            foreach (bool isBox in (bool[])[false, true])
            {
                InputRange[]? box = isBox ? Box(pair.Left.InputCount) : null;
                long start = Clock.Now;
                var decision = Equivalence.Decide(pair.Left, pair.Right, box, s_unlimited);
                double seconds = Clock.NanosecondsSince(start) / 1e9;
                result.Numbers[$"exact/{name}/{(isBox ? "box" : "all")}"] = seconds;
                table.Rows.Add([name, isBox ? "a box" : "all of space", decision.Verdict.ToString(),
                    decision.CellCount.ToString("N0", CultureInfo.InvariantCulture), Format.Number(seconds)]);
            }
        }
    }

    private static Table Cells(SectionResult result)
    {
        var table = new Table { Title = "All cells of a network", Columns = ["network", "cells", "complete", "seconds", "milliseconds a cell"] };
        foreach (int[] widths in (int[][])[[2, 16, 16, 1], [3, 16, 1], [5, 8, 1], [3, 8, 8, 1], [4, 8, 8, 1]])
        {
            string name = string.Join('-', widths);
            Console.WriteLine($"  cells of {name}");
            var network = RandomNetworks.Mlp("cells", 41, 0, widths).ToNetwork();
            long start = Clock.Now;
            var cells = CellEnumeration.Of(network, Box(widths[0]));
            double seconds = Clock.NanosecondsSince(start) / 1e9;
            result.Numbers[$"exact/cells/{name}"] = 1e3 * seconds / cells.Cells.Length;
            table.Rows.Add([name, cells.Cells.Length.ToString("N0", CultureInfo.InvariantCulture), cells.IsComplete ? "yes" : "no",
                Format.Number(seconds), Format.Number(1e3 * seconds / cells.Cells.Length)]);
        }

        table.Notes.Add("ReLU networks with random weights, over [-1, 1] for each input. Each cell has its polytope, its facets and its map.");
        return table;
    }

    private static InputRange[] Box(int inputs) => [.. Enumerable.Repeat(new InputRange(-1, 1), inputs)];
}
