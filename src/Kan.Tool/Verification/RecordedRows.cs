using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text.Json;
using Kan.Interchange;
using Kan.Interchange.NumPy;

namespace Kan.Tool;

/// <summary>Inputs and outputs of a model that were computed elsewhere.</summary>
internal static class RecordedRows
{
    public const string Help = "a .json file with 'inputs' and 'outputs' (or 'image_indices' with --images), a .csv file with the inputs "
        + "and then the outputs of a row, or an .npz file with the arrays 'inputs' and 'outputs'";

    /// <summary>Whether a file holds recorded rows rather than a model.</summary>
    public static bool IsRecorded(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".JSON" => !path.EndsWith(".kan.json", StringComparison.OrdinalIgnoreCase),
        ".CSV" or ".TSV" => true,
        ".NPZ" => HoldsInputs(path),
        _ => false,
    };

    /// <summary>The rows, one after the other.</summary>
    /// <exception cref="ToolException">The file is not as it should be.</exception>
    /// <exception cref="ModelFileException">An archive is damaged.</exception>
    public static IEnumerable<(double[] Inputs, double[] Outputs)> Read(string path, string? images, KanDocument document,
        bool byPosition = false)
    {
        int n = document.Layers[0].InputCount, m = document.Layers[^1].OutputCount;
        return Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".JSON" => FromJson(path, images, n, m),
            ".NPZ" => FromArchive(path, n, m),
            _ => FromTable(path, n, new RowColumns([.. RowColumns.Of(document.InputNames, n), .. RowColumns.Of(document.OutputNames, m)],
                byPosition)),
        };
    }

    private static bool HoldsInputs(string path)
    {
        try
        {
            using var archive = new ZipArchive(RegularFile.OpenRead(path), ZipArchiveMode.Read);
            return archive.GetEntry("inputs.npy") is not null;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // The reader of models says what is wrong.
            return false;
        }
    }

    private static IEnumerable<(double[] Inputs, double[] Outputs)> FromTable(string path, int inputs, RowColumns columns)
    {
        using var source = RowSource<double>.Open(path, columns);
        var row = new double[columns.Count];
        while (source.Read(row)) yield return (row[..inputs], row[inputs..]);
    }

    private static IEnumerable<(double[] Inputs, double[] Outputs)> FromArchive(string path, int inputCount, int outputCount)
    {
        var file = ModelFile.Read(path);
        var arrays = NpzArchive.Read(file);
        double[] inputs = Array(arrays, "inputs", inputCount, path), outputs = Array(arrays, "outputs", outputCount, path);
        int rows = inputs.Length / inputCount;
        if (outputs.Length / outputCount != rows)
            throw ToolException.BadData(path, $"There are {rows} rows of inputs and {outputs.Length / outputCount} of outputs.");
        return Enumerable.Range(0, rows)
            .Select(row => (inputs[(row * inputCount)..((row + 1) * inputCount)], outputs[(row * outputCount)..((row + 1) * outputCount)]));
    }

    private static double[] Array(Dictionary<string, NpyArray> arrays, string name, int columns, string path)
    {
        if (!arrays.TryGetValue(name, out var array))
            throw ToolException.BadData(path, $"The archive has no array '{name}'. Expected {Help}.");
        return ArrayRows.Of(array, columns, path);
    }

    private static IEnumerable<(double[] Inputs, double[] Outputs)> FromJson(string path, string? images, int inputCount, int outputCount)
    {
        using var json = JsonFile.Read(path);
        var root = json.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("outputs", out var outputElement))
            throw ToolException.BadData(path, $"The file has no 'outputs'. Expected {Help}.");
        double[][] outputs = Rows(outputElement, "outputs", outputCount, path), inputs;
        if (root.TryGetProperty("inputs", out var inputElement)) inputs = Rows(inputElement, "inputs", inputCount, path);
        else if (root.TryGetProperty("image_indices", out var indices)) inputs = Images(indices, images, inputCount, path);
        else throw ToolException.BadData(path, $"The file has neither 'inputs' nor 'image_indices'. Expected {Help}.");
        if (inputs.Length != outputs.Length)
            throw ToolException.BadData(path, $"There are {inputs.Length} rows of inputs and {outputs.Length} of outputs.");
        return inputs.Zip(outputs);
    }

    private static double[][] Rows(JsonElement element, string name, int columns, string path)
    {
        double[]?[]? rows = null;
        try
        {
            rows = element.Deserialize<double[]?[]>();
        }
        catch (JsonException)
        {
            // Reported below, as rows that are null are.
        }

        if (rows is null || rows.Contains(null)) throw ToolException.BadData(path, $"'{name}' is not an array of rows of numbers.");
        int wrong = System.Array.FindIndex(rows, row => row!.Length != columns);
        return wrong < 0 ? System.Array.ConvertAll(rows, static row => row!)
            : throw ToolException.BadData(path,
                $"Row {wrong + 1} of '{name}' has {NumberText.Count(rows[wrong]!.Length, "number")}; expected {columns}.");
    }

    private static double[][] Images(JsonElement indices, string? images, int inputCount, string path)
    {
        if (images is null)
            throw ToolException.Option($"'{path}' refers to images by index: use --images to specify the idx file that contains them.");
        int[] wanted;
        try
        {
            wanted = indices.Deserialize<int[]>()!;
        }
        catch (JsonException)
        {
            throw ToolException.BadData(path, "'image_indices' is not an array of whole numbers.");
        }

        return IdxImages.Open(images, inputCount).Read(wanted);
    }
}
