using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Kan.Benchmarks.Engines;

/// <summary>How the loops of a layer in C are nested, and how a KAN layer is laid out.</summary>
internal enum CStyle
{
    /// <summary>For each output over the inputs; the edges of a KAN one by one, each searching its own knots.</summary>
    OutputsFirst,

    /// <summary>For each input over the outputs; the edges of a KAN one by one, each searching its own knots.</summary>
    InputsFirst,

    /// <summary>
    /// A KAN with the shared grid seen by the programmer: one segment computed for each input, then a row over the outputs.
    /// </summary>
    Rows,
}

/// <summary>
/// Writes a network as the plain C of a good programmer: constants of known size, simple loops that the compiler can vectorise.
/// </summary>
internal static class CSource
{
    public static string Write(KanDocument document, CStyle style)
    {
        var text = new StringBuilder("#define ALIGNED __attribute__((aligned(64)))\n");
        var layers = document.Layers;
        var calls = new List<string>();
        for (int l = 0; l < layers.Length; l++)
        {
            switch (layers[l])
            {
                case AffineDescription affine:
                    bool rectified = l + 1 < layers.Length && layers[l + 1] is ActivationDescription;
                    Affine(text, calls.Count, affine, style, rectified);
                    calls.Add(Invariant($"{affine.OutputCount}"));
                    break;
                case GridDescription grid when style == CStyle.Rows:
                    Rows(text, calls.Count, new UniformGrid(grid));
                    calls.Add(Invariant($"{grid.OutputCount}"));
                    break;
                case GridDescription grid:
                    Edges(text, calls.Count, new UniformGrid(grid), style);
                    calls.Add(Invariant($"{grid.OutputCount}"));
                    break;
                case ActivationDescription:
                    break;
                default:
                    throw new NotSupportedException(layers[l].GetType().Name);
            }
        }

        Entry(text, layers[0].InputCount, layers[^1].OutputCount, calls);
        return text.ToString();
    }

    private static void Affine(StringBuilder text, int index, AffineDescription layer, CStyle style, bool rectified)
    {
        int n = layer.Inputs, m = layer.Outputs;
        bool outputsFirst = style == CStyle.OutputsFirst;
        var weights = outputsFirst
            ? layer.Weights.Select(static weight => weight.ToSingle())
            : from p in Enumerable.Range(0, n) from q in Enumerable.Range(0, m) select layer.Weights[(q * n) + p].ToSingle();
        Table(text, $"w{index}", outputsFirst ? [m, n] : [n, m], weights);
        Table(text, $"b{index}", [m], layer.Biases.Select(static bias => bias.ToSingle()));
        string relu = rectified ? "y[q] = y[q] > 0 ? y[q] : 0;" : "";
        text.Append(outputsFirst
            ? Invariant($$"""
                static void layer{{index}}(const float *restrict x, float *restrict y) {
                  for (int q = 0; q < {{m}}; q++) {
                    float sum = b{{index}}[q];
                    for (int p = 0; p < {{n}}; p++) sum += w{{index}}[q][p] * x[p];
                    y[q] = sum; {{relu}}
                  }
                }

                """)
            : Invariant($$"""
                static void layer{{index}}(const float *restrict x, float *restrict y) {
                  float sum[{{m}}] ALIGNED;
                  for (int q = 0; q < {{m}}; q++) sum[q] = b{{index}}[q];
                  for (int p = 0; p < {{n}}; p++)
                    for (int q = 0; q < {{m}}; q++) sum[q] += w{{index}}[p][q] * x[p];
                  for (int q = 0; q < {{m}}; q++) { y[q] = sum[q]; {{relu}} }
                }

                """));
    }

    /// <summary>Edge by edge: each with knots, values and slopes of its own, searched without branches.</summary>
    private static void Edges(StringBuilder text, int index, UniformGrid grid, CStyle style)
    {
        int n = grid.Inputs, m = grid.Outputs, k = grid.Segments;
        bool outputsFirst = style == CStyle.OutputsFirst;
        var order = outputsFirst
            ? from q in Enumerable.Range(0, m) from p in Enumerable.Range(0, n) select (p, q)
            : from p in Enumerable.Range(0, n) from q in Enumerable.Range(0, m) select (p, q);
        var edges = order.ToList();
        Table(text, $"k{index}", [n * m, k], edges.SelectMany(edge => Enumerable.Range(0, k).Select(j => grid.Knots[(edge.p * k) + j])));
        Table(text, $"v{index}", [n * m, k],
            edges.SelectMany(edge => Enumerable.Range(0, k).Select(j => grid.Values[(((edge.p * k) + j) * m) + edge.q])));
        Table(text, $"a{index}", [n * m, k],
            edges.SelectMany(edge => Enumerable.Range(0, k).Select(j => grid.Slopes[(((edge.p * k) + j) * m) + edge.q])));
        Table(text, $"b{index}", [m], grid.Biases);
        text.Append(Invariant($$"""
            static inline float edge{{index}}(int e, float x) {
              int j = 0;
              for (int i = 1; i < {{k}}; i++) j += x >= k{{index}}[e][i];
              return v{{index}}[e][j] + a{{index}}[e][j] * (x - k{{index}}[e][j]);
            }

            """));
        text.Append(outputsFirst
            ? Invariant($$"""
                static void layer{{index}}(const float *restrict x, float *restrict y) {
                  for (int q = 0; q < {{m}}; q++) {
                    float sum = b{{index}}[q];
                    for (int p = 0; p < {{n}}; p++) sum += edge{{index}}(q * {{n}} + p, x[p]);
                    y[q] = sum;
                  }
                }

                """)
            : Invariant($$"""
                static void layer{{index}}(const float *restrict x, float *restrict y) {
                  for (int q = 0; q < {{m}}; q++) y[q] = b{{index}}[q];
                  for (int p = 0; p < {{n}}; p++)
                    for (int q = 0; q < {{m}}; q++) y[q] += edge{{index}}(p * {{m}} + q, x[p]);
                }

                """));
    }

