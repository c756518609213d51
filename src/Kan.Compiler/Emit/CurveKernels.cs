using System.Linq;

namespace Kan.Compiler.Emit;

/// <summary>Prints the sums of curves in integers, for vectors of 512, 256 and 128 bits.</summary>
internal static class CurveKernels
{
    private const string Simd = "Simd::";

    /// <summary>The methods that read a row and multiply it.</summary>
    public const string Terms = """

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector512<short> Wide(long place, ref byte rows) => Simd::X86.Avx512BW.MultiplyAddAdjacent(
            Simd::Vector512.AsByte(Simd::Vector512.Create(unchecked((int)place))),
            Simd::Vector512.AsSByte(Simd::Vector512.LoadUnsafe(ref Row(place, ref rows))));

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector256<short> Panel(long place, ref byte rows) => Simd::X86.Avx2.MultiplyAddAdjacent(
            Simd::Vector256.AsByte(Simd::Vector256.Create(unchecked((int)place))),
            Simd::Vector256.AsSByte(Simd::Vector256.LoadUnsafe(ref Row(place, ref rows))));

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector256<short> UpperPanel(long place, ref byte rows) => Simd::X86.Avx2.MultiplyAddAdjacent(
            Simd::Vector256.AsByte(Simd::Vector256.Create(unchecked((int)place))),
            Simd::Vector256.AsSByte(Simd::Vector256.LoadUnsafe(ref Row(place, ref rows), 32)));

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector128<short> Half(long place, ref byte rows) =>
            Products(place, Simd::Vector128.LoadUnsafe(ref Row(place, ref rows)));

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector128<short> UpperHalf(long place, ref byte rows) =>
            Products(place, Simd::Vector128.LoadUnsafe(ref Row(place, ref rows), 16));

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector128<short> Products(long place, Simd::Vector128<byte> row)
        {
            Simd::Vector128<short> pairs = Simd::Vector128.AsInt16(row),
                first = Simd::Vector128.ShiftRightArithmetic(Simd::Vector128.ShiftLeft(pairs, 8), 8),
                second = Simd::Vector128.ShiftRightArithmetic(pairs, 8);
            return (first * Simd::Vector128.Create((short)(place & 255))) + (second * Simd::Vector128.Create((short)((place >> 8) & 255)));
        }

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static ref byte Row(long place, ref byte rows) => ref Runtime::Unsafe.Add(ref rows, unchecked((nint)(place >> 32)));

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static ref int At(ref int start, int index) => ref Runtime::Unsafe.Add(ref start, index);
        """;

    /// <summary>The methods that look for NaN, and that make places of knots.</summary>
    public const string PlaceReader = """

        private static bool HasNaN(global::System.ReadOnlySpan<float> inputs)
        {
            foreach (float x in inputs)
                if (float.IsNaN(x)) return true;
            return false;
        }

        /// <summary>The places of codes: in the upper half where the row of a code begins, in the lower half its weights, twice.</summary>
        private static Panels::AlignedTable<long> Places(int start, int grids, int whole, int rowBytes)
        {
            var places = Panels::AlignedTable<long>.Create(new long[grids * 256]);
            ref int knots = ref At(ref s_table.Start, start);
            long row = 0;
            for (int grid = 0; grid < grids; grid++)
            {
                int segments = knots;
                for (int segment = 1; segment <= segments; segment++, row += rowBytes)
                {
                    int from = At(ref knots, segment), length = At(ref knots, segment + 1) - from;
                    for (int t = 0; t <= length; t++)
                    {
                        int second = ((2 * t * whole) + length) / (2 * length);
                        Runtime::Unsafe.Add(ref places.Start, (grid * 256) + from + t) =
                            (row << 32) | ((whole - second + (256L * second)) * 0x10001);
                    }
                }

                knots = ref At(ref knots, segments + 2);
            }

            return places;
        }
        """;

