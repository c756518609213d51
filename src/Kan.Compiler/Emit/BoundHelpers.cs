namespace Kan.Compiler.Emit;

/// <summary>Prints what the layers of a bound share.</summary>
/// <param name="writer">What is printed to.</param>
/// <param name="type"><c>float</c> or <c>double</c>.</param>
/// <param name="math">The class of its functions.</param>
/// <param name="lanes">Lanes of a panel.</param>
internal sealed class BoundHelpers(CodeWriter writer, string type, string math, int lanes)
{
    /// <summary>Vectors whose sums are in registers together.</summary>
    private const int Block = 4;

    private const string Numerics = "global::System.Numerics.Vector";

    private string Vector => $"{Numerics}<{type}>";

    /// <summary>Prints the weighing of rows.</summary>
    public void EmitWeigh()
    {
        writer.Line();
        writer.Prose("/// ", "<summary>Adds to each sum the magnitudes of the numbers of some rows, each row times its factor, in two "
            + "partial sums; <paramref name=\"step\"/> numbers are from a panel of a row to the next.</summary>");
        writer.Line(KernelNames.Optimize);
        using var method = writer.Kernel($"private static void Weigh(ref {type} table, int stride, ref int rows, ref {type} factors, int "
            + $"count, ref {type} sums, int width, int step)");
        writer.Line($"int lanes = {Vector}.Count, q = 0;");
        EmitBlock($"for (; q + {Block - 1} * lanes < width; q += {Block} * lanes)", Block);
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
        for (int k = 0; k < vectors; k++)
        {
            string at = k == 0 ? "q" : $"(q + {k} * lanes)";
            writer.Line($"ref {type} t{k} = ref At(ref table, {at} / {lanes} * step + {at} % {lanes});");
            writer.Line($"{Vector} a{k} = {Load("sums", k == 0 ? "q" : $"q + {k} * lanes")}, b{k} = {Vector}.Zero;");
        }

        writer.Line("int i = 0;");
        using (writer.Braces("for (; i + 1 < count; i += 2)"))
        {
            writer.Line("nint even = (nint)At(ref rows, i) * stride, odd = (nint)At(ref rows, i + 1) * stride;");
            writer.Line($"{Vector} f = new(At(ref factors, i)), g = new(At(ref factors, i + 1));");
            for (int k = 0; k < vectors; k++)
            {
                writer.Line($"a{k} = {Numerics}.FusedMultiplyAdd({Numerics}.Abs({Load("t" + k, "even")}), f, a{k});");
                writer.Line($"b{k} = {Numerics}.FusedMultiplyAdd({Numerics}.Abs({Load("t" + k, "odd")}), g, b{k});");
            }
        }

        writer.Line();
        using (writer.Braces("if (i < count)"))
        {
            writer.Line("nint even = (nint)At(ref rows, i) * stride;");
            writer.Line($"{Vector} f = new(At(ref factors, i));");
            for (int k = 0; k < vectors; k++)
                writer.Line($"a{k} = {Numerics}.FusedMultiplyAdd({Numerics}.Abs({Load("t" + k, "even")}), f, a{k});");
        }

        writer.Line();
        for (int k = 0; k < vectors; k++)
            writer.Line($"{Numerics}.StoreUnsafe(a{k} + b{k}, ref At(ref sums, {(k == 0 ? "q" : $"q + {k} * lanes")}));");
    }
}
