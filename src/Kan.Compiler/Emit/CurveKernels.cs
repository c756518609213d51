namespace Kan.Compiler.Emit;

/// <summary>Prints the sums of curves in integers, for vectors of 512, 256 and 128 bits.</summary>
internal static class CurveKernels
{
    /// <summary>Samples whose codes of an input are read one behind the other, and those where two panels are in two vectors.</summary>
    public const int Samples = 4, PairSamples = 2;

    private const string Simd = "Simd::";

    /// <summary>The methods that read a row and multiply it.</summary>
    public const string Terms = """

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector512<short> Wide(ref long place, ref byte rows) => Simd::X86.Avx512BW.MultiplyAddAdjacent(
            Simd::Vector512.AsByte(Simd::Vector512.Create(Weights(ref place))),
            Simd::Vector512.AsSByte(Simd::Vector512.LoadUnsafe(ref Row(ref place, ref rows))));

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector256<short> Panel(ref long place, ref byte rows) => Simd::X86.Avx2.MultiplyAddAdjacent(
            Simd::Vector256.AsByte(Simd::Vector256.Create(Weights(ref place))),
            Simd::Vector256.AsSByte(Simd::Vector256.LoadUnsafe(ref Row(ref place, ref rows))));

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector256<short> UpperPanel(ref long place, ref byte rows) => Simd::X86.Avx2.MultiplyAddAdjacent(
            Simd::Vector256.AsByte(Simd::Vector256.Create(Weights(ref place))),
            Simd::Vector256.AsSByte(Simd::Vector256.LoadUnsafe(ref Row(ref place, ref rows), 32)));

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector128<short> Half(ref long place, ref byte rows) =>
            Products(Weights(ref place), Simd::Vector128.LoadUnsafe(ref Row(ref place, ref rows)));

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector128<short> UpperHalf(ref long place, ref byte rows) =>
            Products(Weights(ref place), Simd::Vector128.LoadUnsafe(ref Row(ref place, ref rows), 16));

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector128<short> Products(int weights, Simd::Vector128<byte> row)
        {
            Simd::Vector128<short> pairs = Simd::Vector128.AsInt16(row),
                first = Simd::Vector128.ShiftRightArithmetic(Simd::Vector128.ShiftLeft(pairs, 8), 8),
                second = Simd::Vector128.ShiftRightArithmetic(pairs, 8);
            return (first * Simd::Vector128.Create((short)(weights & 255)))
                + (second * Simd::Vector128.Create((short)((weights >> 8) & 255)));
        }

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static int Weights(ref long place) => Runtime::Unsafe.As<long, int>(ref place);

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static ref byte Row(ref long place, ref byte rows) =>
            ref Runtime::Unsafe.Add(ref rows, At(ref Runtime::Unsafe.As<long, int>(ref place), 1));

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
    /// <param name="width">Codes from one sample to the next.</param>
    public static void EmitSums(CodeWriter writer, int together, bool hasPairs, int width)
    {
        string count = Literal.Integer(together), samples = Literal.Integer(Samples);
        const string Parameters = "ref long places, nint placeStep, ref byte rows, nint inputBytes, int inputs, ";
        const string Arguments = "ref places, placeStep, ref rows, inputBytes, inputs, ", Of = "ref codes, ",
            End = "ref start, startStep, ref sums);";
        writer.Line($"\n/// <summary>The sums of one or two panels, of one sample or of {samples}; the terms of "
            + $"{Literal.Count(together, "input")} fit 16 bits.</summary>");
        using (writer.Kernel($"private static void Add{count}(ref byte codes, int samples, {Parameters}int panels, ref int start, "
            + "int startStep, ref int sums)"))
        {
            if (hasPairs)
            {
                using (writer.Braces($"if (panels == 2 && {Simd}X86.Avx2.IsSupported)"))
                {
                    using (writer.Braces($"if ({Simd}X86.Avx512BW.IsSupported && {Simd}Vector512.IsHardwareAccelerated)"))
                    {
                        writer.Line($"if (samples > 1) AddWides{count}({Of}{Arguments}{End}");
                        writer.Line($"else AddWide{count}({Of}{Arguments}{End}");
                    }

                    writer.Line($"else if (samples > 1) for (int i = 0; i < {samples}; i += {Literal.Integer(PairSamples)})");
                    writer.Line($"    AddPairs{count}(ref Runtime::Unsafe.Add(ref codes, i * {Literal.Integer(width)}), {Arguments}"
                        + "ref At(ref start, i * startStep), startStep, ref At(ref sums, i * 32));");
                    writer.Line($"else AddPair{count}({Of}{Arguments}{End}");
                    writer.Line("return;");
                }

                writer.Line();
            }

            using (writer.Braces("for (int panel = 0; panel < panels; panel++)"))
            {
                writer.Line($"if (samples > 1) AddPanels{count}({Of}{Arguments}{End}");
                writer.Line($"else if ({Simd}X86.Avx2.IsSupported) AddPanel{count}({Of}{Arguments}{End}");
                writer.Line($"else AddHalves{count}({Of}{Arguments}{End}");
                writer.Line("rows = ref Runtime::Unsafe.Add(ref rows, 32);");
                writer.Line("start = ref At(ref start, 16);");
                writer.Line("sums = ref At(ref sums, 16);");
            }
        }

        Vectors wide = new(512, ["Wide"]), pair = new(256, ["Panel", "UpperPanel"]), panel = new(256, ["Panel"]),
            halves = new(128, ["Half", "UpperHalf"]);
        if (hasPairs)
        {
            Emit("Wide", wide, 1);
            Emit("Wides", wide, Samples);
            Emit("Pair", pair, 1);
            Emit("Pairs", pair, PairSamples);
        }

        Emit("Panel", panel, 1);
        Emit("Panels", panel, Samples);
        Emit("Halves", halves, 1);

        void Emit(string name, Vectors vectors, int samples)
        {
            writer.Line();
            writer.Line(KernelNames.Optimize);
            using (writer.Kernel($"private static void Add{name}{count}(ref byte codes, {Parameters}ref int start, int startStep, "
                + "ref int sums)"))
                CurveLoop.Emit(writer, vectors, together, samples, width);
        }
    }
}
