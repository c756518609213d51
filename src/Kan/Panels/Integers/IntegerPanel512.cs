using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kan.Panels;

/// <summary>16 sums in one register of 512 bits. Pairs of products are added in 16 bits, then pairs of those in 32.</summary>
internal readonly struct IntegerPanel512(Vector512<int> a) : IIntegerPanel<IntegerPanel512>
{
    private readonly Vector512<int> _a = a;

    public static int Registers => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerPanel512 Load(ref readonly int source) => new(Vector512.LoadUnsafe(in source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(IntegerPanel512 sums, ref int destination) => sums._a.StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerPanel512 Splat(int number) => new(Vector512.Create(number));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerPanel512 Splat(ref readonly byte codes) => new(Vector512.Create(Unsafe.ReadUnaligned<int>(in codes)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerPanel512 And(IntegerPanel512 left, IntegerPanel512 right) => new(left._a & right._a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerPanel512 AddProducts(IntegerPanel512 sums, IntegerPanel512 codes, ref readonly int weights)
    {
        var pairs = Avx512BW.MultiplyAddAdjacent(codes._a.AsByte(), Vector512.LoadUnsafe(in weights).AsSByte());
        return new(sums._a + Avx512BW.MultiplyAddAdjacent(pairs, Vector512<short>.One));
    }
}
