using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Kan.Fuzzing.Cases;
using Kan.Fuzzing.Checks;

namespace Kan.Fuzzing.Json;

/// <summary>A file of tensors in memory.</summary>
internal sealed class SafetensorsModel
{
    public required JsonTree Header { get; init; }

    public required byte[] Data { get; set; }

    /// <summary>What is added to the length of the header.</summary>
    public long LengthError { get; set; }
}

/// <summary><c>.safetensors</c>: the header by value, its length, and the numbers.</summary>
internal sealed class SafetensorsEngine : StructuredEngine<SafetensorsModel>
{
    private static readonly string[] s_fields =
        ["dtype", "shape", "data_offsets", "__metadata__", "0.weight", "0.bias", "2.weight", "2.bias", "layers.0.grid",
        "layers.0.spline_weight", "running_mean", "running_var", "weight_g"];

    private static readonly string[] s_types =
        ["F16", "BF16", "F32", "F64", "I8", "I16", "I32", "I64", "U8", "U16", "U32", "U64", "BOOL", "F8_E4M3", "f32", ""];

    private static readonly (string Name, int[] Shape)[][] s_seeds =
    [
        [("0.weight", [3, 2]), ("0.bias", [3]), ("2.weight", [1, 3]), ("2.bias", [1])],
        [("fc.weight", [2, 2])],
        [("0.weight", [4, 2]), ("0.bias", [4]), ("1.weight", [4]), ("1.bias", [4]), ("1.running_mean", [4]), ("1.running_var", [4]),
            ("2.weight", [1]), ("3.weight", [3, 4])],
        [("layers.0.base_weight", [2, 2]), ("layers.0.grid", [2, 8]), ("layers.0.spline_scaler", [2, 2]),
            ("layers.0.spline_weight", [2, 2, 6])],
    ];

    /// <inheritdoc/>
    public override string Name => "safetensors";

    /// <inheritdoc/>
    public override string Subject => "`.safetensors`: the header by value, offsets, numbers";

    /// <inheritdoc/>
    public override int SeedCount => s_seeds.Length * 2;

    /// <inheritdoc/>
    public override Verdict Judge(FuzzInput input, int variant, string folder) =>
        ModelCheck.Judge(input, variant, folder, ModelCheck.Options(variant));

    /// <inheritdoc/>
    protected override SafetensorsModel Seed(int index)
    {
        bool isDouble = index >= s_seeds.Length;
        int size = isDouble ? sizeof(double) : sizeof(float), at = 0;
        var header = JsonTree.NewObject();
        var data = new List<byte>();
        foreach (var (name, shape) in s_seeds[index % s_seeds.Length])
        {
            int count = shape.Aggregate(1, static (product, dimension) => product * dimension);
            var entry = JsonTree.Parse(string.Create(CultureInfo.InvariantCulture, $$"""{"dtype":"{{(isDouble ? "F64" : "F32")}}","shape":[{{string.Join(',', shape)}}],"data_offsets":[{{at}},{{at + (count * size)}}]}"""));
            header.Members.Add((name, entry));
            for (int i = 0; i < count; i++)
            {
                // Rows of a grid increase.
                double value = name.EndsWith("grid", StringComparison.Ordinal) ? (i % shape[1]) - 3.5 : (((i * 37) + at) % 23) / 8.0;
                data.AddRange(isDouble ? BitConverter.GetBytes(value) : BitConverter.GetBytes((float)value));
            }

            at += count * size;
        }

        return new SafetensorsModel { Header = header, Data = [.. data] };
    }

    /// <inheritdoc/>
    protected override void Mutate(SafetensorsModel model, FuzzRandom random)
    {
        switch (random.Next(8))
        {
            case 0:
                model.LengthError = random.Integer();
                break;
            case 1:
                model.Data = random.Edit(model.Data);
                break;
            case 2 when model.Data.Length >= 8:
                BitConverter.GetBytes((float)random.Number()).CopyTo(model.Data, random.Next(model.Data.Length / 4) * 4);
                break;
            case 3 when model.Header.All().Where(static value => value.Value.String is "F32" or "F64").ToList() is { Count: > 0 } types:
                random.Pick(types).Value.String = random.Pick(s_types);
                break;
            case 4 when model.Header.Members.Count > 0:
                int entry = random.Next(model.Header.Members.Count);
                model.Header.Members[entry] = (random.OneIn(3) ? random.Name() : random.Pick(s_fields), model.Header.Members[entry].Value);
                break;
            default:
                JsonMutator.Mutate(model.Header, random, s_fields);
                break;
        }
    }

    /// <inheritdoc/>
    protected override List<FuzzFile> Write(SafetensorsModel model)
    {
        byte[] header = Encoding.UTF8.GetBytes(model.Header.ToString()), length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, unchecked(header.Length + model.LengthError));
        return [new FuzzFile("m.safetensors", [.. length, .. header, .. model.Data])];
    }
}
