using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Fuzzing.Cases;
using Kan.Interchange.Tests.Support;

namespace Kan.Fuzzing.Archives;

/// <summary>A file of <c>torch.save</c> in memory: its entries, and its pickle as operations.</summary>
internal sealed class TorchModel
{
    private readonly ZipItem _pickle;

    private TorchModel(byte[] pickle, IEnumerable<byte[]> storages)
    {
        Program = PickleProgram.Disassemble(pickle);
        _pickle = new ZipItem("m/data.pkl", pickle);
        Zip.Items.Add(_pickle);
        Zip.Items.AddRange(storages.Select(static (bytes, i) => new ZipItem("m/data/" + i, bytes)));
        Zip.Items.Add(new ZipItem("m/version", "3\n"u8.ToArray()));
    }

    public ZipModel Zip { get; } = new();

    public List<PickleOperation> Program { get; }

    /// <summary>A state dict.</summary>
    /// <param name="tensors">The names, shapes and numbers, row by row.</param>
    /// <param name="isNested">Whether the tensors are in a dictionary of a checkpoint.</param>
    /// <param name="isDouble">Whether the numbers are doubles.</param>
    public static TorchModel Of(IReadOnlyList<(string Name, int[] Shape, float[] Values)> tensors, bool isNested = false,
        bool isDouble = false)
    {
        var pickle = new PickleBuilder().Bytes((byte)'}', (byte)'q', 0);
        if (isNested) pickle.Text("epoch").Number(3).Bytes((byte)'s').Text("state_dict").Bytes((byte)'}');
        pickle.Bytes((byte)'(');
        for (int i = 0; i < tensors.Count; i++)
        {
            int[] shape = tensors[i].Shape, strides = new int[shape.Length];
            for (int axis = shape.Length - 1, stride = 1; axis >= 0; stride *= shape[axis--]) strides[axis] = stride;
            pickle.Text(tensors[i].Name).Tensor(i.ToString(System.Globalization.CultureInfo.InvariantCulture), 0, shape, strides,
                isDouble ? "DoubleStorage" : "FloatStorage");
        }

        pickle.Bytes((byte)'u');
        if (isNested) pickle.Bytes((byte)'s');
        return new TorchModel(pickle.ToBytes(),
            tensors.Select(tensor => tensor.Values.SelectMany(value => isDouble
            ? BitConverter.GetBytes((double)value)
            : BitConverter.GetBytes(value)).ToArray()));
    }

    /// <summary>Changes an operation, an entry or a number.</summary>
    public void Mutate(FuzzRandom random)
    {
        switch (random.Next(4))
        {
            case 0:
                ZipMutator.Mutate(Zip, random);
                break;
            case 1 when Zip.Items.Where(static item => item.Name.Contains("data/", StringComparison.Ordinal) && item.Content.Length >= 4)
                .ToList() is { Count: > 0 } storages:
                var storage = random.Pick(storages);
                byte[] content = [.. storage.Content];
                if (random.OneIn(4)) content = random.Edit(content);
                else BitConverter.GetBytes((float)random.Number()).CopyTo(content, random.Next(content.Length / 4) * 4);
                storage.Content = content;
                break;
            default:
                PickleMutator.Mutate(Program, random);
                _pickle.Content = PickleProgram.Assemble(Program);
                break;
        }
    }
}