    private static void Rows(StringBuilder text, int index, UniformGrid grid)
    {
        int n = grid.Inputs, m = grid.Outputs, k = grid.Segments;
        Table(text, $"k{index}", [n, k], grid.Knots);
        Table(text, $"l{index}", [n], grid.Lows);
        Table(text, $"s{index}", [n], grid.Scales);
        Table(text, $"v{index}", [n, k, m], grid.Values);
        Table(text, $"a{index}", [n, k, m], grid.Slopes);
        Table(text, $"b{index}", [m], grid.Biases);
        text.Append(Invariant($$"""
            static void layer{{index}}(const float *restrict x, float *restrict y) {
              float sum[{{m}}] ALIGNED;
              for (int q = 0; q < {{m}}; q++) sum[q] = b{{index}}[q];
              for (int p = 0; p < {{n}}; p++) {
                float u = (x[p] - l{{index}}[p]) * s{{index}}[p];
                int j = u < 0 ? 0 : u > {{k - 1}} ? {{k - 1}} : (int)u;
                float t = x[p] - k{{index}}[p][j];
                for (int q = 0; q < {{m}}; q++) sum[q] += v{{index}}[p][j][q] + a{{index}}[p][j][q] * t;
              }
              for (int q = 0; q < {{m}}; q++) y[q] = sum[q];
            }

            """));
    }

    /// <summary>One sample, a loop over a ring of samples, and rows: loops in C, so that no call between languages is timed.</summary>
    private static void Entry(StringBuilder text, int n, int m, List<string> widths)
    {
        text.Append("__attribute__((noinline)) void kan_one(const float *restrict x, float *restrict y) {\n");
        for (int l = 0; l + 1 < widths.Count; l++) text.Append(Invariant($"  float h{l}[{widths[l]}] ALIGNED;\n"));
        for (int l = 0; l < widths.Count; l++)
            text.Append(string.Create(CultureInfo.InvariantCulture, $"  layer{l}({(l == 0 ? "x" : Invariant($"h{l - 1}"))}, "
                + $"{(l == widths.Count - 1 ? "y" : Invariant($"h{l}"))});\n"));
        text.Append(Invariant($$"""
            }
            float kan_many(const float *ring, int mask, int count) {
              float y[{{m}}] ALIGNED, sum = 0;
              for (int i = 0; i < count; i++) {
                kan_one(ring + (i & mask) * {{n}}, y);
                sum += y[0];
              }
              return sum;
            }
            void kan_batch(const float *x, float *y, int rows) {
              for (int i = 0; i < rows; i++) kan_one(x + i * {{n}}, y + i * {{m}});
            }

            """));
    }

    private static void Table(StringBuilder text, string name, int[] shape, IEnumerable<float> numbers)
    {
        text.Append("static const float ").Append(name);
        foreach (int size in shape) text.Append('[').Append(size.ToString(CultureInfo.InvariantCulture)).Append(']');
        text.Append(" ALIGNED = ");
        Block(text, shape, [.. numbers], 0, 0);
        text.Append(";\n");
    }

    private static int Block(StringBuilder text, int[] shape, float[] numbers, int axis, int at)
    {
        text.Append('{');
        for (int i = 0; i < shape[axis]; i++)
        {
            if (axis + 1 < shape.Length) at = Block(text, shape, numbers, axis + 1, at);
            else text.Append(Literal(numbers[at++]));
            text.Append(',');
        }

        text.Append("}\n");
        return at;
    }

    private static string Literal(float value)
    {
        string digits = value.ToString("G9", CultureInfo.InvariantCulture);
        return digits.AsSpan().IndexOfAny('.', 'E') < 0 ? digits + ".0f" : digits + "f";
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
