namespace Kan.Compiler.Emit;

/// <summary>Prints what the layers of a bound share.</summary>
/// <param name="writer">What is printed to.</param>
/// <param name="type"><c>float</c> or <c>double</c>.</param>
/// <param name="math">The class of its functions.</param>
/// <param name="lanes">Lanes of a panel.</param>
internal sealed class BoundHelpers(CodeWriter writer, string type, string math, int lanes)
{
    /// <summary>Vectors whose sums are in registers together.</summary>
    private const int Block = 8;

    private const string Numerics = "global::System.Numerics.Vector";

    private string Vector => $"{Numerics}<{type}>";

    /// <summary>Prints the test of the inputs.</summary>
    public void EmitAreFinite()
    {
        writer.Line();
        writer.Line("/// <summary>Whether all of some numbers are finite.</summary>");
        writer.Line(KernelNames.Optimize);
        using var method = writer.Kernel($"private static bool AreFinite(ref {type} x, int count)");
        writer.Line("int i = 0;");
        writer.Line("bool areFinite = true;");
        writer.Line($"{Vector} most = new({type}.MaxValue);");
        writer.Line($"for (; i + {Vector}.Count <= count; i += {Vector}.Count)");
        using (writer.Indented())
            writer.Line($"areFinite &= {Numerics}.LessThanOrEqualAll({Numerics}.Abs({Load("x", "i")}), most);");
        writer.Line($"for (; i < count; i++) areFinite &= {type}.IsFinite(At(ref x, i));");
        writer.Line("return areFinite;");
    }

    /// <summary>Prints the weighing of rows.</summary>
    public void EmitWeigh()
    {
        writer.Line();
        writer.Prose("/// ", "<summary>Adds to each sum the magnitudes of the numbers of some rows, each row times its factor.</summary>");
        writer.Line(KernelNames.Optimize);
        using var method = writer.Kernel($"private static void Weigh(ref {type} table, int stride, ref int rows, ref {type} factors, int "
            + $"count, ref {type} sums, int width)");
        writer.Line($"int lanes = {Vector}.Count, q = 0;");
        EmitBlock($"for (; q + {Block - 1} * lanes < width; q += {Block} * lanes)", Block);
        writer.Line();
        EmitBlock("for (; q + lanes < width; q += 2 * lanes)", 2);
        writer.Line();
        EmitBlock("for (; q < width; q += lanes)", 1);
    }

    /// <summary>Prints what makes bounds of sums.</summary>
    public void EmitFinish()
    {
        writer.Line();
        writer.Prose("/// ", "<summary>Adds what biases round, makes up for what was rounded here, and tells whether all are small "
            + "enough.</summary>");
        writer.Line(KernelNames.Optimize);
        using var method = writer.Kernel($"private static bool Finish(ref {type} biases, {type} ofBias, {type} inflation, {type} floor, "
            + $"ref {type} sums, int width)");
        writer.Line($"{Vector} factor = new(ofBias), larger = new(inflation), least = new(floor);");
        using (writer.Braces($"for (int q = 0; q < width; q += {Vector}.Count)"))
        {
            writer.Line($"{Vector} sum = {Load("sums", "q")} + {Numerics}.Abs({Load("biases", "q")}) * factor;");
            writer.Line($"{Numerics}.StoreUnsafe(sum * larger + least, ref At(ref sums, q));");
        }

        EmitSmallEnough();
    }

