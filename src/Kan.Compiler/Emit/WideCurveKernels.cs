using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints the sums of curves with codes of 16 bits, for vectors of 512, 256 and 128 bits, and what finds the places of codes.
/// </summary>
internal static class WideCurveKernels
{
    /// <summary>Samples of a batch that go through the rows of an input one behind the other.</summary>
    public const int Rows = 4;

    private const string Simd = "Simd::";

    /// <summary>The places of codes of inputs that share their knots.</summary>
    public const string SharedPlaces = """

        /// <summary>The places of codes, which are compared with the knots that all inputs share.</summary>
        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveOptimization)]
        private static void SharedPlaces(ref short codes, int count, ref int knots, ref int factors, int most, int rowBytes, ref int bases,
            ref int weights, ref int places)
        {
            int width = global::System.Numerics.Vector<int>.Count;
            for (int i = 0; i < count; i += 2 * width)
            {
                global::System.Numerics.Vector.Widen(global::System.Numerics.Vector.LoadUnsafe(ref codes, (nuint)i), out var a, out var b);
                global::System.Numerics.Vector<int> fromA = new(-32768), fromB = fromA, factorA = new(factors), factorB = factorA,
                    placeA = default, placeB = default;
                for (int k = 0; k < most; k++)
                {
                    global::System.Numerics.Vector<int> knot = new(At(ref knots, k)), factor = new(At(ref factors, k + 1)),
                        isA = global::System.Numerics.Vector.GreaterThanOrEqual(a, knot),
                        isB = global::System.Numerics.Vector.GreaterThanOrEqual(b, knot);
                    fromA = global::System.Numerics.Vector.ConditionalSelect(isA, knot, fromA);
                    fromB = global::System.Numerics.Vector.ConditionalSelect(isB, knot, fromB);
                    factorA = global::System.Numerics.Vector.ConditionalSelect(isA, factor, factorA);
                    factorB = global::System.Numerics.Vector.ConditionalSelect(isB, factor, factorB);
                    placeA -= isA;
                    placeB -= isB;
                }

                Store(a - fromA, factorA, placeA * rowBytes, i, ref bases, ref weights, ref places);
                Store(b - fromB, factorB, placeB * rowBytes, i + width, ref bases, ref weights, ref places);
            }
        }
        """;

    /// <summary>The places of codes of inputs that have knots of their own.</summary>
    public const string OwnPlaces = """

        /// <summary>The places of codes, which are compared with the knots of their inputs.</summary>
        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveOptimization)]
        private static void OwnPlaces(ref short codes, int count, ref int knots, ref int factors, int most, int step, int rowBytes,
            ref int bases, ref int weights, ref int places)
        {
            int width = global::System.Numerics.Vector<int>.Count;
            for (int i = 0; i < count; i += 2 * width)
            {
                global::System.Numerics.Vector.Widen(global::System.Numerics.Vector.LoadUnsafe(ref codes, (nuint)i), out var a, out var b);
                global::System.Numerics.Vector<int> fromA = new(-32768), fromB = fromA,
                    factorA = global::System.Numerics.Vector.LoadUnsafe(ref factors, (nuint)i),
                    factorB = global::System.Numerics.Vector.LoadUnsafe(ref factors, (nuint)(i + width)), placeA = default, placeB = default;
                for (int k = 0; k < most; k++)
                {
                    nuint at = (nuint)((k * step) + i), behind = at + (nuint)step;
                    global::System.Numerics.Vector<int> knotA = global::System.Numerics.Vector.LoadUnsafe(ref knots, at),
                        knotB = global::System.Numerics.Vector.LoadUnsafe(ref knots, at + (nuint)width),
                        isA = global::System.Numerics.Vector.GreaterThanOrEqual(a, knotA),
                        isB = global::System.Numerics.Vector.GreaterThanOrEqual(b, knotB);
                    fromA = global::System.Numerics.Vector.ConditionalSelect(isA, knotA, fromA);
                    fromB = global::System.Numerics.Vector.ConditionalSelect(isB, knotB, fromB);
                    factorA = global::System.Numerics.Vector.ConditionalSelect(isA,
                        global::System.Numerics.Vector.LoadUnsafe(ref factors, behind), factorA);
                    factorB = global::System.Numerics.Vector.ConditionalSelect(isB,
                        global::System.Numerics.Vector.LoadUnsafe(ref factors, behind + (nuint)width), factorB);
                    placeA -= isA;
                    placeB -= isB;
                }

                Store(a - fromA, factorA, placeA * rowBytes, i, ref bases, ref weights, ref places);
                Store(b - fromB, factorB, placeB * rowBytes, i + width, ref bases, ref weights, ref places);
            }
        }
        """;

