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
}
