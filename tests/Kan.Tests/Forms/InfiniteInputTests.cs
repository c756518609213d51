using Xunit;

namespace Kan.Tests.Forms;

/// <summary>Infinite inputs follow the end segments; 0 times infinity never shows.</summary>
public sealed class InfiniteInputTests
{
    // Flat at 1 on the left, flat at 3 on the right.
    private static readonly PiecewiseLinearFunction s_ramp = PiecewiseLinearFunction.FromKnots(
        [Rational.Zero, Rational.One], [Rational.One, Rational.FromDouble(3)], Rational.Zero, Rational.Zero);

    [Theory]
    [InlineData(LayerLowering.Rows)]
    [InlineData(LayerLowering.Clamp)]
    [InlineData(LayerLowering.Factored)]
    [InlineData(LayerLowering.Elementwise)]
    public void A_flat_end_keeps_its_value(LayerLowering lowering)
    {
        var layer = KanLayer.Activation([s_ramp]);
        Assert.Equal([3f], Evaluate(layer, lowering, float.PositiveInfinity));
        Assert.Equal([1f], Evaluate(layer, lowering, float.NegativeInfinity));
    }

    [Theory]
    [InlineData(LayerLowering.Rows)]
    [InlineData(LayerLowering.Clamp)]
    [InlineData(LayerLowering.Relu)]
    [InlineData(LayerLowering.Factored)]
    [InlineData(LayerLowering.Elementwise)]
    public void A_sloped_end_grows_without_bound_and_NaN_stays(LayerLowering lowering)
    {
        var layer = KanLayer.Activation([PiecewiseLinearFunction.Relu.Abs() + PiecewiseLinearFunction.Identity.Abs()]);
        Assert.Equal([float.PositiveInfinity], Evaluate(layer, lowering, float.PositiveInfinity));
        Assert.Equal([float.PositiveInfinity], Evaluate(layer, lowering, float.NegativeInfinity));
        Assert.Equal([float.NaN], Evaluate(layer, lowering, float.NaN));
    }

    private static float[] Evaluate(KanLayer layer, LayerLowering lowering, params float[] inputs) =>
        new ReferenceEvaluator<float>(new NetworkForm(Precision.Single, [FormBuilder.Build(layer, lowering, Precision.Single)]))
            .Evaluate(inputs);
}
