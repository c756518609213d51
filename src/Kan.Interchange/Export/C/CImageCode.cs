using System;
using System.Linq;

namespace Kan.Interchange;

/// <summary>The C code of integer networks over images: a function for each layer, which loops over the places of its window.</summary>
/// <param name="writer">What is written to.</param>
/// <param name="form">The network.</param>
internal sealed class CImageCode(CWriter writer, IntegerForm form)
{
    /// <summary>Whether some layer of a network is over an image.</summary>
    public static bool IsIn(IntegerForm form) => form.Layers.Any(static layer => layer.Window is not null);

    /// <summary>Codes before and behind layers at most.</summary>
    public static int MostCodes(IntegerForm form) => form.Layers.Max(static layer => Math.Max(layer.InputCount, layer.OutputCount));

    /// <summary>Bytes of codes and sums at most.</summary>
    public static int StackBytes(IntegerForm form) => (2 * MostCodes(form)) + (sizeof(int) * form.Layers.Max(Sums));

    /// <summary>Writes the layers.</summary>
    public void WriteLayers()
    {
        for (int l = 0; l < form.Layers.Length; l++)
        {
            bool isLast = l == form.Layers.Length - 1;
            var layer = form.Layers[l];
            if (layer.Window is not { IsMaximum: true })
            {
                writer.Table($"bias{l}", layer.Biases);
                writer.Table(isLast ? "unit" : $"multiplier{l}",
                    [.. Enumerable.Range(0, layer.Units.Length).Select(q => (double)(isLast ? layer.Unit(q) : layer.Multiplier(q)))]);
            }

            string type = isLast ? "float" : "unsigned char";
            if (layer.Window is null) WriteMatrix(l, type);
            else if (layer.Window.IsMaximum) WriteMaximum(l, type);
            else WriteConvolution(l, type);
        }
    }

    /// <summary>The statements that call the layers, from one array of codes to the other.</summary>
    public string Calls() => string.Join('\n', Enumerable.Range(0, form.Layers.Length).Select(l => $"    layer{l}("
        + $"{(l % 2 == 0 ? "codes" : "next")}, {(l == form.Layers.Length - 1 ? "outputs" : l % 2 == 0 ? "next" : "codes")});"));

    private static int Sums(IntegerLayerForm layer) => layer.Window is { IsMaximum: true } ? 0 : layer.Units.Length;

    private void WriteMatrix(int l, string type)
    {
        var layer = form.Layers[l];
        int zero = form.ZeroBefore(l, 0);
        writer.Table($"weight{l}", [.. layer.Weights.Select(static weight => (int)weight)], "signed char");
        writer.Lines($$"""

            static void layer{{l}}(const unsigned char *x, {{type}} *y)
            {
                int sum[{{layer.OutputCount}}];
                for (int q = 0; q < {{layer.OutputCount}}; q++) sum[q] = bias{{l}}[q];
                for (int p = 0; p < {{layer.InputCount}}; p++) {
                    const int value = x[p] - {{(form.Inputs.Length > 1 && l == 0 ? "input_zero[p]" : zero)}};
                    for (int q = 0; q < {{layer.OutputCount}}; q++) sum[q] += weight{{l}}[p * {{layer.OutputCount}} + q] * value;
                }

                for (int q = 0; q < {{layer.OutputCount}}; q++) y[q] = {{Result(l)}};
            }
            """);
    }

    private void WriteConvolution(int l, string type)
    {
        var layer = form.Layers[l];
        var exact = Numbers(layer);
        var text = new WindowText(exact.Geometry);
        int perGroup = exact.Filters / exact.Groups;
        writer.Table($"weight{l}", [.. WindowText.Weights(exact).Select(static weight => (int)weight)], "signed char");
        writer.OpenPlaces($"layer{l}", "unsigned char", type, exact.Geometry, exact.Filters);
        writer.Lines(
            $"            int sum[{exact.Filters}];\n            for (int q = 0; q < {exact.Filters}; q++) sum[q] = bias{l}[q];");
        if (exact.Groups > 1) writer.Lines($"            for (int g = 0; g < {exact.Groups}; g++)");
        writer.OpenTaps(text);
        string[] term =
        [
            $"const signed char *weight = weight{l} + {WindowText.Weight(exact)};",
            $"const int value = x[{text.Input(WindowText.Channel(exact))}] - {form.ZeroBefore(l, 0)};",
            $"for (int q = 0; q < {perGroup}; q++) sum[{WindowText.Output(exact)}] += weight[q] * value;",
        ];
        if (exact.GroupChannels > 1)
            term = [$"for (int c = 0; c < {exact.GroupChannels}; c++) {{", .. term.Select(static line => "    " + line), "}"];
        foreach (string line in term) writer.Lines("                    " + line);
        writer.CloseTaps();
        writer.Lines($"            for (int q = 0; q < {exact.Filters}; q++) y[q] = {Result(l)};");
        writer.ClosePlaces();
    }

    private void WriteMaximum(int l, string type)
    {
        var geometry = form.Layers[l].Window!.Geometry;
        int channels = geometry.Channels;
        bool isLast = l == form.Layers.Length - 1;
        var text = new WindowText(geometry);
        writer.OpenPlaces($"layer{l}", "unsigned char", type, geometry, channels);
        writer.Lines($"            int largest[{channels}];\n            for (int c = 0; c < {channels}; c++) largest[c] = 0;");
        writer.OpenTaps(text);
        writer.Lines($"                    for (int c = 0; c < {channels}; c++)\n                        "
            + $"if (x[{text.Input("c")}] > largest[c]) largest[c] = x[{text.Input("c")}];");
        writer.CloseTaps();
        writer.Lines($"            for (int c = 0; c < {channels}; c++) y[c] = " + (isLast
            ? $"(float)(largest[c] - {form.Layers[l].Codes.Zero}) * {writer.Number(form.Layers[l].Unit(0))};"
            : "(unsigned char)largest[c];"));
        writer.ClosePlaces();
    }

    private string Result(int l) => l == form.Layers.Length - 1
        ? "(float)sum[q] * unit[q]"
        : $"code_of((float)sum[q] * multiplier{l}[q], {form.Layers[l].Lowest}, {form.Layers[l].Codes.Zero})";

    /// <summary>The weights as numbers of a convolution: by filter, tap and channel.</summary>
    private static ConvolutionForm Numbers(IntegerLayerForm layer)
    {
        var window = layer.Window!;
        int inner = window.GroupChannels, taps = window.FilterWeights / inner;
        var weights = new double[layer.Weights.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            int filter = i / window.FilterWeights, within = i % window.FilterWeights;
            weights[(((filter * taps) + (within % taps)) * inner) + (within / taps)] = layer.Weights[i];
        }

        return new ConvolutionForm(window.Geometry, window.Filters, window.Groups, [], [.. weights], default);
    }
}
