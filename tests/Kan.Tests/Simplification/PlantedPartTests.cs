using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Kan.Tests.Simplification;

/// <summary>Parts that are known not to be needed are found, whatever is around them.</summary>
public sealed class PlantedPartTests
{
    private const int Inputs = 4, Hidden = 6, Outputs = 3;

    private static readonly InputRange[] s_box = [.. Enumerable.Repeat(new InputRange(-1, 1), Inputs)];

    /// <summary>A plain ReLU network, none of whose parts can go.</summary>
    private static (Rational[,] First, Rational[] Biases, Rational[,] Second) Plain(Random random)
    {
        var first = new Rational[Hidden, Inputs];
        var second = new Rational[Outputs, Hidden];
        for (int q = 0; q < Hidden; q++)
        {
            for (int p = 0; p < Inputs; p++) first[q, p] = Number(random);
            for (int r = 0; r < Outputs; r++) second[r, q] = Number(random);
        }

        return (first, [.. Enumerable.Range(0, Hidden).Select(_ => Rational.Create(random.Next(-8, 8), 16))], second);
    }

    private static Rational Number(Random random) => Rational.Create((2 * random.Next(1, 500)) + 1, 512) * (random.Next(2) == 0 ? 1 : -1);

    private static KanNetwork Network(Rational[,] first, Rational[] biases, Rational[,] second) => new(
    [
        KanLayer.Affine(first.GetLength(1), first.GetLength(0), (q, p) => first[q, p], [.. biases]),
        KanLayer.Activation(first.GetLength(0), PiecewiseLinearFunction.Relu),
        KanLayer.Affine(second.GetLength(1), second.GetLength(0), (r, q) => second[r, q]),
    ]);

    private static SimplificationResult Simplify(KanNetwork network, int seed, SimplificationGoal goal = SimplificationGoal.Tables)
    {
        var result = RangeSimplifier.Simplify(network, s_box, new SimplificationOptions { Goal = goal },
            TestContext.Current.CancellationToken);
        SameOnBox.Assert(network, result.Network, s_box, new Random(seed), "planted");
        Assert.True(result.IsFinished);
        return result;
    }

