using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Kan.Panels;

/// <summary>16 sums in one register of 512 bits. Pairs of products are added in 16 bits, then pairs of those in 32.</summary>
internal readonly struct IntegerPanel512(Vector512<int> a) : IIntegerPanel<IntegerPanel512>
{
    private readonly Vector512<int> _a = a;

    public static int Registers => 1;

    public static bool AddsPairs => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerPanel512 Load(ref readonly int source) => new(Vector512.LoadUnsafe(in source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(IntegerPanel512 sums, ref int destination) => sums._a.StoreUnsafe(ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerPanel512 AddProducts(IntegerPanel512 sums, int codes, ref readonly int weights)
    {
        var pairs = Avx512BW.MultiplyAddAdjacent(Vector512.Create(codes).AsByte(), Vector512.LoadUnsafe(in weights).AsSByte());
        return new(sums._a + Avx512BW.MultiplyAddAdjacent(pairs, Vector512<short>.One));
    }
}
