using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Kan.Fuzzing.Cases;
using Kan.Fuzzing.Checks;

namespace Kan.Fuzzing.Archives;

/// <summary>An array of NumPy: what its header says, and the numbers.</summary>
internal sealed class NpyModel(string shape, float[] values)
{
    private static readonly string[] s_types = ["<f4", "<f8", ">f4", "<i8", "|O", "|b1", "<f2", "", "f4"];

    public string Shape { get; set; } = shape;

    public string Type { get; set; } = "<f4";

    public string Order { get; set; } = "False";

    public string Rest { get; set; } = ", ";

    public byte Version { get; set; } = 1;

    public int LengthError { get; set; }

    public byte[] Data { get; set; } = [.. values.SelectMany(BitConverter.GetBytes)];

    /// <summary>Changes a field of the header, or a number.</summary>
    public void Mutate(FuzzRandom random)
    {
        switch (random.Next(9))
        {
            case 0:
                Shape = random.Pick<string>(["()", "(1,)", "(2, 3)", "(-1, 2)", "(1, 3, 2", "(1 3 2)", "(99999999999999999999,)",
                    "(1, 3, 2, 1)", "(, )"]);
                break;
            case 1:
                Shape = $"({string.Join(", ", Enumerable.Range(0, random.Size(64)).Select(_ => random.Integer().ToString(CultureInfo.InvariantCulture)))})";
                break;
            case 2:
                Type = random.OneIn(4) ? random.Name() : random.Pick(s_types);
                break;
            case 3:
                Order = random.Pick<string>(["True", "False", "true", "1", "None"]);
                break;
            case 4:
                Rest = random.OneIn(2) ? random.Name() : new string(' ', random.Size(70_000));
                break;
            case 5:
                Version = random.Bytes(1)[0];
                break;
            case 6:
                LengthError = unchecked((int)random.Integer());
                break;
            case 7:
                Data = random.Edit([.. Data]);
                break;
            default:
                if (Data.Length < 4) break;
                Data = [.. Data];
                BitConverter.GetBytes((float)random.Number()).CopyTo(Data, random.Next(Data.Length / 4) * 4);
                break;
        }
    }

    /// <summary>The file.</summary>
    public byte[] ToBytes()
    {
        byte[] header = Encoding.UTF8.GetBytes($"{{'descr': '{Type}', 'fortran_order': {Order}, 'shape': {Shape}{Rest}}}\n");
        byte[] length = BitConverter.GetBytes(unchecked(header.Length + LengthError));
        return [0x93, .. "NUMPY"u8, Version, 0, .. length.AsSpan(0, Version == 1 ? 2 : 4), .. header, .. Data];
    }
}

/// <summary>An archive of arrays in memory.</summary>
internal sealed class NpzModel
{
    public ZipModel Zip { get; } = new();

    public List<(ZipItem Item, NpyModel Array)> Arrays { get; } = [];

    public NpzModel Add(string name, NpyModel array)
    {
        var item = new ZipItem(name, array.ToBytes());
        Zip.Items.Add(item);
        Arrays.Add((item, array));
        return this;
    }
}

/// <summary><c>.npz</c>: archive by entry, arrays by field of their header.</summary>
internal sealed class NumPyEngine : StructuredEngine<NpzModel>
{
    private static readonly Func<NpzModel>[] s_seeds =
    [
        static () => new NpzModel().Add("layer0_values.npy", new NpyModel("(1, 3, 2)", [1, 2, 3, 4, 5, 7]))
            .Add("layer0_range.npy", new NpyModel("(2,)", [-1, 1])),
        static () => new NpzModel().Add("layer0_values.npy", new NpyModel("(2, 2, 1)", [1, 2, 3, 4]))
            .Add("layer0_range.npy", new NpyModel("(2,)", [-1, 1]))
            .Add("layer1_values.npy", new NpyModel("(1, 4, 3)", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]))
            .Add("layer1_range.npy", new NpyModel("(2,)", [0, 0.3f])),
    ];

    /// <inheritdoc/>
    public override string Name => "npz";

    /// <inheritdoc/>
    public override string Subject => "`.npz`: ZIP by entry, headers of arrays by field, numbers";

    /// <inheritdoc/>
    public override int SeedCount => s_seeds.Length;

    /// <inheritdoc/>
    public override Verdict Judge(FuzzInput input, int variant, string folder) =>
        ModelCheck.Judge(input, variant, folder, ModelCheck.Options(variant));

    /// <inheritdoc/>
    protected override NpzModel Seed(int index) => s_seeds[index]();

    /// <inheritdoc/>
    protected override void Mutate(NpzModel model, FuzzRandom random)
    {
        if (random.OneIn(3))
        {
            ZipMutator.Mutate(model.Zip, random);
            return;
        }

        var (item, array) = random.Pick(model.Arrays);
        array.Mutate(random);
        item.Content = array.ToBytes();
    }

    /// <inheritdoc/>
    protected override List<FuzzFile> Write(NpzModel model) => [new FuzzFile("m.npz", model.Zip.ToBytes())];
}
