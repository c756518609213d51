using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Kan.Interchange;

namespace Kan.Tool;

/// <summary>The files that the metadata of an item name: labels, one a line, and the standardization of scikit-learn.</summary>
internal static class ItemFiles
{
    private const long LongestFile = 1 << 24;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The lines of a file that are not empty.</summary>
    /// <exception cref="ModelFileException">The file cannot be read.</exception>
    public static ImmutableArray<string> ReadLabels(string path)
    {
        string text = ReadText(path);
        ImmutableArray<string> labels = [.. text.Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0)];
        if (labels.IsEmpty) throw Malformed(path, "The file has no labels. Write one on each line.");
        return NameText.Fault(labels) is { } fault ? throw Malformed(path, $"The labels {fault}.") : labels;
    }

    /// <summary>What <c>{"mean": [...], "scale": [...]}</c> says; either may be missing or null.</summary>
    /// <exception cref="ModelFileException">The file cannot be read or is of another form.</exception>
    public static (ImmutableArray<Rational> Mean, ImmutableArray<Rational> Scale) ReadStandardization(string path)
    {
        string text = ReadText(path);
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw Malformed(path, Expected);
            ImmutableArray<Rational> mean = [], scale = [];
            foreach (var field in document.RootElement.EnumerateObject())
            {
                if (field.Name is not ("mean" or "scale"))
                    throw Malformed(path, $"The field '{MessageText.Name(field.Name)}' is not known. {Expected}");
                if (field.Value.ValueKind == JsonValueKind.Null) continue;
                if (field.Value.ValueKind != JsonValueKind.Array || field.Value.EnumerateArray()
                    .Any(static item => item.ValueKind != JsonValueKind.Number || !double.IsFinite(item.GetDouble())))
                    throw Malformed(path, $"The field '{field.Name}' is not a list of finite numbers. {Expected}");
                ImmutableArray<Rational> numbers =
                    [.. field.Value.EnumerateArray().Select(static item => Rational.FromDouble(item.GetDouble()))];
                if (field.Name == "mean") mean = numbers;
                else scale = numbers;
            }

            return mean.IsEmpty && scale.IsEmpty
                ? throw Malformed(path, "The file has neither a mean nor a scale. " + Expected)
                : (mean, scale);
        }
        catch (JsonException exception)
        {
            throw new ModelFileException(
                path, ModelFileProblem.Malformed, "The file is not JSON: " + exception.Message, (int)(exception.LineNumber ?? 0) + 1,
                (int)(exception.BytePositionInLine ?? 0) + 1, exception);
        }
    }

    private const string Expected = """Write {"mean": [...], "scale": [...]}, from mean_ and scale_ of a StandardScaler.""";

    private static string ReadText(string path)
    {
        try
        {
            byte[] bytes = RegularFile.ReadAllBytes(path, LongestFile);
            return s_utf8.GetString(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(3) : bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw new ModelFileException(path, ModelFileProblem.Malformed, "The file is not UTF-8 text. Save it as UTF-8.",
                innerException: exception);
        }
        catch (Exception exception) when (FileFailure.Covers(exception))
        {
            throw FileFailure.OfReading(path, exception, "Correct the path, which is relative to the project.");
        }
    }

    private static ModelFileException Malformed(string path, string reason) => new(path, ModelFileProblem.Malformed, reason);
}
