using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Kan.Panels;

/// <summary>16 sums in four vectors of 128 bits: Arm64, WebAssembly, and x64 before AVX2.</summary>
/// <remarks>
/// Dot products of Arm64 are of signed numbers: there, codes less 128 are multiplied, and biases have what that is too little, see
/// <see cref="IntegerLayer.AddCentres"/>.
/// </remarks>
internal readonly struct IntegerPanel128(Vector128<int> a, Vector128<int> b, Vector128<int> c, Vector128<int> d)
    : IIntegerPanel<IntegerPanel128>
{
    private readonly Vector128<int> _a = a;
    private readonly Vector128<int> _b = b;
    private readonly Vector128<int> _c = c;
    private readonly Vector128<int> _d = d;

    public static int Registers => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerPanel128 Load(ref readonly int source) => new(
        Vector128.LoadUnsafe(in source), Vector128.LoadUnsafe(in source, 4), Vector128.LoadUnsafe(in source, 8),
        Vector128.LoadUnsafe(in source, 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(IntegerPanel128 sums, ref int destination)
    {
        sums._a.StoreUnsafe(ref destination);
        sums._b.StoreUnsafe(ref destination, 4);
        sums._c.StoreUnsafe(ref destination, 8);
        sums._d.StoreUnsafe(ref destination, 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerPanel128 Splat(int number)
    {
        var four = Vector128.Create(number);
        return new(four, four, four, four);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerPanel128 Splat(ref readonly byte codes)
    {
        int read = Unsafe.ReadUnaligned<int>(in codes);
        return Splat(Dp.IsSupported ? read ^ unchecked((int)0x8080_8080) : read);
    }

    public static IntegerPanel128 And(IntegerPanel128 left, IntegerPanel128 right) => Splat(left._a[0] & right._a[0]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static IntegerPanel128 AddProducts(IntegerPanel128 sums, IntegerPanel128 codes, ref readonly int weights)
    {
        var four = codes._a.AsByte();
        return new(
            Add(sums._a, four, Vector128.LoadUnsafe(in weights).AsSByte()),
            Add(sums._b, four, Vector128.LoadUnsafe(in weights, 4).AsSByte()),
            Add(sums._c, four, Vector128.LoadUnsafe(in weights, 8).AsSByte()),
            Add(sums._d, four, Vector128.LoadUnsafe(in weights, 12).AsSByte()));
    }

    // A product of a code and a weight fits 16 bits with its sign; a sum of two need not.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Add(Vector128<int> sums, Vector128<byte> codes, Vector128<sbyte> weights)
    {
        if (Dp.IsSupported) return Dp.DotProduct(sums, codes.AsSByte(), weights);
        var wide = Vector128.WidenLower(codes).AsInt16();
        Vector128<int> low = AddPairs(wide * Vector128.WidenLower(weights)), high = AddPairs(wide * Vector128.WidenUpper(weights));
        if (AdvSimd.Arm64.IsSupported) return sums + AdvSimd.Arm64.AddPairwise(low, high);
        var mixed = Vector128.Shuffle(low, Vector128.Create(0, 2, 1, 3));
        var other = Vector128.Shuffle(high, Vector128.Create(0, 2, 1, 3));
        var even = Vector128.Create(mixed.GetLower(), other.GetLower());
        return sums + even + Vector128.Create(mixed.GetUpper(), other.GetUpper());
    }

    /// <summary>The sums of neighbours.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> AddPairs(Vector128<short> products)
    {
        if (AdvSimd.IsSupported) return AdvSimd.AddPairwiseWidening(products);
        var pairs = products.AsInt32();
        return Vector128.ShiftRightArithmetic(Vector128.ShiftLeft(pairs, 16), 16) + Vector128.ShiftRightArithmetic(pairs, 16);
    }
}
