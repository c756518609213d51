using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kan.Panels;

/// <summary>Turns rows of samples into columns, with the same number of many samples next to each other, and back.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Transposition
{
    /// <summary>target[column, row] = source[row, column].</summary>
    /// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
    /// <param name="source">rows * columns numbers, row by row.</param>
    /// <param name="rows">Rows of the source.</param>
    /// <param name="columns">Columns of the source.</param>
    /// <param name="target">Receives columns * rows numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose<T>(ref T source, int rows, int columns, ref T target)
        where T : unmanaged
    {
        int wholeRows = 0, wholeColumns = 0;
        if (typeof(T) == typeof(float) && Sse.IsSupported)
        {
            wholeRows = rows & ~3;
            wholeColumns = columns & ~3;
            for (int row = 0; row < wholeRows; row += 4)
            {
                for (int column = 0; column < wholeColumns; column += 4)
                    Transpose4(ref Unsafe.As<T, float>(ref At(ref source, (row * columns) + column)), columns, ref Unsafe.As<T,
                        float>(ref At(ref target, (column * rows) + row)), rows);
            }
        }

        for (int row = 0; row < rows; row++)
        {
            for (int column = row < wholeRows ? wholeColumns : 0; column < columns; column++)
                At(ref target, (column * rows) + row) = At(ref source, (row * columns) + column);
        }
    }

    /// <summary>A square of 4 x 4 floats in eight exchanges of halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4(ref float source, int sourceStride, ref float target, int targetStride)
    {
        Vector128<float> a = Vector128.LoadUnsafe(ref source), b = Vector128.LoadUnsafe(ref At(ref source, sourceStride));
        Vector128<float> c = Vector128.LoadUnsafe(ref At(ref source, 2 * sourceStride)),
            d = Vector128.LoadUnsafe(ref At(ref source, 3 * sourceStride));
        Vector128<float> lowAb = Sse.UnpackLow(a, b), highAb = Sse.UnpackHigh(a, b), lowCd = Sse.UnpackLow(c, d),
            highCd = Sse.UnpackHigh(c, d);
        Sse.MoveLowToHigh(lowAb, lowCd).StoreUnsafe(ref target);
        Sse.MoveHighToLow(lowCd, lowAb).StoreUnsafe(ref At(ref target, targetStride));
        Sse.MoveLowToHigh(highAb, highCd).StoreUnsafe(ref At(ref target, 2 * targetStride));
        Sse.MoveHighToLow(highCd, highAb).StoreUnsafe(ref At(ref target, 3 * targetStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref T At<T>(ref T start, int index) => ref Unsafe.Add(ref start, index);
}
