using System.Collections.Generic;

namespace Kan.Interchange;

/// <summary>
/// Expressions of a window over an image that C and C# write alike: <c>row</c> and <c>column</c> of a place, <c>ky</c> and <c>kx</c> of a
/// tap, <c>r</c> and <c>k</c> of the number under it.
/// </summary>
internal readonly record struct WindowText(WindowGeometry Geometry)
{
    /// <summary>The row of the image under a tap.</summary>
    public string Row => Place("row", Geometry.StrideY, Geometry.PadTop, "ky", Geometry.DilationY);

    /// <summary>The column of the image under a tap.</summary>
    public string Column => Place("column", Geometry.StrideX, Geometry.PadLeft, "kx", Geometry.DilationX);

    /// <summary>Whether the row is padding; null if none is.</summary>
    public string? IsPaddingRow => Geometry.PadTop + Geometry.PadBottom > 0 ? Outside("r", Geometry.Height) : null;

    /// <summary>Whether the column is padding; null if none is.</summary>
    public string? IsPaddingColumn => Geometry.PadLeft + Geometry.PadRight > 0 ? Outside("k", Geometry.Width) : null;

    /// <summary>The number of an input.</summary>
    /// <param name="channel">Its channel.</param>
    public string Input(string channel)
    {
        string place = $"{Times("r", Geometry.Width)} + k";
        if (Geometry.Channels == 1) return place;
        return Geometry.ChannelsFirst
            ? $"{Times($"({Times(channel, Geometry.Height)} + r)", Geometry.Width)} + k"
            : $"({place}) * {Geometry.Channels} + {channel}";
    }

    /// <summary>
    /// The weights as loops over places read them: by group, row and column of the kernel, channel of the group, then filter.
    /// </summary>
    public static IReadOnlyList<double> Weights(ConvolutionForm form)
    {
        int perGroup = form.Filters / form.Groups, terms = form.Weights.Length / form.Filters;
        var weights = new double[form.Weights.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            int filter = i / terms, group = filter / perGroup;
            weights[(((group * terms) + (i % terms)) * perGroup) + (filter % perGroup)] = form.Weights[i];
        }

        return weights;
    }

    /// <summary>Where the weights of channel <c>c</c> of a tap begin, in group <c>g</c>.</summary>
    public static string Weight(ConvolutionForm form)
    {
        var geometry = form.Geometry;
        string tap = $"{Times("ky", geometry.KernelWidth)} + kx";
        if (form.Groups > 1) tap = $"{Times("g", geometry.KernelHeight * geometry.KernelWidth)} + {tap}";
        return Times(form.GroupChannels == 1 ? $"({tap})" : $"({Times($"({tap})", form.GroupChannels)} + c)", form.Filters / form.Groups);
    }

    /// <summary>The channel of the image that is channel <c>c</c> of group <c>g</c>.</summary>
    public static string Channel(ConvolutionForm form)
    {
        string first = Times("g", form.GroupChannels);
        return form.Groups == 1 ? "c" : form.GroupChannels == 1 ? first : form.Geometry.ChannelsFirst ? $"({first} + c)" : $"{first} + c";
    }

    /// <summary>The number of output <c>q</c> of group <c>g</c> among the channels of its place.</summary>
    public static string Output(ConvolutionForm form) => form.Groups == 1 ? "q" : $"{Times("g", form.Filters / form.Groups)} + q";

    private static string Place(string place, int stride, int padding, string tap, int dilation) =>
        $"{Times(place, stride)}{(padding == 0 ? "" : $" - {padding}")} + {Times(tap, dilation)}";

    private static string Outside(string index, int size) => $"{index} < 0 || {index} >= {size}";

    private static string Times(string factor, int count) => count == 1 ? factor : $"{factor} * {count}";
}
