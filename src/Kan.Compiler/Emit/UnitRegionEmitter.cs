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
            writer.Line("double slope = 0, constant = 0;");
            writer.Line("int unit = UnitsStart + input * InputStride + q;");
            if (form.Scheme.IsChain) EmitChain(writer, form, type);
            else EmitSum(writer, form, type);
            writer.Line("return (slope, constant);");
        }
    }

    /// <summary>Each unit that moves adds its slope.</summary>
    private static void EmitSum(CodeWriter writer, UnitsForm form, string type)
    {
        const string weight = "At(unit + OutputWidth)";
        writer.Line($"{type} knot = At(unit);");
        writer.Line($"double w = {weight};");
        EmitSides(writer, form.Kinds[0], isFirst: true);
        for (int i = 1, end; i < form.Kinds.Length; i = end)
        {
            for (end = i + 1; end < form.Kinds.Length && form.Kinds[end] == form.Kinds[i];) end++;
            using (writer.Braces($"for (int i = {Literal.Integer(i)}; i < {Literal.Integer(end)}; i++)"))
            {
                writer.Line("unit += 2 * OutputWidth;");
                writer.Line("knot = At(unit);");
                writer.Line($"w = {weight};");
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
            using (writer.Braces(condition))
            {
                string sign = isFirst && isFalling ? "-" : "", opposite = isFirst && !isFalling ? "-" : "";
                writer.Line($"slope {(isFirst ? "" : isFalling ? "-" : "+")}= {sign}w;");
                writer.Line($"constant {(isFirst ? "" : isFalling ? "+" : "-")}= {(opposite.Length > 0 ? "-(w * knot)" : "w * knot")};");
            }

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
        writer.Line($"int ray = unit + {Literal.Integer(2 + (3 * clamps))} * OutputWidth;");
        writer.Line($"{type} knot = At(ray);");
        writer.Line("double w = At(ray + OutputWidth);");
        writer.Line($"bool isAbove = {RegionEmitter.IsAboveKnot};");
        using (writer.Braces("if (isAbove)"))
        {
            writer.Line("slope = w;");
            writer.Line("constant = -(w * knot);");
        }

        writer.Line();
        if (clamps > 0)
        {
            using (writer.Braces("for (int i = ray - 3 * OutputWidth; i > unit; i -= 3 * OutputWidth)"))
            {
                writer.Line("// An edge of fewer segments ends in units of height 0.");
                writer.Line($"{type} height = At(i + OutputWidth);");
                writer.Line("if (height == 0) continue;");
                writer.Line("knot = At(i);");
                writer.Line("w = At(i + 2 * OutputWidth);");
                using (writer.Braces("if (isAbove)"))
                {
                    writer.Line("constant += w * height;");
                    writer.Line("continue;");
                }

                writer.Line();
                writer.Line($"isAbove = {RegionEmitter.IsAboveKnot};");
                writer.Line("if (!isAbove) continue;");
                writer.Line("slope = w;");
                writer.Line("constant -= w * knot;");
            }

            writer.Line();
        }

        using (writer.Braces("if (!isAbove)"))
        {
            writer.Line("w = At(unit + OutputWidth);");
            writer.Line("slope = w;");
            writer.Line("constant -= w * At(unit);");
        }

        writer.Line();
    }
}
