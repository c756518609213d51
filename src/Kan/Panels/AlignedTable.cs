using System;
using System.Buffers;
using System.Buffers.Text;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Kan.Panels;

/// <summary>
/// Numbers at a multiple of 64 bytes that never move. Panels loaded from anywhere else split cache lines, which costs a factor of two.
/// </summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class AlignedTable<T>
    where T : unmanaged
{
    private readonly T[] _pinned;
    private readonly int _start;

    private AlignedTable(int length)
    {
        int slack = 64 / Unsafe.SizeOf<T>();
        _pinned = GC.AllocateArray<T>(length + slack, pinned: true);
        _start = Alignment.ElementsToBoundary(ref MemoryMarshal.GetArrayDataReference(_pinned));
        Length = length;
    }

    /// <summary>The number of elements.</summary>
    public int Length { get; }

    /// <summary>The first element, on a 64-byte boundary.</summary>
    public ref T Start
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_pinned), _start);
    }

    /// <summary>A table of the given numbers.</summary>
    public static AlignedTable<T> Create(ReadOnlySpan<T> numbers)
    {
        var table = new AlignedTable<T>(numbers.Length);
        numbers.CopyTo(table.Span);
        return table;
    }

    /// <summary>A table decoded from base64 of little-endian numbers.</summary>
    /// <param name="base64">The text.</param>
    /// <param name="length">The number of elements it holds.</param>
    /// <exception cref="FormatException">The text is not base64 of that many numbers.</exception>
    public static AlignedTable<T> Decode(ReadOnlySpan<byte> base64, int length)
    {
        var table = new AlignedTable<T>(length);
        var bytes = MemoryMarshal.AsBytes(table.Span);
        var status = Base64.DecodeFromUtf8(base64, bytes, out _, out int written);
        if (status != OperationStatus.Done || written != bytes.Length) throw new FormatException("A table of weights is damaged.");
        if (!BitConverter.IsLittleEndian) ReverseEach(bytes, Unsafe.SizeOf<T>());
        return table;
    }

    /// <summary>A table to be filled.</summary>
    internal static AlignedTable<T> Allocate(int length) => new(length);

    internal Span<T> Span => _pinned.AsSpan(_start, Length);

    private static void ReverseEach(Span<byte> bytes, int size)
    {
        for (int i = 0; i < bytes.Length; i += size) bytes.Slice(i, size).Reverse();
    }
}
