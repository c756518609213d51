using System;
using System.Linq;
using System.Numerics;
using Kan.Compiler;
using Kan.Generators.Tests.Engines;
using Kan.Tool.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Evaluation;

/// <summary>
/// The evaluator of <c>kan eval</c> gives the bits of the reference, for all forms and for the inputs that break careless code.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class PanelEvaluatorTests
{
    [Theory]
    [InlineData(Lowering.Auto)]
    [InlineData(Lowering.Rows)]
    [InlineData(Lowering.Clamp)]
    [InlineData(Lowering.Relu)]
    public void Bits_are_those_of_the_reference(Lowering lowering)
    {
        for (int seed = 0; seed < 36; seed++)
        {
            var document = RandomNetworks.Create(seed, dyadic: false);
            Compare<float>(document, Precision.Single, lowering, seed);
            Compare<double>(document, Precision.Double, lowering, seed);
        }
    }

    /// <summary>Matrices of ReLU networks are blocks, and what is between them is left out unless an input is not finite.</summary>
    [Fact]
    public void Blocks_have_the_bits_of_the_reference()
    {
        bool hasBlocks = false;
        for (int seed = 0; seed < 36; seed++)
        {
            var random = RandomNetworks.Create(seed, dyadic: false);
            var network = random.ToNetwork().ToRelu().ToKan(ReluEmbedding.Separate);
            hasBlocks |= network.Layers.Any(static layer =>
                layer.OutputCount > 2 * Vector<float>.Count && 4L * layer.Edges.Length < (long)layer.InputCount * layer.OutputCount);
            var document = random with { Layers = [.. network.Layers.SelectMany(LayerDescriptions.Of)] };
            Compare<float>(document, Precision.Single, Lowering.Auto, seed);
            Compare<double>(document, Precision.Double, Lowering.Auto, seed);
        }

        Assert.True(hasBlocks);
    }

    [Fact]
    public void A_form_of_the_other_precision_is_refused()
    {
        var form = NetworkCompiler.Plan(RandomNetworks.Create(1, dyadic: true), Precision.Double, Lowering.Auto,
            TestContext.Current.CancellationToken).Form;
        Assert.Contains("computes in Double, not Single", Assert.Throws<ArgumentException>(() => new PanelEvaluator<float>(form)).Message,
            StringComparison.Ordinal);
    }

    private static void Compare<T>(KanDocument document, Precision precision, Lowering lowering, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var form = NetworkCompiler.Plan(document, precision, lowering).Form;
        var reference = new ReferenceEvaluator<T>(form);
        var panels = new PanelEvaluator<T>(form);
        var outputs = new T[form.OutputCount];
        foreach (T[] inputs in AdversarialInputs.For<T>(document.ToNetwork(), seed))
        {
            panels.Evaluate(inputs, outputs);
            Bits.AssertSame<T>(reference.Evaluate(inputs), outputs,
                $"seed {seed}, {precision}, {lowering}, inputs ({string.Join(", ", inputs)})");
        }
    }
}
