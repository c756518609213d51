using System;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Kan.Panels;

/// <summary>Finds 64-byte boundaries in memory that does not move: pinned arrays and the stack.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Alignment
{
    /// <summary>The first element of a stack buffer on a 64-byte boundary; the buffer needs 64 bytes to spare.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T Align<T>(Span<T> stackBuffer)
        where T : unmanaged
    {
        ref var start = ref MemoryMarshal.GetReference(stackBuffer);
        return ref Unsafe.Add(ref start, ElementsToBoundary(ref start));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe int ElementsToBoundary<T>(ref T start)
        where T : unmanaged => (int)(-(nint)Unsafe.AsPointer(ref start) & 63) / sizeof(T);
}
