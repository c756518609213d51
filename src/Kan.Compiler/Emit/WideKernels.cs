using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>Prints the sums of products of codes of 16 bits, for vectors of 512, 256 and 128 bits, and what rounds to codes.</summary>
internal static class WideKernels
{
    /// <summary>Samples that share the weights that are read.</summary>
    public const int Rows = 4;

    private const string Simd = "Simd::";

    /// <summary>The methods that make codes of inputs and of sums, with the operations of the reference.</summary>
    public const string Codes = """

        /// <summary>The codes of inputs; false if one is NaN, whose code is of no meaning.</summary>
        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveOptimization)]
        private static bool Quantize(global::System.ReadOnlySpan<float> inputs, ref int ranges, int count, global::System.Span<short> codes)
        {
            int width = global::System.Numerics.Vector<float>.Count, i = 0;
            ref float scales = ref Runtime::Unsafe.As<int, float>(ref ranges);
            ref int zeros = ref At(ref ranges, (count + 15) / 16 * 16);
            ref float x = ref Interop::MemoryMarshal.GetReference(inputs);
            bool isShared = count == 1, isKnown = true;
            var known = global::System.Numerics.Vector<int>.AllBitsSet;
            for (; i <= inputs.Length - (2 * width); i += 2 * width)
            {
                int second = i + width;
                global::System.Numerics.Vector<float> a = global::System.Numerics.Vector.LoadUnsafe(ref x, (nuint)i),
                    b = global::System.Numerics.Vector.LoadUnsafe(ref x, (nuint)second);
                known &= global::System.Numerics.Vector.Equals(a, a) & global::System.Numerics.Vector.Equals(b, b);
                global::System.Numerics.Vector.StoreUnsafe(global::System.Numerics.Vector.Narrow(
                    isShared ? Codes(a / new global::System.Numerics.Vector<float>(scales), new(zeros), new(0f))
                        : Codes(a / global::System.Numerics.Vector.LoadUnsafe(ref scales, (nuint)i),
                            global::System.Numerics.Vector.LoadUnsafe(ref zeros, (nuint)i), new(0f)),
                    isShared ? Codes(b / new global::System.Numerics.Vector<float>(scales), new(zeros), new(0f))
                        : Codes(b / global::System.Numerics.Vector.LoadUnsafe(ref scales, (nuint)second),
                            global::System.Numerics.Vector.LoadUnsafe(ref zeros, (nuint)second), new(0f))),
                    ref Interop::MemoryMarshal.GetReference(codes), (nuint)i);
            }

            for (; i < inputs.Length; i++)
            {
                int range = isShared ? 0 : i;
                isKnown &= !float.IsNaN(inputs[i]);
                codes[i] = Code(inputs[i] / Runtime::Unsafe.Add(ref scales, range), At(ref zeros, range), 0);
            }

            return isKnown && global::System.Numerics.Vector.EqualsAll(known, global::System.Numerics.Vector<int>.AllBitsSet);
        }

        /// <summary>The codes of sums, which come in whole panels.</summary>
        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveOptimization)]
        private static void Requantize(global::System.ReadOnlySpan<int> sums, ref float multipliers, int zero, int lowest,
            global::System.Span<short> codes)
        {
            int width = global::System.Numerics.Vector<int>.Count, i = 0;
            ref int s = ref Interop::MemoryMarshal.GetReference(sums);
            global::System.Numerics.Vector<int> zeros = new(zero);
            global::System.Numerics.Vector<float> least = new(lowest);
            for (; i <= sums.Length - (2 * width); i += 2 * width)
            {
                nuint second = (nuint)(i + width);
                global::System.Numerics.Vector.StoreUnsafe(global::System.Numerics.Vector.Narrow(
                    Codes(global::System.Numerics.Vector.ConvertToSingle(global::System.Numerics.Vector.LoadUnsafe(ref s, (nuint)i))
                        * global::System.Numerics.Vector.LoadUnsafe(ref multipliers, (nuint)i), zeros, least),
                    Codes(global::System.Numerics.Vector.ConvertToSingle(global::System.Numerics.Vector.LoadUnsafe(ref s, second))
                        * global::System.Numerics.Vector.LoadUnsafe(ref multipliers, second), zeros, least)),
                    ref Interop::MemoryMarshal.GetReference(codes), (nuint)i);
            }

            for (; i < sums.Length; i++) codes[i] = Code(sums[i] * Runtime::Unsafe.Add(ref multipliers, i), zero, lowest);
        }

        /// <summary>A number of at most 2^22 that is added to 1.5 * 2^23 is rounded to an integer, ties to even.</summary>
        private static short Code(float steps, int zero, int lowest)
        {
            float clamped = global::System.Math.Min(global::System.Math.Max(steps, lowest - zero), 65535 - zero);
            return unchecked((short)(global::System.BitConverter.SingleToInt32Bits(clamped + 12582912f) - 0x4B40_8000 + zero));
        }

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static global::System.Numerics.Vector<int> Codes(global::System.Numerics.Vector<float> steps,
            global::System.Numerics.Vector<int> zeros, global::System.Numerics.Vector<float> lowest)
        {
            var zero = global::System.Numerics.Vector.ConvertToSingle(zeros);
            var clamped = global::System.Numerics.Vector.Min(global::System.Numerics.Vector.Max(steps, lowest - zero),
                new global::System.Numerics.Vector<float>(65535f) - zero);
            return global::System.Numerics.Vector.AsVectorInt32(clamped + new global::System.Numerics.Vector<float>(12582912f))
                + (zeros - new global::System.Numerics.Vector<int>(0x4B40_8000));
        }

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static ref int At(ref int start, int index) => ref Runtime::Unsafe.Add(ref start, index);
        """;

