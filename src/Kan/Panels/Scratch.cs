using System;
using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Kan.Panels;

/// <summary>
/// Memory of one thread for intermediate values that are too many for the stack. Grows on first use, then never allocates.
/// </summary>
/// <typeparam name="T">The number type.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Scratch<T>
    where T : unmanaged
{
    [ThreadStatic]
    private static T[]? t_buffer;

    /// <summary>A buffer of at least some length whose content is undefined; the next call on the thread may return the same one.</summary>
    public static Span<T> Get(int length)
    {
        var buffer = t_buffer;
        if (buffer is null || buffer.Length < length)
            t_buffer = buffer = GC.AllocateUninitializedArray<T>(length, pinned: true);
        return buffer;
    }
}
