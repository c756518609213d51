using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using Kan.Interchange;

namespace Kan.Benchmarks.Workloads;

/// <summary>A network to measure.</summary>
/// <param name="Name">Its name in tables.</param>
/// <param name="Create">Makes or reads the network, when it is first asked for.</param>
/// <param name="Compiled">
/// The type that the generator made at build time; null where the network is compiled when the benchmark runs.
/// </param>
internal sealed record Workload(string Name, Func<KanDocument> Create, Type? Compiled)
{
    private const int RingBytes = 128 << 10;
    private static readonly Lazy<byte[]> s_digits = new(ReadDigits);
    private readonly Lazy<KanDocument> _document = new(Create);

    /// <summary>The network.</summary>
    public KanDocument Document => _document.Value;

    public int InputCount => Document.Layers[0].InputCount;

    public int OutputCount => Document.Layers[^1].OutputCount;

    public bool IsKan => Document.Layers[0] is GridDescription;

    /// <summary>Multiply-adds of a sample as a dense ReLU network; for a KAN, one for each edge.</summary>
    public long MultiplyAdds =>
        Document.Layers.Sum(static layer => layer is ActivationDescription ? 0L : (long)layer.InputCount * layer.OutputCount);

    /// <summary>The samples that take turns: a power of two of them, at most 1,024, at most 128 KiB.</summary>
    public float[] Ring()
    {
        int count = 1024;
        while (count * InputCount * sizeof(float) > RingBytes && count > 32) count /= 2;
        return Samples(count);
    }

    /// <summary>Rows of samples, all different: handwritten digits where the network reads them.</summary>
    public float[] Samples(int count) => InputCount == 784 && Compiled is not null
        ? [.. Enumerable.Range(0, count * 784).Select(static i => s_digits.Value[16 + (i % (10_000 * 784))] / 255f)]
        : RandomNetworks.Inputs(seed: 99, count * InputCount);

    public static IReadOnlyList<Workload> All { get; } =
    [
        new("KAN [2,5,1]", static () => RandomNetworks.Kan("kan-2-5-1", 1, 8, 2, 5, 1), null),
        new("KAN [8,16,8,1]", static () => RandomNetworks.Kan("kan-8-16-8-1", 2, 8, 8, 16, 8, 1), null),
        new("MLP 64-32-10", static () => Read("digits-mlp.onnx"), typeof(DigitsMlp)),
        new("MLP 784-128-64-10", static () => Read("mnist-mlp.onnx"), typeof(MnistMlp)),
        new("MLP 256-256-256-10", static () => RandomNetworks.Mlp("mlp-256", 3, 0, 256, 256, 256, 10), null),
        new("KAN [64,32,10]", static () => RandomNetworks.Kan("kan-64-32-10", 4, 8, 64, 32, 10), null),
        new("MNIST KAN [784,32,10]", static () => Read("mnist-kan.npz"), typeof(MnistKan)),
    ];

    public static Workload Named(string name) => All.Single(workload => workload.Name == name);

    private static KanDocument Read(string file) => ModelImporter.Import(Path.Combine(AppContext.BaseDirectory, "models", file));

    private static byte[] ReadDigits()
    {
        using var stream = new GZipStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "data", "mnist10k-images-idx3-ubyte.gz")),
            CompressionMode.Decompress);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
