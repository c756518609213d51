using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kan.Panels;

/// <summary>16 sums in two registers of 256 bits, on processors that add four products to a sum in one instruction.</summary>
internal readonly struct IntegerPanelVnni(Vector256<int> a, Vector256<int> b) : IIntegerPanel<IntegerPanelVnni>
{
    private readonly Vector256<int> _a = a;
    private readonly Vector256<int> _b = b;

    public static int Registers => 2;

    public static bool AddsPairs => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerPanelVnni Load(ref readonly int source) => new(Vector256.LoadUnsafe(in source), Vector256.LoadUnsafe(in source, 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(IntegerPanelVnni sums, ref int destination)
    {
        sums._a.StoreUnsafe(ref destination);
        sums._b.StoreUnsafe(ref destination, 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerPanelVnni Splat(ref readonly byte codes)
    {
        var four = Vector256.Create(Unsafe.ReadUnaligned<int>(in codes));
        return new(four, four);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerPanelVnni And(IntegerPanelVnni codes, int mask)
    {
        var four = codes._a & Vector256.Create(mask);
        return new(four, four);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerPanelVnni AddProducts(IntegerPanelVnni sums, IntegerPanelVnni codes, ref readonly int weights)
    {
        var four = codes._a.AsByte();
        return new(
            AvxVnni.MultiplyWideningAndAdd(sums._a, four, Vector256.LoadUnsafe(in weights).AsSByte()),
            AvxVnni.MultiplyWideningAndAdd(sums._b, four, Vector256.LoadUnsafe(in weights, 8).AsSByte()));
    }
}
