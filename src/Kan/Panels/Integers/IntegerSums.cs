using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Kan.Panels;

/// <summary>The sums of a block of panels, for one row of codes or for four.</summary>
/// <param name="codes">The codes of the first row, in groups of four.</param>
/// <param name="stride">Bytes from row to row.</param>
/// <param name="groups">The groups that count, see <see cref="CodeGroups"/>.</param>
/// <param name="weights">The weights of the block.</param>
/// <param name="panels">Panels of the block.</param>
internal readonly ref struct IntegerSums(
    ref readonly byte codes, int stride, ReadOnlySpan<int> groups, ref readonly int weights, int panels)
{
    /// <summary>Rows that share the weights they are multiplied with.</summary>
    public const int Rows = 4;

    /// <summary>Sums from row to row.</summary>
    public const int Stride = IntegerLayer.BlockPanels * IntegerLayer.Lanes;

    /// <summary>The bits of codes whose products are added first where two may leave 16 bits, and the others.</summary>
    private const int Lower = 0x7F7F_7F7F, Highest = unchecked((int)0x8080_8080);

    /// <summary>Codes are multiplied as they are.</summary>
    private readonly struct Whole;

    /// <summary>Some bits of codes are multiplied.</summary>
    private readonly struct Part;

    private readonly ref readonly byte _codes = ref codes;
    private readonly ref readonly int _weights = ref weights;
    private readonly ReadOnlySpan<int> _groups = groups;

    /// <summary>Whether rows are best taken four at a time: else a panel occupies too many registers.</summary>
    public static bool TakesRows => Avx2.IsSupported || Dp.IsSupported;

    /// <summary>Computes the sums.</summary>
    /// <param name="rows">1 or <see cref="Rows"/>.</param>
    /// <param name="biases">The biases of the block.</param>
    /// <param name="fits">Whether pairs of products fit 16 bits.</param>
    /// <param name="sums">Receives the sums of each row.</param>
    public void Compute(int rows, ref int biases, bool fits, ref int sums)
    {
        bool isWhole = fits || AvxVnni.IsSupported;
        if (Avx512BW.IsSupported && Vector512.IsHardwareAccelerated && (fits || !isWhole))
            Run<IntegerPanel512>(rows, ref biases, isWhole, ref sums);
        else if (Avx2.IsSupported) Run<IntegerPanel256>(rows, ref biases, isWhole, ref sums);
        else Run<IntegerPanel128>(rows, ref biases, isWhole: true, ref sums);
    }

    /// <summary>
    /// Adds the products of whole codes, or first of their lower seven bits and then of their highest one, each at most 128: two of them
    /// leave 16 bits only upwards, which weights of at most 127 cannot.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run<TPanel>(int rows, ref int biases, bool isWhole, ref int sums)
        where TPanel : struct, IIntegerPanel<TPanel>
    {
        if (isWhole)
        {
            Run<TPanel, Whole>(rows, 0, ref biases, 0, ref sums);
            return;
        }

        Run<TPanel, Part>(rows, Lower, ref biases, 0, ref sums);
        Run<TPanel, Part>(rows, Highest, ref sums, Stride, ref sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run<TPanel, TCodes>(int rows, int bits, ref int start, int rise, ref int sums)
        where TPanel : struct, IIntegerPanel<TPanel>
    {
        int panel = 0;
        var mask = TPanel.Splat(bits);
        if (rows == Rows)
        {
            for (; panel < panels; panel++) Four<TPanel, TCodes>(panel, mask, ref start, rise, ref sums, Stride, stride, 0);
            return;
        }

        if (TPanel.Registers <= 2)
            for (; panel < panels - 3; panel += 4)
                Four<TPanel, TCodes>(panel, mask, ref start, IntegerLayer.Lanes, ref sums, IntegerLayer.Lanes, 0, IntegerLayer.Lanes);
        for (; panel < panels; panel++) One<TPanel, TCodes>(panel, mask, ref start, ref sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref int At(ref int start, int panel) => ref Unsafe.Add(ref start, panel * IntegerLayer.Lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref int Weights(int panel) => ref At(ref Unsafe.AsRef(in _weights), panel);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TPanel Codes<TPanel, TCodes>(ref byte row, nint group, TPanel mask)
        where TPanel : struct, IIntegerPanel<TPanel>
    {
        var codes = TPanel.Splat(in Unsafe.Add(ref row, group * 4));
        return typeof(TCodes) == typeof(Whole) ? codes : TPanel.And(codes, mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void One<TPanel, TCodes>(int panel, TPanel mask, ref int start, ref int sums)
        where TPanel : struct, IIntegerPanel<TPanel>
    {
        ref int weights = ref Weights(panel);
        nint width = panels * IntegerLayer.Lanes;
        var a = TPanel.Load(in At(ref start, panel));
        foreach (nint g in _groups)
            a = TPanel.AddProducts(a, Codes<TPanel, TCodes>(ref Unsafe.AsRef(in _codes), g, mask), in Unsafe.Add(ref weights, g * width));
        TPanel.Store(a, ref At(ref sums, panel));
    }

    /// <summary>Four panels of a row, or a panel of four rows.</summary>
    /// <param name="panel">The first panel.</param>
    /// <param name="mask">The bits of codes that count.</param>
    /// <param name="start">What is added to.</param>
    /// <param name="rise">Numbers of it from one of the four to the next.</param>
    /// <param name="sums">Receives the sums.</param>
    /// <param name="step">Sums from one of the four to the next.</param>
    /// <param name="next">Codes from one of the four to the next.</param>
    /// <param name="further">Weights from one of the four to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Four<TPanel, TCodes>(int panel, TPanel mask, ref int start, int rise, ref int sums, int step, int next, int further)
        where TPanel : struct, IIntegerPanel<TPanel>
    {
        ref byte x = ref Unsafe.AsRef(in _codes), y = ref Unsafe.Add(ref x, next), z = ref Unsafe.Add(ref y, next),
            u = ref Unsafe.Add(ref z, next);
        ref int weights = ref Weights(panel), own = ref At(ref start, panel), to = ref At(ref sums, panel);
        nint width = panels * IntegerLayer.Lanes;
        TPanel a = TPanel.Load(in own), b = TPanel.Load(in Unsafe.Add(ref own, rise)), c = TPanel.Load(in Unsafe.Add(ref own, 2 * rise)),
            d = TPanel.Load(in Unsafe.Add(ref own, 3 * rise));
        foreach (nint g in _groups)
        {
            ref int w = ref Unsafe.Add(ref weights, g * width);
            a = TPanel.AddProducts(a, Codes<TPanel, TCodes>(ref x, g, mask), in w);
            b = TPanel.AddProducts(b, Codes<TPanel, TCodes>(ref y, g, mask), in Unsafe.Add(ref w, further));
            c = TPanel.AddProducts(c, Codes<TPanel, TCodes>(ref z, g, mask), in Unsafe.Add(ref w, 2 * further));
            d = TPanel.AddProducts(d, Codes<TPanel, TCodes>(ref u, g, mask), in Unsafe.Add(ref w, 3 * further));
        }

        TPanel.Store(a, ref to);
        TPanel.Store(b, ref Unsafe.Add(ref to, step));
        TPanel.Store(c, ref Unsafe.Add(ref to, 2 * step));
        TPanel.Store(d, ref Unsafe.Add(ref to, 3 * step));
    }
}
