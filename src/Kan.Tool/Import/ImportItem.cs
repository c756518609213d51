using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Linq;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>A <c>KanModel</c> item of a project, as its line in a list for <c>kan import</c> says it.</summary>
/// <param name="Input">The model.</param>
/// <param name="Output">The <c>.kan.json</c> to write.</param>
/// <param name="Metadata">What the item has in addition to its file; empty values are silent.</param>
internal sealed record ImportItem(string Input, string Output, ImmutableArray<KeyValuePair<string, string>> Metadata)
{
    /// <summary>What the item is called in its project.</summary>
    public string Name => Value("Item") is { Length: > 0 } name ? name : Input;

    /// <summary>How the model is simplified on its declared ranges; null if it is not.</summary>
    public ModelSimplifier.Mode? Simplification => ModelSimplifier.TryParse(Value("Simplify") ?? "");

    /// <summary>The file of samples that gives the ranges of hidden values, for integers; null if there is none.</summary>
    public string? Calibration => Value("Calibration")?.Trim() is { Length: > 0 } file ? file : null;

    /// <summary>The metadata as text: equal where the conversion is.</summary>
    public string Description =>
        Records.Line([.. Metadata.Where(static pair => pair.Key != "Item").Select(static pair => pair.Key + "=" + pair.Value)]);

    /// <summary>Reads a list: an item a line, as <see cref="Records"/> writes them.</summary>
    /// <param name="text">The list.</param>
    /// <param name="list">What the list is called in messages.</param>
    /// <exception cref="ToolException">An item has too few fields.</exception>
    public static ImmutableArray<ImportItem> ReadList(string text, string list) =>
        [.. Records.Read(text).Select((fields, i) => Read(fields, list, i + 1))];

    /// <summary>The options of the importer; the complaint about the first value that is not valid, or null.</summary>
    public (string Name, string Value, string Expected)? TryGetOptions(out ImportOptions options)
    {
        options = ImportOptions.None;
        foreach (var (name, text) in Metadata)
        {
            string value = text.Trim();
            if (value.Length == 0) continue;
            string? expected = null;
            switch (name)
            {
                case "Item": break;
                case "Range" when Ranges(value) is { } ranges: options = options with { Ranges = ranges }; break;
                case "Range":
                    expected = "two finite numbers, the lower first, such as 0,1 (with a decimal point, whatever the culture), "
                    + "or such a range for each input, separated by ';'"; break;
                case "Head" when Enum.TryParse<ModelHead>(value, ignoreCase: true, out var head)
                    && !char.IsAsciiDigit(value[0]):
                    options = options with { Head = head }; break;
                case "Head": expected = "keep, drop or refuse"; break;
                case "Tolerance" when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double tolerance)
                    && tolerance > 0 && double.IsFinite(tolerance):
                    options = options with { Tolerance = tolerance };
                    break;
                case "Tolerance": expected = "a positive number, such as 1e-3"; break;
                case "Domain" when Ranges(value) is { } domain: options = options with { Domain = domain }; break;
                case "Domain": expected = "one range, such as -1,1, or one for each input, separated by ';', with decimal points"; break;
                case "Activation": options = options with { Activation = value }; break;
                case "Order": options = options with { Order = NameText.Split(value) }; break;
                case "Prefix": options = options with { Prefix = value }; break;
                case "Inputs": options = options with { Inputs = NameText.Split(value) }; break;
                case "Outputs": options = options with { Outputs = NameText.Split(value) }; break;
                case "InputNames":
                    expected = NameText.TryParse(value, "age,pressure", out var inputNames);
                    options = options with { InputNames = inputNames };
                    break;
                case "OutputNames":
                    expected = NameText.TryParse(value, "risk,margin", out var outputNames);
                    options = options with { OutputNames = outputNames };
                    break;
                case "Simplify":
                    expected = Simplification is null
                    ? "Exact, or the largest acceptable difference of an output, such as 1e-3"
                    : null; break;
                case "Calibration": break;
                case "LabelsFile": expected = Has("Labels") ? "either Labels or LabelsFile" : null; break;
                case "Standardization": expected = Has("Mean") || Has("Scale") ? "either Mean and Scale, or Standardization" : null; break;
                case "Labels":
                    expected = NameText.TryParse(value, "good,watch,bad", out var labels);
                    options = options with { Labels = labels };
                    break;
                case "Mean" when NameText.TryParseNumbers(value, out var mean): options = options with { Mean = mean }; break;
                case "Scale" when NameText.TryParseNumbers(value, out var scale)
                    && scale.All(static number => number.Sign > 0):
                    options = options with { Scale = scale }; break;
                case "Mean": expected = NameText.ExpectedNumbers; break;
                case "Scale": expected = "positive " + NameText.ExpectedNumbers; break;
                default: expected = "none of that name"; break;
            }

            if (expected is not null) return (name, value, expected);
        }

        return null;
    }

    /// <summary>The files that metadata name, which the conversion reads in addition to the model.</summary>
    public ImmutableArray<string> Files =>
    [
        .. Metadata.Where(static pair => pair.Key is "LabelsFile" or "Standardization" or "Calibration")
            .Select(static pair => pair.Value.Trim())
            .Where(static file => file.Length > 0).Select(Path.GetFullPath),
    ];

    /// <summary>The options with what these files say.</summary>
    /// <exception cref="ModelFileException">A file cannot be used.</exception>
    public ImportOptions WithFiles(ImportOptions options)
    {
        if (Value("LabelsFile")?.Trim() is { Length: > 0 } labels) options = options with { Labels = ItemFiles.ReadLabels(labels) };
        if (Value("Standardization")?.Trim() is not { Length: > 0 } standardization) return options;
        var (mean, scale) = ItemFiles.ReadStandardization(standardization);
        return options with { Mean = mean, Scale = scale };
    }

    private static ImportItem Read(string[] fields, string list, int number)
    {
        var metadata = fields.Skip(2).Select(static field => field.Split('=', 2)).ToArray();
        if (fields.Length < 2 || fields[0].Length == 0 || fields[1].Length == 0 || metadata.Any(static pair => pair.Length < 2))
            throw ToolException.BadData(list, $"Item {number} is '{MessageText.Name(string.Join(" | ", fields))}'; expected input, "
                + $"output and metadata such as Range=0,1, separated by tabs.");
        return new ImportItem(fields[0], fields[1], [.. metadata.Select(static pair => KeyValuePair.Create(pair[0], pair[1]))]);
    }

    private bool Has(string name) => !string.IsNullOrWhiteSpace(Value(name));

    private string? Value(string name) => Metadata.FirstOrDefault(pair => pair.Key == name).Value;

    private static ImmutableArray<InputRange>? Ranges(string text)
    {
        var ranges = ImmutableArray.CreateBuilder<InputRange>();
        foreach (string part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!RangeText.TryParse(part, out var range)) return null;
            ranges.Add(range);
        }

        return ranges.Count > 0 ? ranges.ToImmutable() : null;
    }
}
