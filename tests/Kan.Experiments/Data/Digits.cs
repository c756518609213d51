using System;
using System.Linq;
using Kan.Testing;
using SampleApp;

namespace Kan.Experiments.Data;

/// <summary>Handwritten digits: images of 28 by 28 pixels in [0, 1], one after another, and their labels.</summary>
/// <param name="Pixels">The images, row after row.</param>
/// <param name="Labels">One digit for each image.</param>
internal sealed record Digits(float[] Pixels, int[] Labels)
{
    public const int PixelCount = MnistData.PixelCount;
    public const int ClassCount = 10;

    /// <summary>Rows that the networks of the sample were trained on, but for those kept for validation.</summary>
    public static readonly Range TrainingRows = 0..7000;

    /// <summary>Rows to choose an epoch by.</summary>
    public static readonly Range ValidationRows = 7000..8500;

    /// <summary>Rows that no training sees.</summary>
    public static readonly Range TestRows = 8500..10_000;

    public int Count => Labels.Length;

    public ReadOnlySpan<float> Image(int row) => Pixels.AsSpan(row * PixelCount, PixelCount);

    /// <summary>Some rows of the data of the sample.</summary>
    public static Digits Load(Range rows)
    {
        var data = MnistData.Load(Repository.PathOf("sample-app/data/mnist10k-images-idx3-ubyte.gz"),
            Repository.PathOf("sample-app/data/mnist10k-labels-idx1-ubyte.gz"));
        var (first, count) = rows.GetOffsetAndLength(data.Count);
        return new Digits(data.Images(first, count).ToArray(), [.. Enumerable.Range(first, count).Select(data.Label)]);
    }

    /// <summary>The first rows.</summary>
    public Digits Take(int count) => new(Pixels[..(count * PixelCount)], Labels[..count]);
}
