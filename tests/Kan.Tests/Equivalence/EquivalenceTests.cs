using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using CsCheck;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Tests.Equivalences;

/// <summary>
/// Answers that can be checked: what conversions give is proved, what a counterexample shows is so, and nothing is proved wrongly.
/// </summary>
public sealed class EquivalenceTests
{
    private static readonly EquivalenceOptions s_small =
        new() { CellLimit = 300, LinearProgramLimit = 6_000, SampleCount = 8, LineCount = 6, TimeLimit = Timeout.InfiniteTimeSpan };

    [Fact]
    public void What_Theorem_2_makes_of_a_KAN_is_proved_equal_to_it() => Generators.Network.Sample(
        static network =>
        {
            foreach (var units in new[] { ReluUnits.Merged, ReluUnits.Separate })
            {
                var relu = network.ToRelu(units);
                AssertProvedByForm(Equivalence.Decide(network, relu, options: s_small));
                AssertProvedByForm(Equivalence.Decide(relu.Fuse(), network, options: s_small));
                AssertProvedByForm(Equivalence.Decide(network, relu.Fuse().ToKan(ReluEmbedding.Separate), options: s_small));
            }
        },
        iter: 150);

    [Fact]
    public void What_Theorem_1_makes_of_a_ReLU_network_is_proved_equal_to_it() => Generators.ReluNetwork.Sample(
        static relu =>
        {
            AssertProvedByForm(Equivalence.Decide(relu, relu.ToKan(), options: s_small));
            AssertProvedByForm(Equivalence.Decide(relu.ToKan(ReluEmbedding.Separate), relu, options: s_small));
            AssertProvedByForm(Equivalence.Decide(relu, relu.ToKan().ToRelu().Fuse(), options: s_small));
        },
        iter: 150);

    [Fact]
    public void Permuted_scaled_and_doubled_hidden_nodes_are_the_same_function() =>
        Generators.Network.Where(static network => network.Layers.Length > 1).Sample(
        static network =>
        {
            KanLayer first = network.Layers[0], second = network.Layers[1];
            int n = first.OutputCount;

            // Node q becomes 3 z + 1 at place n - 1 - q, and once more -2 z at place n + q; half of what read it reads either.
            var before = first.Edges.SelectMany(edge => new[]
            {
                new KanEdge(edge.Input, n - 1 - edge.Output, (Rational)3 * edge.Function),
                new KanEdge(edge.Input, n + edge.Output, (Rational)(-2) * edge.Function),
            });
            Rational[] biases = [.. first.Biases.Reverse().Select(static bias => (3 * bias) + 1),
                .. first.Biases.Select(static bias => -2 * bias)];
            var half = Rational.Create(1, 2);
            var after = second.Edges.SelectMany(edge => new[]
            {
                new KanEdge(n - 1 - edge.Input, edge.Output,
                    half * edge.Function.Compose(PiecewiseLinearFunction.Linear(Rational.Create(1, 3), Rational.Create(-1, 3)))),
                new KanEdge(n + edge.Input, edge.Output, half * edge.Function.Compose(PiecewiseLinearFunction.Linear(-half, 0))),
            });
            var other =
                new KanNetwork([new KanLayer(first.InputCount, 2 * n, before, [.. biases]),
                new KanLayer(2 * n, second.OutputCount, after, second.Biases), .. network.Layers.Skip(2)]);
            AssertProvedByForm(Equivalence.Decide(network, other, options: s_small));
        },
        iter: 150);

