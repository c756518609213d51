using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Interchange;

/// <summary>
/// Writes an integer network as self-contained C99. Sums are exact, and what is rounded is rounded by the operations of
/// <see cref="IntegerEvaluator"/> in their order, so it gives the bits of generated C#; all outputs are NaN if an input is.
/// </summary>
public static class CIntegerExporter
{
    /// <summary>Writes the C code of a network.</summary>
    /// <param name="form">The integers.</param>
    /// <param name="options">Names and a description.</param>
    /// <exception cref="OverflowException">A bias does not fit 32 bits.</exception>
    public static CExport Export(IntegerForm form, CExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(form);
        options ??= new CExportOptions();
        string name = CNames.Identifier(options.Name);
        string what = (form.Layers[0].HasCurves, form.IsWide) switch
        {
            _ when CImageCode.IsIn(form) =>
                "layers over images add products of codes and weights of 8 bits in 32 bits, exactly, or take the largest codes,",
            (false, false) => "layers add products of codes and weights of 8 bits in 32 bits, exactly,",
            (false, true) => "layers add products of codes and weights of 8 bits modulo 2^32, which no sum leaves in the end,",
            (true, false) => "edges are functions of codes with values of 8 bits, which layers add in 32 bits, exactly,",
            (true, true) => "edges are functions of codes with values of 16 bits, which layers add modulo 2^32, which no sum leaves in the "
                + "end,",
        };
        string header = CExporter.Header(options, name, form.InputCount, form.OutputCount, "float", $"""
            Inputs become codes of {(form.IsWide ? "16" : "8")} bits, {what} and each hidden
            node is rounded to a code once, ties to even, which is the rounding mode that a program starts with. Inputs beyond
            their range count as the nearest number that has a code. Compile without -ffast-math, and with -O3: loops over outputs
            are written for the compiler to vectorise. Codes and sums take {StackBytes(form)} bytes of stack.
            """);
        return new CExport(name, header, Body(form, name));
    }

    private static string Body(IntegerForm form, string name)
    {
        var writer = new CWriter(Precision.Single);
        CExporter.WritePreamble(writer, Precision.Single, fastMath: "forgets NaN");
        writer.Lines("");
        writer.Table("input_scale", [.. form.Inputs.Select(static range => (double)range.Scale)]);
        writer.Table("input_zero", [.. form.Inputs.Select(static range => range.Zero)]);
        bool hasImages = CImageCode.IsIn(form);
        for (int l = 0; l < form.Layers.Length && !hasImages; l++) WriteTables(writer, form, l);
        if (form.Layers.Any(static layer => layer.Curves is not null)) writer.Lines(CurveCode.Place);
        if (form.Layers.Any(static layer => layer.WideCurves is not null)) writer.Lines(WideCurveCode.Place);
        string type = CodeType(form);
        writer.Lines($$"""

            /* The code of a number of steps: within the codes, ties to even. */
            static {{type}} code_of(float steps, int lowest, int zero)
            {
                float least = (float)(lowest - zero), most = (float)({{form.Inputs[0].Most}} - zero);
                steps = steps < least ? least : steps;
                steps = steps > most ? most : steps;
                return ({{type}})((int)lrintf(steps) + zero);
            }
            """);
        if (hasImages) WriteImages(writer, form, name);
        else WriteEvaluate(writer, form, name);
        CExporter.WriteBatch(writer, name);
        return writer.ToString().ReplaceLineEndings("\n");
    }

    private static void WriteTables(CWriter writer, IntegerForm form, int l)
    {
        var layer = form.Layers[l];
        bool isLast = l == form.Layers.Length - 1;
        if (layer.Curves is { } curves) CurveCode.WriteTables(writer, curves, layer.InputCount, l);
        else if (layer.WideCurves is { } wide) WideCurveCode.WriteTables(writer, wide, layer.InputCount, l);
        else if (!layer.IsIdentity) writer.Table($"weight{l}", [.. layer.Weights.Select(static weight => (int)weight)], "signed char");
        writer.Table($"bias{l}", [.. Enumerable.Range(0, layer.OutputCount).Select(q => Bias(form, l, q))]);
        writer.Table(isLast ? "unit" : $"multiplier{l}",
            [.. Enumerable.Range(0, layer.OutputCount).Select(q => (double)(isLast ? layer.Units[q] : layer.Multiplier(q)))]);
    }

