using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Interchange;

/// <summary>
/// Writes a network as self-contained C99: a header and a source that need nothing but <c>math.h</c>, allocate nothing and may run in any
/// number of threads. The code follows the form of each layer operation for operation, so it gives the bits of generated C# and of
/// <see cref="ReferenceEvaluator{T}"/>; a NaN is a NaN, of whatever sign.
/// </summary>
public static class CExporter
{
    /// <summary>Writes the C code of a network.</summary>
    /// <param name="form">The layers with their rounded numbers and orders of operations.</param>
    /// <param name="options">Names and a description.</param>
    public static CExport Export(NetworkForm form, CExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(form);
        options ??= new CExportOptions();
        string name = CNames.Identifier(options.Name);
        string header = Header(options, name, form.InputCount, form.OutputCount, new CWriter(form.Precision).Type, $"""
            Every operation is rounded once, and none may be reordered: compile without -ffast-math. Hardware for fused
            multiply-add (x86: -mfma or -march=native) makes it fast; without it, the bits are the same.
            Intermediate values take {StackBytes(form)} bytes of stack.
            """);
        return new CExport(name, header, Body(form, name));
    }

    /// <summary>The header of a network.</summary>
    /// <param name="options">Names and a description.</param>
    /// <param name="name">The identifier.</param>
    /// <param name="inputs">The number of inputs.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <param name="type">The number type.</param>
    /// <param name="remarks">Lines on how it is computed.</param>
    internal static string Header(CExportOptions options, string name, int inputs, int outputs, string type, string remarks)
    {
        string upper = name.ToUpperInvariant();
        string description = string.Concat(options.Description.Select(static line => $" * {CNames.Comment(line)}\n"));
        return $$"""
            /*
             * {{CNames.Comment(MessageText.Name(options.Name))}}: a network of {{Count(inputs, "input")}} and {{Count(outputs, "output")}}, computed in {{type}}.
            {{description}} *
             * {{remarks.ReplaceLineEndings("\n * ")}}
             */
            #ifndef {{upper}}_H
            #define {{upper}}_H

            #include <stddef.h>

            #ifdef __cplusplus
            extern "C" {
            #endif

            #define {{upper}}_INPUT_COUNT {{inputs}}
            #define {{upper}}_OUTPUT_COUNT {{outputs}}

            /* Evaluates one sample: reads {{Count(inputs, "input")}}, writes {{Count(outputs, "output")}}; the arrays must not overlap. */
            void {{name}}_evaluate(const {{type}} *inputs, {{type}} *outputs);

            /* Evaluates one sample per row. The results are bit-identical to single calls. */
            void {{name}}_evaluate_batch(const {{type}} *inputs, {{type}} *outputs, size_t rows);

            #ifdef __cplusplus
            }
            #endif

            #endif

            """.ReplaceLineEndings("\n");
    }

