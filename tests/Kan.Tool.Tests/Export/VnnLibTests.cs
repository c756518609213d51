using System;
using System.Linq;
using Kan.Interchange;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Export;

/// <summary>Properties say what they should, and read back as they were.</summary>
public sealed class VnnLibTests
{
    [Fact]
    public void A_property_of_a_classifier_reads_back_and_is_refuted_by_another_class()
    {
        var network = ModelImporter.Import(TestFiles.Model("digits-mlp.onnx")).ToNetwork();
        var (inputs, outputs) = TestFiles.Expected("digits-mlp");
        int label = Array.IndexOf(outputs[0], outputs[0].Max());
        var property = VnnLibProperty.Robustness(network, [.. inputs[0].Select(Rational.FromDouble)], Rational.One, new InputRange(0, 1));
        Assert.All(property.Box, static range => Assert.Equal(new InputRange(0, 1), range));
        AssertSame(property, VnnLibReader.Read(property.ToText("a sample")));

        // Every sample lies in the box [0, 1]; those of another digit are counterexamples, by outputs that were computed elsewhere.
        for (int i = 0; i < inputs.Length; i++)
        {
            Rational[] sample = [.. inputs[i].Select(Rational.FromDouble)];
            Assert.Equal(Array.IndexOf(outputs[i], outputs[i].Max()) != label, property.IsCounterexample(sample, network.Evaluate(sample)));
        }
    }

    [Fact]
    public void A_small_box_is_exact_and_excludes_what_is_outside()
    {
        var network = ModelImporter.Import(TestFiles.Model("digits-mlp.onnx")).ToNetwork();
        Rational[] sample = [.. TestFiles.Expected("digits-mlp").Inputs[3].Select(Rational.FromDouble)];
        var property = VnnLibReader.Read(VnnLibProperty.Robustness(network, sample, Rational.Create(1, 100)).ToText());
        for (int i = 0; i < sample.Length; i++)
            Assert.Equal(new InputRange(sample[i] - Rational.Create(1, 100), sample[i] + Rational.Create(1, 100)), property.Box[i]);
        sample[5] += Rational.Create(2, 100);
        Assert.False(property.IsCounterexample(sample, [.. Enumerable.Range(0, 10).Select(static q => (Rational)q)]));
    }

    [Fact]
    public void What_is_no_short_decimal_is_rounded_outwards()
    {
        var box = new InputRange(Rational.Create(-1, 3), Rational.Create(1, 3));
        var property =
            VnnLibReader.Read(VnnLibProperty.OutputsWithin([box], [new InputRange(Rational.Create(-2, 3), Rational.Create(2, 3))])
            .ToText());
        Assert.True(property.Box[0].Low < box.Low && property.Box[0].High > box.High);
        Assert.True(property.Box[0].High - box.High < Rational.Create(1, 1_000_000_000));

        // A counterexample is at or past an end, so the ends move inwards.
        Assert.True(property.Counterexamples[0][0] is { IsAtLeast: false } low && low.Value > Rational.Create(-2, 3));
        Assert.True(property.Counterexamples[1][0] is { IsAtLeast: true } high && high.Value < Rational.Create(2, 3));
    }

    [Theory]
    [InlineData(1, "(assert (<= Y_0 0.0))")]
    [InlineData(-1, "(assert (>= Y_0 0.0))")]
    public void The_class_of_one_output_is_its_sign(int at, string condition)
    {
        var network = new KanNetwork([KanLayer.Affine(1, 1, static (_, _) => Rational.One)]);
        Assert.Contains(condition, VnnLibProperty.Robustness(network, [(Rational)at], Rational.Create(1, 2)).ToText(),
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => VnnLibProperty.Robustness(network, [Rational.Zero], Rational.One));
    }

    [Fact]
    public void Samples_of_no_class_and_outside_their_range_are_refused()
    {
        var network = new KanNetwork([KanLayer.Affine(2, 2, static (_, _) => Rational.One)]);
        Assert.Contains("no class", Assert.Throws<ArgumentException>(() => VnnLibProperty.Robustness(network, [1, 2], Rational.One))
            .Message, StringComparison.Ordinal);
        Assert.Contains("outside its range",
            Assert.Throws<ArgumentException>(() => VnnLibProperty.Robustness(network, [1, 2], Rational.One, new InputRange(0, 1)).ToText())
            .Message, StringComparison.Ordinal);
        Assert.Contains("has 2 inputs", Assert.Throws<ArgumentException>(() => VnnLibProperty.Robustness(network, [1], Rational.One))
            .Message, StringComparison.Ordinal);
    }

    private static void AssertSame(VnnLibProperty expected, VnnLibProperty actual)
    {
        Assert.Equal(expected.Box, actual.Box);
        Assert.Equal(expected.OutputCount, actual.OutputCount);
        Assert.Equal(expected.Counterexamples.Select(static all => string.Join(';', all)),
            actual.Counterexamples.Select(static all => string.Join(';', all)));
    }
}
