using System.Runtime.CompilerServices;

namespace Kan.Panels;

/// <summary>
/// A panel for weights of which two products may leave 16 bits: codes are taken apart into their lower seven bits and their highest one,
/// each at most 128, and 2 * 128 * 128 leaves them only upwards, which weights of at most 127 cannot reach.
/// </summary>
/// <typeparam name="TPanel">The panel that adds.</typeparam>
internal readonly struct SplitPanel<TPanel>(TPanel sums) : IIntegerPanel<SplitPanel<TPanel>>
    where TPanel : struct, IIntegerPanel<TPanel>
{
    private const int Lower = 0x7F7F_7F7F, Highest = unchecked((int)0x8080_8080);

    private readonly TPanel _sums = sums;

    public static int Registers => TPanel.Registers;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SplitPanel<TPanel> Load(ref readonly int source) => new(TPanel.Load(in source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(SplitPanel<TPanel> sums, ref int destination) => TPanel.Store(sums._sums, ref destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SplitPanel<TPanel> Splat(ref readonly byte codes) => new(TPanel.Splat(in codes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SplitPanel<TPanel> And(SplitPanel<TPanel> codes, int mask) => new(TPanel.And(codes._sums, mask));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SplitPanel<TPanel> AddProducts(SplitPanel<TPanel> sums, SplitPanel<TPanel> codes, ref readonly int weights) =>
        new(TPanel.AddProducts(TPanel.AddProducts(sums._sums, TPanel.And(codes._sums, Lower), in weights), TPanel.And(codes._sums, Highest),
            in weights));
}
