using System;
using System.Linq;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.Equivalences;

/// <summary>Trained networks against what conversions and single changed weights make of them.</summary>
public sealed class TrainedEquivalenceTests
{
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
        foreach (var result in new[] { Decide(relu.ToKan(ReluEmbedding.Separate)), Decide(back), Decide(back.ToRelu(ReluUnits.Separate).ToKan()) })
        {
            Assert.Equal(EquivalenceVerdict.Proved, result.Verdict);
            Assert.Equal(EquivalenceMethod.NormalForm, result.Method);
        }

        EquivalenceResult Decide(KanNetwork other) => Equivalence.Decide(network, other, cancellation: TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_trained_KAN_is_proved_equal_to_its_sparse_ReLU_network()
    {
        var network = ModelImporter.Import(TestFiles.Model("mnist-kan.npz")).ToNetwork();
        var relu = network.ToRelu();
        Assert.Equal(EquivalenceVerdict.Proved, Equivalence.Decide(network, relu, cancellation: TestContext.Current.CancellationToken).Verdict);
        Assert.Equal(2 * network.Layers.Length, relu.Layers.Length);
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
                var result = Equivalence.Decide(network, mutant, box, cancellation: TestContext.Current.CancellationToken);
                Assert.Equal(EquivalenceVerdict.Refuted, result.Verdict);
                Assert.Equal(network.Evaluate(result.Counterexample!.Inputs), result.Counterexample.Left);
                Assert.Equal(mutant.Evaluate(result.Counterexample.Inputs), result.Counterexample.Right);
                Assert.NotEqual(result.Counterexample.Left, result.Counterexample.Right);
                if (box is not null) Assert.All(result.Counterexample.Inputs, static x => Assert.True(x >= 0 && x <= 1));
            }
        }
    }

    /// <summary>The network with one number of a layer changed by one unit in the last place, or null where the layer has none of the kind.</summary>
    private static KanNetwork? Mutate(KanNetwork network, int layer, string kind)
    {
        var old = network.Layers[layer];

        // In the middle of the picture and of the hidden layer, where neither is dead.
        int place = Enumerable.Range(old.Edges.Length / 2, old.Edges.Length / 2).First(i => !old.Edges[i].Function.IsConstant);
        var edge = old.Edges[place];
        var function = edge.Function;
        PiecewiseLinearFunction? changed = kind switch
        {
            "weight" => PiecewiseLinearFunction.FromSlopes(function.Breakpoints, [.. function.Slopes.Select(static slope => slope.IsZero ? slope : NextUp(slope))], function.AnchorPoint, function.AnchorValue),
            "breakpoint" when !function.IsAffine => PiecewiseLinearFunction.FromSlopes([NextUp(function.Breakpoints[0])], function.Slopes, function.AnchorPoint, function.AnchorValue),
            "sign" => -function,
            "edge" => PiecewiseLinearFunction.Zero,
            _ => null,
        };
        if (kind == "bias")
        {
            int output = Enumerable.Range(0, old.OutputCount).FirstOrDefault(q => !old.Biases[q].IsZero, -1);
            return output < 0 ? null : With(new KanLayer(old.InputCount, old.OutputCount, old.Edges, old.Biases.SetItem(output, NextUp(old.Biases[output]))));
        }

        return changed is null ? null : With(new KanLayer(old.InputCount, old.OutputCount, old.Edges.SetItem(place, edge with { Function = changed }), old.Biases));

        KanNetwork With(KanLayer replaced) => new(network.Layers.SetItem(layer, replaced));
    }

    private static Rational NextUp(Rational number) => Rational.FromSingle(MathF.BitIncrement(number.ToSingle()));
}
