using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using Kan.Compiler;
using Kan.Interchange;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Tool.Tests.Evaluation;

/// <summary>What integers cost the KAN of handwritten digits: the figures of the documentation.</summary>
[Trait("Speed", "Slow")]
public sealed class CurveAccuracyTests
{
    private const int Pixels = 784, CalibrationRows = 500, FirstTestRow = 8500, TestRows = 1500;

    [Fact]
    public void Digits_are_told_apart_as_in_float()
    {
        var token = TestContext.Current.CancellationToken;
        byte[] images = Read("mnist10k-images-idx3-ubyte.gz"), labels = Read("mnist10k-labels-idx1-ubyte.gz");
        float[] Image(int row) => [.. images.Skip(16 + (row * Pixels)).Take(Pixels).Select(static pixel => pixel / 255f)];
        var document = ModelImporter.Import(TestFiles.Model("mnist-kan.npz")) with { InputRanges = [new InputRange(0, 1)] };
        document = Calibration.Apply(document, "digits",
            Enumerable.Range(0, CalibrationRows).Select(row => Array.ConvertAll(Image(row), static x => (double)x)), token);
        var plan = NetworkCompiler.Plan(document, Precision.Int8, Lowering.Auto, token);
        var floats = new ReferenceEvaluator<float>(plan.Form);
        var integers = new IntegerEvaluator(plan.Integers!.Form);
        int right = 0, rightInFloat = 0, same = 0;
        double worst = 0;
        for (int row = FirstTestRow; row < FirstTestRow + TestRows; row++)
        {
            float[] image = Image(row), expected = floats.Evaluate(image), found = integers.Evaluate(image);
            int answer = Largest(found), answerInFloat = Largest(expected);
            if (answer == labels[8 + row]) right++;
            if (answerInFloat == labels[8 + row]) rightInFloat++;
            if (answer == answerInFloat) same++;
            worst = Math.Max(worst, found.Zip(expected, static (a, b) => Math.Abs((double)a - b)).Max());
        }

        Assert.Equal(1390, rightInFloat);
        Assert.InRange(right, rightInFloat - (0.004 * TestRows), TestRows);
        Assert.InRange(same, 0.995 * TestRows, TestRows);
        Assert.InRange(worst, 0.05, 0.6);
        Assert.InRange(plan.Integers.Bytes, 1, 0.25 * plan.Layers.Sum(static layer => layer.TableBytes));
    }

    private static int Largest(float[] outputs) => Array.IndexOf(outputs, outputs.Max());

    private static byte[] Read(string file)
    {
        using var stream = new GZipStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "data", file)), CompressionMode.Decompress);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
