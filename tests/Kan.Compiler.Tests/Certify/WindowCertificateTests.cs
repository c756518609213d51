using System;
using System.Linq;
using Kan.Compiler.Certify;
using Kan.Compiler.Tests.Support;
using Xunit;

namespace Kan.Compiler.Tests.Certify;

/// <summary>Certificates of layers over images, counted by hand in units of float, u = 2^-24.</summary>
public sealed class WindowCertificateTests
{
    private const double Unit = 1.0 / (1 << 24);

    /// <summary>
    /// A convolution of 1 and 2 over three numbers up to 1: a sum of 1 rounds by u, of 3 by 2 u. The maximum of two of them rounds
    /// nothing, and
    /// is off by no more than one.
    /// </summary>
    [Fact]
    public void A_convolution_adds_and_a_maximum_does_not()
    {
        var image = new WindowGeometry { Channels = 1, Height = 1, Width = 3, KernelHeight = 1, KernelWidth = 2 };
        LayerDescription[] layers = [new ConvolutionDescription(image, 1, 1, [1, 2], []), new MaximumDescription(image with { Width = 2 })];
        foreach (int count in new[] { 1, 2 })
        {
            var plan = Plans.Document(Precision.Single, Lowering.Auto, layers.Take(count), Range(-1, 1));
            Assert.Equal(3, plan.ErrorBound / Unit, 1e-6);
        }

        // A matrix behind it: 6 u, and 4 u for each of two sums.
        var matrix = Plans.Document(Precision.Single, Lowering.Auto, [layers[0], new AffineDescription(2, 1, [2, 0], [])], Range(-1, 1));
        Assert.Equal(6 + 4 + 4, matrix.ErrorBound / Unit, 1e-6);

        // Behind ReLUs, which round nothing.
        var behind = Plans.Document(Precision.Single, Lowering.Auto,
            [new ActivationDescription(3, [PiecewiseLinearFunction.Relu]), layers[0]], Range(-1, 1));
        Assert.Equal(3, behind.ErrorBound / Unit, 1e-6);

        // Doubled behind it, 6 u are carried, and a sum of 6 rounds by 4 u.
        var doubled = Plans.Document(Precision.Single, Lowering.Auto,
            [layers[0], new ConvolutionDescription(image with { Width = 2, KernelWidth = 1 }, 1, 1, [2], [])], Range(-1, 1));
        Assert.Equal(6 + 4, doubled.ErrorBound / Unit, 1e-6);
    }

    /// <summary>
    /// Two channels and two filters: weights 1/3 to inputs of 3 are off by three times what 1/3 is. Biases of 1/3 round by u / 4.
    /// </summary>
    [Fact]
    public void Weights_of_a_convolution_round()
    {
        var image = new WindowGeometry { Channels = 2, Height = 1, Width = 2, KernelHeight = 1, KernelWidth = 2 };
        var third = Rational.Create(1, 3);
        var convolution = new ConvolutionDescription(image, 2, 1, [third, 0, 0, 0, 4, 0, 0, 2], [third, 0]);
        var form = (ConvolutionForm)Plans.Document(Precision.Single, Lowering.Auto, [convolution]).Layers[0].Form;
        var type = new NumberType(Precision.Single);
        double off = Math.Abs((double)(1f / 3) - (1.0 / 3)) / Unit;
        var reaches = WindowRounding.OfConvolution(convolution, form, static p => new Enclosure(-3, p == 3 ? 5 : 3), static p => 1 + p,
            type, new OverflowWatch(type), TestContext.Current.CancellationToken);

        // 1/3 and 1 at input 0; then nothing: four sums of 4/3.
        Assert.Equal(4.0 / 3, reaches[0].Values.High, 1e-12);
        Assert.Equal(0.25 + (3 * off) + 4, reaches[0].Own / Unit, 1e-4);
        Assert.Equal((double)(1f / 3), reaches[0].Carried, 1e-14);

        // 4 times input 0, then 2 times input 3, the second channel of the second place: 12, thrice, and 22.
        Assert.Equal(new Enclosure(-18, 22), Rounded(reaches[1].Values));
        Assert.Equal((8 * 3) + 16, reaches[1].Own / Unit, 1e-4);
        Assert.Equal(4 + (2 * 4), reaches[1].Carried, 1e-7);
    }

    [Fact]
    public void A_sum_of_a_convolution_may_overflow()
    {
        var image = new WindowGeometry { Channels = 1, Height = 1, Width = 2, KernelHeight = 1, KernelWidth = 2 };
        var big = Rational.FromSingle(3e38f);
        var plan = Plans.Document(Precision.Single, Lowering.Auto, [new ConvolutionDescription(image, 1, 1, [big, big], [])], Range(-1, 1));
        Assert.Equal("in layer 0 a partial sum can reach 6.0E+38, past the largest float, 3.4E+38", plan.Certificate.Reason);
    }

    [Fact]
    public void A_maximum_is_off_by_its_most_uncertain_input()
    {
        var maximum = new MaximumDescription(new WindowGeometry { Channels = 1, Height = 1, Width = 4, KernelHeight = 1, KernelWidth = 3 });
        var reaches = WindowRounding.OfMaximum(maximum, static p => new Enclosure(p - 10, 5 - p), static p => p == 2 ? 0.5 : p,
            TestContext.Current.CancellationToken);
        Assert.Equal([new WindowReach(new Enclosure(-8, 5), 0, 1), new WindowReach(new Enclosure(-7, 4), 0, 3)], reaches);
    }

    private static InputRange Range(double low, double high) => new(Rational.FromDouble(low), Rational.FromDouble(high));

    private static Enclosure Rounded(Enclosure enclosure) => new(Math.Round(enclosure.Low, 9), Math.Round(enclosure.High, 9));
}