    /// <summary>Prints the sums of rows, once more, and what is rounded in them.</summary>
    /// <param name="sums">The partial sums.</param>
    public void EmitRows(int sums)
    {
        string count = Literal.Integer(sums);
        writer.Line();
        string noun = sums == 1 ? "the sum" : count + " partial sums";
        writer.Prose("/// ", $"<summary>Adds the lines of some inputs to {noun} of each output, and the sizes of the lines, of all that "
            + "the sums are, and of the slopes times what their inputs are off.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static void AddRows{count}(ref {type} table, ref int rows, ref {type} factors, int count, ref "
            + $"{type} sums, int width, int stride)"))
        {
            using var loop = writer.Braces($"for (int q = 0; q < width; q += {Vector}.Count)");
            writer.Line($"int panel = q / {lanes} * {2 * lanes} + q % {lanes};");
            writer.Line($"{Vector} weighed = {Load("sums", "q")}, lines = {Load("sums", "2 * stride + q")}, partial = "
                + $"{Load("sums", "3 * stride + q")};");
            for (int k = 0; k < sums; k++) writer.Line($"{Vector} s{k} = {Load("sums", $"{4 + k} * stride + q")};");
            writer.Line("int i = 0;");
            using (writer.Braces($"for (; i + {sums - 1} < count; i += {count})"))
            {
                for (int k = 0; k < sums; k++) EmitLine(k);
            }

            writer.Line();
            for (int k = 0; k + 1 < sums; k++)
            {
                using (writer.Braces($"if (i + {k} < count)")) EmitLine(k);
                writer.Line();
            }

            writer.Line(Store("weighed", "q"));
            writer.Line(Store("lines", "2 * stride + q"));
            writer.Line(Store("partial", "3 * stride + q"));
            for (int k = 0; k < sums; k++) writer.Line(Store("s" + k, $"{4 + k} * stride + q"));
        }

        writer.Line();
        writer.Prose("/// ", "<summary>Combines the partial sums, makes bounds of what was rounded, and tells whether all are small "
            + "enough.</summary>");
        writer.Line(KernelNames.Optimize);
        using (writer.Kernel($"private static bool FinishRows{count}(ref {type} biases, {type} inflation, {type} floor, ref {type} "
            + "sums, int width, int stride)"))
        {
            writer.Line($"{Vector} two = new(2), unit = new(Unit), larger = new(inflation), least = new(floor);");
            using (writer.Braces($"for (int q = 0; q < width; q += {Vector}.Count)"))
            {
                writer.Line($"{Vector} partial = {Load("sums", "3 * stride + q")};");
                for (int k = 0; k < sums; k++) writer.Line($"{Vector} s{k} = {Load("sums", $"{4 + k} * stride + q")};");
                foreach (var addition in SumTree.Additions(sums))
                {
                    writer.Line($"s{addition.To} += s{addition.From};");
                    writer.Line($"partial += {Numerics}.Abs(s{addition.To});");
                }

                writer.Line($"{Vector} rounded = (two * {Load("sums", "2 * stride + q")} + partial + "
                    + $"{Numerics}.Abs({Load("biases", "q")})) * unit;");
                writer.Line($"{Vector} error = {Load("sums", "q")} + {Load("sums", "stride + q")} + rounded;");
                writer.Line(Store("error * larger + least", "q"));
            }

            EmitSmallEnough();
        }

