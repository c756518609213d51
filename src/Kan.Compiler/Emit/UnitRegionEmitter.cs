using System.Linq;
using Kan.Compiler.Lower;

namespace Kan.Compiler.Emit;

/// <summary>
/// Prints the line of an edge that is computed as a sum of units: which of them move at a point, and which are at their ends.
/// </summary>
internal static class UnitRegionEmitter
{
    /// <summary>Prints the method <c>Line</c>: slope and intercept of one edge.</summary>
    public static void EmitLine(CodeWriter writer, LayerPlan layer, UnitsForm form)
    {
        string type = KernelNames.Type(layer.Precision);
        using (writer.Braces($"private static (double Slope, double Constant) Line(int input, int q, {type} x, bool isLeft)"))
        {
            writer.Line("""
                double slope = 0, constant = 0;
                int unit = UnitsStart + input * InputStride + q;
                """);
            if (form.Scheme.IsChain) EmitChain(writer, form, type);
            else EmitSum(writer, form, type);
            writer.Line("return (slope, constant);");
        }
    }

    /// <summary>Each unit that moves adds its slope.</summary>
    private static void EmitSum(CodeWriter writer, UnitsForm form, string type)
    {
        const string weight = "At(unit + OutputWidth)";
        writer.Line($"""
            {type} knot = At(unit);
            double w = {weight};
            """);
        EmitSides(writer, form.Kinds[0], isFirst: true);
        for (int i = 1, end; i < form.Kinds.Length; i = end)
        {
            for (end = i + 1; end < form.Kinds.Length && form.Kinds[end] == form.Kinds[i];) end++;
            using (writer.Braces($"for (int i = {Literal.Integer(i)}; i < {Literal.Integer(end)}; i++)"))
            {
                writer.Line($"""
                    unit += 2 * OutputWidth;
                    knot = At(unit);
                    w = {weight};
                    """);
                EmitSides(writer, form.Kinds[i], isFirst: false);
            }

            writer.Line();
        }
    }

    /// <summary>Prints what a unit adds to the line on each side of its breakpoint where it moves.</summary>
    private static void EmitSides(CodeWriter writer, UnitKind kind, bool isFirst)
    {
        var (below, above) = UnitTerm.FarSlopes(kind);
        if (below != 0) EmitSide("if (x < knot || (isLeft && x == knot))", below < 0);
        if (above != 0) EmitSide($"if ({RegionEmitter.IsAboveKnot})", above < 0);

        void EmitSide(string condition, bool isFalling)
        {
            string sign = isFirst && isFalling ? "-" : "", assignment = isFirst ? "" : isFalling ? "-" : "+";
            string constant = isFirst && !isFalling ? "-(w * knot)" : "w * knot", opposite = isFirst ? "" : isFalling ? "+" : "-";
            writer.Line($$"""
                {{condition}}
                {
                    slope {{assignment}}= {{sign}}w;
                    constant {{opposite}}= {{constant}};
                }
                """);
            if (isFirst) writer.Line();
        }
    }

    /// <summary>
    /// Each segment of an edge is one unit, between its own knot and that of the next. Heights are rounded, so the end of a unit may miss
    /// that knot by a rounding error; counting by knots lets exactly one unit move at every point.
    /// </summary>
    private static void EmitChain(CodeWriter writer, UnitsForm form, string type)
    {
        int clamps = form.Kinds.Count(UnitTerm.HasHeight);
        writer.Line($$"""
            int ray = unit + {{Literal.Integer(2 + (3 * clamps))}} * OutputWidth;
            {{type}} knot = At(ray);
            double w = At(ray + OutputWidth);
            bool isAbove = {{RegionEmitter.IsAboveKnot}};
            if (isAbove)
            {
                slope = w;
                constant = -(w * knot);
            }

            """);
        if (clamps > 0)
        {
            writer.Line($$"""
                for (int i = ray - 3 * OutputWidth; i > unit; i -= 3 * OutputWidth)
                {
                    // An edge of fewer segments ends in units of height 0.
                    {{type}} height = At(i + OutputWidth);
                    if (height == 0) continue;
                    knot = At(i);
                    w = At(i + 2 * OutputWidth);
                    if (isAbove)
                    {
                        constant += w * height;
                        continue;
                    }

                    isAbove = {{RegionEmitter.IsAboveKnot}};
                    if (!isAbove) continue;
                    slope = w;
                    constant -= w * knot;
                }

                """);
        }

        writer.Line("""
            if (!isAbove)
            {
                w = At(unit + OutputWidth);
                slope = w;
                constant -= w * At(unit);
            }

            """);
    }
}
