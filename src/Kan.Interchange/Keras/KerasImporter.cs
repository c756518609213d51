using System;
using System.Linq;
using System.Text;
using System.Text.Json;
using Kan.Interchange.Archives;
using Kan.Interchange.Curves;
using Kan.Interchange.Hdf5;

namespace Kan.Interchange.Keras;

/// <summary>
/// Reads models of Keras: <c>.h5</c> of Keras 1 and 2, an HDF5 file with the configuration as an attribute, and <c>.keras</c> of Keras 3,
/// an archive of the configuration and an HDF5 file of weights.
/// </summary>
internal static class KerasImporter
{
    private const int MaxDepth = 64;

    private const string Remedy = "Save the model again with model.save.", ConfigEntry = "config.json", MetadataEntry = "metadata.json",
        WeightsEntry = "model.weights.h5", ConfigAttribute = "model_config", VersionAttribute = "keras_version";

    /// <summary>Reads an HDF5 file.</summary>
    /// <exception cref="ModelFileException">The file is damaged, or holds what is not supported.</exception>
    public static ImportedModel ImportHdf5(ModelFile file, ImportOptions options)
    {
        using var content = new Hdf5Content(file, file.Bytes, "The file");
        if (!content.HasAttribute("/", ConfigAttribute))
            throw file.Unsupported($"The file is HDF5, but has no attribute '{ConfigAttribute}', so that it is no model of Keras, or its "
                + $"weights alone. Save the whole model with model.save, not save_weights.");
        string config = Single(content, ConfigAttribute), version = content.HasAttribute("/", VersionAttribute)
            ? Single(content, VersionAttribute)
            : "1";
        return Read(file, options, ConfigAttribute, Encoding.UTF8.GetBytes(config), version, _ => new NamedWeights(content, file));

        string Single(Hdf5Content of, string name) => of.Texts("/", name) is [var text]
            ? text
            : throw file.Malformed($"The attribute '{name}' is not one text. The file is damaged.");
    }

    /// <summary>Reads an archive.</summary>
    /// <exception cref="ModelFileException">The file is damaged, or holds what is not supported.</exception>
    public static ImportedModel ImportArchive(ModelFile file, ImportOptions options)
    {
        using var entries = ZipEntries.Open(file, "a .keras archive", Remedy);
        foreach (string entry in new[] { ConfigEntry, WeightsEntry })
        {
            if (!entries.Names.Contains(entry))
                throw file.Unsupported($"The archive has no '{entry}', which models of Keras 3 have. {Remedy}");
        }

        string version = "3";
        if (entries.Names.Contains(MetadataEntry))
        {
            version = Parse(file, MetadataEntry, entries.Read(MetadataEntry),
                static root => KerasLayer.Given(root, VersionAttribute)?.Text()) ?? version;
        }

        byte[] weights = entries.Read(WeightsEntry);
        file.TotalBytes = Math.Max(file.TotalBytes, weights.Length);
        using var content = new Hdf5Content(file, weights, $"The entry '{WeightsEntry}'");
        return Read(file, options, ConfigEntry, entries.Read(ConfigEntry), version,
            chain => new NumberedWeights(content, file, chain.Stored));
    }

    private static ImportedModel Read(ModelFile file, ImportOptions options, string title, byte[] config, string version,
        Func<KerasChain, KerasWeights> weights)
    {
        var network = Parse(file, title, config, root =>
        {
            using var work = file.LimitWork();
            var chain = KerasChain.Read(file, root);
            var result = new KerasNetwork(file, options, weights(chain), isOld: version is not [>= '3' and <= '9', ..]);
            result.Add(chain);
            return result;
        });

        // Curves have their own limit.
        var model = NetworkApproximator.Approximate(file, network.Layers, options, gridDomain: []);
        return model with { Notes = [.. network.Notes, .. model.Notes], Head = network.Head };
    }

    private static T Parse<T>(ModelFile file, string title, byte[] json, Func<JsonPlace, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return read(new JsonPlace(file, title, document.RootElement));
        }
        catch (JsonException exception)
        {
            throw file.Malformed($"{title} is not valid JSON: {exception.Message.TrimEnd('.')}. The file is damaged. {Remedy}", exception);
        }
    }
}
