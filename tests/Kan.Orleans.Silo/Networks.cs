using System;
using System.Globalization;
using System.Threading;

namespace Kan.Orleans.Silo;

/// <summary>The network of the tests.</summary>
[KanNetwork(2, 2, 1)]
[Input(0, "age", Low = 18, High = 90)]
[Input(1, "income", Low = 0, High = 200_000)]
[Edge(0, 0, 0, Breakpoints = [30, 55.1], Slopes = [0.1, 0.5, -0.3])]
[Edge(0, 1, 0, Breakpoints = [20_000], Slopes = [0.0001, -0.00002])]
[Edge(0, 1, 1, Breakpoints = [50_000], Slopes = [0.003, 0.0001])]
[Edge(1, 0, 0, Breakpoints = [0], Slopes = [0, 1.1])]
[Edge(1, 1, 0, Slopes = [0.7])]
public sealed partial class Credit;

/// <summary>Another network of the same inputs.</summary>
[KanNetwork(2, 1)]
[Edge(0, 0, 0, Slopes = [2])]
[Edge(0, 1, 0, Slopes = [3])]
public sealed partial class Other;

/// <summary>The network of the tests, which waits before each batch, so that a silo can be killed while it scores.</summary>
public sealed class SlowCredit : IKanModel<float>
{
    private static readonly int s_wait =
        int.Parse(Environment.GetEnvironmentVariable("KAN_TEST_WAIT") ?? "0", CultureInfo.InvariantCulture);

    public static int InputCount => Credit.InputCount;

    public static int OutputCount => Credit.OutputCount;

    public static KanModelInfo Info => Credit.Info;

    public static void Evaluate(ReadOnlySpan<float> inputs, Span<float> outputs) => Credit.Evaluate(inputs, outputs);

    public static void EvaluateBatch(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        if (s_wait > 0) Thread.Sleep(s_wait);
        Credit.EvaluateBatch(inputs, outputs);
    }

    public static bool Explain(ReadOnlySpan<float> inputs, Span<float> jacobian, Span<float> offset) =>
        Credit.Explain(inputs, jacobian, offset);
}
