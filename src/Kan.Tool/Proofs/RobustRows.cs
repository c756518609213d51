using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Analysis;

namespace Kan.Tool;

/// <summary>Samples around which an output stays the largest, each once: what is asked of them, by row or altogether.</summary>
internal sealed class RobustRows(int outputs)
{
    private readonly HashSet<string> _known = [];
    private readonly List<RobustRow> _rows = [];

    public IReadOnlyList<RobustRow> Rows => _rows;

    /// <summary>The statement about all rows: the cases of each, in their order.</summary>
    public OutputStatement Statement => new(_rows.SelectMany(static row => row.Statement.Cases));

    /// <summary>Adds a row, unless the same is asked of one before.</summary>
    /// <param name="index">Its number in the file, from 1.</param>
    /// <param name="box">How far inputs may be from it.</param>
    /// <param name="largest">The output that is the largest there.</param>
    public void Add(long index, ImmutableArray<InputRange> box, int largest)
    {
        if (_known.Add($"{largest} {string.Join(';', box)}"))
            _rows.Add(new RobustRow(index, box, largest, OutputStatement.LargestIs(box, outputs, largest)));
    }
}

/// <summary>A row of a file, what is around it, and what must hold there.</summary>
internal sealed record RobustRow(long Index, ImmutableArray<InputRange> Box, int Largest, OutputStatement Statement);
