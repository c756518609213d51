using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Curves;

/// <summary>The nodes behind a layer where they are an image: a unit for each place and channel.</summary>
internal sealed class ImageState
{
    private readonly Dictionary<int, int> _indexes = [];

    /// <param name="units">The units in the order of the nodes.</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="width">Columns of the image.</param>
    /// <param name="channelsFirst">Whether nodes are numbered channel by channel, instead of place by place.</param>
    public ImageState(IReadOnlyList<int> units, int height, int width, bool channelsFirst = false)
    {
        Units = units;
        Height = height;
        Width = width;
        ChannelsFirst = channelsFirst;
        for (int i = 0; i < units.Count; i++) _indexes.Add(units[i], i);
    }

    public IReadOnlyList<int> Units { get; }

    public int Height { get; }

    public int Width { get; }

    public bool ChannelsFirst { get; }

    public int Places => Height * Width;

    public int Channels => Units.Count / Places;

    /// <summary>The image that a layer reads, where all of its arguments are at their places in it; null if they are not.</summary>
    public static ImageState? Of(IReadOnlyList<int> units, UnitBlock block)
    {
        var geometry = block.Layer.Geometry;
        if (units.Count % (geometry.Height * geometry.Width) != 0) return null;
        foreach (bool channelsFirst in new[] { false, true })
        {
            var image = new ImageState(units, geometry.Height, geometry.Width, channelsFirst);
            if (block.Arguments.Select((form, i) => image.PlaceOf(form) == i / geometry.Channels).All(static isThere => isThere))
                return image;
        }

        return null;
    }

    /// <summary>The unit of a channel at a place.</summary>
    public int Unit(int place, int channel) => Units[ChannelsFirst ? (channel * Places) + place : (place * Channels) + channel];

    /// <summary>The channel of a unit.</summary>
    public int ChannelOf(int unit) => ChannelsFirst ? _indexes[unit] / Places : _indexes[unit] % Channels;

    /// <summary>The one place of the units of a form; -1 if they are of several, or there are none.</summary>
    public int PlaceOf(AffineCombination form)
    {
        int place = -1;
        foreach (int unit in form.Units)
        {
            if (!_indexes.TryGetValue(unit, out int index)) return -1;
            int own = ChannelsFirst ? index % Places : index / Channels;
            if (place >= 0 && own != place) return -1;
            place = own;
        }

        return place;
    }

    /// <summary>
    /// The map from the channels of a place to the forms of that place, where it is the same at all places: the factors by form, then
    /// channel, and the constants.
    /// </summary>
    /// <param name="forms">The forms, place by place.</param>
    public (Rational[,] Factors, Rational[] Constants)? MapOf(IReadOnlyList<AffineCombination> forms)
    {
        if (forms.Count % Places != 0) return null;
        int count = forms.Count / Places;
        for (int i = 0; i < forms.Count; i++)
        {
            AffineCombination form = forms[i], first = forms[i % count];
            if (form.Units.Length != first.Units.Length || form.Constant != first.Constant
                || (form.Units.Length > 0 && PlaceOf(form) != i / count)) return null;
            for (int k = 0; k < form.Units.Length; k++)
            {
                if (ChannelOf(form.Units[k]) != ChannelOf(first.Units[k]) || form.Factors[k] != first.Factors[k]) return null;
            }
        }

        var factors = new Rational[count, Channels];
        for (int i = 0; i < count; i++)
        {
            for (int k = 0; k < forms[i].Units.Length; k++) factors[i, ChannelOf(forms[i].Units[k])] = forms[i].Factors[k];
        }

        return (factors, [.. forms.Take(count).Select(static form => form.Constant)]);
    }
}