    private static void WriteEvaluate(CWriter writer, IntegerForm form, string name)
    {
        string place = form.Inputs.Length == 1 ? "0" : "i";

        // Sums of codes of 16 bits may leave 32 on the way, which only unsigned numbers may.
        var (kind, next, product, sum) = form.IsWide
            ? ("unsigned", ";\n    int ", "(unsigned)", "(float)(int)sums[j]")
            : ("int", ", ", "", "(float)sums[j]");
        var steps = new List<string>();
        for (int l = 0; l < form.Layers.Length; l++)
        {
            var layer = form.Layers[l];
            string weight = layer.IsIdentity ? "" : layer.Curves is { } curves ? CurveCode.Sums(curves, layer, l)
                : layer.WideCurves is { } wide ? WideCurveCode.Sums(wide, layer, l) : $"""

                    for (i = 0; i < {layer.InputCount}; i++)
                        for (j = 0; j < {layer.OutputCount}; j++) sums[j] += {product}{Product(form, l)};
                """;
            string result = l == form.Layers.Length - 1
                ? $"outputs[j] = {sum} * unit[j]"
                : $"codes[j] = code_of({sum} * multiplier{l}[j], {layer.Lowest}, {layer.Codes.Zero})";
            steps.Add($"""

                    for (j = 0; j < {layer.OutputCount}; j++) sums[j] = bias{l}[j]{(layer.IsIdentity ? " + codes[j]" : "")};{weight}
                    for (j = 0; j < {layer.OutputCount}; j++) {result};
                """);
        }

        string more = !form.Layers.Any(static layer => layer.HasCurves) ? "" : form.IsWide ? WideCurveCode.Variables : CurveCode.Variables;
        writer.Lines($$"""

            void {{name}}_evaluate(const float *inputs, float *outputs)
            {
                {{CodeType(form)}} codes[{{MostCodes(form)}}];
                {{kind}} sums[{{MostSums(form)}}]{{next}}i, j;{{more}}
                for (i = 0; i < {{form.InputCount}}; i++) {
                    if (inputs[i] != inputs[i]) {
                        for (j = 0; j < {{form.OutputCount}}; j++) outputs[j] = NAN;
                        return;
                    }

                    codes[i] = code_of(inputs[i] / input_scale[{{place}}], {{form.LowestInput}}, input_zero[{{place}}]);
                }
            {{string.Join('\n', steps)}}
            }
            """);
    }

    private static void WriteImages(CWriter writer, IntegerForm form, string name)
    {
        var layers = new CImageCode(writer, form);
        layers.WriteLayers();
        string place = form.Inputs.Length == 1 ? "0" : "i", most = $"[{CImageCode.MostCodes(form)}]";
        writer.Lines($$"""

            void {{name}}_evaluate(const float *inputs, float *outputs)
            {
                unsigned char codes{{most}}{{(form.Layers.Length > 1 ? ", next" + most : "")}};
                int i, j;
                for (i = 0; i < {{form.InputCount}}; i++) {
                    if (inputs[i] != inputs[i]) {
                        for (j = 0; j < {{form.OutputCount}}; j++) outputs[j] = NAN;
                        return;
                    }

                    codes[i] = code_of(inputs[i] / input_scale[{{place}}], {{form.LowestInput}}, input_zero[{{place}}]);
                }

            {{layers.Calls()}}
            }
            """);
    }

    private static string Product(IntegerForm form, int l)
    {
        string product = $"codes[i] * weight{l}[i * {form.Layers[l].OutputCount} + j]";
        return form.IsWide ? $"({product})" : product;
    }

    private static int MostCodes(IntegerForm form) => form.Layers.Max(static layer => Math.Max(layer.InputCount, layer.OutputCount));

    private static int MostSums(IntegerForm form) => form.Layers.Max(static layer => layer.OutputCount);

    private static int StackBytes(IntegerForm form) => CImageCode.IsIn(form)
        ? CImageCode.StackBytes(form)
        : (MostCodes(form) * (form.IsWide ? 2 : 1)) + (sizeof(int) * MostSums(form));

    private static string CodeType(IntegerForm form) => form.IsWide ? "unsigned short" : "unsigned char";

    /// <summary>Where a sum starts, modulo 2^32 where it may leave 32 bits.</summary>
    private static int Bias(IntegerForm form, int l, int q) => form.Layers[l].WideCurves is { } curves
        ? unchecked((int)(form.SumBias(l, q) + WideCurveCode.BiasOf(curves, form.Layers[l])))
        : form.IsWide ? unchecked((int)form.SumBias(l, q)) : checked((int)form.SumBias(l, q));
}
