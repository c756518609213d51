using System;
using System.Linq;

namespace Kan.Compiler.Emit;

/// <summary>The kernels of decisions of curves, the same for all networks.</summary>
internal static class CurveDecisionKernels
{
    private const string Numerics = "global::System.Numerics.Vector", Floats = Numerics + "<float>", Integers = Numerics + "<int>",
        Bytes = Numerics + "<byte>";

    /// <summary>Makes codes of inputs that share what codes stand for.</summary>
    public static readonly string EncodeShared = EncodeOf(
        "float scale = Runtime::Unsafe.As<int, float>(ref table), zero = At(ref table, 16);",
        $"{Floats} scales = new(scale), inverse = new(1 / scale), zeros = new(zero);",
        static at => $"Load(ref x, {at}), inverse, scales, zeros");

    /// <summary>Makes codes of inputs whose codes stand for different numbers.</summary>
    public static readonly string Encode = EncodeOf("""
        ref float scale0 = ref Runtime::Unsafe.As<int, float>(ref table);
        ref int zero0 = ref At(ref table, (inputs + 15) & ~15);
        """, "",
        static at => $"Load(ref x, {at}), {Floats}.One / Load(ref scale0, {at}), Load(ref scale0, {at}), "
            + $"{Numerics}.ConvertToSingle({Numerics}.LoadUnsafe(ref zero0, (nuint)({at})))",
        "float scale = At(ref scale0, i), zero = At(ref zero0, i);");

    /// <summary>What looks at the ranges of inputs, which they share or have each.</summary>
    /// <param name="lists">Numbers of each list of what is known of inputs; 1 if they share all.</param>
    public static string Within(int lists)
    {
        bool isShared = lists == 1;
        int padded = (lists + 15) & ~15;
        string low = isShared ? $"new {Floats}(low)" : "Load(ref low, i)", high = isShared ? $"new {Floats}(high)" : "Load(ref high, i)",
            place = isShared ? "0" : "i";
        return $$"""

            /// <summary>Whether all inputs lie in their ranges, for which what floats are off is bounded; false if one is NaN.</summary>
            {{KernelNames.Optimize}}
            private static bool AreWithin(ref float x, ref int table, int inputs)
            {
                ref float low = ref Runtime::Unsafe.As<int, float>(ref At(ref table, {{Literal.Integer(2 * padded)}})),
                    high = ref Runtime::Unsafe.As<int, float>(ref At(ref table, {{Literal.Integer(3 * padded)}}));
                int i = 0;
                for (; i <= inputs - {{Floats}}.Count; i += {{Floats}}.Count)
                {
                    var own = Load(ref x, i);
                    if (!({{Numerics}}.GreaterThanOrEqualAll(own, {{low}}) && {{Numerics}}.LessThanOrEqualAll(own, {{high}}))) return false;
                }

                for (; i < inputs; i++)
                    if (!(At(ref x, i) >= At(ref low, {{place}}) && At(ref x, i) <= At(ref high, {{place}}))) return false;
                return true;
            }
            """;
    }

    /// <summary>The sum of what codes add to the square of a length.</summary>
    public static readonly string Squares = $$"""

        /// <summary>The sum of what codes add to the square of the length of what the first layer's sums are off.</summary>
        {{KernelNames.Optimize}}
        private static float Squares(ref byte codes, ref float squares, int inputs)
        {
            unchecked
            {
                float a = 0, b = 0, c = 0, d = 0;
                int i = 0;
                for (; i + 4 <= inputs; i += 4)
                {
                    a += At(ref squares, At(ref codes, i));
                    b += At(ref squares, At(ref codes, i + 1));
                    c += At(ref squares, At(ref codes, i + 2));
                    d += At(ref squares, At(ref codes, i + 3));
                }

                for (; i < inputs; i++) a += At(ref squares, At(ref codes, i));
                return a + b + c + d;
            }
        }
        """;

