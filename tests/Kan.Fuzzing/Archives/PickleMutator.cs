using System;
using System.Collections.Generic;
using System.Text;
using Kan.Fuzzing.Cases;

namespace Kan.Fuzzing.Archives;

/// <summary>Changes a pickle operation by operation.</summary>
internal static class PickleMutator
{
    private static readonly byte[] s_codes =
        [.. "}])(NJKMGXBCtsueaqrhjcQRb.0123lLSUVdgioP"u8, 0x80, 0x81, 0x82, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8B, 0x8C, 0x8D, 0x8E,
        0x8F, 0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96];

    private static readonly string[] s_globals =
    [
        "os\nsystem\n", "builtins\neval\n", "torch._utils\n_rebuild_tensor_v2\n", "torch._utils\n_rebuild_parameter\n",
            "torch\nFloatStorage\n", "torch\nDoubleStorage\n", "torch\nHalfStorage\n", "torch\nBoolStorage\n",
        "torch\nQInt8Storage\n", "collections\nOrderedDict\n", "torch\nfloat32\n", "numpy\ndtype\n", "_codecs\nencode\n", "\n\n", "a\n",
            "torch.nn\nLinear\n",
    ];

    private static readonly string[] s_texts =
        ["fc.weight", "fc.bias", "0.weight", "2.weight", "state_dict", "model", "storage", "0", "1", "cpu", "running_mean", "layers.0.grid",
        "layers.0.spline_weight", "act_fun.0.grid", "../0"];

    /// <summary>Changes one operation, or its place.</summary>
    public static void Mutate(List<PickleOperation> program, FuzzRandom random)
    {
        if (program.Count == 0)
        {
            program.Add(New(random));
            return;
        }

        int at = random.Next(program.Count), length = Math.Min(random.Size(40), program.Count - at);
        switch (random.Next(9))
        {
            case 0:
                program.RemoveRange(at, length);
                break;
            case 1:
                var piece = program.GetRange(at, length);
                for (int count = random.Size(4_000) / length; count >= 0; count--) program.InsertRange(at, piece);
                break;
            case 2:
                int other = random.Next(program.Count);
                (program[at], program[other]) = (program[other], program[at]);
                break;
            case 3:
                program[at] = program[at] with { Code = random.Pick(s_codes) };
                break;
            case 4:
                program.Insert(at, New(random));
                break;
            case 5:
                var same = New(random);
                for (int count = random.Size(20_000); count > 0; count--) program.Add(same);
                program.Reverse(program.Count - 1, 1);
                break;
            case 6:
                program[at] = New(random);
                break;
            default:
                program[at] = Changed(program[random.OneIn(3) ? at : NextWithArgument(program, at)], random);
                break;
        }
    }

    private static int NextWithArgument(List<PickleOperation> program, int at)
    {
        for (int i = 0; i < program.Count; i++)
        {
            int place = (at + i) % program.Count;
            if (program[place].Argument.Length > 0) return place;
        }

        return at;
    }

    private static PickleOperation Changed(PickleOperation operation, FuzzRandom random)
    {
        switch (operation.Code)
        {
            case (byte)'J' or (byte)'j' or (byte)'r':
                return operation with { Argument = BitConverter.GetBytes(unchecked((int)random.Integer())) };
            case (byte)'X':
                return Text(random);
            case (byte)'c':
                return operation with { Argument = Encoding.UTF8.GetBytes(random.Pick(s_globals)) };
            case (byte)'K' or (byte)'h' or (byte)'q' or 0x80:
                return operation with { Argument = random.Bytes(1) };
            default:
                return operation with { Argument = random.Edit([.. operation.Argument]) };
        }
    }

    private static PickleOperation New(FuzzRandom random)
    {
        switch (random.Next(8))
        {
            case 0:
                return new PickleOperation((byte)'c',
                    Encoding.UTF8.GetBytes(random.OneIn(6) ? random.Name() + "\n" + random.Name() + "\n" : random.Pick(s_globals)));
            case 1:
                return Text(random);
            case 2:
                return new PickleOperation((byte)'J', BitConverter.GetBytes(unchecked((int)random.Integer())));
            case 3:
                byte[] integer = random.Bytes(random.Next(80));
                return new PickleOperation(0x8A, [(byte)integer.Length, .. integer]);
            case 4:
                return new PickleOperation(random.Pick<byte>([0x8D, (byte)'B', (byte)'X', 0x95]),
                    [.. BitConverter.GetBytes(random.Integer())]);
            default:
                return new PickleOperation(random.Pick(s_codes), random.OneIn(3) ? random.Bytes(random.Next(5)) : []);
        }
    }

    private static PickleOperation Text(FuzzRandom random)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(random.OneIn(2) ? random.Pick(s_texts) : random.Name());
        return new PickleOperation((byte)'X', [.. BitConverter.GetBytes(utf8.Length), .. utf8]);
    }
}
