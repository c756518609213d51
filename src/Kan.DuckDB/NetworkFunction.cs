using System;
using System.Buffers;
using System.Collections.Generic;

namespace Kan.DuckDB;

/// <summary>A function of the inputs of a network: rows of a chunk are gathered, computed, and written where no input is NULL.</summary>
/// <param name="isRounded">Whether the arguments are DOUBLE for a network in <c>float</c>.</param>
internal abstract class NetworkFunction<TModel, T>(bool isRounded) : ChunkFunction
    where TModel : IKanModel<T>
    where T : unmanaged
{
    private const int BitsPerWord = 64;

    /// <inheritdoc/>
    public sealed override unsafe void Run(nint chunk, nint output)
    {
        int rows = checked((int)Native.ChunkSize(chunk)), numbers = checked(rows * TModel.InputCount),
            words = (rows + BitsPerWord - 1) / BitsPerWord;
        var vectors = new List<nint>();
        var leaves = new List<nint>();
        Result.AddVectors(output, vectors, leaves);
        T[] buffer = ArrayPool<T>.Shared.Rent(numbers);
        ulong[] valid = ArrayPool<ulong>.Shared.Rent(words);
        try
        {
            // Rows with NULLs are computed from whatever is in their place, and not shown.
            var inputs = buffer.AsSpan(0, numbers);
            Chunk.Read(chunk, inputs, TModel.InputCount, isRounded);
            Compute(inputs, rows, leaves);
            var mask = valid.AsSpan(0, words);
            mask.Fill(ulong.MaxValue);
            if (!Chunk.Mask(chunk, TModel.InputCount, mask)) return;
            foreach (nint vector in vectors)
            {
                Native.MakeValidityWritable(vector);
                mask.CopyTo(new Span<ulong>(Native.VectorValidity(vector), words));
            }
        }
        finally
        {
            ArrayPool<T>.Shared.Return(buffer);
            ArrayPool<ulong>.Shared.Return(valid);
        }
    }

    /// <summary>Computes the rows and writes the vectors of the results, those of fields in order.</summary>
    protected abstract void Compute(ReadOnlySpan<T> inputs, int rows, List<nint> leaves);

    /// <summary>The numbers of a vector.</summary>
    protected static unsafe Span<TNumber> Numbers<TNumber>(nint vector, int rows)
        where TNumber : unmanaged => new(Native.VectorData(vector), rows);
}