    private static int[] Nodes(SimplificationResult result, SimplificationKind kind) =>
        [.. result.Steps.Where(step => step.Kind == kind).SelectMany(static step => step.Nodes)];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Nothing_is_found_where_nothing_is(int seed)
    {
        var (first, biases, second) = Plain(new Random(seed));
        var result = Simplify(Network(first, biases, second), seed);
        Assert.Empty(result.Steps);
        Assert.Equal(Hidden, result.After.Units);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Units_that_never_switch_are_found(int seed)
    {
        var (first, biases, second) = Plain(new Random(seed));
        biases[1] = -Reach(first, 1);
        biases[4] = -Reach(first, 4) - 1;
        var result = Simplify(Network(first, biases, second), seed);
        Assert.Equal([1, 4], Nodes(result, SimplificationKind.NeverSwitches));
        Assert.Equal(Hidden - 2, result.After.Units);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Units_that_are_always_on_are_found_and_those_too_many_are_combined(int seed)
    {
        // Three outputs: of five units that are always on three are enough, whatever their weights.
        var (first, biases, second) = Plain(new Random(seed));
        for (int q = 0; q < 5; q++) biases[q] = Reach(first, q);
        var result = Simplify(Network(first, biases, second), seed);
        Assert.Equal([0, 1, 2, 3, 4], Nodes(result, SimplificationKind.AlwaysSwitches));
        Assert.Equal(1 + Outputs, result.After.Units);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Units_that_are_combinations_of_others_are_found(int seed)
    {
        var (first, biases, second) = Plain(new Random(seed));
        for (int p = 0; p < Inputs; p++) first[3, p] = (Rational.Create(2, 3) * first[1, p]) - (5 * first[2, p]);
        for (int q = 1; q <= 3; q++) biases[q] = Reach(first, q) + 1;
        var result = Simplify(Network(first, biases, second), seed);
        Assert.Equal([3], Nodes(result, SimplificationKind.CombinationOfNodes));
        Assert.Equal(Hidden - 1, result.After.Units);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Equal_and_scaled_units_are_merged(int seed)
    {
        var random = new Random(seed);
        var (first, biases, second) = Plain(random);
        foreach (var (copy, of, factor) in ((int, int, Rational)[])[(2, 0, 1), (5, 0, Rational.Create(7, 3))])
        {
            for (int p = 0; p < Inputs; p++) first[copy, p] = factor * first[of, p];
            biases[copy] = factor * biases[of];
        }

        var result = Simplify(Network(first, biases, second), seed);
        Assert.Equal([2, 5], Nodes(result, SimplificationKind.MultipleOfNode));
        Assert.Equal(Hidden - 2, result.After.Units);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Opposite_and_shifted_units_are_merged_where_segments_count(int seed)
    {
        var random = new Random(seed);
        var (first, biases, second) = Plain(random);
        for (int p = 0; p < Inputs; p++)
        {
            first[2, p] = -first[0, p];
            first[5, p] = 3 * first[0, p];
        }

        biases[2] = -biases[0];
        var network = Network(first, biases, second);
        var result = Simplify(network, seed, SimplificationGoal.Segments);
        Assert.Equal([2, 5], Nodes(result, SimplificationKind.MultipleOfNode));
        Assert.Equal(Hidden - 2, result.After.Units);
        Assert.True(result.After.Segments < result.Before.Segments);

        // Their layer would no longer be an activation and a matrix.
        Assert.Equal(Hidden, Simplify(network, seed).After.Units);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Constant_and_unread_nodes_are_dropped(int seed)
    {
        var random = new Random(seed);
        var (first, biases, second) = Plain(random);
        for (int p = 0; p < Inputs; p++) first[0, p] = 0;
        for (int r = 0; r < Outputs; r++) second[r, 4] = 0;
        biases[0] = 1;
        var result = Simplify(Network(first, biases, second), seed);
        Assert.Equal(Hidden - 2, result.After.Units);
    }

    [Fact]
    public void Layers_between_which_nothing_bends_become_one()
    {
        var random = new Random(1);
        var (first, biases, second) = Plain(random);
        for (int q = 0; q < Hidden; q++) biases[q] = Reach(first, q);
        var result = Simplify(Network(first, biases, second), 1);
        Assert.Equal((1, 0), (result.After.Layers, result.After.Units));
        Assert.Equal(Inputs * Outputs, result.After.Edges);
    }

    [Fact]
    public void A_bottleneck_of_affine_layers_stays()
    {
        var network = new KanNetwork([KanLayer.Affine(8, 1, static (_, p) => p + 1), KanLayer.Affine(1, 8, static (r, _) => r + 1)]);
        InputRange[] box = [.. Enumerable.Repeat(new InputRange(0, 1), 8)];
        Assert.Equal(16, RangeSimplifier.Simplify(network, box, cancellation: TestContext.Current.CancellationToken).After.Edges);
    }

    [Fact]
    public void Breakpoints_out_of_reach_are_dropped()
    {
        var edge = PiecewiseLinearFunction.FromSlopes([-3, -1, 0, 1, 2], [5, 1, 2, 3, 4, 5], 0, 0);
        var network = new KanNetwork([new KanLayer(1, 1, [new KanEdge(0, 0, edge)])]);
        var result = RangeSimplifier.Simplify(network, [new InputRange(-1, 1)], cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(2, result.After.Segments);
        Assert.Equal(SimplificationKind.OutOfReach, Assert.Single(result.Steps).Kind);
        Assert.Equal(4, result.Steps[0].Segments);
    }

    [Fact]
    public void A_single_point_is_a_constant_network()
    {
        var (first, biases, second) = Plain(new Random(3));
        InputRange[] box = [.. Enumerable.Range(0, Inputs).Select(static i => new InputRange(i, i))];
        var network = Network(first, biases, second);
        var result = RangeSimplifier.Simplify(network, box, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(0, result.After.Edges);
        Rational[] point = [0, 1, 2, 3];
        Assert.Equal(network.Evaluate(point), result.Network.Evaluate(point));
    }

    [Fact]
    public void Bounds_that_are_given_are_used()
    {
        // x - x is 0, which interval arithmetic does not see.
        var network =
            new KanNetwork([KanLayer.Affine(1, 2, static (q, _) => q == 0 ? 1 : -1),
            KanLayer.Activation(2, PiecewiseLinearFunction.Identity), KanLayer.Activation(2, PiecewiseLinearFunction.Relu),
            KanLayer.Affine(2, 1, static (_, _) => 1),
            KanLayer.Activation(1, PiecewiseLinearFunction.FromSlopes([Rational.Create(3, 2)], [1, 0], 0, 0))]);
        InputRange[] box = [new InputRange(-1, 1)];
        Assert.Equal(2, RangeSimplifier.Simplify(network, box, new SimplificationOptions(), TestContext.Current.CancellationToken)
            .Network.Layers[^1].Edges.Max(static edge => edge.Function.Slopes.Length));
        static IReadOnlyList<IReadOnlyList<InputRange?>> Bounds(KanNetwork network, IReadOnlyList<InputRange> box,
            System.Threading.CancellationToken cancellation) =>
            [.. network.Widths.Select((width, level) =>
            (IReadOnlyList<InputRange?>)[.. Enumerable.Repeat<InputRange?>(level == 2 && width == 1 ? new InputRange(0, 1) : null,
                width)])];
        var result = RangeSimplifier.Simplify(network, box, new SimplificationOptions { Bounds = Bounds },
            TestContext.Current.CancellationToken);
        SameOnBox.Assert(network, result.Network, box, new Random(1), "bounds");
        Assert.Contains(result.Steps, static step => step.Kind == SimplificationKind.AlwaysSwitches);
    }

    [Fact]
    public void A_wrong_box_is_refused()
    {
        var (first, biases, second) = Plain(new Random(3));
        Assert.Throws<ArgumentException>(() => RangeSimplifier.Simplify(Network(first, biases, second), [new InputRange(0, 1)],
            cancellation: TestContext.Current.CancellationToken));
    }

    /// <summary>The largest value of a row on the box.</summary>
    private static Rational Reach(Rational[,] first, int node) =>
        Enumerable.Range(0, first.GetLength(1)).Aggregate(Rational.Zero, (sum, p) => sum + Rational.Abs(first[node, p]));
}
