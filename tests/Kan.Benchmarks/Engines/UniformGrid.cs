using System.Linq;

namespace Kan.Benchmarks.Engines;

/// <summary>
/// A KAN layer on uniform grids as a programmer would lay it out by hand: rows of values and slopes over the outputs, by input, then
/// segment.
/// </summary>
internal sealed class UniformGrid
{
    public UniformGrid(GridDescription layer)
    {
        Inputs = layer.InputCount;
        Outputs = layer.OutputCount;
        Segments = layer.Knots[0].Length - 1;
        Biases = layer.Biases.IsEmpty ? new float[Outputs] : [.. layer.Biases.Select(static bias => bias.ToSingle())];
        Lows = [.. layer.Knots.Select(static knots => knots[0].ToSingle())];
        Scales = [.. layer.Knots.Select(knots => (Segments / (knots[^1] - knots[0])).ToSingle())];
        Knots = [.. layer.Knots.SelectMany(static knots => knots.SkipLast(1)).Select(static knot => knot.ToSingle())];
        Values = new float[Inputs * Segments * Outputs];
        Slopes = new float[Values.Length];
        for (int p = 0; p < Inputs; p++)
        {
            for (int j = 0; j < Segments; j++)
            {
                float width = (layer.Knots[p][j + 1] - layer.Knots[p][j]).ToSingle();
                for (int q = 0; q < Outputs; q++)
                {
                    float left = Value(p, j, q), right = Value(p, j + 1, q);
                    int at = (((p * Segments) + j) * Outputs) + q;
                    Values[at] = left;
                    Slopes[at] = (right - left) / width;
                }
            }
        }

        float Value(int p, int knot, int q) => layer.Values[(((p * (Segments + 1)) + knot) * Outputs) + q].ToSingle();
    }

    public int Inputs { get; }

    public int Outputs { get; }

    public int Segments { get; }

    public float[] Biases { get; }

    /// <summary>The first knot of each input.</summary>
    public float[] Lows { get; }

    /// <summary>Segments for each unit of length, of each input.</summary>
    public float[] Scales { get; }

    /// <summary>The left end of each segment, by input.</summary>
    public float[] Knots { get; }

    public float[] Values { get; }

    public float[] Slopes { get; }
}