    /// <summary>What keeps the places of some codes.</summary>
    public const string Store = """

        /// <summary>Keeps the weights of codes, which add up to 32,767, and where their rows begin.</summary>
        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static void Store(global::System.Numerics.Vector<int> codes, global::System.Numerics.Vector<int> factors,
            global::System.Numerics.Vector<int> segments, int at, ref int bases, ref int weights, ref int places)
        {
            var second = global::System.Numerics.Vector.ShiftRightLogical(
                (codes * factors) + new global::System.Numerics.Vector<int>(1 << 16), 17);
            global::System.Numerics.Vector.StoreUnsafe((new global::System.Numerics.Vector<int>(32767) - second)
                | global::System.Numerics.Vector.ShiftLeft(second, 16), ref weights, (nuint)at);
            global::System.Numerics.Vector.StoreUnsafe(global::System.Numerics.Vector.LoadUnsafe(ref bases, (nuint)at) + segments,
                ref places, (nuint)at);
        }
        """;

    /// <summary>The places of codes of inputs with many knots.</summary>
    public const string SearchedPlaces = """

        /// <summary>The places of codes, whose segments are searched by halves.</summary>
        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveOptimization)]
        private static void SearchedPlaces(ref short codes, int count, ref int knots, int most, int step, int rowBytes, ref int bases,
            ref int weights, ref int places)
        {
            for (int i = 0; i < count; i++)
            {
                int code = Runtime::Unsafe.Add(ref codes, i), segment = 0;
                for (int half = most >> 1; half > 0; half >>= 1)
                    segment += ((At(ref knots, segment + half) - code - 1) >> 31) & half;
                int second = (int)((((uint)(code - At(ref knots, segment)) * (uint)At(ref knots, most + segment)) + (1u << 16)) >> 17);
                At(ref weights, i) = 32767 - second + (second << 16);
                At(ref places, i) = At(ref bases, i) + (segment * rowBytes);
                knots = ref At(ref knots, step);
            }
        }
        """;

    /// <summary>The method that multiplies a row of four outputs.</summary>
    public const string Products = """

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector128<int> Products(Simd::Vector128<int> pairs, int weights)
        {
            if (Simd::X86.Sse2.IsSupported)
                return Simd::X86.Sse2.MultiplyAddAdjacent(Simd::Vector128.AsInt16(pairs),
                    Simd::Vector128.AsInt16(Simd::Vector128.Create(weights)));
            Simd::Vector128<int> first = Simd::Vector128.ShiftRightArithmetic(Simd::Vector128.ShiftLeft(pairs, 16), 16),
                second = Simd::Vector128.ShiftRightArithmetic(pairs, 16);
            return (first * Simd::Vector128.Create(weights & 65535)) + (second * Simd::Vector128.Create(weights >> 16));
        }
        """;

    /// <summary>The end of the name of a kernel.</summary>
    public static string Name(int panels, int shift) => $"{Literal.Integer(panels)}By{Literal.Integer(shift)}";

