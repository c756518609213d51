using System;
using System.Collections.Immutable;
using System.Text;

namespace Kan.Networks;

/// <summary>Writes <c>.kan.json</c>, version 1: the same bytes for the same document on every host and under every culture.</summary>
/// <remarks>
/// <see cref="KanDocumentReader.Read(string)"/> of what is written gives the same document, exact to the bit. A number that is not a double
/// is written as <c>"p/q"</c>; more than 16 floats or doubles are packed as base64.
/// </remarks>
public static class KanDocumentWriter
{
    /// <summary>Writes a document as text, with lines ended by '\n'.</summary>
    /// <exception cref="ArgumentException">
    /// The document is not valid: numbers, names or functions that do not fit the sizes, a text with half of a surrogate pair, a source
    /// hash that is not a SHA-256, or a number of more than 10,000 digits.
    /// </exception>
    public static string Write(KanDocument document)
    {
        if (document is null) throw new ArgumentNullException(nameof(document));
        if (document.Layers.IsDefaultOrEmpty) throw new ArgumentException("A network needs at least one layer.", nameof(document));
        int inputCount = document.Layers[0].InputCount;
        int outputCount = document.Layers[document.Layers.Length - 1].OutputCount;
        RequireCount(document.InputNames.Length, inputCount, "input names");
        RequireCount(document.InputUnits.Length, inputCount, "input units");
        RequireCount(document.OutputNames.Length, outputCount, "output names");
        RequireCount(document.Labels.Length, outputCount, "labels");
        if (document.InputRanges.Length != 1) RequireCount(document.InputRanges.Length, inputCount, "input ranges");

        var output = new StringBuilder();
        output.Append("{\n  \"format\": \"kan\",\n  \"version\": 1,\n  \"name\": ");
        JsonText.WriteString(output, document.Name);
        WriteSource(output, document);
        WriteInputs(output, document);
        if (!document.HiddenRanges.IsEmpty || document.IntegerTolerance is not null)
        {
            output.Append(",\n  \"hidden\": {\n    ");
            if (!document.HiddenRanges.IsEmpty) WriteRanges(output, document.HiddenRanges);
            if (document.IntegerTolerance is { } tolerance)
            {
                output.Append(document.HiddenRanges.IsEmpty ? "\"tolerance\": " : ",\n    \"tolerance\": ");
                NumberArray.WriteNumber(output, Rational.FromDouble(tolerance));
            }

            output.Append("\n  }");
        }

        if (document.Codes is { } codes) CodesWriter.Write(output, codes, document.Layers);
        WriteOutputs(output, document);
        output.Append(",\n  \"layers\": [");
        for (int i = 0; i < document.Layers.Length; i++)
        {
            if (i > 0)
            {
                output.Append(',');
                if (document.Layers[i - 1].OutputCount != document.Layers[i].InputCount)
                    throw new ArgumentException($"Layer {i} has {document.Layers[i].InputCount} inputs, but layer {i - 1} has "
                        + $"{document.Layers[i - 1].OutputCount} outputs.", nameof(document));
            }

            LayerWriter.Write(output, document.Layers[i]);
        }

        return output.Append("\n  ]\n}\n").ToString();
    }

    private static void WriteSource(StringBuilder output, KanDocument document)
    {
        if (document.SourceFile is null && document.SourceHash is null && document.SourceNotes.IsEmpty) return;
        output.Append(",\n  \"source\": {");
        string separator = "\n    ";
        if (document.SourceFile is not null)
        {
            output.Append(separator).Append("\"file\": ");
            JsonText.WriteString(output, document.SourceFile);
            separator = ",\n    ";
        }

        if (document.SourceHash is not null)
        {
            if (!KanDocumentReader.IsHash(document.SourceHash))
                throw new ArgumentException("The source hash is not a SHA-256 in lowercase hexadecimal.", nameof(document));
            output.Append(separator).Append("\"sha256\": ");
            JsonText.WriteString(output, document.SourceHash);
            separator = ",\n    ";
        }

        if (!document.SourceNotes.IsEmpty)
        {
            output.Append(separator).Append("\"notes\": ");
            WriteStrings(output, document.SourceNotes);
        }

        output.Append("\n  }");
    }

    private static void WriteInputs(StringBuilder output, KanDocument document)
    {
        if (document.InputNames.IsEmpty && document.InputUnits.IsEmpty && document.InputRanges.IsEmpty) return;
        string separator = ",\n  \"inputs\": {\n    ";
        if (!document.InputNames.IsEmpty)
        {
            output.Append(separator).Append("\"names\": ");
            WriteStrings(output, document.InputNames);
            separator = ",\n    ";
        }

        if (!document.InputUnits.IsEmpty)
        {
            output.Append(separator).Append("\"units\": ");
            WriteStrings(output, document.InputUnits);
            separator = ",\n    ";
        }

        if (!document.InputRanges.IsEmpty)
        {
            output.Append(separator);
            WriteRanges(output, document.InputRanges);
        }

        output.Append("\n  }");
    }

    private static void WriteRanges(StringBuilder output, ImmutableArray<InputRange> ranges)
    {
        output.Append("\"ranges\": [");
        for (int i = 0; i < ranges.Length; i++)
        {
            var range = ranges[i];
            if (range.Low > range.High) throw new ArgumentException($"The low end of range {i} exceeds the high end.", nameof(ranges));
            if (i > 0) output.Append(", ");
            NumberArray.Write(output, [range.Low, range.High]);
        }

        output.Append(']');
    }

    private static void WriteOutputs(StringBuilder output, KanDocument document)
    {
        if (document.OutputNames.IsEmpty && document.Labels.IsEmpty && document.Head == NetworkHead.None) return;
        string separator = ",\n  \"outputs\": {\n    ";
        if (!document.OutputNames.IsEmpty)
        {
            output.Append(separator).Append("\"names\": ");
            WriteStrings(output, document.OutputNames);
            separator = ",\n    ";
        }

        if (!document.Labels.IsEmpty)
        {
            output.Append(separator).Append("\"labels\": ");
            WriteStrings(output, document.Labels);
            separator = ",\n    ";
        }

        if (document.Head != NetworkHead.None)
        {
            output.Append(separator).Append("\"head\": ");
            JsonText.WriteString(output, HeadNames.Of(document.Head));
        }

        output.Append("\n  }");
    }

    private static void WriteStrings(StringBuilder output, ImmutableArray<string> values)
    {
        output.Append('[');
        for (int i = 0; i < values.Length; i++)
        {
            if (i > 0) output.Append(", ");
            JsonText.WriteString(output, values[i]);
        }

        output.Append(']');
    }

    private static void RequireCount(int found, int expected, string what)
    {
        if (found != 0 && found != expected) throw new ArgumentException($"Found {found} {what} where {expected} or none were expected.");
    }
}
