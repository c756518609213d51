namespace Kan.DuckDB.Tests;

/// <summary>One output.</summary>
[KanNetwork(2, 2, 1)]
[Input(0, "age", Low = 18, High = 90)]
[Input(1, "income", Low = 0, High = 200_000)]
[Edge(0, 0, 0, Breakpoints = [30, 55.1], Slopes = [0.1, 0.5, -0.3])]
[Edge(0, 1, 0, Breakpoints = [20_000], Slopes = [0.0001, -0.00002])]
[Edge(0, 1, 1, Breakpoints = [50_000], Slopes = [0.003, 0.0001])]
[Edge(1, 0, 0, Breakpoints = [0], Slopes = [0, 1.1])]
[Edge(1, 1, 0, Slopes = [0.7])]
public sealed partial class Credit;

/// <summary>Several outputs with labels.</summary>
[KanNetwork(3, 2)]
[Output(0, "up")]
[Output(1, "down and out")]
[Edge(0, 0, 0, Breakpoints = [0.5], Slopes = [1, 0.3])]
[Edge(0, 1, 0, Slopes = [0.1])]
[Edge(0, 2, 1, Slopes = [-1.7])]
public sealed partial class Signs;

/// <summary>In <c>double</c>, with outputs that SQL cannot tell apart by name.</summary>
[KanNetwork(2, 2, Precision = Precision.Double)]
[Output(0, "a")]
[Output(1, "A")]
[Edge(0, 0, 0, Breakpoints = [0.1], Slopes = [0.3, -0.7])]
[Edge(0, 1, 1, Slopes = [1.1])]
public sealed partial class Fine;

/// <summary>Another network of as many inputs as <see cref="Credit"/>.</summary>
[KanNetwork(2, 1)]
[Edge(0, 0, 0, Slopes = [2])]
[Edge(0, 1, 0, Slopes = [3])]
public sealed partial class Other;
