using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Kan.Panels;

/// <summary>
/// Lists the groups of four codes that are not all 0. The others add nothing to any sum: most pixels of a drawing, all but one of the
/// features that stand for a category, and nodes that ReLU holds at 0.
/// </summary>
internal static class CodeGroups
{
    /// <summary>Groups that are looked at together.</summary>
    private const int Step = 8;

    /// <summary>Byte k of the number at m is the place of the bit of m that has k bits of m below it.</summary>
    private static readonly ulong[] s_places = Places();

    /// <summary>Numbers that a list may take.</summary>
    /// <param name="groups">The groups of a row.</param>
    public static int Length(int groups) => groups + Step;

    /// <summary>Lists the groups of some rows, those that one of them has.</summary>
    /// <param name="codes">The codes of the first row; the memory of a row is a multiple of 32.</param>
    /// <param name="stride">Bytes from row to row.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="groups">The groups of a row.</param>
    /// <param name="list">Receives their numbers, ascending.</param>
    /// <returns>How many there are.</returns>
    public static int List(ref readonly byte codes, int stride, int rows, int groups, ref int list) =>
        List(in codes, stride, rows, groups, ref list, in MemoryMarshal.GetArrayDataReference(s_places));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int List(ref readonly byte codes, int stride, int rows, int groups, ref int list, ref readonly ulong places)
    {
        int count = 0;
        for (int g = 0; g < groups; g += Step)
        {
            ref byte row = ref Unsafe.Add(ref Unsafe.AsRef(in codes), 4 * g);
            var any = Vector256.LoadUnsafe(ref row);
            for (int i = 1; i < rows; i++) any |= Vector256.LoadUnsafe(ref row, (nuint)(i * stride));
            uint used = ~Vector256.Equals(any.AsInt32(), Vector256<int>.Zero).ExtractMostSignificantBits();
            used &= (uint)byte.MaxValue >> int.Max(0, g + Step - groups);
            var bytes = Vector128.CreateScalar(Unsafe.Add(ref Unsafe.AsRef(in places), used)).AsByte();
            var (low, high) = Vector128.Widen(Vector128.WidenLower(bytes).AsInt16());
            (Vector256.Create(low, high) + Vector256.Create(g)).StoreUnsafe(ref list, (nuint)count);
            count += BitOperations.PopCount(used);
        }

        return count;
    }

    private static ulong[] Places()
    {
        ulong[] places = new ulong[1 << Step];
        for (int mask = 0; mask < places.Length; mask++)
        {
            for (int bit = Step - 1; bit >= 0; bit--)
                if ((mask >> bit & 1) != 0) places[mask] = (places[mask] << Step) | (uint)bit;
        }

        return places;
    }
}
