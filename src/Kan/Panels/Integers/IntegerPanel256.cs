using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kan.Panels;

/// <summary>
/// 16 sums in two registers of 256 bits. Processors with AVX-VNNI add four products to a sum in one instruction; on others, pairs of
/// products are added in 16 bits, then pairs of those in 32.
/// </summary>
internal readonly struct IntegerPanel256(Vector256<int> a, Vector256<int> b) : IIntegerPanel<IntegerPanel256>
{
    private readonly Vector256<int> _a = a;
    private readonly Vector256<int> _b = b;

    public static int Registers => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerPanel256 Load(ref readonly int source) => new(Vector256.LoadUnsafe(in source), Vector256.LoadUnsafe(in source, 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(IntegerPanel256 sums, ref int destination)
    {
        sums._a.StoreUnsafe(ref destination);
        sums._b.StoreUnsafe(ref destination, 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerPanel256 Splat(int number) => new(Vector256.Create(number), Vector256.Create(number));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerPanel256 Splat(ref readonly byte codes)
    {
        var four = Vector256.Create(Unsafe.ReadUnaligned<int>(in codes));
        return new(four, four);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerPanel256 And(IntegerPanel256 left, IntegerPanel256 right)
    {
        var both = left._a & right._a;
        return new(both, both);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerPanel256 AddProducts(IntegerPanel256 sums, IntegerPanel256 codes, ref readonly int weights)
    {
        var four = codes._a.AsByte();
        return new(Add(sums._a, four, Vector256.LoadUnsafe(in weights).AsSByte()),
            Add(sums._b, four, Vector256.LoadUnsafe(in weights, 8).AsSByte()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Add(Vector256<int> sums, Vector256<byte> codes, Vector256<sbyte> weights) => AvxVnni.IsSupported
        ? AvxVnni.MultiplyWideningAndAdd(sums, codes, weights)
        : sums + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(codes, weights), Vector256<short>.One);
}
