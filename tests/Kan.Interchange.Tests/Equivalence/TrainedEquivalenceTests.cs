using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Kan.Interchange.Tests.Support;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Equivalences;

/// <summary>Trained networks against what conversions and single changed weights make of them.</summary>
[Trait("Speed", "Slow")]
public sealed class TrainedEquivalenceTests
{
    private static readonly EquivalenceOptions s_unhurried = new() { TimeLimit = Timeout.InfiniteTimeSpan };

    [Theory]
    [InlineData("mnist-mlp.onnx")]
    [InlineData("digits-mlp.onnx")]
    [InlineData("digits-batchnorm-leaky.onnx")]
    [InlineData("breast-cancer-mlp.onnx")]
    public void Conversions_there_and_back_are_proved_equal(string file)
    {
        var network = ModelImporter.Import(TestFiles.Model(file)).ToNetwork();
        var relu = network.ToRelu();
        var back = relu.ToKan();
        foreach (var result in new[] { Decide(relu.ToKan(ReluEmbedding.Separate)), Decide(back), Decide(relu.Fuse().ToKan()),
            Decide(back.ToRelu(ReluUnits.Separate).ToKan()), Decide(back.ToRelu(ReluUnits.Fewest).Fuse().ToKan(ReluEmbedding.Separate)) })
        {
            Assert.Equal(EquivalenceVerdict.Proved, result.Verdict);
            Assert.Equal(EquivalenceMethod.NormalForm, result.Method);
        }

        EquivalenceResult Decide(KanNetwork other) =>
            Equivalence.Decide(network, other, options: s_unhurried, cancellation: TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_trained_KAN_is_proved_equal_to_its_sparse_ReLU_networks()
    {
        var network = ModelImporter.Import(TestFiles.Model("mnist-kan.npz")).ToNetwork();
        foreach (var units in Enum.GetValues<ReluUnits>())
        {
            var relu = network.ToRelu(units);
            Assert.Equal(EquivalenceVerdict.Proved,
                Equivalence.Decide(network, relu, options: s_unhurried, cancellation: TestContext.Current.CancellationToken).Verdict);
            Assert.Equal(2 * network.Layers.Length, relu.Layers.Length);
        }

        // Back from the standard feed-forward form, everywhere and on pictures.
        var back = network.ToRelu().Fuse().ToKan();
        Assert.Equal(EquivalenceVerdict.Proved,
            Equivalence.Decide(back, network, options: s_unhurried, cancellation: TestContext.Current.CancellationToken).Verdict);
        InputRange[] pictures = [.. Enumerable.Repeat(new InputRange(0, 1), network.InputCount)];
        Assert.Equal(EquivalenceVerdict.Proved,
            Equivalence.Decide(back, network, pictures, s_unhurried, cancellation: TestContext.Current.CancellationToken).Verdict);
    }

    [Theory]
    [InlineData("digits-mlp.onnx", 2)]
    [InlineData("digits-batchnorm-leaky.onnx", 2)]
    [InlineData("breast-cancer-mlp.onnx", 4)]
    [InlineData("mnist-kan.npz", 1)]
    public void One_changed_number_anywhere_is_refuted_in_KANs_and_their_ReLU_networks(string file, int rounds)
    {
        var network = ModelImporter.Import(TestFiles.Model(file)).ToNetwork();
        var relu = network.ToRelu();
        for (int seed = 0; seed < rounds; seed++)
        {
            foreach (var box in new[] { null, Enumerable.Repeat(new InputRange(-3, 3), network.InputCount).ToArray() })
            {
                foreach (var (kind, mutant) in Mutations.Of(network, new Random(seed)))
                    AssertRefuted(kind, Equivalence.Decide(relu, mutant, box, s_unhurried,
                        cancellation: TestContext.Current.CancellationToken), relu.Evaluate, mutant.Evaluate, box);
                foreach (var (kind, mutant) in Mutations.Of(relu, new Random(seed)))
                    AssertRefuted(kind, Equivalence.Decide(network, mutant, box, s_unhurried,
                        cancellation: TestContext.Current.CancellationToken), network.Evaluate, mutant.Evaluate, box);
            }
        }
    }

    [Theory]
    [InlineData("weight")]
    [InlineData("bias")]
    [InlineData("breakpoint")]
    [InlineData("sign")]
    [InlineData("edge")]
    public void One_changed_number_of_the_trained_MLP_is_refuted_everywhere_and_on_pictures(string kind)
    {
        var network = ModelImporter.Import(TestFiles.Model("mnist-mlp.onnx")).ToNetwork();
        InputRange[] pictures = [.. Enumerable.Repeat(new InputRange(0, 1), network.InputCount)];
        for (int layer = 0; layer < network.Layers.Length; layer++)
        {
            // Every other layer on pictures, the last one everywhere too: enough to meet each kind of layer, and quick.
            bool last = layer == network.Layers.Length - 1;
            if ((layer % 2 != 0 && !last) || Mutate(network, layer, kind) is not { } mutant) continue;
            foreach (var box in last ? new[] { null, pictures } : [pictures])
            {
                AssertRefuted(kind, Equivalence.Decide(network, mutant, box, s_unhurried,
                    cancellation: TestContext.Current.CancellationToken), network.Evaluate, mutant.Evaluate, box);
            }
        }
    }

    /// <summary>The point that is shown lies in the box, and both networks take the values there that are shown.</summary>
    private static void AssertRefuted(string kind, EquivalenceResult result, Func<IReadOnlyList<Rational>, Rational[]> left,
        Func<IReadOnlyList<Rational>, Rational[]> right, InputRange[]? box)
    {
        Assert.True(result.IsRefuted, $"{kind}: {result}");
        var point = result.Counterexample!;
        Assert.Equal(left(point.Inputs), point.Left);
        Assert.Equal(right(point.Inputs), point.Right);
        Assert.NotEqual(point.Left, point.Right);
        if (box is not null)
            Assert.All(point.Inputs.Zip(box), static pair => Assert.True(pair.First >= pair.Second.Low && pair.First <= pair.Second.High));
    }

    /// <summary>
    /// The network with one number of a layer changed by one unit in the last place, or null where the layer has none of the kind.
    /// </summary>
    private static KanNetwork? Mutate(KanNetwork network, int layer, string kind)
    {
        var old = network.Layers[layer];

        // In the middle of the picture and of the hidden layer, where neither is dead.
        int place = Enumerable.Range(old.Edges.Length / 2, old.Edges.Length / 2).First(i => !old.Edges[i].Function.IsConstant);
        var edge = old.Edges[place];
        var function = edge.Function;
        PiecewiseLinearFunction? changed = kind switch
        {
            "weight" =>
                PiecewiseLinearFunction.FromSlopes(function.Breakpoints,
                    [.. function.Slopes.Select(static slope => slope.IsZero ? slope : NextUp(slope))], function.AnchorPoint,
                    function.AnchorValue),
            "breakpoint" when !function.IsAffine =>
                PiecewiseLinearFunction.FromSlopes([NextUp(function.Breakpoints[0])], function.Slopes, function.AnchorPoint,
                    function.AnchorValue),
            "sign" => -function,
            "edge" => PiecewiseLinearFunction.Zero,
            _ => null,
        };
        if (kind == "bias")
        {
            int output = Enumerable.Range(0, old.OutputCount).FirstOrDefault(q => !old.Biases[q].IsZero, -1);
            return output < 0 ? null
                : With(new KanLayer(old.InputCount, old.OutputCount, old.Edges, old.Biases.SetItem(output, NextUp(old.Biases[output]))));
        }

        return changed is null ? null
            : With(new KanLayer(old.InputCount, old.OutputCount, old.Edges.SetItem(place, edge with { Function = changed }), old.Biases));

        KanNetwork With(KanLayer replaced) => new(network.Layers.SetItem(layer, replaced));
    }

    private static Rational NextUp(Rational number) => Rational.FromSingle(MathF.BitIncrement(number.ToSingle()));
}
