using System.Linq;

namespace Kan.Interchange;

/// <summary>Prints a layer over an image: its weights once, and a function that loops over the places of the window.</summary>
internal sealed class CWindowWriter(CWriter writer, string name)
{
    private readonly CText _ops = new(writer);

    /// <summary>One sum for each channel of a place, over the taps on the image by row, column and channel.</summary>
    public void Convolution(ConvolutionForm form)
    {
        int filters = form.Filters;
        var text = new WindowText(form.Geometry);
        string sum = $"sum[{WindowText.Output(form)}]";
        writer.Table($"{name}_bias", form.FilterBiases);
        writer.Table($"{name}_weight", WindowText.Weights(form));
        writer.OpenPlaces(name, writer.Type, writer.Type, form.Geometry, filters);
        writer.Lines(
            $"            {writer.Type} sum[{filters}];\n            for (int q = 0; q < {filters}; q++) sum[q] = {name}_bias[q];");
        if (form.Groups > 1) writer.Lines($"            for (int g = 0; g < {form.Groups}; g++)");
        writer.OpenTaps(text);
        string[] term =
        [
            $"const {writer.Type} *weight = {name}_weight + {WindowText.Weight(form)};",
            $"const {writer.Type} value = {_ops.Bounded($"x[{text.Input(WindowText.Channel(form))}]", form.Ends)};",
            $"for (int q = 0; q < {filters / form.Groups}; q++) {sum} = {_ops.Fma("weight[q]", "value", sum)};",
        ];
        if (form.GroupChannels > 1)
            term = [$"for (int c = 0; c < {form.GroupChannels}; c++) {{", .. term.Select(static line => "    " + line), "}"];
        foreach (string line in term) writer.Lines("                    " + line);
        writer.CloseTaps();
        writer.Lines($"            for (int q = 0; q < {filters}; q++) y[q] = {_ops.Add("sum[q]", _ops.Zero)};");
        writer.ClosePlaces();
    }

    /// <summary>The largest number of each channel under the window.</summary>
    public void Maximum(MaximumForm form)
    {
        int channels = form.Geometry.Channels;
        var text = new WindowText(form.Geometry);
        writer.OpenPlaces(name, writer.Type, writer.Type, form.Geometry, channels);
        writer.Lines($"            for (int c = 0; c < {channels}; c++) y[c] = -INFINITY;");
        writer.OpenTaps(text);
        writer.Lines($"                    for (int c = 0; c < {channels}; c++) y[c] = larger_of(y[c], x[{text.Input("c")}]);");
        writer.CloseTaps();
        writer.Lines($"            for (int c = 0; c < {channels}; c++) y[c] = {_ops.Add("y[c]", _ops.Zero)};");
        writer.ClosePlaces();
    }
}
