using Kan;

namespace KanApp;

/// <summary>A risk in percent: a network written by hand, whose inputs have names and ranges.</summary>
[KanNetwork(2, 1)]
[Input(0, "age", Low = 18, High = 90)]
[Input(1, "pressure", Low = 90, High = 200)]
[Edge(0, 0, 0, Breakpoints = [40], Slopes = [0, 0.5])]       // half a percent a year, from 40
[Edge(0, 1, 0, Breakpoints = [120], Slopes = [0, 0.25])]     // a quarter of a percent above 120
public sealed partial class Score;
