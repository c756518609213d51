using System;
using System.Linq;
using Kan.Compiler;
using Kan.Compiler.Lower;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary>
/// Code of networks over images in integers; other vectors compute the same in <see cref="EngineAgreementTests"/>.
/// </summary>
public sealed class ImageCodeTests
{
    private static readonly CompiledNetworks s_networks = new(ImageCodeNetworks.All, Precision.Int8, [Lowering.Auto]);

    private delegate int Decision(ReadOnlySpan<float> inputs);

    [Fact]
    public void Code_has_the_bits_of_the_reference()
    {
        for (int i = 0; i < ImageCodeNetworks.All.Count; i++)
        {
            var document = ImageCodeNetworks.All[i];
            s_networks.AssertIntegers(i, Plan(document).Integers!.Form, IntegerNetworks.Samples(document, i));
        }
    }

    /// <summary>Layers over images stay windows: a filter has its weights once.</summary>
    [Fact]
    public void Windows_are_no_matrices()
    {
        foreach (var document in ImageCodeNetworks.All)
        {
            var form = Plan(document).Integers!.Form;
            Assert.Equal(document.Layers.Count(static layer => layer is MaximumDescription),
                form.Layers.Count(static layer => layer.Window is { IsMaximum: true }));
            Assert.True(document.Layers.Count(static layer => layer is ConvolutionDescription)
                <= form.Layers.Count(static layer => layer.Window is { IsMaximum: false }));
            Assert.All(form.Layers.Where(static layer => layer.Window is not null),
                static layer => Assert.InRange(layer.Weights.Length, 0, layer.Window!.Filters * layer.Window.FilterWeights));
        }
    }

    [Fact]
    public void Decisions_are_those_of_floating_point_numbers()
    {
        int index = ImageCodeNetworks.All.ToList().FindIndex(static document => document.Head == NetworkHead.Softmax);
        var document = ImageCodeNetworks.All[index];
        var floats = new CompiledNetworks([document], Precision.Single, [Lowering.Auto]);
        foreach (float[] sample in IntegerNetworks.Samples(document, index).Where(static sample => sample.All(float.IsFinite)))
        {
            float[] expected = new float[document.Layers[^1].OutputCount];
            floats.Evaluate<float>(0, Lowering.Auto)(sample, expected);
            Assert.Equal(Array.IndexOf(expected, expected.Max()), s_networks.Method<Decision>(index, Lowering.Auto, "Decide")(sample));
        }
    }

    private static NetworkPlan Plan(KanDocument document) =>
        NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto, TestContext.Current.CancellationToken);
}