    private static string Body(NetworkForm form, string name)
    {
        var writer = new CWriter(form.Precision);
        WritePreamble(writer, form.Precision, fastMath: "reorders sums and forgets NaN");
        var layers = new CWriter(form.Precision);
        for (int l = 0; l < form.Layers.Length; l++) new CLayerWriter(layers, l, form.Precision).Write(form.Layers[l]);
        string text = layers.ToString();
        WriteHelpers(writer, text);
        writer.Lines(text.TrimEnd('\n'));
        WriteEvaluate(writer, form, name);
        return writer.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>What a source includes, and the settings of compilers under which it would not keep its bits.</summary>
    /// <param name="writer">The source.</param>
    /// <param name="precision">The number type.</param>
    /// <param name="fastMath">What -ffast-math would do to it.</param>
    internal static void WritePreamble(CWriter writer, Precision precision, string fastMath)
    {
        writer.Lines($"""

            #include <float.h>
            #include <math.h>

            #if defined(__FAST_MATH__)
            #error "-ffast-math {fastMath}: compile without it"
            #endif
            """);
        writer.Lines(precision == Precision.Single
            ? """
                #if defined(FLT_EVAL_METHOD) && (FLT_EVAL_METHOD == 1 || FLT_EVAL_METHOD == 2)
                #error "float is computed in a wider type here: compile for SSE2 (-msse2 -mfpmath=sse)"
                #endif
                """
            : """
                #if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD == 2
                #error "double is computed in a wider type here: compile for SSE2 (-msse2 -mfpmath=sse)"
                #endif
                """);
    }

    /// <summary>The functions that the layers call, and no others.</summary>
    private static void WriteHelpers(CWriter writer, string layers)
    {
        string type = writer.Type;
        if (layers.Contains("at_least(", StringComparison.Ordinal))
            writer.Lines($"\n/* NaN stays NaN, and -0 is not below 0. */\nstatic {type} at_least({type} value, {type} bound) {{ return "
                + $"value < bound ? bound : value; }}");
        if (layers.Contains("at_most(", StringComparison.Ordinal))
            writer.Lines($"\nstatic {type} at_most({type} value, {type} bound) {{ return value > bound ? bound : value; }}");
        if (layers.Contains("larger_of(", StringComparison.Ordinal))
            writer.Lines($"\n/* NaN stays NaN. */\nstatic {type} larger_of({type} left, {type} right) {{ return right > left || right != "
                + $"right ? right : left; }}");
        if (!layers.Contains("segment_of(", StringComparison.Ordinal)) return;
        writer.Lines($$"""

            /* The number of knots that x is at or above; 0 for NaN. */
            static int segment_of(const {{type}} *knots, int count, {{type}} x)
            {
                int j = 0;
                for (int i = 0; i < count; i++) j += x >= knots[i];
                return j;
            }

            /* The anchor of a segment: the knot on its left, of the first segment the first knot. */
            static {{type}} point_of(const {{type}} *knots, int count, int j)
            {
                return count == 0 ? {{writer.Zero}} : knots[j == 0 ? 0 : j - 1];
            }
            """);
    }

    private static void WriteEvaluate(CWriter writer, NetworkForm form, string name)
    {
        int count = form.Layers.Length, width = BufferWidth(form);
        var calls = new List<string>();
        for (int l = 0; l < count; l++)
        {
            string from = l == 0 ? "inputs" : l % 2 == 1 ? "a" : "b", to = l == count - 1 ? "outputs" : l % 2 == 0 ? "a" : "b";
            calls.Add($"    layer{l}({from}, {to});");
        }

        string buffers = count == 1 ? "" : count == 2 ? $"    {writer.Type} a[{width}];\n" : $"    {writer.Type} a[{width}], b[{width}];\n";
        writer.Lines($$"""

            void {{name}}_evaluate(const {{writer.Type}} *inputs, {{writer.Type}} *outputs)
            {
            {{buffers}}{{string.Join('\n', calls)}}
            }
            """);
        WriteBatch(writer, name);
    }

    /// <summary>The function for rows of samples.</summary>
    internal static void WriteBatch(CWriter writer, string name) => writer.Lines($$"""

        void {{name}}_evaluate_batch(const {{writer.Type}} *inputs, {{writer.Type}} *outputs, size_t rows)
        {
            for (size_t row = 0; row < rows; row++)
                {{name}}_evaluate(inputs + row * {{name.ToUpperInvariant()}}_INPUT_COUNT, outputs + row * {{name.ToUpperInvariant()}}_OUTPUT_COUNT);
        }
        """);

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    private static int BufferWidth(NetworkForm form) =>
        form.Layers.Length == 1 ? 0 : form.Layers.Take(form.Layers.Length - 1).Max(static layer => layer.OutputCount);

    private static long StackBytes(NetworkForm form)
    {
        long sums = form.Layers.Max(layer => (long)LayerSums.Of(layer, form.Precision));
        return (sums + ((long)BufferWidth(form) * Math.Min(2, form.Layers.Length - 1)))
            * (form.Precision == Precision.Single ? sizeof(float) : sizeof(double));
    }
}
