using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Compiler.Emit;

/// <summary>
/// Spells the vectors of written-out code. Values lie in lanes of 128-bit vectors where four floats or two doubles hold them, else of
/// 256-bit ones; a value that stands alone is a plain number.
/// </summary>
internal sealed class LaneVectors(Precision precision)
{
    private const string Intrinsics = "Simd::";

    private readonly int _bytes = precision == Precision.Single ? 4 : 8;

    /// <summary><c>float</c> or <c>double</c>.</summary>
    public string Type { get; } = KernelNames.Type(precision);

    /// <summary>The number of lanes of each vector that holds some values: 1 for a plain number.</summary>
    public int[] Split(int count)
    {
        var widths = new List<int>();
        int half = 16 / _bytes;
        for (int rest = count; rest > 0; rest -= widths[widths.Count - 1]) widths.Add(rest == 1 ? 1 : rest <= half ? half : 2 * half);
        return [.. widths];
    }

    /// <summary>The vector type's static class.</summary>
    public string Class(int width) => Intrinsics + (width * _bytes == 16 ? "Vector128" : "Vector256");

    /// <summary>A literal.</summary>
    public string Number(double value) => Literal.Number(value, precision);

    /// <summary>A vector of literals, the lanes past their end 0 (or what <paramref name="padding"/> says).</summary>
    public string Constant(IEnumerable<double> numbers, int width, double padding = 0)
    {
        double[] lanes = [.. numbers.Take(width)];
        return Create([.. lanes.Select(Number).Concat(Enumerable.Repeat(Number(padding), width - lanes.Length))]);
    }

    /// <summary>A vector of values.</summary>
    public string Create(string[] lanes)
    {
        if (lanes.Length == 1) return lanes[0];
        bool equal = lanes.All(lane => lane == lanes[0]);
        if (equal && lanes[0] == Number(0)) return $"{Class(lanes.Length)}<{Type}>.Zero";
        return $"{Class(lanes.Length)}.Create({(equal ? lanes[0] : string.Join(", ", lanes))})";
    }

    /// <summary>One value in every lane.</summary>
    public string Splat(string value, int width) => width == 1 ? value : $"{Class(width)}.Create({value})";

    /// <summary>left * right + addend.</summary>
    public string Fma(string left, string right, string addend, int width) =>
        $"{(width == 1 ? Type : Class(width))}.FusedMultiplyAdd({left}, {right}, {addend})";

    /// <summary>Consecutive numbers at a reference.</summary>
    public string Load(string reference, int width) => width == 1 ? reference : $"{Class(width)}.LoadUnsafe(ref {reference})";

    /// <summary>One lane as a number.</summary>
    public string Lane(string vector, int lane, int width) =>
        width == 1 ? vector : lane == 0
            ? $"{Class(width)}.ToScalar({vector})"
            : $"{Class(width)}.GetElement({vector}, {Literal.Integer(lane)})";

    /// <summary>The number of knots at or below x.</summary>
    public string Segment(IReadOnlyList<double> knots, string x)
    {
        var terms = new List<string>();
        for (int first = 0; first < knots.Count;)
        {
            int width = Math.Max(2, Split(knots.Count - first)[0]);
            if (width * _bytes < 16) width = 16 / _bytes;
            terms.Add($"{KernelNames.Panels}Small.Segment({Constant(knots.Skip(first), width, double.NaN)}, {x})");
            first += width;
        }

        return string.Join(" + ", terms);
    }
}
