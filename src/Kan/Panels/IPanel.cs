using System.ComponentModel;

namespace Kan.Panels;

/// <summary>
/// 64 bytes of numbers, 16 floats or 8 doubles, whatever the machine's vectors. Kernels are written once over this interface; the JIT
/// specializes them for each panel, and all panels give the same bits.
/// </summary>
/// <typeparam name="T"><c>float</c> or <c>double</c>.</typeparam>
/// <typeparam name="TSelf">The panel.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IPanel<T, TSelf>
    where T : unmanaged
    where TSelf : struct, IPanel<T, TSelf>
{
    /// <summary>Vector registers that one panel occupies; fewer panels are kept in flight where it is more than one.</summary>
    static abstract int Registers { get; }

    /// <summary>+0 in every lane.</summary>
    static abstract TSelf Zero { get; }

    /// <summary>One number in every lane.</summary>
    static abstract TSelf Splat(T value);

    /// <summary>Reads consecutive numbers.</summary>
    static abstract TSelf Load(ref readonly T source);

    /// <summary>Writes consecutive numbers.</summary>
    static abstract void Store(TSelf value, ref T destination);

    /// <summary>left * right + addend, rounded once.</summary>
    static abstract TSelf Fma(TSelf left, TSelf right, TSelf addend);

    /// <summary>left + right.</summary>
    static abstract TSelf Add(TSelf left, TSelf right);

    /// <summary>left - right.</summary>
    static abstract TSelf Subtract(TSelf left, TSelf right);

    /// <summary>value &lt; bound ? bound : value, so that NaN stays NaN.</summary>
    static abstract TSelf AtLeast(TSelf value, TSelf bound);

    /// <summary>value &gt; bound ? bound : value, so that NaN stays NaN.</summary>
    static abstract TSelf AtMost(TSelf value, TSelf bound);

    /// <summary>value &gt;= knot ? above : below, lane by lane.</summary>
    static abstract TSelf Choose(TSelf value, TSelf knot, TSelf above, TSelf below);
}
