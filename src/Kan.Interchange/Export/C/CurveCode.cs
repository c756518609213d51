using System.Linq;

namespace Kan.Interchange;

/// <summary>The C code of layers whose edges are functions of codes.</summary>
internal static class CurveCode
{
    /// <summary>Further variables of the function that computes a sample.</summary>
    public const string Variables = """

            const unsigned char *knot;
            const signed char *value;
            int place, first, second;
        """;

    /// <summary>The function that finds the place of a code.</summary>
    public const string Place = """

        /* The segment between two knots that a code is in, and the weight of the second one. */
        static int place_of(const unsigned char *knots, int segments, int whole, int code, int *second)
        {
            int segment = 0, length;
            while (segment + 1 < segments && code >= knots[segment + 1]) segment++;
            length = knots[segment + 1] - knots[segment];
            *second = (2 * (code - knots[segment]) * whole + length) / (2 * length);
            return segment;
        }
        """;

    /// <summary>Writes the numbers of a layer.</summary>
    public static void WriteTables(CWriter writer, IntegerCurves curves, int inputs, int l)
    {
        writer.Table($"knot{l}", [.. curves.Knots.SelectMany(static knots => knots).Select(static knot => (int)knot)], "unsigned char");
        if (!curves.AreShared) writer.Table($"segments{l}", [.. Enumerable.Range(0, inputs).Select(p => curves.KnotsOf(p).Length - 1)]);
        writer.Table($"value{l}", [.. curves.Values.Select(static value => (int)value)], "signed char");
    }

    /// <summary>The statements that add what the edges of a layer are.</summary>
    public static string Sums(IntegerCurves curves, IntegerLayerForm layer, int l)
    {
        string segments = curves.AreShared ? $"{curves.Knots[0].Length - 1}" : $"segments{l}[i]";
        return $$"""

                knot = knot{{l}};
                value = value{{l}};
                for (i = 0; i < {{layer.InputCount}}; i++) {
                    place = place_of(knot, {{segments}}, {{curves.Whole}}, codes[i], &second) * {{layer.OutputCount}};
                    first = {{curves.Whole}} - second;
                    for (j = 0; j < {{layer.OutputCount}}; j++)
                        sums[j] += first * value[place + j] + second * value[place + {{layer.OutputCount}} + j];
                    value += ({{segments}} + 1) * {{layer.OutputCount}};{{(curves.AreShared ? "" : $"\n        knot += {segments} + 1;")}}
                }
            """;
    }
}
