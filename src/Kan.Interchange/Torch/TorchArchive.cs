using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Kan.Interchange.Archives;
using Kan.Interchange.Tensors;

namespace Kan.Interchange.Torch;

/// <summary>Reads the weights in a file of <c>torch.save</c>: a ZIP archive of a pickle and one entry for each storage.</summary>
internal static class TorchArchive
{
    private const string Remedy = "Save or copy the model again (torch.save(model.state_dict(), path)).";

    private const int MaximumPickle = 1 << 26;

    // What projects call the weights in a dictionary that holds more, most telling first.
    private static readonly string[] s_weightNames =
        ["state_dict", "model_state_dict", "model_state", "model", "net", "network", "weights"];

    private static ReadOnlySpan<byte> ZipSignature => [(byte)'P', (byte)'K', 3, 4];

    /// <exception cref="ModelFileException">The file is damaged, of another kind, or holds more than weights.</exception>
    public static StateDict Read(ModelFile file)
    {
        if (!file.Bytes.AsSpan().StartsWith(ZipSignature))
        {
            throw file.Bytes[0] == 0x80
                ? file.Unsupported(
                    "The file has the format used before torch 1.6, a bare pickle. Save it again with torch.save of torch 1.6 or later.")
                : file.Malformed($"The file does not begin like a file that torch.save writes. {Remedy}");
        }

        using var entries = ZipEntries.Open(file, "a torch.save file", Remedy);
        string? pickle = null;
        foreach (string name in entries.Names.Where(static name => name.EndsWith("/data.pkl", StringComparison.Ordinal)
            || name == "data.pkl"))
        {
            if (pickle is not null) throw file.Malformed($"The archive holds both '{pickle}' and '{name}'. {Remedy}");
            pickle = name;
        }

        if (pickle is null) throw file.Malformed($"The archive holds no data.pkl, so torch.save did not write it. {Remedy}");
        string root = pickle[..^"data.pkl".Length];
        if (entries.Names.Contains(root + "constants.pkl"))
            throw file.Unsupported("The file is a TorchScript program. Only weights are read: torch.save(model.state_dict(), path), or "
                + "export the program to ONNX.");
        if (entries.Names.Contains(root + "byteorder") && Encoding.ASCII.GetString(entries.Read(root + "byteorder")).Trim() != "little")
            throw file.Unsupported("The file has numbers in big-endian order. Save it on a little-endian machine.");
        byte[] bytes = entries.Read(pickle);
        if (bytes.Length > MaximumPickle) throw file.Unsupported($"The pickle in the file has {bytes.Length} bytes; at most "
            + $"{MaximumPickle} are read. Save model.state_dict() alone.");
        var weights = Weights(PickleReader.Read(bytes, file), file);
        return new StateDict(new Storages(entries, root, file).Load(weights), IsInModelOrder: true);
    }

    /// <summary>The tensors by name: the dictionary itself, or one inside it.</summary>
    private static List<(string Name, PickleTensor Tensor)> Weights(object? value, ModelFile file)
    {
        if (value is not PickleDictionary dictionary)
            throw file.Unsupported(
                $"The file holds {Describe(value)}, where a dictionary of tensors is expected. Save model.state_dict().");
        if (TensorsOf(dictionary) is { } own) return own;
        var inner = dictionary.Entries.Where(static entry => entry.Key is string && entry.Value is PickleDictionary)
            .Select(static entry => (Name: (string)entry.Key!, Tensors: TensorsOf((PickleDictionary)entry.Value!)))
            .Where(static entry => entry.Tensors is not null).ToList();
        var chosen = inner.Count == 1 ? inner : inner.Where(static entry => s_weightNames.Contains(entry.Name)).ToList();
        if (chosen.Count == 1) return chosen[0].Tensors!;
        if (chosen.Count > 1)
            throw file.Unsupported($"The file holds several dictionaries of tensors "
                + $"({string.Join(", ", inner.Take(8).Select(static entry => $"'{entry.Name}'"))}). Save only the one to compile.");
        var odd = dictionary.Entries.FirstOrDefault(static entry => entry.Value is not PickleTensor);
        throw file.Unsupported(dictionary.Entries.Count == 0
            ? "The file holds an empty dictionary. Save model.state_dict() of a model with parameters."
            : $"The dictionary in the file has the entry '{odd.Key as string ?? Describe(odd.Key)}', {Describe(odd.Value)}, where "
            + $"tensors by name are expected, and no dictionary of tensors inside it. Save model.state_dict().");
    }

