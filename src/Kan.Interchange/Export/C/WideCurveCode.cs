using System.Linq;

namespace Kan.Interchange;

/// <summary>The C code of layers whose edges are functions of codes of 16 bits.</summary>
internal static class WideCurveCode
{
    /// <summary>Further variables of the function that computes a sample.</summary>
    public const string Variables = """

            const unsigned short *knot;
            const unsigned *factor;
            const short *value;
            int place, first, second;
        """;

    /// <summary>The function that finds the place of a code.</summary>
    public const string Place = """

        /* The segment between two knots that a code is in, and the weight of the second one, of 32767. */
        static int place_of(const unsigned short *knots, const unsigned *factors, int segments, int code, int *second)
        {
            int low = 0, high = segments - 1, middle;
            while (low < high) {
                middle = (low + high + 1) / 2;
                if (code >= knots[middle]) low = middle;
                else high = middle - 1;
            }

            *second = (int)(((unsigned)(code - knots[low]) * factors[low] + 65536u) >> 17);
            return low;
        }
        """;

    /// <summary>
    /// What the bias of each output has more. Terms are made positive before they are shifted, since C does not say what becomes of
    /// negative numbers; what that adds is taken away again, modulo 2^32.
    /// </summary>
    public static long BiasOf(WideCurves curves, IntegerLayerForm layer) =>
        curves.Shift == 0 ? 0 : -layer.InputCount * (1L << (31 - curves.Shift));

    /// <summary>Writes the numbers of a layer.</summary>
    public static void WriteTables(CWriter writer, WideCurves curves, int inputs, int l)
    {
        writer.Table($"knot{l}", [.. curves.Knots.SelectMany(static knots => knots).Select(static knot => (int)knot)], "unsigned short");

        // The last knot of each list has no segment, and a factor of 0.
        writer.Table($"factor{l}", [.. curves.Knots.SelectMany(static knots => knots.Select((knot, k) =>
            k + 1 == knots.Length ? 0 : unchecked((int)WideCurves.Factor(knots[k + 1] - knot))))], "unsigned");
        if (!curves.AreShared) writer.Table($"segments{l}", [.. Enumerable.Range(0, inputs).Select(p => curves.KnotsOf(p).Length - 1)]);
        writer.Table($"value{l}", [.. curves.Values.Select(static value => (int)value)], "short");
    }

    /// <summary>The statements that add what the edges of a layer are.</summary>
    public static string Sums(WideCurves curves, IntegerLayerForm layer, int l)
    {
        string segments = curves.AreShared ? $"{curves.Knots[0].Length - 1}" : $"segments{l}[i]",
            term = $"first * value[place + j] + second * value[place + {layer.OutputCount} + j]",
            added = curves.Shift == 0 ? $"(unsigned)({term})" : $"((unsigned)({term}) + 0x80000000u) >> {curves.Shift}";
        return $$"""

                knot = knot{{l}};
                factor = factor{{l}};
                value = value{{l}};
                for (i = 0; i < {{layer.InputCount}}; i++) {
                    place = place_of(knot, factor, {{segments}}, codes[i], &second) * {{layer.OutputCount}};
                    first = {{WideCurves.Whole}} - second;
                    for (j = 0; j < {{layer.OutputCount}}; j++)
                        sums[j] += {{added}};
                    value += ({{segments}} + 1) * {{layer.OutputCount}};{{(curves.AreShared ? "" : $"""

                    knot += {segments} + 1;
                    factor += {segments} + 1;
            """)}}
                }
            """;
    }
}
