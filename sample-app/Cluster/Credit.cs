using Kan;

namespace SampleApp.Cluster;

/// <summary>A credit score from age and income: the network that the cluster scores by.</summary>
[KanNetwork(2, 2, 1)]
[Input(0, "age", Low = 18, High = 90)]
[Input(1, "income", Low = 0, High = 200_000)]
[Edge(0, 0, 0, Breakpoints = [30, 55.1], Slopes = [0.1, 0.5, -0.3])]
[Edge(0, 1, 0, Breakpoints = [20_000], Slopes = [0.0001, -0.00002])]
[Edge(0, 1, 1, Breakpoints = [50_000], Slopes = [0.003, 0.0001])]
[Edge(1, 0, 0, Breakpoints = [0], Slopes = [0, 1.1])]
[Edge(1, 1, 0, Slopes = [0.7])]
public sealed partial class Credit;