    private static List<(string Name, PickleTensor Tensor)>? TensorsOf(PickleDictionary dictionary)
    {
        if (dictionary.Entries.Count == 0) return null;
        var tensors = new List<(string, PickleTensor)>(dictionary.Entries.Count);
        foreach (var (key, value) in dictionary.Entries)
        {
            if (key is not string name || value is not PickleTensor tensor) return null;
            tensors.Add((name, tensor));
        }

        return tensors;
    }

    private static string Describe(object? value) => value switch
    {
        null => "None",
        string => "a string",
        bool => "a bool",
        long => "an integer",
        double => "a float",
        PickleTensor => "a tensor",
        PickleList => "a list",
        PickleTuple => "a tuple",
        PickleDictionary => "a dictionary",
        _ => "an object",
    };

    /// <summary>The numbers, each storage read once.</summary>
    private sealed class Storages(ZipEntries entries, string root, ModelFile file)
    {
        private readonly Dictionary<string, byte[]> _bytes = new(StringComparer.Ordinal);
        private readonly long _most = ModelLimits.NumbersOf(file.TotalBytes);
        private long _count;

        public List<StoredTensor> Load(List<(string Name, PickleTensor Tensor)> weights) =>
            weights.ConvertAll(weight => Load(weight.Name, weight.Tensor));

        private StoredTensor Load(string name, PickleTensor tensor)
        {
            int count = StoredTensor.CountOf(tensor.Sizes);
            if (count < 0) throw StoredTensor.TooLarge(file, name, tensor.Sizes);
            _count += count;
            if (_count > ModelLimits.Parameters) throw file.Unsupported($"The model has more than {ModelLimits.Parameters} numbers. "
                + $"Compiled networks are small: reduce or prune the model.");
            if (_count > _most)
                throw file.Unsupported($"The tensors up to '{name}' have more than {_most:N0} numbers, far more than a file of "
                    + $"{file.TotalBytes:N0} bytes holds. Save the model without views that repeat numbers.");
            string entry = root + "data/" + tensor.Storage.Key;
            if (!_bytes.TryGetValue(entry, out byte[]? bytes))
            {
                if (!entries.Names.Contains(entry)) throw file.Malformed($"The numbers of the tensor '{name}' should be in the entry "
                    + $"'{entry}', which the archive does not hold. {Remedy}");
                bytes = entries.Read(entry);
                _bytes.Add(entry, bytes);
            }

            var type = tensor.Storage.Element;
            int size = type.Size();
            long last = tensor.Offset, held = bytes.Length / size;
            for (int axis = 0; axis < tensor.Sizes.Length; axis++) last += Math.Max(0, tensor.Sizes[axis] - 1) * tensor.Strides[axis];
            if (count > 0 && (last < 0 || last >= held))
                throw file.Malformed($"The tensor '{name}' of shape {StoredTensor.ShapeText(tensor.Sizes)} at {tensor.Offset} with "
                    + $"strides {StoredTensor.ShapeText(tensor.Strides)} needs {last + 1} numbers, but its storage holds {held}. {Remedy}");

            // Row by row, through whatever steps the view takes.
            var values = new double[count];
            var place = new long[tensor.Sizes.Length];
            long at = tensor.Offset;
            for (int i = 0; i < count; i++)
            {
                values[i] = type.Read(bytes.AsSpan((int)at * size, size));
                for (int axis = place.Length - 1; axis >= 0; axis--)
                {
                    at += tensor.Strides[axis];
                    if (++place[axis] < tensor.Sizes[axis]) break;
                    at -= place[axis] * tensor.Strides[axis];
                    place[axis] = 0;
                }
            }

            return new StoredTensor(name, Array.ConvertAll(tensor.Sizes, static dimension => (int)dimension), type, values);
        }
    }
}
