using System;
using System.Runtime.CompilerServices;

namespace Kan.DuckDB;

/// <summary>Numbers between columns, as DuckDB holds them, and rows, as networks read them.</summary>
internal static unsafe class Chunk
{
    // The rows that are turned at a time: what is read and written stays in the first-level cache.
    private const int Block = 64;

    /// <summary>Copies columns to rows.</summary>
    /// <param name="chunk">The columns, flat vectors.</param>
    /// <param name="rows">Receives rows, a number of each column after the other.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="isRounded">Whether the columns are <c>double</c> for rows of <c>float</c>.</param>
    public static void Read<T>(nint chunk, Span<T> rows, int columns, bool isRounded)
        where T : unmanaged
    {
        if (isRounded) Read<double, T>(chunk, rows, columns);
        else Read<T, T>(chunk, rows, columns);
    }

    /// <summary>Clears the bits of rows in which a column is NULL.</summary>
    /// <param name="chunk">The columns.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="valid">One bit for each row, all set before.</param>
    /// <returns>Whether a column knows of NULLs; its rows may all be valid nevertheless.</returns>
    public static bool Mask(nint chunk, int columns, Span<ulong> valid)
    {
        bool isMasked = false;
        for (int p = 0; p < columns; p++)
        {
            ulong* bits = Native.VectorValidity(Native.ChunkVector(chunk, (ulong)p));
            if (bits is null) continue;
            isMasked = true;
            for (int i = 0; i < valid.Length; i++) valid[i] &= bits[i];
        }

        return isMasked;
    }

    /// <summary>Copies one number of each row to a column.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="width">The numbers of a row.</param>
    /// <param name="place">The place of the number in its row.</param>
    /// <param name="column">Receives the numbers.</param>
    public static void Write<T>(ReadOnlySpan<T> rows, int width, int place, Span<T> column)
        where T : unmanaged
    {
        for (int i = 0; i < column.Length; i++) column[i] = rows[(i * width) + place];
    }

    private static void Read<TColumn, T>(nint chunk, Span<T> rows, int columns)
        where TColumn : unmanaged
        where T : unmanaged
    {
        int count = rows.Length / columns;
        Span<nint> starts = columns <= 256 ? stackalloc nint[columns] : new nint[columns];
        for (int p = 0; p < columns; p++) starts[p] = (nint)Native.VectorData(Native.ChunkVector(chunk, (ulong)p));
        fixed (T* first = rows)
        {
            for (int start = 0; start < count; start += Block)
            {
                int end = Math.Min(count, start + Block);
                for (int p = 0; p < columns; p++)
                {
                    var column = (TColumn*)starts[p];
                    T* place = first + ((long)start * columns) + p;
                    for (int i = start; i < end; i++, place += columns) *place = Convert<TColumn, T>(column[i]);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Convert<TColumn, T>(TColumn value)
        where TColumn : unmanaged
        where T : unmanaged =>
        typeof(TColumn) == typeof(T) ? Unsafe.BitCast<TColumn, T>(value) : Unsafe.BitCast<float,
        T>((float)Unsafe.BitCast<TColumn, double>(value));
}
