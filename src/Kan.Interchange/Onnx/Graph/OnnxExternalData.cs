using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Google.Protobuf;
using Kan.Interchange.Onnx;
using Kan.Interchange.Onnx.Proto;

namespace Kan.Interchange.Onnx.Graph;

/// <summary>Tensors whose numbers are in a file next to the model.</summary>
internal static class OnnxExternalData
{
    /// <summary>The paths of the files that hold numbers of a model, each once, in the order the model names them.</summary>
    /// <exception cref="ModelFileException">The file is not an ONNX model, or names a file that is not below its folder.</exception>
    public static IReadOnlyList<string> FilesOf(ModelFile file)
    {
        GraphProto? graph;
        try
        {
            graph = ModelProto.Parser.ParseFrom(file.Bytes).Graph;
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw file.Malformed("The file is not an ONNX model, or is damaged or cut short. Export or copy it again.", exception);
        }

        if (graph is null) return [];
        var tensors = graph.Initializer.Concat(graph.Node.SelectMany(static node => node.Attribute)
            .Where(static attribute => attribute.T is not null).Select(static attribute => attribute.T));
        return
        [
            .. tensors
                .SelectMany(static tensor => tensor.ExternalData.Where(static entry => entry.Key == "location" && entry.Value.Length > 0)
                    .Select(entry => (Tensor: tensor.Name, Location: entry.Value)))
                .DistinctBy(static data => data.Location)
                .Select(data => file.ResolveBeside(data.Location, $"The tensor '{data.Tensor}'")),
        ];
    }

    /// <summary>The bytes of a tensor.</summary>
    /// <exception cref="ModelFileException">The file is missing, too short, or not below the folder of the model.</exception>
    public static byte[] Read(TensorProto proto, string name, long length, ModelFile file)
    {
        string? location = null;
        long offset = 0, stated = length;
        foreach (var entry in proto.ExternalData)
        {
            if (entry.Key == "location") location = entry.Value;
            else if (entry.Key == "offset") offset = Number(entry.Value);
            else if (entry.Key == "length") stated = Number(entry.Value);
        }

        if (string.IsNullOrEmpty(location)) throw file.Malformed($"The tensor '{name}' is declared to be in another file, but the file's "
            + $"name is missing. Save the model as one file (onnx.save(..., save_as_external_data=False)).");
        if (stated != length) throw file.Malformed($"The tensor '{name}' needs {length} bytes, but its data in '{location}' has "
            + $"{stated}. Export the model again.");
        return file.ReadBeside(location, offset, length, $"The tensor '{name}'");

        long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw file.Malformed(
                $"The tensor '{name}' has the offset or length '{text}' in another file, which is not a number. Export the model again.");
    }
}