    /// <summary>The method that adds the products of four outputs.</summary>
    public const string Products = """

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector128<int> AddProducts(Simd::Vector128<int> sums, ref byte four, int pair)
        {
            var weights = Simd::Vector128.WidenLower(Simd::Vector128.AsSByte(Simd::Vector128.AsByte(
                Simd::Vector128.CreateScalarUnsafe(Runtime::Unsafe.ReadUnaligned<long>(ref four)))));
            if (Simd::X86.Sse2.IsSupported)
                return sums + Simd::X86.Sse2.MultiplyAddAdjacent(weights, Simd::Vector128.AsInt16(Simd::Vector128.Create(pair)));
            Simd::Vector128<int> pairs = Simd::Vector128.AsInt32(weights),
                first = Simd::Vector128.ShiftRightArithmetic(Simd::Vector128.ShiftLeft(pairs, 16), 16),
                second = Simd::Vector128.ShiftRightArithmetic(pairs, 16);
            return sums + (first * Simd::Vector128.Create((int)unchecked((short)pair))) + (second * Simd::Vector128.Create(pair >> 16));
        }
        """;

    /// <summary>Prints the sums of some panels on each kind of machine.</summary>
    /// <param name="writer">What is printed to.</param>
    /// <param name="panels">The panels, 1 to 4.</param>
    /// <param name="width">Codes from one sample to the next.</param>
    public static void EmitSums(CodeWriter writer, int panels, string width)
    {
        string count = Literal.Integer(panels);
        const string Before = "ref short codes, ", Behind = "ref byte weights, nint pairs, ref int biases, ref int sums",
            Arguments = "ref codes, ref weights, pairs, ref biases, ref sums",
            OfPanel = "ref codes, ref Runtime::Unsafe.Add(ref weights, panel * 32), pairs, ref At(ref biases, panel * 16), "
                + "ref At(ref sums, panel * 16)";
        string wide = $"{Simd}X86.Avx512BW.IsSupported && {Simd}Vector512.IsHardwareAccelerated", rows = Literal.Integer(Rows),
            each = $"for (int panel = 0; panel < {count}; panel++)";
        writer.Line($"\n/// <summary>The sums of {Literal.Count(panels, "panel")}, of one sample or of {rows}.</summary>");
        using (writer.Kernel($"private static void Add{count}({Before}int rows, {Behind})"))
        {
            writer.Line($"if (rows > 1 && {wide}) AddWideRows{count}({Arguments});");
            writer.Line($"else if (rows > 1) {each} AddHalvesRows{count}({OfPanel});");
            writer.Line($"else if ({wide}) AddWide{count}({Arguments});");
            writer.Line($"else if ({Simd}X86.Avx2.IsSupported) AddHalves{count}({Arguments});");
            writer.Line($"else {each} AddQuarters{count}({OfPanel});");
        }

        string stride = Literal.Integer(panels * 32);
        EmitLoop(writer, $"AddWide{count}({Before}{Behind})", new(panels, 512), stride);
        EmitLoop(writer, $"AddHalves{count}({Before}{Behind})", new(panels * 2, 256), stride);
        EmitLoop(writer, $"AddQuarters{count}({Before}{Behind})", new(4, 128), stride);
        EmitLoop(writer, $"AddWideRows{count}({Before}{Behind})", new(panels, 512, width), stride);
        EmitLoop(writer, $"AddHalvesRows{count}({Before}{Behind})", new(2, 256, width), stride);
    }

