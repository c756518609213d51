using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Reflection;
using System.Text.Json;

namespace Kan.Interchange.Tests.Support;

/// <summary>The models and data beside the tests.</summary>
internal static class TestFiles
{
    public static string Model(string name) => Path.Combine(AppContext.BaseDirectory, "models", name);

    public static string Metadata(string key) => Path.GetFullPath(
        typeof(TestFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!);

    /// <summary>Inputs and outputs of a model, computed outside this project.</summary>
    public static (double[][] Inputs, double[][] Outputs) Expected(string model)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Model(model + ".expected.json")));
        var outputs = json.RootElement.GetProperty("outputs").Deserialize<double[][]>()!;
        return json.RootElement.TryGetProperty("inputs", out var inputs)
            ? (inputs.Deserialize<double[][]>()!, outputs)
            : (Images(json.RootElement.GetProperty("image_indices").Deserialize<int[]>()!), outputs);
    }

    private static double[][] Images(int[] indices)
    {
        const int Header = 16, Size = 784;
        using var stream = new GZipStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "data", "mnist10k-images-idx3-ubyte.gz")),
            CompressionMode.Decompress);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var bytes = memory.ToArray();

        // The models were trained on float32 pixels: 255 does not divide, so the rounding matters.
        return Array.ConvertAll(indices,
            index => bytes.AsSpan(Header + (index * Size), Size).ToArray().Select(pixel => (double)(pixel / 255f)).ToArray());
    }
}
