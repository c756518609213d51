using System;
using System.Collections.Immutable;
using System.Linq;
using Kan.Compiler.Lower;
using Xunit;

namespace Kan.Compiler.Tests.Lower;

/// <summary>Networks over images in integers: scales of filters, what cuts codes off, and what has no such form.</summary>
public sealed class ImageCodeTests
{
    private static readonly WindowGeometry s_geometry = new() { Channels = 2, Height = 3, Width = 3, KernelHeight = 2, KernelWidth = 2 };

    /// <summary>Filters of 1/2 and of 16 at most have 127 steps each; weights stand once, not once for each place.</summary>
    [Fact]
    public void A_filter_has_its_weights_once_and_a_scale_of_its_own()
    {
        Rational[] weights = [.. Enumerable.Range(0, 16).Select(i => Rational.Create(i < 8 ? 1 : 32, i % 8 == 3 ? 2 : 16))];
        var layer = Form(new ConvolutionDescription(s_geometry, 2, 1, [.. weights], [])).Layers[0];
        Assert.Equal((16, 2, 2), (layer.Weights.Length, layer.Units.Length, layer.Biases.Length));
        Assert.Equal(32, layer.Units[1] / layer.Units[0], 3);
        Assert.Equal(layer.Weights.Take(8), layer.Weights.Skip(8));
        Assert.InRange(layer.Weights.Max(), (sbyte)112, (sbyte)127);
    }

    /// <summary>ReLU6 behind a maximum is that before it; codes reach from 0 to 6.</summary>
    [Fact]
    public void What_cuts_off_changes_places_with_a_maximum()
    {
        var clamp = PiecewiseLinearFunction.FromSlopes([0, 6], [0, 1, 0], Rational.Zero, Rational.Zero);
        var first = new ConvolutionDescription(s_geometry, 1, 1, [.. Enumerable.Repeat((Rational)4, 8)], []);
        var pool = new MaximumDescription(new WindowGeometry { Channels = 1, Height = 2, Width = 2, KernelHeight = 2, KernelWidth = 1 });
        var last = new AffineDescription(2, 1, [1, 1], []);
        var before = Form(first, new ActivationDescription(4, [clamp]), pool, last);
        var behind = Form(first, pool, new ActivationDescription(2, [clamp]), last);
        Assert.Equal(before.Layers[0].Codes, behind.Layers[0].Codes);
        Assert.Equal(before.Layers[0].Codes, before.Layers[1].Codes);
        Assert.Equal((0, 0), (before.Layers[0].Codes.Zero, before.Layers[0].Lowest));
        Assert.InRange(before.Layers[0].Codes.Scale * 255, 6, 6.01);
        float[] inputs = [.. Enumerable.Range(0, 18).Select(static i => ((i * 7 % 11) - 5) / 5f)];
        Assert.Equal(new IntegerEvaluator(before).Evaluate(inputs), new IntegerEvaluator(behind).Evaluate(inputs));
    }

    /// <summary>What is added to nodes of an image one by one is no matrix.</summary>
    [Fact]
    public void Scales_of_nodes_are_a_kernel_over_one_place()
    {
        var scale = KanLayer.Activation([.. Enumerable.Range(1, 8).Select(static i => PiecewiseLinearFunction.Linear(i, i))]);
        var edges = new EdgesDescription(8, 8, scale.Edges, scale.Biases);
        var form = Form(new ConvolutionDescription(s_geometry, 2, 2, [.. Enumerable.Repeat(Rational.One, 8)], []), edges);
        Assert.Equal((8, 8, 8), (form.Layers[1].Weights.Length, form.Layers[1].Window!.Groups, form.Layers[1].Units.Length));
    }

    [Fact]
    public void What_has_no_integer_form_says_which_layer_it_is()
    {
        var first = new ConvolutionDescription(s_geometry, 2, 1, [.. Enumerable.Repeat(Rational.One, 16)], []);
        var leaky = PiecewiseLinearFunction.FromSlopes([0], [Rational.Create(1, 8), 1], Rational.Zero, Rational.Zero);
        var relu = PiecewiseLinearFunction.Relu;
        AssertRefused("layer 1 is", first, new ActivationDescription(8, [leaky]), first with { Geometry = Of(2) });
        AssertRefused("another way than others", first,
            new ActivationDescription(8, [.. Enumerable.Range(0, 8).Select(i => i % 2 == 0 ? relu : PiecewiseLinearFunction.Identity)]),
            first with { Geometry = Of(2) });
        AssertRefused("layer 0 bends the inputs", new ActivationDescription(18, [relu]), first);
        AssertRefused("no ranges", KanDocumentOf(first) with { InputRanges = [] });
    }

    [Fact]
    public void Ranges_of_samples_belong_to_the_layers_of_the_network()
    {
        var first = new ConvolutionDescription(s_geometry, 2, 1, [.. Enumerable.Repeat(Rational.One, 16)], []);
        var document = KanDocumentOf(first, new ActivationDescription(8, [PiecewiseLinearFunction.Relu]),
            first with { Geometry = Of(2), Filters = 1, Weights = [.. Enumerable.Repeat(Rational.One, 8)] });
        var form = Plan(document with { HiddenRanges = [new(-9, 9), new(0, 3)] }).Integers!.Form;
        Assert.InRange(form.Layers[0].Codes.Scale * 255, 3, 3.01);
        AssertRefused("2 are needed", document with { HiddenRanges = [new(0, 1)] });
    }

    private static WindowGeometry Of(int size) => s_geometry with { Height = size, Width = size };

    private static void AssertRefused(string text, params LayerDescription[] layers) => AssertRefused(text, KanDocumentOf(layers));

    private static void AssertRefused(string text, KanDocument document) =>
        Assert.Contains(text, Assert.Throws<NoIntegerFormException>(() => Plan(document)).Message, StringComparison.Ordinal);

    private static IntegerForm Form(params LayerDescription[] layers) => Plan(KanDocumentOf(layers)).Integers!.Form;

    private static NetworkPlan Plan(KanDocument document) =>
        NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto, TestContext.Current.CancellationToken);

    private static KanDocument KanDocumentOf(params LayerDescription[] layers) =>
        new() { Name = "images", Layers = [.. layers], InputRanges = [new InputRange(-1, 1)] };
}
