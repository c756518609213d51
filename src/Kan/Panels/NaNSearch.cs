using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Kan.Panels;

/// <summary>Looks for NaN in the inputs of a layer whose kernel does not read all of them.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class NaNSearch
{
    /// <summary>+0 in every lane where all numbers are finite, else NaN in every lane.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <typeparam name="TPanel">The panel.</typeparam>
    /// <param name="x">The numbers.</param>
    /// <param name="count">How many.</param>
    /// <param name="spare">A panel that is overwritten.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static TPanel Find<T, TPanel>(ref T x, int count, ref T spare)
        where T : unmanaged
        where TPanel : struct, IPanel<T, TPanel>
    {
        int lanes = 64 / Unsafe.SizeOf<T>(), i = 0;
        TPanel zero = TPanel.Zero, a = zero, b = zero;
        for (; i + (2 * lanes) <= count; i += 2 * lanes)
        {
            a = TPanel.Fma(TPanel.Load(in Unsafe.Add(ref x, i)), zero, a);
            b = TPanel.Fma(TPanel.Load(in Unsafe.Add(ref x, i + lanes)), zero, b);
        }

        TPanel.Store(TPanel.Add(a, b), ref spare);
        a = b = zero;
        for (; i < count; i++) a = TPanel.Fma(TPanel.Splat(Unsafe.Add(ref x, i)), zero, a);
        for (int lane = 0; lane < lanes; lane += 2)
        {
            a = TPanel.Add(a, TPanel.Splat(Unsafe.Add(ref spare, lane)));
            b = TPanel.Add(b, TPanel.Splat(Unsafe.Add(ref spare, lane + 1)));
        }

        return TPanel.Add(a, b);
    }
}