    /// <summary>Prints the sums of some panels on each kind of machine.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="panels">The panels, 1 to 4.</param>
    /// <param name="shift">The power of 2 that terms are divided by.</param>
    /// <param name="places">Places from one sample to the next.</param>
    public static void EmitSums(CodeWriter writer, int panels, int shift, int places)
    {
        string name = Name(panels, shift);
        const string Before = "ref int weights, ref int places, int inputs, ",
            Behind = "ref byte rows, ref int start, int step, ref int sums",
            Arguments = "ref weights, ref places, inputs, ref rows, ref start, step, ref sums",
            OfPanel = "ref weights, ref places, inputs, ref Runtime::Unsafe.Add(ref rows, panel * 64), ref At(ref start, panel * 16), "
                + "step, ref At(ref sums, panel * 16)";
        string wide = $"{Simd}X86.Avx512BW.IsSupported && {Simd}Vector512.IsHardwareAccelerated",
            each = $"for (int panel = 0; panel < {Literal.Integer(panels)}; panel++)",
            what = shift == 0 ? "" : $", whose terms are divided by 2^{Literal.Integer(shift)}";
        writer.Line($"\n/// <summary>The sums of {Literal.Count(panels, "panel")}{what}, of one sample or of {Literal.Integer(Rows)}."
            + "</summary>");
        using (writer.Kernel($"private static void Add{name}({Before}int samples, {Behind})"))
        {
            writer.Line($"if (samples > 1 && {wide}) AddWideRows{name}({Arguments});");
            writer.Line($"else if (samples > 1) {each} AddHalvesRows{name}({OfPanel});");
            writer.Line($"else if ({wide}) AddWide{name}({Arguments});");
            writer.Line($"else if ({Simd}X86.Avx2.IsSupported) AddHalves{name}({Arguments});");
            writer.Line($"else {each} AddQuarters{name}({OfPanel});");
        }

        Emit("Wide", new(panels, 512, 1));
        Emit("Halves", new(panels * 2, 256, 1));
        Emit("Quarters", new(4, 128, 1));
        Emit("WideRows", new(panels, 512, Rows));
        Emit("HalvesRows", new(2, 256, Rows));

        void Emit(string kind, Tile tile)
        {
            writer.Line();
            writer.Line(KernelNames.Optimize);
            using (writer.Kernel($"private static void Add{kind}{name}({Before}{Behind})")) EmitLoop(writer, tile, shift, places);
        }
    }

    /// <summary>Prints a loop over inputs.</summary>
    private static void EmitLoop(CodeWriter writer, Tile tile, int shift, int places)
    {
        string vector = $"{Simd}Vector{Literal.Integer(tile.Bits)}";
        int lanes = tile.Bits / 32;
        for (int sample = 0; sample < tile.Samples; sample++)
        {
            for (int r = 0; r < tile.Registers; r++)
                writer.Line($"{vector}<int> {Sum(sample, r)} = {vector}.LoadUnsafe(ref {Start(sample)}{At(r * lanes)});");
        }

        using (writer.Braces("for (int p = 0; p < inputs; p++)"))
        {
            for (int sample = 0; sample < tile.Samples; sample++)
            {
                string at = sample == 0 ? "p" : $"p + {Literal.Integer(sample * places)}",
                    weights = $"Runtime::Unsafe.Add(ref weights, {at})";
                writer.Line((sample > 0 ? "" : tile.Bits == 128 ? "int " : "var ") + "pair = "
                    + (tile.Bits == 128 ? weights : $"{vector}.AsInt16({vector}.Create({weights}))") + ";");
                writer.Line($"{(sample > 0 ? "" : "ref byte ")}row = ref Runtime::Unsafe.Add(ref rows, "
                    + $"Runtime::Unsafe.Add(ref places, {at}));");
                for (int r = 0; r < tile.Registers; r++) writer.Line($"{Sum(sample, r)} += {Term(r)};");
            }
        }

        for (int sample = 0; sample < tile.Samples; sample++)
        {
            for (int r = 0; r < tile.Registers; r++)
            {
                int at = (sample * WideCurveLayout.BlockPanels * WideCurveLayout.Lanes) + (r * lanes);
                writer.Line($"{vector}.StoreUnsafe({Sum(sample, r)}, ref sums{At(at)});");
            }
        }

        string Sum(int sample, int r) => (tile.Samples == 1 ? "s" : "abcd"[sample].ToString()) + Literal.Integer(r);

        string Start(int sample) => sample switch
        {
            0 => "start",
            1 => "At(ref start, step)",
            _ => $"At(ref start, {Literal.Integer(sample)} * step)",
        };

        string At(int at) => at == 0 ? "" : ", " + Literal.Integer(at);

        string Term(int r)
        {
            string row = $"{vector}.LoadUnsafe(ref row{At(r * tile.Bits / 8)})", term = tile.Bits == 128
                ? $"Products({vector}.AsInt32({row}), pair)"
                : $"{Simd}X86.{(tile.Bits == 512 ? "Avx512BW" : "Avx2")}.MultiplyAddAdjacent({vector}.AsInt16({row}), pair)";
            return shift == 0 ? term : $"{vector}.ShiftRightArithmetic({term}, {Literal.Integer(shift)})";
        }
    }

    /// <summary>What a loop keeps in registers.</summary>
    /// <param name="Registers">Vectors of sums of a sample.</param>
    /// <param name="Bits">Bits of a vector.</param>
    /// <param name="Samples">Samples.</param>
    private sealed record Tile(int Registers, int Bits, int Samples);
}