    /// <summary>Prints a loop over pairs of codes.</summary>
    private static void EmitLoop(CodeWriter writer, string header, Tile tile, string stride)
    {
        string vector = $"{Simd}Vector{Literal.Integer(tile.Bits)}";
        int lanes = tile.Bits / 32, rows = tile.Width is null ? 1 : Rows;
        writer.Line();
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel("private static void " + header))
        {
            for (int r = 0; r < tile.Registers; r++)
            {
                writer.Line($"{vector}<int> {Sum(0, r)} = {vector}.LoadUnsafe(ref biases, {Literal.Integer(r * lanes)})"
                    + string.Concat(Enumerable.Range(1, rows - 1).Select(row => $", {Sum(row, r)} = {Sum(0, r)}")) + ";");
            }

            using (writer.Braces("for (nint p = 0; p < pairs; p++)"))
            {
                for (int r = 0; rows > 1 && r < tile.Registers; r++) writer.Line($"var w{Literal.Integer(r)} = {Weights(r)};");
                for (int row = 0; row < rows; row++)
                {
                    string at = row == 0 ? "2 * p" : $"(2 * p) + ({Literal.Integer(row)} * {tile.Width})",
                        pair = $"Runtime::Unsafe.As<short, int>(ref Runtime::Unsafe.Add(ref codes, {at}))";
                    writer.Line((row > 0 ? "" : tile.Bits == 128 ? "int " : "var ") + "pair = "
                        + (tile.Bits == 128 ? pair : $"{vector}.AsInt16({vector}.Create({pair}))") + ";");
                    for (int r = 0; r < tile.Registers; r++) writer.Line(Term(row, r));
                }

                writer.Line($"weights = ref Runtime::Unsafe.Add(ref weights, {stride});");
            }

            for (int row = 0; row < rows; row++)
            {
                for (int r = 0; r < tile.Registers; r++)
                {
                    int at = (row * WideLayout.BlockPanels * WideLayout.Lanes) + (r * lanes);
                    writer.Line($"{vector}.StoreUnsafe({Sum(row, r)}, ref sums, {Literal.Integer(at)});");
                }
            }
        }

        string Sum(int row, int r) => (rows == 1 ? "s" : "abcd"[row].ToString()) + Literal.Integer(r);

        string Term(int row, int r)
        {
            string sum = Sum(row, r), weights = rows == 1 ? Weights(r) : "w" + Literal.Integer(r);
            return tile.Bits == 128
                ? $"{sum} = AddProducts({sum}, ref Runtime::Unsafe.Add(ref weights, {Literal.Integer(r * 8)}), pair);"
                : $"{sum} += {Simd}X86.{(tile.Bits == 512 ? "Avx512BW" : "Avx2")}.MultiplyAddAdjacent({weights}, pair);";
        }

        string Weights(int r)
        {
            string half = $"{Simd}Vector{Literal.Integer(tile.Bits / 2)}";
            return $"{Simd}X86.{(tile.Bits == 512 ? "Avx512BW.ConvertToVector512Int16" : "Avx2.ConvertToVector256Int16")}("
                + $"{half}.AsSByte({half}.LoadUnsafe(ref weights, {Literal.Integer(r * tile.Bits / 16)})))";
        }
    }

    /// <summary>What a loop keeps in registers.</summary>
    /// <param name="Registers">Vectors of sums of a sample.</param>
    /// <param name="Bits">Bits of a vector.</param>
    /// <param name="Width">Codes from one sample to the next; null for one sample.</param>
    private sealed record Tile(int Registers, int Bits, string? Width = null);
}
