using System;
using System.IO.Compression;
using System.Linq;
using Kan.Interchange.Tests.Support;
using Xunit;

namespace Kan.Interchange.Tests.NumPy;

/// <summary>The KAN layout of .npz files.</summary>
public sealed class NumPyKanTests
{
    private static KanDocument Import(byte[] bytes)
    {
        using var scratch = new Scratch();
        return ModelImporter.Import(scratch.Write("m.npz", bytes));
    }

    private static string Refusal(params (string Name, byte[] Content)[] entries) =>
        Assert.Throws<ModelFileException>(() => Import(NpzBuilder.Archive(CompressionLevel.Fastest, entries))).Reason;

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void Values_belong_to_knots_and_end_segments_extend(CompressionLevel level)
    {
        var network = Import(NpzBuilder.Small(level)).ToNetwork();
        Assert.Equal([1d, 2], network.Evaluate([-1d]));
        Assert.Equal([2d, 3], network.Evaluate([-0.5]));
        Assert.Equal([7d, 10], network.Evaluate([2d]));
    }

    [Fact]
    public void Knots_are_exact_rationals()
    {
        var layer = Assert.IsType<GridDescription>(Import(NpzBuilder.Archive(CompressionLevel.Fastest,
            ("layer0_values.npy", NpzBuilder.Floats("(1, 4, 1)", 0, 1, 0, 1)), ("layer0_range.npy", NpzBuilder.Floats("(2,)", 0, 1))))
            .Layers[0]);
        Assert.Equal<Rational>([0, Rational.Create(1, 3), Rational.Create(2, 3), 1], layer.Knots[0]);
    }

    [Fact]
    public void Column_major_doubles_are_reordered()
    {
        byte[] data = [.. new double[] { 1, 3, 5, 2, 4, 7 }.SelectMany(BitConverter.GetBytes)];
        var layer = Assert.IsType<GridDescription>(Import(NpzBuilder.Archive(CompressionLevel.Fastest,
            ("layer0_values.npy", NpzBuilder.Array("(1, 3, 2)", "<f8", "True", data)),
            ("layer0_range.npy", NpzBuilder.Floats("(2,)", 0, 1)))).Layers[0]);
        Assert.Equal<Rational>([1, 2, 3, 4, 5, 7], layer.Values);
    }

    [Fact]
    public void Refusals_name_the_array()
    {
        var values = NpzBuilder.Floats("(1, 2, 1)", 0, 1);
        var range = NpzBuilder.Floats("(2,)", 0, 1);
        Assert.Contains("'layer0_range' is missing", Refusal(("layer0_values.npy", values)), StringComparison.Ordinal);
        Assert.Contains("'layer0_values.npy' twice", Refusal(("layer0_values.npy", values), ("layer0_values.npy", values)),
            StringComparison.Ordinal);
        Assert.Contains("'bias' does not belong", Refusal(("layer0_values.npy", values), ("layer0_range.npy", range), ("bias.npy", range)),
            StringComparison.Ordinal);
        Assert.Contains("'layer0_values' holds NaN at [0, 1, 0]",
            Refusal(("layer0_values.npy", NpzBuilder.Floats("(1, 2, 1)", 0, float.NaN)), ("layer0_range.npy", range)),
            StringComparison.Ordinal);
        Assert.Contains("less than the last", Refusal(("layer0_values.npy", values), ("layer0_range.npy", NpzBuilder.Floats("(2,)", 1, 1))),
            StringComparison.Ordinal);
        Assert.Contains("'>f4'", Refusal(("layer0_values.npy", NpzBuilder.Array("(1, 2, 1)", ">f4", "False", new byte[8]))),
            StringComparison.Ordinal);
        Assert.Contains("claims the shape", Refusal(("layer0_values.npy", NpzBuilder.Floats("(99999999999, 99999999999, 2)", 0))),
            StringComparison.Ordinal);
        Assert.Contains("needs 40000 bytes", Refusal(("layer0_values.npy", NpzBuilder.Floats("(100, 100, 1)", 0))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_flipped_weight_is_found_by_its_checksum()
    {
        var bytes = NpzBuilder.Small(CompressionLevel.NoCompression);
        int weight = bytes.AsSpan().IndexOf(BitConverter.GetBytes(7f));
        bytes[weight] ^= 1;
        Assert.Contains("checksum", Assert.Throws<ModelFileException>(() => Import(bytes)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_file_does_not_expand_without_bound()
    {
        var zeros = new byte[600 << 20];
        var bytes = NpzBuilder.Archive(CompressionLevel.Optimal, ("layer0_values.npy", zeros));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("expands to more than", Assert.Throws<ModelFileException>(() => Import(bytes)).Reason, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 8 << 20);
    }
}
