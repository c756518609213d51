using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Text;
using Kan.Fuzzing.Cases;
using Kan.Fuzzing.Checks;
using Kan.Fuzzing.Json;

namespace Kan.Fuzzing.Archives;

/// <summary>A model of Keras: its configuration as a tree, none for HDF5 alone, and its weights as they lie in the file.</summary>
internal sealed class KerasFile(JsonTree? config, byte[] weights)
{
    public JsonTree? Config { get; } = config;

    public byte[] Weights { get; set; } = weights;
}

/// <summary>Models of Keras: configuration by value, HDF5 by byte and address.</summary>
internal sealed class KerasEngine : StructuredEngine<KerasFile>
{
    private const string ConfigEntry = "config.json", WeightsEntry = "model.weights.h5";

    private static readonly string[] s_seeds = ["dense.keras", "bends.keras", "images.keras", "latest.h5"];

    private static readonly string[] s_fields =
    [
        "class_name", "config", "layers", "name", "activation", "axis", "use_bias", "batch_shape", "padding", "strides", "dilation_rate",
            "groups", "target_shape", "max_value", "negative_slope", "threshold", "mean", "variance", "scale", "offset", "dtype",
            "inbound_nodes", "Dense", "Flatten", "Conv2D", "MaxPooling2D", "PReLU", "Normalization", "LSTM", "Functional", "softmax",
            "same",
    ];

    /// <inheritdoc/>
    public override string Name => "keras";

    /// <inheritdoc/>
    public override string Subject => "Keras: configuration by value, HDF5 by byte and address";

    /// <inheritdoc/>
    public override int SeedCount => s_seeds.Length;

    /// <inheritdoc/>
    public override double Weight => 0.5;

    /// <inheritdoc/>
    public override Verdict Judge(FuzzInput input, int variant, string folder) =>
        ModelCheck.Judge(input, variant, folder, ModelCheck.Options(variant));

    /// <inheritdoc/>
    protected override KerasFile Seed(int index)
    {
        using var resource = typeof(KerasEngine).Assembly.GetManifestResourceStream(s_seeds[index])!;
        if (!s_seeds[index].EndsWith(".keras", StringComparison.Ordinal)) return new KerasFile(null, Bytes(resource));
        using var archive = new ZipArchive(resource);
        return new KerasFile(JsonTree.Parse(Encoding.UTF8.GetString(Entry(ConfigEntry))), Entry(WeightsEntry));

        byte[] Entry(string name)
        {
            using var stream = archive.GetEntry(name)!.Open();
            return Bytes(stream);
        }
    }

    /// <inheritdoc/>
    protected override void Mutate(KerasFile model, FuzzRandom random)
    {
        if (model.Config is { } config && !random.OneIn(3))
        {
            JsonMutator.Mutate(config, random, s_fields);
            return;
        }

        if (random.OneIn(2) || model.Weights.Length < 2 * sizeof(long))
        {
            model.Weights = random.Edit([.. model.Weights]);
            return;
        }

        // Addresses are multiples of eight.
        byte[] weights = [.. model.Weights];
        int at = random.Next(weights.Length / sizeof(long)) * sizeof(long);
        BitConverter.TryWriteBytes(weights.AsSpan(at), random.OneIn(2) ? random.Next(weights.Length) & ~7L : random.Integer());
        model.Weights = weights;
    }

    /// <inheritdoc/>
    protected override List<FuzzFile> Write(KerasFile model)
    {
        if (model.Config is null) return [new FuzzFile("m.h5", model.Weights)];
        var zip = new ZipModel();
        zip.Items.Add(new ZipItem(ConfigEntry, Encoding.UTF8.GetBytes(model.Config.ToString()!)));
        zip.Items.Add(new ZipItem(WeightsEntry, model.Weights));
        return [new FuzzFile("m.keras", zip.ToBytes())];
    }

    private static byte[] Bytes(Stream stream)
    {
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