        void EmitLine(int k)
        {
            using var line = writer.Braces("");
            string at = k == 0 ? "i" : $"i + {k}";
            writer.Line($"ref {type} row = ref At(ref table, At(ref rows, {at}) + panel);");
            writer.Line($"{Vector} slope = {Numerics}.LoadUnsafe(ref At(ref row, {lanes}));");
            writer.Line($"{Vector} line = {Numerics}.FusedMultiplyAdd(slope, new {Vector}(At(ref factors, ListLength + {at})), "
                + $"{Numerics}.LoadUnsafe(ref row));");
            writer.Line($"s{k} += line;");
            writer.Line($"lines += {Numerics}.Abs(line);");
            writer.Line($"partial += {Numerics}.Abs(s{k});");
            writer.Line($"weighed = {Numerics}.FusedMultiplyAdd({Numerics}.Abs(slope), new {Vector}(At(ref factors, {at})), weighed);");
        }
    }

    private static string Store(string value, string index) => $"{Numerics}.StoreUnsafe({value}, ref At(ref sums, {index}));";

    private void EmitSmallEnough()
    {
        writer.Line();
        writer.Line("bool isFinite = true;");
        writer.Line("for (int q = 0; q < width; q++) isFinite &= At(ref sums, q) < Limit;");
        writer.Line("return isFinite;");
    }

    /// <summary>Prints which segments the exact input may be in.</summary>
    public void EmitNear()
    {
        writer.Line();
        writer.Line("/// <summary>How far from x the exact input may be, and a breakpoint that a knot there was rounded from.</summary>");
        writer.Line(KernelNames.Inline);
        writer.Line($"private static {type} Radius({type} x, {type} error) => ({math}.Abs(x) + error) * (4 * Unit) + Tiny + error;");
        writer.Line();
        writer.Line("/// <summary>The segments that it may be in, around its own.</summary>");
        using var method = writer.Kernel($"private static (int First, int Last) Near(ref {type} points, int step, int knots, int own, "
            + $"{type} x, {type} radius)");
        writer.Line($"{type} low = x - radius, high = x + radius;");
        writer.Line("int first = own, last = own;");
        writer.Line("while (first > 0 && At(ref points, first * step) >= low) first--;");
        writer.Line("while (last < knots && At(ref points, (last + 1) * step) <= high) last++;");
        writer.Line("return (first, last);");
    }

    /// <summary>Prints the search for a segment.</summary>
    public void EmitFind()
    {
        writer.Line();
        writer.Line("/// <summary>The number of knots at or below x.</summary>");
        using var method = writer.Kernel($"private static int Find(ref {type} points, int step, int knots, {type} x)");
        writer.Line("int low = 0, high = knots;");
        using (writer.Braces("while (low < high)"))
        {
            writer.Line("int middle = (low + high + 1) / 2;");
            writer.Line("if (x >= At(ref points, middle * step)) low = middle;");
            writer.Line("else high = middle - 1;");
        }

        writer.Line();
        writer.Line("return low;");
    }

    /// <summary>Prints the value and the error of a function in segment form.</summary>
    public void EmitFunction(string inflation, string floor)
    {
        writer.Line();
        writer.Line("/// <summary>The value of a function, and what it makes of an error and of itself.</summary>");
        using var method = writer.Kernel(
            $"private static {type} Function(ref {type} table, int step, int knots, {type} x, ref {type} error)");
        writer.Line($"{type} radius = Radius(x, error);");
        writer.Line("int own = Find(ref table, 3 * step, knots, x);");
        writer.Line("var (first, last) = Near(ref table, 3 * step, knots, own, x, radius);");
        writer.Line($"ref {type} segment = ref At(ref table, 3 * step * own);");
        writer.Line($"{type} start = At(ref segment, step), slope = At(ref segment, 2 * step), steepest = {math}.Abs(slope);");
        writer.Line($"for (int j = first; j <= last; j++) steepest = {math}.Max(steepest, {math}.Abs(At(ref table, (3 * j + 2) * step)));");
        writer.Line($"{type} difference = x - segment, distance = {math}.Abs(difference);");
        writer.Line($"{type} value = {math}.FusedMultiplyAdd(slope, difference, start);");
        writer.Line($"{type} rounded = (2 * ({math}.Abs(slope) * distance) + {math}.Abs(start) + {math}.Abs(value)) * Unit;");
        writer.Line($"{type} carried = steepest * (first == last ? error : radius);");
        writer.Line($"error = (carried + rounded) * {inflation} + Tiny * ({floor} + 2 * (distance + radius));");
        writer.Line("return value;");
    }

    private static string Load(string start, string index) => $"{Numerics}.LoadUnsafe(ref At(ref {start}, {index}))";

    private void EmitBlock(string loop, int vectors)
    {
        using var block = writer.Braces(loop);
        writer.Line($"ref {type} sum = ref At(ref sums, q);");
        for (int k = 0; k < vectors; k++) writer.Line($"{Vector} a{k} = {Load("sum", Place(k))};");
        using (writer.Braces("for (int i = 0; i < count; i++)"))
        {
            writer.Line($"ref {type} row = ref At(ref table, (nint)At(ref rows, i) * stride + q);");
            writer.Line($"{Vector} f = new(At(ref factors, i));");
            for (int k = 0; k < vectors; k++)
                writer.Line($"a{k} = {Numerics}.FusedMultiplyAdd({Numerics}.Abs({Load("row", Place(k))}), f, a{k});");
        }

        writer.Line();
        for (int k = 0; k < vectors; k++) writer.Line($"{Numerics}.StoreUnsafe(a{k}, ref At(ref sum, {Place(k)}));");

        static string Place(int vector) => vector == 0 ? "0" : $"{Literal.Integer(vector)} * lanes";
    }
}
