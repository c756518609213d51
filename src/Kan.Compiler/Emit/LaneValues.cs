using System.Linq;

namespace Kan.Compiler.Emit;

/// <summary>Values of a layer in written-out code: plain numbers, or vectors with their lanes.</summary>
/// <param name="Names">The variables.</param>
/// <param name="Widths">The lanes of each vector; empty where all are plain numbers.</param>
internal readonly record struct LaneValues(string[] Names, int[] Widths)
{
    /// <summary>The values as plain numbers; prints those that have no name yet.</summary>
    public string[] Scalars(CodeWriter writer, LaneVectors vectors, string prefix, int count)
    {
        if (Widths.Length == 0) return Names;
        var names = new string[count];
        for (int c = 0, first = 0; c < Names.Length; first += Widths[c], c++)
        {
            for (int lane = 0; lane < Widths[c] && first + lane < count; lane++)
            {
                if (Widths[c] == 1)
                {
                    names[first] = Names[c];
                    continue;
                }

                names[first + lane] = prefix + Literal.Integer(first + lane);
                writer.Line($"{vectors.Type} {names[first + lane]} = {vectors.Lane(Names[c], lane, Widths[c])};");
            }
        }

        return names;
    }

    /// <summary>The values in lanes; prints those that are plain numbers.</summary>
    public LaneValues InLanes(CodeWriter writer, LaneVectors vectors, int count, string prefix)
    {
        if (Widths.Length > 0) return this;
        int[] widths = vectors.Split(count);
        var names = new string[widths.Length];
        for (int c = 0, first = 0; c < widths.Length; first += widths[c], c++)
        {
            names[c] = $"{prefix}{c}";
            string[] lanes = [.. Names.Skip(first).Take(widths[c])];
            var padding = Enumerable.Repeat(vectors.Number(0), widths[c] - lanes.Length);
            writer.Line($"var {names[c]} = {vectors.Create([.. lanes, .. padding])};");
        }

        return new LaneValues(names, widths);
    }
}
