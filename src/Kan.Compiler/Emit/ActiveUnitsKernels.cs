namespace Kan.Compiler.Emit;

/// <summary>The kernels of active units, the same for all networks.</summary>
internal static class ActiveUnitsKernels
{
    private const string Numerics = "global::System.Numerics.Vector", Floats = Numerics + "<float>", Integers = Numerics + "<int>";

    /// <summary>
    /// What does not depend on the network. The memory of a layer has five numbers for each node: its sum, which becomes what ReLU makes of
    /// it; what ReLU passes, 0, 1/2 or 1; half of what the sum is off where that is 1/2; a factor; a place in the list of those that pass
    /// something.
    /// </summary>
    public static readonly string Text = $$"""

        /// <summary>The numbers of the first layer's sums.</summary>
        private static void Enter(ref int sums, ref float units, ref float z, int width)
        {
            for (int q = 0; q < width; q += {{Floats}}.Count)
                Store({{Numerics}}.ConvertToSingle({{Numerics}}.LoadUnsafe(ref sums, (nuint)q)) * Load(ref units, q), ref z, q);
        }

        /// <summary>The numbers of a later layer's sums.</summary>
        {{KernelNames.Optimize}}
        private static void GoOn(ref float before, int count, ref int first, ref int second, ref float units, ref float z, int groups,
            int widthBefore, int width)
        {
            unchecked
            {
                ref int list = ref Runtime::Unsafe.As<float, int>(ref At(ref before, 4 * widthBefore));
                int q = 0, size = {{Floats}}.Count;
                for (; q + (4 * size) <= width; q += 4 * size)
                {
                    int lanes = Lanes(q, width), place = Place(q, groups);
                    {{Floats}} a = default, b = default, c = default, d = default;
                    for (int i = 0; i < count; i++)
                    {
                        int p = At(ref list, i), at = place + ((p >> 2) * lanes), shift = 24 - (8 * (p & 3));
                        {{Floats}} x = new(At(ref before, p));
                        ref int high = ref At(ref first, at), low = ref At(ref second, at);
                        a = Add(a, x, Weight(ref high, ref low, shift));
                        b = Add(b, x, Weight(ref At(ref high, size), ref At(ref low, size), shift));
                        c = Add(c, x, Weight(ref At(ref high, 2 * size), ref At(ref low, 2 * size), shift));
                        d = Add(d, x, Weight(ref At(ref high, 3 * size), ref At(ref low, 3 * size), shift));
                    }

                    Store(Add(Load(ref units, width + q), a, Load(ref units, q)), ref z, q);
                    Store(Add(Load(ref units, width + q + size), b, Load(ref units, q + size)), ref z, q + size);
                    Store(Add(Load(ref units, width + q + (2 * size)), c, Load(ref units, q + (2 * size))), ref z, q + (2 * size));
                    Store(Add(Load(ref units, width + q + (3 * size)), d, Load(ref units, q + (3 * size))), ref z, q + (3 * size));
                }

                for (; q < width; q += size)
                {
                    int lanes = Lanes(q, width), place = Place(q, groups);
                    {{Floats}} a = default;
                    for (int i = 0; i < count; i++)
                    {
                        int p = At(ref list, i), at = place + ((p >> 2) * lanes), shift = 24 - (8 * (p & 3));
                        a = Add(a, new(At(ref before, p)), Weight(ref At(ref first, at), ref At(ref second, at), shift));
                    }

                    Store(Add(Load(ref units, width + q), a, Load(ref units, q)), ref z, q);
                }
            }
        }

        /// <summary>Divides the nodes of a layer into those that pass errors, those that do not, and those in doubt.</summary>
        /// <returns>The length of what ReLU makes of its sums.</returns>
        {{KernelNames.Optimize}}
        private static float Divide(ref float z, ref float lengths, float factor, ref float others, float other, float own, int width)
        {
            {{Floats}} squares = default, half = new(0.5f);
            for (int q = 0; q < width; q += {{Floats}}.Count)
            {
                var sum = Load(ref z, q);
                var off = (new {{Floats}}(own) + (Load(ref lengths, q) * factor) + (Load(ref others, q) * other)
                    + ({{Numerics}}.Abs(sum) * Rounding)) * Slack;
                var passes = {{Numerics}}.ConditionalSelect({{Numerics}}.GreaterThan(sum, off), {{Floats}}.One,
                    {{Numerics}}.ConditionalSelect({{Numerics}}.LessThan(sum, -off), {{Floats}}.Zero, half));
                Store(passes, ref z, width + q);
                var doubt = {{Numerics}}.ConditionalSelect({{Numerics}}.Equals(passes, half), off * half, {{Floats}}.Zero);
                Store(doubt, ref z, (2 * width) + q);
                sum = {{Numerics}}.ConditionalSelect({{Numerics}}.LessThan(sum, {{Floats}}.Zero), {{Floats}}.Zero, sum);
                Store(sum, ref z, q);
                squares += sum * sum;
            }

            return global::System.MathF.Sqrt({{Numerics}}.Sum(squares)) * Slack;
        }

        /// <summary>Lists the nodes that pass something.</summary>
        {{KernelNames.Optimize}}
        private static int List(ref float z, int width)
        {
            unchecked
            {
                int count = 0;
                ref int passes = ref Runtime::Unsafe.As<float, int>(ref At(ref z, width)), list = ref At(ref passes, 3 * width);
                for (int q = 0; q < width; q++)
                {
                    At(ref list, count) = q;
                    count += -At(ref passes, q) >>> 31;
                }

                return count;
            }
        }

        /// <summary>The factors of the nodes before a layer, where they pass something, from those of its own and first bytes of
        /// weights.</summary>
        {{KernelNames.Optimize}}
        private static void GoBack(ref float z, ref int first, ref float units, ref float before, int count, int groups, int width,
            int widthBefore)
        {
            unchecked
            {
                ref float factors = ref At(ref z, 3 * width), found = ref At(ref before, 3 * widthBefore);
                ref int list = ref Runtime::Unsafe.As<float, int>(ref At(ref before, 4 * widthBefore));
                int size = {{Floats}}.Count;
                for (int q = 0; q < width; q += size) Store(Load(ref factors, q) * Load(ref units, q) * 256, ref factors, q);
                for (int p = 0; p < widthBefore; p += size) Store({{Floats}}.Zero, ref found, p);
                for (int i = 0; i < count; i++)
                {
                    int p = At(ref list, i), shift = 24 - (8 * (p & 3));
                    {{Floats}} even = default, odd = default;
                    for (int block = 0; block < width; block += 64)
                    {
                        int lanes = Lanes(block, width);
                        ref int row = ref At(ref first, (groups * block) + ((p >> 2) * lanes));
                        ref float factor = ref At(ref factors, block);
                        for (int q = 0; q < lanes; q += 2 * size)
                        {
                            even = Add(even, Load(ref factor, q), {{Numerics}}.ConvertToSingle(Byte(ref At(ref row, q), shift)));
                            if (q + size >= lanes) continue;
                            var second = {{Numerics}}.ConvertToSingle(Byte(ref At(ref row, q + size), shift));
                            odd = Add(odd, Load(ref factor, q + size), second);
                        }
                    }

                    At(ref found, p) = {{Numerics}}.Sum(even + odd);
                }
            }
        }

        /// <summary>Multiplies factors with what their nodes pass, and adds what is in doubt.</summary>
        /// <returns>The length of the factors.</returns>
        {{KernelNames.Optimize}}
        private static double Pass(ref float z, int width, ref double off)
        {
            {{Floats}} squares = default, doubts = default;
            for (int q = 0; q < width; q += {{Floats}}.Count)
            {
                var factor = Load(ref z, (3 * width) + q);
                doubts += {{Numerics}}.Abs(factor) * Load(ref z, (2 * width) + q);
                factor *= Load(ref z, width + q);
                squares += factor * factor;
                Store(factor, ref z, (3 * width) + q);
            }

            off += {{Numerics}}.Sum(doubts);
            return global::System.MathF.Sqrt({{Numerics}}.Sum(squares));
        }

        /// <summary>Nodes of the block of at most 64 that some node is in.</summary>
        {{KernelNames.Inline}}
        private static int Lanes(int node, int width) => global::System.Math.Min(64, width - (node & -64));

        /// <summary>Where the weights of a node are, those of the first four nodes before it.</summary>
        {{KernelNames.Inline}}
        private static int Place(int node, int groups) => (groups * (node & -64)) + (node & 63);

        /// <summary>Weights of 16 bits, of the four of each node that the two bytes are of.</summary>
        {{KernelNames.Inline}}
        private static {{Floats}} Weight(ref int high, ref int low, int shift) =>
            {{Numerics}}.ConvertToSingle({{Numerics}}.ShiftLeft(Byte(ref high, shift), 8) + Byte(ref low, shift));

        /// <summary>One byte of each four, shifted to the left end first.</summary>
        {{KernelNames.Inline}}
        private static {{Integers}} Byte(ref int four, int shift) =>
            {{Numerics}}.ShiftRightArithmetic({{Numerics}}.ShiftLeft({{Numerics}}.LoadUnsafe(ref four), shift), 24);

        /// <summary>A sum and a product more; with which roundings does not matter.</summary>
        {{KernelNames.Inline}}
        private static {{Floats}} Add({{Floats}} sum, {{Floats}} left, {{Floats}} right) =>
            {{Numerics}}.MultiplyAddEstimate(left, right, sum);

        {{KernelNames.Inline}}
        private static {{Floats}} Load(ref float numbers, int at) => {{Numerics}}.LoadUnsafe(ref numbers, (nuint)at);

        {{KernelNames.Inline}}
        private static void Store({{Floats}} values, ref float numbers, int at) => {{Numerics}}.StoreUnsafe(values, ref numbers, (nuint)at);

        {{KernelNames.Inline}}
        private static ref T At<T>(ref T start, int offset) => ref Runtime::Unsafe.Add(ref start, offset);
        """;
}
