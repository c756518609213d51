using System;
using System.Linq;
using Xunit;

namespace Kan.Interchange.Tests.Support;

/// <summary>Requires that integer networks are the same, or compute the same as ONNX Runtime.</summary>
internal static class IntegerAgreement
{
    private const int Samples = 10_000;

    /// <summary>Requires the outputs of ONNX Runtime, bit for bit: in and out of the codes, at halves of steps, infinite.</summary>
    public static void AssertSame(OrtRun runtime, IntegerForm form)
    {
        var evaluator = new IntegerEvaluator(form);
        int width = form.InputCount;
        var codes = form.Inputs[0];
        float step = codes.Scale, low = -step * codes.Zero, size = step * CodeRange.Highest;
        var random = new Random(17);
        float[] special = [0, -0f, 1e30f, -1e30f, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon];
        float[] rows = [.. Enumerable.Range(0, Samples * width).Select(i => (i / width % 10) switch
        {
            0 => special[random.Next(special.Length)],
            1 => low + ((random.NextSingle() - 0.5f) * 8 * size),
            2 => random.Next(2) == 0 ? 20 * size : -20 * size,

            // Halves of steps, where ties have to go to the same side.
            3 => step * (random.Next(-300, 300) + 0.5f),
            _ => low + (random.NextSingle() * size),
        })];
        float[] expected = runtime.Evaluate(rows);
        int m = expected.Length / Samples;
        for (int sample = 0; sample < Samples; sample++)
            Assert.Equal(expected.AsSpan(sample * m, m).ToArray(), evaluator.Evaluate(rows.AsSpan(sample * width, width)));
        Assert.True(expected.Distinct().Count() > 20, "The outputs hardly differ, and would show nothing.");
    }

    /// <summary>Requires the same integers.</summary>
    public static void AssertEqual(IntegerForm expected, IntegerForm actual)
    {
        Assert.Equal(expected.Inputs, actual.Inputs);
        Assert.Equal(expected.LowestInput, actual.LowestInput);
        Assert.Equal(expected.Layers.Length, actual.Layers.Length);
        for (int l = 0; l < expected.Layers.Length; l++)
        {
            var (own, other) = (expected.Layers[l], actual.Layers[l]);
            Assert.Equal(own.Window, other.Window);
            Assert.Equal(own.Weights, other.Weights);
            Assert.Equal(own.Biases, other.Biases);
            Assert.Equal(own.Units, other.Units);
            Assert.Equal((own.Codes, own.Lowest, own.IsIdentity), (other.Codes, other.Lowest, other.IsIdentity));
        }
    }
}
