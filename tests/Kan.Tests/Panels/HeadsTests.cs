using System;
using System.Linq;
using CsCheck;
using Kan.Panels;
using Xunit;

namespace Kan.Tests.Panels;

/// <summary>What classifiers make of their outputs, against the functions of the system's library and values of fifty digits.</summary>
public sealed class HeadsTests
{
    [Fact]
    public void Probabilities_are_those_of_fifty_digits()
    {
        double[] outputs = [1, 2, 3];
        Heads.Softmax<double>(outputs, 3);
        AssertClose([0.09003057317038045799, 0.24472847105479765247, 0.66524095577482188952], outputs);
        double[] logarithms = [1, 2, 3];
        Heads.LogSoftmax<double>(logarithms, 3);
        AssertClose([-2.4076059644443803, -1.4076059644443803, -0.4076059644443803], logarithms);
        double[] alone = [0, 1, -1, 40, -700, -2e-9];
        Heads.Sigmoid<double>(alone);
        AssertClose([0.5, 0.73105857863000487925, 0.26894142136999512075, 0.99999999999999999575, 9.8596765437597708567e-305, 0.4999999995],
            alone);
    }

    [Fact]
    public void Every_output_is_near_that_of_the_system() => Gen.Double[-700, 700].Array[1, 40].Sample(
        row =>
        {
            double largest = row.Max(), sum = row.Sum(y => Math.Exp(y - largest));
            double[] probabilities = [.. row], logarithms = [.. row], alone = [.. row];
            Heads.Softmax<double>(probabilities, row.Length);
            Heads.LogSoftmax<double>(logarithms, row.Length);
            Heads.Sigmoid<double>(alone);
            for (int i = 0; i < row.Length; i++)
            {
                Assert.Equal(Math.Exp(row[i] - largest) / sum, probabilities[i], 3e-15 * Math.Max(probabilities[i], double.Epsilon * 1e16));
                Assert.Equal(row[i] - largest - Math.Log(sum), logarithms[i], 3e-15 * Math.Max(1, Math.Abs(logarithms[i])));
                Assert.Equal(1 / (1 + Math.Exp(-row[i])), alone[i], 3e-15 * Math.Max(alone[i], double.Epsilon * 1e16));
            }
        },
        iter: 2_000,
        seed: "0000KEadsG4a1");

    [Fact]
    public void Floats_are_the_doubles_rounded_once() => Gen.Float[-100, 100].Array[1, 20].Sample(
        row =>
        {
            float[] floats = [.. row];
            double[] doubles = [.. row.Select(static y => (double)y)];
            Heads.Softmax<float>(floats, row.Length);
            Heads.Softmax<double>(doubles, row.Length);
            Assert.Equal(doubles.Select(static p => (float)p), floats);
        },
        iter: 500);

    [Fact]
    public void Rows_do_not_mix()
    {
        float[] rows = [0, 0, 100, -100, 3, 3];
        Heads.Softmax<float>(rows, 2);
        Assert.Equal([0.5f, 0.5f, 1f, (float)Math.Exp(-200), 0.5f, 0.5f], rows);
    }

    [Theory]
    [InlineData("Infinity,1,2", "1,0,0")]
    [InlineData("Infinity,Infinity,2", "0.5,0.5,0")]
    [InlineData("-Infinity,-Infinity", "0.5,0.5")]
    [InlineData("-Infinity,3", "0,1")]
    [InlineData("3.4E+38,-3.4E+38", "1,0")]
    [InlineData("NaN,3,Infinity", "NaN,NaN,NaN")]
    public void Extremes_share_what_there_is(string outputs, string probabilities)
    {
        float[] row = Numbers(outputs);
        Heads.Softmax<float>(row, row.Length);
        Assert.Equal(Numbers(probabilities), row);
    }

    [Theory]
    [InlineData("Infinity,-Infinity,NaN,3.4E+38,-3.4E+38,-0", "1,0,NaN,1,0,0.5")]
    public void Extremes_of_a_sigmoid(string outputs, string probabilities)
    {
        float[] row = Numbers(outputs);
        Heads.Sigmoid<float>(row);
        Assert.Equal(Numbers(probabilities), row);
    }

    private static float[] Numbers(string text) =>
        [.. text.Split(',').Select(static part => float.Parse(part, System.Globalization.CultureInfo.InvariantCulture))];

    private static void AssertClose(double[] expected, double[] actual)
    {
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-15 * Math.Abs(expected[i]));
    }
}