    /// <summary>
    /// What does not depend on the network. The memory of a layer has three numbers for each node: its sum, and the first and the last
    /// segment of the functions behind it that the exact sum may be in.
    /// </summary>
    public static readonly string Text = $$"""

        /// <summary>The numbers of the first layer's sums, less what is known that they are off.</summary>
        /// <returns>The length of that vector.</returns>
        {{KernelNames.Optimize}}
        private static float Enter(ref int sums, ref float units, ref float z, int width)
        {
            {{Floats}} squares = default;
            for (int q = 0; q < width; q += {{Floats}}.Count)
            {
                var number = ({{Numerics}}.ConvertToSingle({{Numerics}}.LoadUnsafe(ref sums, (nuint)q)) * Load(ref units, q))
                    + Load(ref units, width + q);
                squares += number * number;
                Store(number, ref z, q);
            }

            return global::System.MathF.Sqrt({{Numerics}}.Sum(squares)) * Slack;
        }

        /// <summary>The numbers of a later layer's sums, by the line of the segment that each number before it is in.</summary>
        /// <returns>The length of that vector, of no meaning behind the last layer.</returns>
        {{KernelNames.Optimize}}
        private static float GoOn(ref float before, ref float bends, ref float z, int inputs, int widthBefore, int count, int width)
        {
            unchecked
            {
                ref int segments = ref Runtime::Unsafe.As<float, int>(ref At(ref before, widthBefore));
                for (int p = 0; p < widthBefore; p += {{Floats}}.Count)
                {
                    var found = Segments(Load(ref before, p), ref At(ref bends, p), count, widthBefore);
                    {{Numerics}}.StoreUnsafe(found, ref segments, (nuint)p);
                }

                ref float rows = ref At(ref bends, count * widthBefore), biases = ref At(ref rows, inputs * (count + 1) * 2 * width);
                {{Floats}} squares = default;
                for (int q = 0; q < width; q += {{Floats}}.Count)
                {
                    {{Floats}} products = default, sums = Load(ref biases, q);
                    ref float row = ref At(ref rows, q);
                    for (int p = 0; p < inputs; p++)
                    {
                        ref float own = ref At(ref row, At(ref segments, p) * 2 * width);
                        products = {{Numerics}}.MultiplyAddEstimate(new {{Floats}}(At(ref before, p)), Load(ref own, 0), products);
                        sums += Load(ref own, width);
                        row = ref At(ref row, (count + 1) * 2 * width);
                    }

                    sums += products;
                    squares += sums * sums;
                    Store(sums, ref z, q);
                }

                return global::System.MathF.Sqrt({{Numerics}}.Sum(squares)) * Slack;
            }
        }

        /// <summary>
        /// Whether all outputs but the largest are further below it than they are off, and an error of the vector before them can change
        /// with the steepest slopes of all.
        /// </summary>
        {{KernelNames.Inline}}
        private static bool AreFarBelow(ref float z, ref float differences, int width, float error, float off, float best, int largest)
        {
            ref float steepest = ref At(ref differences, largest * width);
            {{Floats}} ahead = new(best - off), length = new(error);
            for (int q = 0; q < width; q += {{Floats}}.Count)
                if (!{{Numerics}}.GreaterThanAll(ahead - Load(ref z, q), length * Load(ref steepest, q))) return false;
            return true;
        }

        /// <summary>The same with the steepest slopes of the segments that the vector can reach.</summary>
        {{KernelNames.Optimize}}
        private static bool Compare(ref float before, ref float bends, ref float z, int inputs, int widthBefore, int count, int width,
            float error, float off, float best, int largest)
        {
            unchecked
            {
                ref int first = ref Runtime::Unsafe.As<float, int>(ref At(ref before, widthBefore)), last = ref At(ref first, widthBefore);
                for (int p = 0; p < widthBefore; p += {{Floats}}.Count)
                {
                    // Breakpoints are rounded, and so are the ends.
                    var x = Load(ref before, p);
                    var reach = new {{Floats}}(error + 1e-30f) + ({{Numerics}}.Abs(x) * 1e-6f);
                    {{Numerics}}.StoreUnsafe(Segments(x - reach, ref At(ref bends, p), count, widthBefore), ref first, (nuint)p);
                    {{Numerics}}.StoreUnsafe(Segments(x + reach, ref At(ref bends, p), count, widthBefore), ref last, (nuint)p);
                }

                ref float rows = ref At(ref bends, count * widthBefore);
                {{Floats}} ahead = new(best - off), length = new(error);
                for (int q = 0; q < width; q += {{Floats}}.Count)
                {
                    {{Floats}} squares = default;
                    ref float row = ref rows;
                    for (int p = 0; p < inputs; p++)
                    {
                        {{Floats}} steepest = default;
                        for (int segment = At(ref first, p); segment <= At(ref last, p); segment++)
                        {
                            ref float own = ref At(ref row, segment * 2 * width);
                            var slope = {{Numerics}}.Abs(new {{Floats}}(At(ref own, largest)) - Load(ref own, q));
                            steepest = {{Numerics}}.Max(steepest, slope);
                        }

                        squares += steepest * steepest;
                        row = ref At(ref row, (count + 1) * 2 * width);
                    }

                    if (!{{Numerics}}.GreaterThanAll(ahead - Load(ref z, q), length * {{Numerics}}.SquareRoot(squares))) return false;
                }

                return true;
            }
        }

        /// <summary>How many of its breakpoints each number is not below.</summary>
        {{KernelNames.Inline}}
        private static {{Integers}} Segments({{Floats}} x, ref float bends, int count, int step)
        {
            {{Integers}} found = default;
            for (int i = 0; i < count; i++) found -= {{Numerics}}.GreaterThanOrEqual(x, Load(ref bends, i * step));
            return found;
        }

        {{KernelNames.Inline}}
        private static {{Floats}} Load(ref float numbers, int at) => {{Numerics}}.LoadUnsafe(ref numbers, (nuint)at);

        {{KernelNames.Inline}}
        private static void Store({{Floats}} values, ref float numbers, int at) => {{Numerics}}.StoreUnsafe(values, ref numbers, (nuint)at);

        {{KernelNames.Inline}}
        private static ref T At<T>(ref T start, int offset) => ref Runtime::Unsafe.Add(ref start, offset);
        """;

