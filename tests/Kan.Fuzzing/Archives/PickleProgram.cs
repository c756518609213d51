using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Kan.Fuzzing.Archives;

/// <summary>An operation of a pickle: its code and the bytes of its argument.</summary>
internal sealed record PickleOperation(byte Code, byte[] Argument);

/// <summary>Pickles as lists of operations.</summary>
internal static class PickleProgram
{
    /// <summary>Takes a sound pickle apart; what follows an operation that is not known stays one piece.</summary>
    public static List<PickleOperation> Disassemble(byte[] bytes)
    {
        var operations = new List<PickleOperation>();
        for (int at = 0; at < bytes.Length;)
        {
            int length = Math.Min(ArgumentLength(bytes, at + 1), bytes.Length - at - 1);
            operations.Add(new PickleOperation(bytes[at], bytes.AsSpan(at + 1, length).ToArray()));
            at += 1 + length;
        }

        return operations;
    }

    /// <summary>Puts operations together.</summary>
    public static byte[] Assemble(List<PickleOperation> operations)
    {
        var bytes = new List<byte>();
        foreach (var operation in operations)
        {
            bytes.Add(operation.Code);
            bytes.AddRange(operation.Argument);
        }

        return [.. bytes];
    }

    private static int ArgumentLength(byte[] bytes, int at)
    {
        var rest = bytes.AsSpan(at);
        return bytes[at - 1] switch
        {
            0x80 or (byte)'K' or (byte)'q' or (byte)'h' => 1,
            (byte)'M' => 2,
            (byte)'J' or (byte)'r' or (byte)'j' => 4,
            (byte)'G' or 0x95 => 8,
            0x8A or 0x8C or (byte)'C' when rest.Length > 0 => 1 + rest[0],
            (byte)'X' or (byte)'B' when rest.Length >= 4 => 4 + (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(rest), 1 << 20),
            (byte)'c' => Lines(rest, 2),
            _ => 0,
        };
    }

    private static int Lines(ReadOnlySpan<byte> bytes, int count)
    {
        int length = 0;
        for (; count > 0; count--)
        {
            int line = bytes[length..].IndexOf((byte)'\n');
            if (line < 0) return bytes.Length;
            length += line + 1;
        }

        return length;
    }
}
