using System;
using System.Collections.Generic;
using System.Text;

namespace Kan.Fuzzing.Cases;

/// <summary>Random choices that are the same on every machine for the same seed.</summary>
internal sealed class FuzzRandom(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>The choices of a case.</summary>
    public static FuzzRandom Of(string engine, int seed, long index)
    {
        ulong state = 0xCBF29CE484222325;
        foreach (char c in engine) state = (state ^ c) * 0x100000001B3;
        state = Mix(state ^ (ulong)(uint)seed);
        return new FuzzRandom((int)(Mix(state ^ (ulong)index) >> 33));
    }

    public int Next(int count) => _random.Next(count);

    public int Next(int low, int high) => _random.Next(low, high);

    /// <summary>The seed of a step.</summary>
    public int NextStep() => _random.Next();

    public bool OneIn(int count) => _random.Next(count) == 0;

    public T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    public T Pick<T>(ReadOnlySpan<T> items) => items[_random.Next(items.Length)];

    /// <summary>A size that is mostly small: 1, 2, 3, and rarely one up to a maximum.</summary>
    public int Size(int most) => OneIn(40) ? Next(1, most + 1) : OneIn(4) ? Next(1, Math.Min(most, 64) + 1) : Next(1, 4);

    /// <summary>Bytes without meaning.</summary>
    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>An integer at or beside a border, or a small one.</summary>
    public long Integer() => Next(6) switch
    {
        0 => Pick(Borders.Integers),
        1 => Pick(Borders.Integers) + Next(-1, 2),
        2 => -Next(5),
        3 => 1L << Next(63),
        4 => Next(100_000),
        _ => Next(9),
    };

    /// <summary>A number at a border, or a small one.</summary>
    public double Number() => Next(4) switch
    {
        0 => Pick(Borders.Numbers),
        1 => BitConverter.Int64BitsToDouble(((long)Next(int.MaxValue) << 33) ^ Next(int.MaxValue)),
        2 => (Next(2001) - 1000) / 8.0,
        _ => Next(-3, 4),
    };

    /// <summary>A name that a reader or a writer may stumble over.</summary>
    public string Name() => OneIn(200) ? new string('n', Next(1_000, 60_001)) : OneIn(8) ? Text(Next(1, 12)) : Pick(Borders.Names);

    /// <summary>Characters of any kind, surrogates in pairs.</summary>
    public string Text(int length)
    {
        var text = new StringBuilder();
        while (text.Length < length)
            text.Append(OneIn(3) ? new Rune(Pick(Borders.CodePoints)).ToString() : ((char)Next(' ', 127)).ToString());
        return text.ToString();
    }

    /// <summary>Changes bytes without regard to what they mean.</summary>
    public byte[] Edit(byte[] bytes)
    {
        if (bytes.Length == 0) return Bytes(Next(1, 16));
        int at = Next(bytes.Length), length = Math.Min(Next(1, 16), bytes.Length - at), from = Next(bytes.Length - length + 1);
        switch (Next(6))
        {
            case 0:
                return bytes[..at];
            case 1:
                bytes[at] ^= (byte)(1 << Next(8));
                return bytes;
            case 2:
                bytes.AsSpan(from, length).CopyTo(bytes.AsSpan(at));
                return bytes;
            case 3:
                bytes.AsSpan(at, length).Fill(OneIn(2) ? (byte)0xFF : (byte)0);
                return bytes;
            case 4:
                return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(from, length), .. bytes.AsSpan(at)];
            default:
                return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at + length)];
        }
    }

    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
