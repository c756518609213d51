using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Kan.Panels;

/// <summary>The sums of a block of panels, for one row of codes or for four.</summary>
internal static class IntegerSums
{
    /// <summary>Rows that share the weights they are multiplied with.</summary>
    public const int Rows = 4;

    /// <summary>Whether rows are best taken four at a time: else a panel occupies too many registers.</summary>
    public static bool TakesRows => Avx2.IsSupported || Dp.IsSupported;

    /// <summary>Computes the sums of some panels.</summary>
    /// <param name="codes">The codes of a row, in groups of four.</param>
    /// <param name="stride">Bytes from row to row.</param>
    /// <param name="rows">1 or <see cref="Rows"/>.</param>
    /// <param name="weights">The weights of the block.</param>
    /// <param name="biases">The biases of the block.</param>
    /// <param name="groups">Groups of four codes.</param>
    /// <param name="panels">Panels of the block.</param>
    /// <param name="fits">Whether pairs of products fit 16 bits.</param>
    /// <param name="sums">Receives the sums: rows of 64.</param>
    public static void OfBlock(
        ref readonly byte codes, int stride, int rows, ref readonly int weights, ref readonly int biases, int groups, int panels, bool fits,
        ref int sums)
    {
        if (Avx512BW.IsSupported && Vector512.IsHardwareAccelerated && fits)
            Run<IntegerPanel512>(in codes, stride, rows, in weights, in biases, groups, panels, ref sums);
        else if (AvxVnni.IsSupported || (Avx2.IsSupported && fits))
            Run<IntegerPanel256>(in codes, stride, rows, in weights, in biases, groups, panels, ref sums);
        else if (Avx512BW.IsSupported && Vector512.IsHardwareAccelerated)
            Run<SplitPanel<IntegerPanel512>>(in codes, stride, rows, in weights, in biases, groups, panels, ref sums);
        else if (Avx2.IsSupported)
            Run<SplitPanel<IntegerPanel256>>(in codes, stride, rows, in weights, in biases, groups, panels, ref sums);
        else Run<IntegerPanel128>(in codes, stride, rows, in weights, in biases, groups, panels, ref sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TPanel>(
        ref readonly byte codes, int stride, int rows, ref readonly int weights, ref readonly int biases, int groups, int panels,
        ref int sums)
        where TPanel : struct, IIntegerPanel<TPanel>
    {
        int panel = 0;
        if (rows == Rows)
        {
            if (TPanel.Registers == 1)
                for (; panels - panel >= 2; panel += 2)
                    FourRows2<TPanel>(in codes, stride, in At(in weights, panel), in At(in biases, panel), groups, panels,
                        ref At(ref sums, panel));
            for (; panel < panels; panel++)
                FourRows<TPanel>(in codes, stride, in At(in weights, panel), in At(in biases, panel), groups, panels,
                    ref At(ref sums, panel));
            return;
        }

        if (TPanel.Registers <= 2)
            for (; panels - panel >= 4; panel += 4)
                OneRow4<TPanel>(in codes, in At(in weights, panel), in At(in biases, panel), groups, panels, ref At(ref sums, panel));
        for (; panels - panel >= 2; panel += 2)
            OneRow2<TPanel>(in codes, in At(in weights, panel), in At(in biases, panel), groups, panels, ref At(ref sums, panel));
        for (; panel < panels; panel++)
            OneRow<TPanel>(in codes, in At(in weights, panel), in At(in biases, panel), groups, panels, ref At(ref sums, panel));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref int At(ref readonly int start, int panel) => ref Unsafe.Add(ref Unsafe.AsRef(in start), panel * IntegerLayer.Lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte Four(ref readonly byte codes, nint group) => ref Unsafe.Add(ref Unsafe.AsRef(in codes), group * 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneRow<TPanel>(ref readonly byte codes, ref readonly int weights, ref readonly int biases, int groups, int panels,
        ref int sums)
        where TPanel : struct, IIntegerPanel<TPanel>
    {
        ref int w = ref Unsafe.AsRef(in weights);
        var a = TPanel.Load(in biases);
        for (nint g = 0; g < groups; g++)
        {
            a = TPanel.AddProducts(a, TPanel.Splat(in Four(in codes, g)), in w);
            w = ref At(ref w, panels);
        }

        TPanel.Store(a, ref sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneRow2<TPanel>(ref readonly byte codes, ref readonly int weights, ref readonly int biases, int groups, int panels,
        ref int sums)
        where TPanel : struct, IIntegerPanel<TPanel>
    {
        ref int w = ref Unsafe.AsRef(in weights);
        TPanel a = TPanel.Load(in biases), b = TPanel.Load(in At(in biases, 1));
        for (nint g = 0; g < groups; g++)
        {
            var codesOfGroup = TPanel.Splat(in Four(in codes, g));
            a = TPanel.AddProducts(a, codesOfGroup, in w);
            b = TPanel.AddProducts(b, codesOfGroup, in At(in w, 1));
            w = ref At(ref w, panels);
        }

        TPanel.Store(a, ref sums);
        TPanel.Store(b, ref At(ref sums, 1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneRow4<TPanel>(ref readonly byte codes, ref readonly int weights, ref readonly int biases, int groups, int panels,
        ref int sums)
        where TPanel : struct, IIntegerPanel<TPanel>
    {
        ref int w = ref Unsafe.AsRef(in weights);
        TPanel a = TPanel.Load(in biases), b = TPanel.Load(in At(in biases, 1)), c = TPanel.Load(in At(in biases, 2)),
            d = TPanel.Load(in At(in biases, 3));
        for (nint g = 0; g < groups; g++)
        {
            var codesOfGroup = TPanel.Splat(in Four(in codes, g));
            a = TPanel.AddProducts(a, codesOfGroup, in w);
            b = TPanel.AddProducts(b, codesOfGroup, in At(in w, 1));
            c = TPanel.AddProducts(c, codesOfGroup, in At(in w, 2));
            d = TPanel.AddProducts(d, codesOfGroup, in At(in w, 3));
            w = ref At(ref w, panels);
        }

        TPanel.Store(a, ref sums);
        TPanel.Store(b, ref At(ref sums, 1));
        TPanel.Store(c, ref At(ref sums, 2));
        TPanel.Store(d, ref At(ref sums, 3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourRows<TPanel>(ref readonly byte codes, int stride, ref readonly int weights, ref readonly int biases, int groups,
        int panels, ref int sums)
        where TPanel : struct, IIntegerPanel<TPanel>
    {
        ref int w = ref Unsafe.AsRef(in weights);
        ref byte x = ref Unsafe.AsRef(in codes);
        ref byte y = ref Unsafe.Add(ref x, stride), z = ref Unsafe.Add(ref y, stride), u = ref Unsafe.Add(ref z, stride);
        TPanel a = TPanel.Load(in biases), b = a, c = a, d = a;
        for (nint g = 0; g < groups; g++)
        {
            a = TPanel.AddProducts(a, TPanel.Splat(in Four(in x, g)), in w);
            b = TPanel.AddProducts(b, TPanel.Splat(in Four(in y, g)), in w);
            c = TPanel.AddProducts(c, TPanel.Splat(in Four(in z, g)), in w);
            d = TPanel.AddProducts(d, TPanel.Splat(in Four(in u, g)), in w);
            w = ref At(ref w, panels);
        }

        TPanel.Store(a, ref sums);
        TPanel.Store(b, ref At(ref sums, IntegerLayer.BlockPanels));
        TPanel.Store(c, ref At(ref sums, 2 * IntegerLayer.BlockPanels));
        TPanel.Store(d, ref At(ref sums, 3 * IntegerLayer.BlockPanels));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourRows2<TPanel>(ref readonly byte codes, int stride, ref readonly int weights, ref readonly int biases,
        int groups, int panels, ref int sums)
        where TPanel : struct, IIntegerPanel<TPanel>
    {
        ref int w = ref Unsafe.AsRef(in weights);
        ref byte x = ref Unsafe.AsRef(in codes);
        ref byte y = ref Unsafe.Add(ref x, stride), z = ref Unsafe.Add(ref y, stride), u = ref Unsafe.Add(ref z, stride);
        TPanel a = TPanel.Load(in biases), b = a, c = a, d = a;
        TPanel e = TPanel.Load(in At(in biases, 1)), f = e, h = e, i = e;
        for (nint g = 0; g < groups; g++)
        {
            ref int v = ref At(ref w, 1);
            a = TPanel.AddProducts(a, TPanel.Splat(in Four(in x, g)), in w);
            e = TPanel.AddProducts(e, TPanel.Splat(in Four(in x, g)), in v);
            b = TPanel.AddProducts(b, TPanel.Splat(in Four(in y, g)), in w);
            f = TPanel.AddProducts(f, TPanel.Splat(in Four(in y, g)), in v);
            c = TPanel.AddProducts(c, TPanel.Splat(in Four(in z, g)), in w);
            h = TPanel.AddProducts(h, TPanel.Splat(in Four(in z, g)), in v);
            d = TPanel.AddProducts(d, TPanel.Splat(in Four(in u, g)), in w);
            i = TPanel.AddProducts(i, TPanel.Splat(in Four(in u, g)), in v);
            w = ref At(ref w, panels);
        }

        TPanel.Store(a, ref sums);
        TPanel.Store(e, ref At(ref sums, 1));
        TPanel.Store(b, ref At(ref sums, IntegerLayer.BlockPanels));
        TPanel.Store(f, ref At(ref sums, IntegerLayer.BlockPanels + 1));
        TPanel.Store(c, ref At(ref sums, 2 * IntegerLayer.BlockPanels));
        TPanel.Store(h, ref At(ref sums, (2 * IntegerLayer.BlockPanels) + 1));
        TPanel.Store(d, ref At(ref sums, 3 * IntegerLayer.BlockPanels));
        TPanel.Store(i, ref At(ref sums, (3 * IntegerLayer.BlockPanels) + 1));
    }
}
