namespace Kan.Compiler.Emit;

/// <summary>Prints what bounds ask of functions in segment form.</summary>
/// <param name="writer">What is printed to.</param>
/// <param name="type"><c>float</c> or <c>double</c>.</param>
/// <param name="math">The class of its functions.</param>
internal sealed class BoundSegments(CodeWriter writer, string type, string math)
{
    /// <summary>Prints the segment of a node that is left as it is.</summary>
    public void EmitPassing() => writer.Line($"""

        /// <summary>The point, the value there and the slope of a node that passes a curve.</summary>
        private static readonly {type}[] s_passing = [0, 0, 1];
        """);

    /// <summary>Prints how far an exact input may be from the computed one.</summary>
    public void EmitRadius() => writer.Line($"""

        /// <summary>How far from x the exact input may be, and a breakpoint that a knot there was rounded from.</summary>
        {KernelNames.Inline}
        private static {type} Radius({type} x, {type} error) => ({math}.Abs(x) + error) * (4 * Unit) + Tiny + error;
        """);

    /// <summary>Prints which segments the exact input may be in.</summary>
    public void EmitNear()
    {
        writer.Line("\n/// <summary>The segments that it may be in, around its own.</summary>");
        using var method = writer.Kernel($"private static (int First, int Last) Near(ref {type} points, int step, int knots, int own, "
            + $"{type} x, {type} radius)");
        writer.Line($"""
            {type} low = x - radius, high = x + radius;
            int first = own, last = own;
            while (first > 0 && At(ref points, first * step) >= low) first--;
            while (last < knots && At(ref points, (last + 1) * step) <= high) last++;
            return (first, last);
            """);
    }

    /// <summary>Prints the search for a segment.</summary>
    public void EmitFind()
    {
        writer.Line("\n/// <summary>The number of knots at or below x.</summary>");
        using var method = writer.Kernel($"private static int Find(ref {type} points, int step, int knots, {type} x)");
        writer.Line("""
            int low = 0, high = knots;
            while (low < high)
            {
                int middle = (low + high + 1) / 2;
                if (x >= At(ref points, middle * step)) low = middle;
                else high = middle - 1;
            }

            return low;
            """);
    }

    /// <summary>Prints the value and the error of a function in segment form.</summary>
    public void EmitFunction(string inflation, string floor)
    {
        writer.Line("\n/// <summary>The value of a function, and what it makes of an error and of itself.</summary>");
        using var method = writer.Kernel(
            $"private static {type} Function(ref {type} table, int step, int knots, {type} x, ref {type} error)");
        writer.Line($"""
            {type} radius = Radius(x, error);
            int own = Find(ref table, 3 * step, knots, x);
            var (first, last) = Near(ref table, 3 * step, knots, own, x, radius);
            ref {type} segment = ref At(ref table, 3 * step * own);
            {type} start = At(ref segment, step), slope = At(ref segment, 2 * step), steepest = {math}.Abs(slope);
            for (int j = first; j <= last; j++) steepest = {math}.Max(steepest, {math}.Abs(At(ref table, (3 * j + 2) * step)));
            {type} difference = x - segment, distance = {math}.Abs(difference);
            {type} value = {math}.FusedMultiplyAdd(slope, difference, start);
            {type} rounded = (2 * ({math}.Abs(slope) * distance) + {math}.Abs(start) + {math}.Abs(value)) * Unit;
            {type} carried = steepest * (first == last ? error : radius);
            error = (carried + rounded) * {inflation} + Tiny * ({floor} + 2 * (distance + radius));
            return value;
            """);
    }
}
