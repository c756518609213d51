using System;
using System.Linq;
using Google.Protobuf;
using Kan.Fuzzing.Cases;
using Kan.Interchange.Onnx.Proto;

namespace Kan.Fuzzing.Onnx;

/// <summary>Changes a tensor: its shape, its numbers, where they are and what they are said to be.</summary>
internal static class TensorMutator
{
    private static readonly string[] s_locations =
        ["m.onnx", "other.bin", "../m.onnx", "/dev/zero", "/etc/passwd", "", ".", "a/b.bin", "m.onnx/..", "CON", "\\\\server\\share"];

    /// <summary>Changes one part of a tensor.</summary>
    public static void Mutate(TensorProto tensor, FuzzRandom random)
    {
        switch (random.Next(10))
        {
            case 0 when tensor.Dims.Count > 0:
                tensor.Dims[random.Next(tensor.Dims.Count)] = random.Integer();
                break;
            case 1:
                tensor.Dims.Insert(random.Next(tensor.Dims.Count + 1), random.OneIn(2) ? 1 : random.Integer());
                break;
            case 2 when tensor.Dims.Count > 0:
                tensor.Dims.RemoveAt(random.Next(tensor.Dims.Count));
                break;
            case 3:
                tensor.DataType = random.Next(26);
                break;
            case 4:
                // The same numbers in the other place.
                if (tensor.FloatData.Count == 0) break;
                tensor.RawData = ByteString.CopyFrom([.. tensor.FloatData.SelectMany(BitConverter.GetBytes)]);
                if (!random.OneIn(4)) tensor.FloatData.Clear();
                break;
            case 5 when tensor.RawData.Length > 0:
                tensor.RawData = ByteString.CopyFrom(random.Edit(tensor.RawData.ToByteArray()));
                break;
            case 6:
                tensor.DataLocation = random.Next(3);
                tensor.ExternalData.Add(new StringStringEntryProto
                {
                    Key = "location",
                    Value = random.OneIn(3) ? random.Name() : random.Pick(s_locations)
                });
                tensor.ExternalData.Add(new StringStringEntryProto
                {
                    Key = random.OneIn(2) ? "offset" : "length",
                    Value = random.OneIn(3)
                    ? random.Name()
                    : random.Integer().ToString(System.Globalization.CultureInfo.InvariantCulture)
                });
                break;
            case 7:
                // Double precision, exactly the shape.
                if (tensor.FloatData.Count == 0) break;
                tensor.DataType = 11;
                tensor.DoubleData.AddRange(tensor.FloatData.Select(_ => random.Number()));
                tensor.FloatData.Clear();
                break;
            default:
                if (tensor.Int64Data.Count > 0) tensor.Int64Data[random.Next(tensor.Int64Data.Count)] = random.Integer();
                else if (tensor.FloatData.Count > 0) tensor.FloatData[random.Next(tensor.FloatData.Count)] = (float)random.Number();
                else if (tensor.DoubleData.Count > 0) tensor.DoubleData[random.Next(tensor.DoubleData.Count)] = random.Number();
                break;
        }
    }
}
