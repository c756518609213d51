using System;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>One sample, written on the command line as <c>0.5,1,-2</c> or in a JSON file.</summary>
internal static class PointText
{
    public const string Help = "One sample: numbers separated by commas, or a .json file with an array of numbers (or of samples, or an "
        + "object with 'inputs', of which the first is used).";

    /// <exception cref="ToolException">It is not a sample of so many numbers.</exception>
    /// <exception cref="ModelFileException">The file is missing.</exception>
    public static Rational[] Read(string text, int count)
    {
        double[] values = text.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? FromFile(text) : FromText(text);
        if (values.Length != count) throw ToolException.Option($"The sample '{text}' has {NumberText.Count(values.Length, "number")}; "
            + $"the network has {count} inputs.");
        return Array.ConvertAll(values, value => double.IsFinite(value) ? Rational.FromDouble(value)
            : throw ToolException.Option($"The sample '{text}' holds {NumberText.Of(value)}; numbers must be finite."));
    }

    private static double[] FromText(string text) => [.. text.Split(',').Select(part =>
        double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value
            : throw ToolException.Option($"'{part}' in the sample '{text}' is not a number. {Help}"))];

    private static double[] FromFile(string path)
    {
        using var json = JsonFile.Read(path);
        var element = json.RootElement;
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("inputs", out var inputs)) element = inputs;
        if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 0 && element[0].ValueKind == JsonValueKind.Array)
            element = element[0];
        if (element.ValueKind != JsonValueKind.Array || element.EnumerateArray().Any(static item => item.ValueKind != JsonValueKind.Number))
            throw ToolException.BadData(path, "The file holds no array of numbers. " + Help);
        return [.. element.EnumerateArray().Select(static item => item.GetDouble())];
    }
}