    [Fact]
    public void Single_layers_are_always_decided() => Gen.Select(Gen.Int[1, 3], Gen.Int[1, 3]).SelectMany(static (inputs, outputs) =>
        Gen.Select(Generators.Layer(inputs, outputs), Generators.Layer(inputs, outputs), Gen.Bool,
            Generators.SmallRational.Array[2].Array[inputs], Gen.Int)).Sample(
        static (layer, other, bounded, ends, seed) =>
        {
            InputRange[]? box = bounded
                ? [.. ends.Select(static pair => new InputRange(Rational.Min(pair[0], pair[1]), Rational.Max(pair[0], pair[1])))]
                : null;
            var network = new KanNetwork([layer]);
            var moved =
                new KanNetwork(
                [new KanLayer(layer.InputCount, layer.OutputCount,
                layer.Edges.Select(static edge => edge with { Function = edge.Function.Shift(2) }),
                    [.. layer.Biases.Select((bias, q) => bias - (2 * layer.Edges.Count(edge => edge.Output == q)))])]);
            AssertProvedByForm(Equivalence.Decide(network, moved, box, s_small));
            foreach (var (_, mutant) in Mutations.Of(network, new Random(seed)).Append(("other", new KanNetwork([other]))))
            {
                var result = Equivalence.Decide(network, mutant, box, s_small);
                Assert.NotEqual(EquivalenceVerdict.Undecided, result.Verdict);
                AssertTrue(result, network, mutant, box);
            }
        },
        iter: 300);

    [Fact]
    public void One_changed_number_is_found_or_truly_changes_nothing() => Gen.Select(Generators.Network, Gen.Bool, Gen.Int).Sample(
        static (network, bounded, seed) =>
        {
            InputRange[]? box = bounded ? [.. Enumerable.Repeat(new InputRange(-5, 6), network.InputCount)] : null;
            foreach (var (_, mutant) in Mutations.Of(network, new Random(seed)))
                AssertTrue(Equivalence.Decide(network, mutant, box, s_small), network, mutant, box);
        },
        iter: 150);

    [Fact]
    public void One_changed_number_of_a_ReLU_network_is_found_or_truly_changes_nothing() =>
        Gen.Select(Generators.ReluNetwork, Gen.Bool, Gen.Int).Sample(
        static (network, bounded, seed) =>
        {
            InputRange[]? box = bounded ? [.. Enumerable.Repeat(new InputRange(-5, 6), network.InputCount)] : null;
            var kan = network.ToKan(ReluEmbedding.Separate);
            foreach (var (_, mutant) in Mutations.Of(network, new Random(seed)))
            {
                AssertTrue(Equivalence.Decide(network, mutant, box, s_small), network.ToKan(), mutant.ToKan(), box);
                AssertTrue(Equivalence.Decide(kan, mutant, box, s_small), kan, mutant.ToKan(), box);
            }
        },
        iter: 150);

    private static void AssertProvedByForm(EquivalenceResult result)
    {
        Assert.Equal(EquivalenceVerdict.Proved, result.Verdict);
        Assert.Equal(EquivalenceMethod.NormalForm, result.Method);
    }

    /// <summary>A refutation shows itself; a proof must stand many points, most of them near what may differ.</summary>
    private static void AssertTrue(EquivalenceResult result, KanNetwork left, KanNetwork right, InputRange[]? box)
    {
        if (result.Counterexample is { } found)
        {
            Assert.Equal(EquivalenceVerdict.Refuted, result.Verdict);
            Assert.Equal(left.Evaluate(found.Inputs), found.Left);
            Assert.Equal(right.Evaluate(found.Inputs), found.Right);
            Assert.NotEqual(found.Left, found.Right);
            if (box is not null)
                Assert.All(found.Inputs.Zip(box),
                    static pair => Assert.True(pair.First >= pair.Second.Low && pair.First <= pair.Second.High));
            return;
        }

        Assert.NotEqual(EquivalenceVerdict.Refuted, result.Verdict);
        if (!result.IsProved) return;
        IEnumerable<Rational[]> points = Points.For(left.Layers[0]).Concat(Points.For(right.Layers[0]));
        foreach (var point in points)
        {
            Rational[] inside = [.. point.Select((x, p) => box is null ? x : Rational.Min(Rational.Max(x, box[p].Low), box[p].High))];
            Assert.Equal(left.Evaluate(inside), right.Evaluate(inside));
        }
    }
}
