using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text.Json;

namespace Kan.Service.Load;

/// <summary>Digits whose outputs are known: computed in float64 by the program that trained the networks.</summary>
internal static class Digits
{
    public const int PixelCount = 784;

    /// <summary>Far above the rounding of float32 evaluation, far below any difference between two digits.</summary>
    public const double Tolerance = 1e-4;

    public static readonly string[] Models = ["mnist-mlp", "mnist-kan"];

    private static readonly byte[] s_images = Images();

    public static int[] Rows { get; } = Expected(Models[0]).GetProperty("image_indices").Deserialize<int[]>()!;

    private static readonly double[][][] s_outputs =
        [.. Models.Select(static model => Expected(model).GetProperty("outputs").Deserialize<double[][]>()!)];

    /// <summary>The picture with a known answer, as bytes.</summary>
    public static ReadOnlyMemory<byte> Bytes(int known) => s_images.AsMemory(16 + (Rows[known] * PixelCount), PixelCount);

    /// <summary>The same picture as the numbers that the networks were trained on.</summary>
    public static float[] Pixels(int known) => [.. Bytes(known).ToArray().Select(static value => value / 255f)];

    /// <summary>Whether an answer is the known one.</summary>
    public static bool IsAnswer(int model, int known, JsonElement result)
    {
        double[] expected = s_outputs[model][known];
        var logits = result.GetProperty("logits");
        if (logits.GetArrayLength() != expected.Length || result.GetProperty("digit").GetInt32() != Array.IndexOf(expected, expected.Max()))
            return false;
        for (int q = 0; q < expected.Length; q++)
            if (!(Math.Abs(logits[q].GetDouble() - expected[q]) <= Tolerance)) return false;
        return true;
    }

    private static JsonElement Expected(string model) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "models", model + ".expected.json"))).RootElement;

    private static byte[] Images()
    {
        using var stream = new GZipStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "data", "mnist10k-images-idx3-ubyte.gz")),
            CompressionMode.Decompress);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