    /// <summary>
    /// Codes need not be those of <c>Evaluate</c>: whatever a code is, what the input is off its number is measured.
    /// </summary>
    private static string EncodeOf(string start, string vectors, Func<string, string> arguments, string ofOne = "")
    {
        string[] parts = [.. Enumerable.Range(0, 4).Select(part =>
        {
            string at = part == 0 ? "at" : $"at + ({Literal.Integer(part)} * size)";
            return $"Code({arguments(at)}, {at}, done, ref squares, ref zeroCodes)";
        })];
        return $$"""

            /// <summary>Makes codes of inputs, and counts those that are not the code of 0.</summary>
            /// <returns>The length of what the inputs are off the numbers of their codes.</returns>
            {{KernelNames.Optimize}}
            private static float Encode(ref float x, ref byte codes, ref int table, int inputs, out int others)
            {
                unchecked
                {
            {{Indented(start, 8)}}
                    int done = 0, size = {{Floats}}.Count, width = 4 * size;
                    {{Floats}} squares = default;
                    {{Integers}} zeroCodes = default;
            {{Indented(vectors, 8)}}
                    while (done < inputs && inputs >= width)
                    {
                        // The last block overlaps the one before it, of which it counts nothing again.
                        int at = global::System.Math.Min(done, inputs - width);
                        var a = {{parts[0]}};
                        var b = {{parts[1]}};
                        var c = {{parts[2]}};
                        var d = {{parts[3]}};
                        var bytes = {{Numerics}}.Narrow({{Numerics}}.Narrow(a, b), {{Numerics}}.Narrow(c, d));
                        {{Numerics}}.StoreUnsafe({{Numerics}}.AsVectorByte(bytes), ref codes, (nuint)at);
                        done = at + width;
                    }

                    others = inputs + {{Numerics}}.Sum(zeroCodes);
                    float sum = {{Numerics}}.Sum(squares);
                    for (int i = done; i < inputs; i++)
                    {
            {{Indented(ofOne, 12)}}
                        float code = global::System.Math.Min(global::System.Math.Max(At(ref x, i) * (1 / scale), -zero), 255 - zero);
                        float rounded = global::System.MathF.Round(code), off = At(ref x, i) - (scale * rounded);
                        sum += off * off;
                        if (rounded == 0) others--;
                        At(ref codes, i) = (byte)(int)(rounded + zero);
                    }

                    return global::System.MathF.Sqrt(sum);
                }
            }

            /// <summary>
            /// The codes of some inputs. They need not be those of <c>Evaluate</c>: what an input is off its code is measured.
            /// </summary>
            {{KernelNames.Inline}}
            private static {{Integers}} Code({{Floats}} x, {{Floats}} inverse, {{Floats}} scale, {{Floats}} zero, int at, int done,
                ref {{Floats}} squares, ref {{Integers}} zeroCodes)
            {
                // 1.5 * 2^23: a sum with it is rounded to an integer, which stands in its lowest bits.
                {{Floats}} magic = new(12582912f), most = new {{Floats}}(255) - zero,
                    code = {{Numerics}}.MinNative({{Numerics}}.MaxNative(x * inverse, -zero), most);
                {{Floats}} rounded = code + magic, steps = rounded - magic, off = x - (scale * steps);
                var isNew = {{Numerics}}.GreaterThanOrEqual({{Integers}}.Indices, new {{Integers}}(done - at));
                squares += {{Numerics}}.ConditionalSelect({{Numerics}}.AsVectorSingle(isNew), off * off, {{Floats}}.Zero);
                zeroCodes += {{Numerics}}.AsVectorInt32({{Numerics}}.Equals(steps, {{Floats}}.Zero)) & isNew;
                return {{Numerics}}.AsVectorInt32(rounded + zero);
            }
            """;
    }

    private static string Indented(string text, int spaces) =>
        text.Length == 0 ? "" : new string(' ', spaces) + text.Replace("\r", "").Replace("\n", "\n" + new string(' ', spaces));
}
