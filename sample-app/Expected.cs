using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace SampleApp;

/// <summary>What the program that trained a network says about it.</summary>
/// <param name="Rows">The images whose outputs are known.</param>
/// <param name="Outputs">The outputs for each of those images, computed in float64.</param>
/// <param name="Accuracy">The part of the test digits that is classified correctly.</param>
internal sealed record Expected(int[] Rows, double[][] Outputs, double Accuracy)
{
    /// <exception cref="InvalidDataException">The file is not what it should be; the message names it.</exception>
    public static Expected Load(string file, int imageCount, int outputCount)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var root = document.RootElement;
            int[] rows = [.. root.GetProperty("image_indices").EnumerateArray().Select(static e => e.GetInt32())];
            double[][] outputs = [.. root.GetProperty("outputs").EnumerateArray().Select(ReadRow)];
            if (rows.Length == 0 || rows.Length != outputs.Length)
                throw new InvalidDataException($"{file}: {rows.Length} images, but {outputs.Length} rows of outputs");
            if (Array.Exists(rows, row => (uint)row >= (uint)imageCount))
                throw new InvalidDataException($"{file}: an image index is outside 0..{imageCount - 1}");
            if (Array.Exists(outputs, row => row.Length != outputCount))
                throw new InvalidDataException($"{file}: a row does not have {outputCount} outputs");
            return new Expected(rows, outputs, root.GetProperty("test_accuracy").GetDouble());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{file}: {e.Message}", e);
        }
    }

    private static double[] ReadRow(JsonElement row) =>
        [.. row.EnumerateArray().Select(static e => e.GetDouble())];
}