    /// <summary>Prints the sums of one or two panels on each kind of machine.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="together">Inputs whose terms fit 16 bits together.</param>
    /// <param name="hasPairs">Whether two panels are added at once anywhere.</param>
    public static void EmitSums(CodeWriter writer, int together, bool hasPairs)
    {
        string count = Literal.Integer(together);
        const string Parameters = "ref byte codes, ref long places, nint placeStep, ref byte rows, nint inputBytes, int inputs, ";
        const string Arguments = "ref codes, ref places, placeStep, ref rows, inputBytes, inputs, ";
        string inputs = Literal.Count(together, "input");
        writer.Line($"\n/// <summary>The sums of one or two panels; the terms of {inputs} fit 16 bits.</summary>");
        using (writer.Kernel($"private static void Add{count}({Parameters}int panels, ref int biases, ref int sums)"))
        {
            if (hasPairs)
            {
                using (writer.Braces($"if (panels == 2 && {Simd}X86.Avx2.IsSupported)"))
                {
                    writer.Line($"if ({Simd}X86.Avx512BW.IsSupported && {Simd}Vector512.IsHardwareAccelerated) AddWide{count}({Arguments}"
                        + "ref biases, ref sums);");
                    writer.Line($"else AddPair{count}({Arguments}ref biases, ref sums);");
                    writer.Line("return;");
                }

                writer.Line();
            }

            using (writer.Braces("for (int panel = 0; panel < panels; panel++)"))
            {
                writer.Line($"if ({Simd}X86.Avx2.IsSupported) AddPanel{count}({Arguments}ref biases, ref sums);");
                writer.Line($"else AddHalves{count}({Arguments}ref biases, ref sums);");
                writer.Line("rows = ref Runtime::Unsafe.Add(ref rows, 32);");
                writer.Line("biases = ref At(ref biases, 16);");
                writer.Line("sums = ref At(ref sums, 16);");
            }
        }

        if (hasPairs)
        {
            EmitLoop(writer, $"AddWide{count}", Parameters, together, ["Wide"],
                [$"{Simd}Vector512<int> even = {Simd}Vector512.Create({Load(256, 0)}, {Load(256, 16)}),",
                    $"    odd = {Simd}Vector512.Create({Load(256, 8)}, {Load(256, 24)});"],
                [(Half("Lower", "even"), 0), (Half("Lower", "odd"), 8), (Half("Upper", "even"), 16), (Half("Upper", "odd"), 24)], 512);
            EmitLoop(writer, $"AddPair{count}", Parameters, together, ["Panel", "UpperPanel"],
                [$"{Simd}Vector256<int> even = {Load(256, 0)}, upperEven = {Load(256, 16)},",
                    $"    odd = {Load(256, 8)}, upperOdd = {Load(256, 24)};"],
                [("even", 0), ("odd", 8), ("upperEven", 16), ("upperOdd", 24)], 256);
        }

        EmitLoop(writer, $"AddPanel{count}", Parameters, together, ["Panel"],
            [$"{Simd}Vector256<int> even = {Load(256, 0)}, odd = {Load(256, 8)};"], [("even", 0), ("odd", 8)], 256);
        EmitLoop(writer, $"AddHalves{count}", Parameters, together, ["Half", "UpperHalf"],
            [$"{Simd}Vector128<int> even = {Load(128, 0)}, upperEven = {Load(128, 4)},",
                $"    odd = {Load(128, 8)}, upperOdd = {Load(128, 12)};"],
            [("even", 0), ("upperEven", 4), ("odd", 8), ("upperOdd", 12)], 128);
    }

    private static string Half(string which, string sums) => $"{Simd}Vector512.Get{which}({sums})";

    private static string Load(int bits, int at) =>
        $"{Simd}Vector{Literal.Integer(bits)}.LoadUnsafe(ref biases{(at == 0 ? "" : ", " + Literal.Integer(at))})";

    /// <summary>Prints a loop over inputs that takes as many together as fit, and then those that are left.</summary>
    private static void EmitLoop(CodeWriter writer, string name, string parameters, int together, string[] terms, string[] begin,
        (string Sums, int At)[] end, int bits)
    {
        writer.Line();
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void {name}({parameters}ref int biases, ref int sums)"))
        {
            foreach (string line in begin) writer.Line(line);
            writer.Line("int i = 0;");
            foreach (int count in new[] { together, 1 }.Distinct())
            {
                using (writer.Braces($"for (; i <= inputs - {Literal.Integer(count)}; i += {Literal.Integer(count)})"))
                {
                    for (int k = 0; k < count; k++)
                    {
                        writer.Line($"{(k == 0 ? "long " : "")}place = Runtime::Unsafe.Add(ref places, Runtime::Unsafe.Add(ref codes, i"
                            + $"{(k == 0 ? "" : " + " + Literal.Integer(k))}));");
                        foreach (string term in terms)
                            writer.Line($"{(k == 0 ? $"var {Sums(term)} =" : $"{Sums(term)} +=")} {term}(place, ref rows);");
                        writer.Line("places = ref Runtime::Unsafe.Add(ref places, placeStep);");
                        writer.Line("rows = ref Runtime::Unsafe.Add(ref rows, inputBytes);");
                    }

                    foreach (string term in terms)
                    {
                        bool isUpper = term.StartsWith("Upper", System.StringComparison.Ordinal);
                        string vector = $"{Simd}Vector{Literal.Integer(bits)}", own = $"{vector}.AsInt32({Sums(term)})";
                        string even = isUpper ? "upperEven" : "even", odd = isUpper ? "upperOdd" : "odd";
                        writer.Line($"{even} += {vector}.ShiftRightArithmetic({vector}.ShiftLeft({own}, 16), 16);");
                        writer.Line($"{odd} += {vector}.ShiftRightArithmetic({own}, 16);");
                    }
                }

                writer.Line();
            }

            foreach (var (sums, at) in end)
                writer.Line($"{Simd}Vector{Literal.Integer(System.Math.Min(bits, 256))}.StoreUnsafe({sums}, ref sums"
                    + $"{(at == 0 ? "" : ", " + Literal.Integer(at))});");
        }

        static string Sums(string term) => term.StartsWith("Upper", System.StringComparison.Ordinal) ? "upperTerms" : "terms";
    }
}
