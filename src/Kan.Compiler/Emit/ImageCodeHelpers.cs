namespace Kan.Compiler.Emit;

/// <summary>What kernels of networks over images in integers call.</summary>
internal static class ImageCodeHelpers
{
    /// <summary>The methods that add products and that round sums to codes, with the operations of the reference.</summary>
    public const string Text = """

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static ref int At(ref int start, int index) => ref Runtime::Unsafe.Add(ref start, index);

        private static bool HasNaN(global::System.ReadOnlySpan<float> inputs)
        {
            foreach (float input in inputs) if (float.IsNaN(input)) return true;
            return false;
        }

        /// <summary>Dot products of Arm64 are of signed numbers: codes are multiplied less 128, and biases have what that is too little.</summary>
        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static int Signed(int four) => Simd::Arm.Dp.IsSupported ? four ^ unchecked((int)0x8080_8080) : four;

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector512<int> AddProducts(Simd::Vector512<int> sums, Simd::Vector512<byte> codes,
            Simd::Vector512<sbyte> weights) => sums + Simd::X86.Avx512BW.MultiplyAddAdjacent(
                Simd::X86.Avx512BW.MultiplyAddAdjacent(codes, weights), Simd::Vector512<short>.One);

        /// <summary>Codes are taken apart into their lower seven bits and their highest one, so that two products fit 16 bits.</summary>
        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector512<int> AddSplit(Simd::Vector512<int> sums, Simd::Vector512<byte> codes,
            Simd::Vector512<sbyte> weights) => AddProducts(AddProducts(sums, codes & Simd::Vector512.Create((byte)0x7F), weights),
                codes & Simd::Vector512.Create((byte)0x80), weights);

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector256<int> AddProducts(Simd::Vector256<int> sums, Simd::Vector256<byte> codes,
            Simd::Vector256<sbyte> weights) => Simd::X86.AvxVnni.IsSupported
                ? Simd::X86.AvxVnni.MultiplyWideningAndAdd(sums, codes, weights)
                : sums + Simd::X86.Avx2.MultiplyAddAdjacent(Simd::X86.Avx2.MultiplyAddAdjacent(codes, weights), Simd::Vector256<short>.One);

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector256<int> AddSplit(Simd::Vector256<int> sums, Simd::Vector256<byte> codes,
            Simd::Vector256<sbyte> weights) => Simd::X86.AvxVnni.IsSupported
                ? Simd::X86.AvxVnni.MultiplyWideningAndAdd(sums, codes, weights)
                : AddProducts(AddProducts(sums, codes & Simd::Vector256.Create((byte)0x7F), weights),
                    codes & Simd::Vector256.Create((byte)0x80), weights);

        /// <summary>A product of a code and a weight fits 16 bits with its sign; a sum of two need not.</summary>
        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector128<int> AddProducts(Simd::Vector128<int> sums, Simd::Vector128<byte> codes, Simd::Vector128<sbyte> weights)
        {
            if (Simd::Arm.Dp.IsSupported) return Simd::Arm.Dp.DotProduct(sums, Simd::Vector128.AsSByte(codes), weights);
            var wide = Simd::Vector128.AsInt16(Simd::Vector128.WidenLower(codes));
            Simd::Vector128<int> low = AddPairs(wide * Simd::Vector128.WidenLower(weights)),
                high = AddPairs(wide * Simd::Vector128.WidenUpper(weights));
            if (Simd::Arm.AdvSimd.Arm64.IsSupported) return sums + Simd::Arm.AdvSimd.Arm64.AddPairwise(low, high);
            var mixed = Simd::Vector128.Shuffle(low, Simd::Vector128.Create(0, 2, 1, 3));
            var other = Simd::Vector128.Shuffle(high, Simd::Vector128.Create(0, 2, 1, 3));
            return sums + Simd::Vector128.Create(Simd::Vector128.GetLower(mixed), Simd::Vector128.GetLower(other))
                + Simd::Vector128.Create(Simd::Vector128.GetUpper(mixed), Simd::Vector128.GetUpper(other));
        }

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector128<int> AddSplit(Simd::Vector128<int> sums, Simd::Vector128<byte> codes, Simd::Vector128<sbyte> weights) =>
            AddProducts(sums, codes, weights);

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector128<int> AddPairs(Simd::Vector128<short> products)
        {
            var pairs = Simd::Vector128.AsInt32(products);
            return Simd::Vector128.ShiftRightArithmetic(Simd::Vector128.ShiftLeft(pairs, 16), 16)
                + Simd::Vector128.ShiftRightArithmetic(pairs, 16);
        }

        /// <summary>Adds the products of four channels of two taps, of which weights are pairs.</summary>
        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector128<int> AddTaps(Simd::Vector128<int> sums, Simd::Vector128<byte> first, Simd::Vector128<byte> second,
            Simd::Vector128<int> pairs, int four)
        {
            return sums + (Wide(first, four) * Simd::Vector128.ShiftRightArithmetic(Simd::Vector128.ShiftLeft(pairs, 16), 16))
                + (Wide(second, four) * Simd::Vector128.ShiftRightArithmetic(pairs, 16));
        }

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector128<int> Wide(Simd::Vector128<byte> codes, int four)
        {
            var half = four < 2 ? Simd::Vector128.WidenLower(codes) : Simd::Vector128.WidenUpper(codes);
            return Simd::Vector128.AsInt32((four & 1) == 0 ? Simd::Vector128.WidenLower(half) : Simd::Vector128.WidenUpper(half));
        }

        /// <summary>The code of a number of steps: a number of at most 2^22 that is added to 1.5 * 2^23 is rounded, ties to even.</summary>
        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector512<int> Rounded(Simd::Vector512<int> sums, ref float multipliers, int zero, int lowest) =>
            Simd::Vector512.AsInt32(Simd::X86.Avx512F.Min(Simd::X86.Avx512F.Max(Simd::Vector512.ConvertToSingle(sums)
                * Simd::Vector512.LoadUnsafe(ref multipliers), Simd::Vector512.Create((float)(lowest - zero))),
                Simd::Vector512.Create((float)(255 - zero))) + Simd::Vector512.Create(12582912f))
                + Simd::Vector512.Create(zero - 0x4B40_0000);

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector256<int> Rounded(Simd::Vector256<int> sums, ref float multipliers, int zero, int lowest) =>
            Simd::Vector256.AsInt32(Simd::X86.Avx.Min(Simd::X86.Avx.Max(Simd::Vector256.ConvertToSingle(sums)
                * Simd::Vector256.LoadUnsafe(ref multipliers), Simd::Vector256.Create((float)(lowest - zero))),
                Simd::Vector256.Create((float)(255 - zero))) + Simd::Vector256.Create(12582912f))
                + Simd::Vector256.Create(zero - 0x4B40_0000);

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static Simd::Vector128<int> Rounded(Simd::Vector128<int> sums, ref float multipliers, int zero, int lowest) =>
            Simd::Vector128.AsInt32(Simd::Vector128.Min(Simd::Vector128.Max(Simd::Vector128.ConvertToSingle(sums)
                * Simd::Vector128.LoadUnsafe(ref multipliers), Simd::Vector128.Create((float)(lowest - zero))),
                Simd::Vector128.Create((float)(255 - zero))) + Simd::Vector128.Create(12582912f))
                + Simd::Vector128.Create(zero - 0x4B40_0000);

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static void StoreCodes(Simd::Vector512<int> sums, ref float multipliers, int zero, int lowest, ref byte codes) =>
            Simd::Vector128.StoreUnsafe(Simd::X86.Avx512F.ConvertToVector128Byte(Rounded(sums, ref multipliers, zero, lowest)), ref codes);

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static void StoreCodes(Simd::Vector256<int> a, Simd::Vector256<int> b, ref float multipliers, int zero, int lowest,
            ref byte codes)
        {
            var words = Simd::X86.Avx2.PackSignedSaturate(Rounded(a, ref multipliers, zero, lowest),
                Rounded(b, ref Runtime::Unsafe.Add(ref multipliers, 8), zero, lowest));
            var bytes = Simd::X86.Sse2.PackUnsignedSaturate(Simd::Vector256.GetLower(words), Simd::Vector256.GetUpper(words));
            Simd::Vector128.StoreUnsafe(Simd::Vector128.AsByte(Simd::Vector128.Shuffle(Simd::Vector128.AsInt32(bytes),
                Simd::Vector128.Create(0, 2, 1, 3))), ref codes);
        }

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static void StoreCodes(Simd::Vector256<int> sums, ref float multipliers, int zero, int lowest, ref byte codes)
        {
            var rounded = Rounded(sums, ref multipliers, zero, lowest);
            var words = Simd::X86.Sse2.PackSignedSaturate(Simd::Vector256.GetLower(rounded), Simd::Vector256.GetUpper(rounded));
            Runtime::Unsafe.WriteUnaligned(ref codes, Simd::Vector128.ToScalar(Simd::Vector128.AsInt64(
                Simd::X86.Sse2.PackUnsignedSaturate(words, words))));
        }

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static void StoreCodes(Simd::Vector128<int> a, Simd::Vector128<int> b, Simd::Vector128<int> c, Simd::Vector128<int> d,
            ref float multipliers, int zero, int lowest, ref byte codes)
        {
            var low = Simd::Vector128.Narrow(Rounded(a, ref multipliers, zero, lowest),
                Rounded(b, ref Runtime::Unsafe.Add(ref multipliers, 4), zero, lowest));
            var high = Simd::Vector128.Narrow(Rounded(c, ref Runtime::Unsafe.Add(ref multipliers, 8), zero, lowest),
                Rounded(d, ref Runtime::Unsafe.Add(ref multipliers, 12), zero, lowest));
            Simd::Vector128.StoreUnsafe(Simd::Vector128.AsByte(Simd::Vector128.Narrow(low, high)), ref codes);
        }

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static void StoreCodes(Simd::Vector128<int> a, Simd::Vector128<int> b, ref float multipliers, int zero, int lowest,
            ref byte codes)
        {
            var words = Simd::Vector128.Narrow(Rounded(a, ref multipliers, zero, lowest),
                Rounded(b, ref Runtime::Unsafe.Add(ref multipliers, 4), zero, lowest));
            Runtime::Unsafe.WriteUnaligned(ref codes, Simd::Vector128.ToScalar(Simd::Vector128.AsInt64(
                Simd::Vector128.Narrow(words, words))));
        }

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static void StoreNumbers(Simd::Vector512<int> sums, ref float units, ref byte numbers) => Simd::Vector512.StoreUnsafe(
            Simd::Vector512.ConvertToSingle(sums) * Simd::Vector512.LoadUnsafe(ref units), ref Runtime::Unsafe.As<byte, float>(ref numbers));

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static void StoreNumbers(Simd::Vector256<int> sums, ref float units, ref byte numbers) => Simd::Vector256.StoreUnsafe(
            Simd::Vector256.ConvertToSingle(sums) * Simd::Vector256.LoadUnsafe(ref units), ref Runtime::Unsafe.As<byte, float>(ref numbers));

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static void StoreNumbers(Simd::Vector256<int> a, Simd::Vector256<int> b, ref float units, ref byte numbers)
        {
            StoreNumbers(a, ref units, ref numbers);
            StoreNumbers(b, ref Runtime::Unsafe.Add(ref units, 8), ref Runtime::Unsafe.Add(ref numbers, 32));
        }

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static void StoreNumbers(Simd::Vector128<int> a, Simd::Vector128<int> b, ref float units, ref byte numbers)
        {
            Simd::Vector128.StoreUnsafe(Simd::Vector128.ConvertToSingle(a) * Simd::Vector128.LoadUnsafe(ref units),
                ref Runtime::Unsafe.As<byte, float>(ref numbers));
            Simd::Vector128.StoreUnsafe(Simd::Vector128.ConvertToSingle(b) * Simd::Vector128.LoadUnsafe(ref units, 4),
                ref Runtime::Unsafe.As<byte, float>(ref numbers), 4);
        }

        [Runtime::MethodImpl(Runtime::MethodImplOptions.AggressiveInlining)]
        private static void StoreNumbers(Simd::Vector128<int> a, Simd::Vector128<int> b, Simd::Vector128<int> c, Simd::Vector128<int> d,
            ref float units, ref byte numbers)
        {
            StoreNumbers(a, b, ref units, ref numbers);
            StoreNumbers(c, d, ref Runtime::Unsafe.Add(ref units, 8), ref Runtime::Unsafe.Add(ref numbers, 32));
        }
        """;
}
