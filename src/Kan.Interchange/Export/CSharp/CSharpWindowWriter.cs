using System.Collections.Generic;
using System.Linq;

namespace Kan.Interchange;

/// <summary>Prints a layer over an image: its weights once, and a method that loops over the places of the window.</summary>
/// <param name="writer">What is printed to.</param>
/// <param name="ops">The operations.</param>
/// <param name="name">The name of the layer.</param>
/// <param name="parameters">Those of its method.</param>
internal sealed class CSharpWindowWriter(CSharpWriter writer, CSharpText ops, string name, string parameters)
{
    /// <summary>One sum for each channel of a place, over the taps on the image by row, column and channel.</summary>
    public void Convolution(ConvolutionForm form)
    {
        int filters = form.Filters;
        string sum = $"sum[{WindowText.Output(form)}]",
            groups = form.Groups == 1 ? "" : $"\n            for (int g = 0; g < {form.Groups}; g++)";
        writer.Table($"{name}Bias", form.FilterBiases);
        writer.Table($"{name}Weight", WindowText.Weights(form));
        var text = new WindowText(form.Geometry);
        string[] term =
        [
            $"int weight = {WindowText.Weight(form)};",
            $"{ops.Type} value = {ops.Bounded($"x[from + {text.Input(WindowText.Channel(form))}]", form.Ends)};",
            $"for (int q = 0; q < {filters / form.Groups}; q++) {sum} = {ops.Fma($"{name}Weight[weight + q]", "value", sum)};",
        ];
        if (form.GroupChannels > 1)
            term = [$"for (int c = 0; c < {form.GroupChannels}; c++)", "{", .. term.Select(static line => "    " + line), "}"];
        WritePlaces(
            text,
            filters,
            $"for (int q = 0; q < {filters}; q++) sum[q] = {name}Bias[q];{groups}",
            term,
            $"for (int q = 0; q < {filters}; q++) y[to + q] = {ops.Add("sum[q]", ops.Zero)};");
    }

    /// <summary>The largest number of each channel under the window.</summary>
    public void Maximum(MaximumForm form)
    {
        string channels = $"for (int c = 0; c < {form.Geometry.Channels}; c++)";
        var text = new WindowText(form.Geometry);
        WritePlaces(
            text,
            form.Geometry.Channels,
            $"{channels} y[to + c] = {ops.Type}.NegativeInfinity;",
            [$"{channels} y[to + c] = LargerOf(y[to + c], x[from + {text.Input("c")}]);"],
            $"{channels} y[to + c] = {ops.Add("y[to + c]", ops.Zero)};");
    }

    /// <summary>The loops over places and taps.</summary>
    private void WritePlaces(WindowText text, int channels, string start, IReadOnlyList<string> tap, string end)
    {
        var geometry = text.Geometry;
        string skipRow = text.IsPaddingRow is { } row ? $"\n                if ({row}) continue;" : "",
            skipColumn = text.IsPaddingColumn is { } column ? $"\n                    if ({column}) continue;" : "";
        writer.Lines($$"""

            private static void {{name}}({{parameters}})
            {
                for (int row = 0; row < {{geometry.OutputHeight}}; row++)
                {
                    for (int column = 0; column < {{geometry.OutputWidth}}; column++, to += {{channels}})
                    {
                        {{start}}
                        for (int ky = 0; ky < {{geometry.KernelHeight}}; ky++)
                        {
                            int r = {{text.Row}};{{skipRow}}
                            for (int kx = 0; kx < {{geometry.KernelWidth}}; kx++)
                            {
                                int k = {{text.Column}};{{skipColumn}}
            {{string.Join('\n', tap.Select(static line => new string(' ', 20) + line))}}
                            }
                        }

                        {{end}}
                    }
                }
            }
            """);
    }
}
