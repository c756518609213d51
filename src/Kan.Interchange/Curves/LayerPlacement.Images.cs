using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Curves;

/// <summary>
/// Layers over images. Values that pass a convolution are channels of it, by a tap of 1 at their own place, which rounds nothing; so do
/// convolutions of one level become one.
/// </summary>
internal sealed partial class LayerPlacement
{
    /// <summary>Pairs of nodes up to which a change of order is written out, and folded into what is around it.</summary>
    private const int MostDensePairs = 1 << 20;

    /// <summary>The nodes behind the last layer, if they are an image; null otherwise.</summary>
    private ImageState? _image;

    /// <exception cref="BranchException">Other values pass the layer, and no convolution can have them as channels.</exception>
    private int[] AddBlocks(int[] state, int level)
    {
        List<UnitBlock> blocks = [.. _byLevel[level].Select(unit => _units[unit].Block).OfType<UnitBlock>()
            .Distinct(ReferenceEqualityComparer.Instance).Cast<UnitBlock>()];
        bool isAlone = blocks.Count == 1 && _byLevel[level].Count == blocks[0].Layer.OutputCount
            && !System.Array.Exists(state, unit => _lastUse[unit] > level);
        int[] next = isAlone ? AddBlock(state, blocks[0]) : AddMerged(state, level, blocks);
        var geometry = blocks[0].Layer.Geometry;
        _image = new ImageState(next, geometry.OutputHeight, geometry.OutputWidth);
        return next;
    }

    /// <summary>A layer that is all there is at its level.</summary>
    private int[] AddBlock(int[] state, UnitBlock block)
    {
        var layer = block.Layer;
        var geometry = layer.Geometry;
        if (!IsOrdered(i => i) && geometry.Channels > 1
            && IsOrdered(i => (i % geometry.Channels * geometry.Height * geometry.Width) + (i / geometry.Channels)))
            layer = layer with { Geometry = geometry with { ChannelsFirst = true } };
        else if (!IsInPlace(state, block.Arguments) && geometry.Channels > 1 && AddTransposition(state, ByChannel(block)))
            layer = layer with { Geometry = geometry with { ChannelsFirst = true } };
        else
            AddAffine(state, block.Arguments, _image);
        AddLayer(layer);
        return [.. Enumerable.Range(block.First, layer.OutputCount)];

        bool IsOrdered(System.Func<int, int> place)
        {
            if (state.Length != block.Arguments.Length) return false;
            for (int i = 0; i < state.Length; i++)
            {
                if (!block.Arguments[i].IsUnit || block.Arguments[i].Units[0] != state[place(i)]) return false;
            }

            return true;
        }
    }

    /// <summary>Whether each form is of the node of its own index alone.</summary>
    private static bool IsInPlace(int[] state, ImmutableArray<AffineCombination> forms) => state.Length == forms.Length
        && forms.Select((form, i) => form.Units.Length == 1 && form.Units[0] == state[i]).All(static isOwn => isOwn);

    /// <summary>What a layer reads, channel by channel.</summary>
    private static AffineCombination[] ByChannel(UnitBlock block)
    {
        int channels = block.Layer.Geometry.Channels, places = block.Arguments.Length / channels;
        return [.. Enumerable.Range(0, block.Arguments.Length).Select(i => block.Arguments[(i % places * channels) + (i / places)])];
    }

    /// <summary>The layers of a level and the values that pass it, as one convolution.</summary>
    private int[] AddMerged(int[] state, int level, List<UnitBlock> blocks)
    {
        var image = _image ?? ImageState.Of(state, blocks[0]) ?? throw new BranchException();
        var passing = PassingAt(image, level);
        var channels = new List<AffineCombination[]>();
        var parts = new List<ConvolutionMerge.Part>();
        foreach (var block in blocks)
        {
            if (block.Layer is not ConvolutionDescription convolution
                || (convolution.Geometry.Height, convolution.Geometry.Width) != (image.Height, image.Width)) throw new BranchException();
            int count = convolution.Geometry.Channels;
            parts.Add(
                new(convolution,
                    [.. Enumerable.Range(0, count)
                    .Select(c => ChannelOf(channels,
                        [.. Enumerable.Range(0, image.Places).Select(place => block.Arguments[(place * count) + c])]))]));
        }

        if (passing.Count > 0)
            parts.Add(ConvolutionMerge.Pass(image.Height, image.Width,
                [.. passing.Select(units => ChannelOf(channels,
                [.. units.Select(unit => _units[unit].Level < level ? AffineCombination.OfUnit(unit) : _units[unit].Argument!)]))]));

        // What is read are channels of the image, or made of those of each place.
        bool isPrepared = !channels.TrueForAll(channel => IsChannel(image, channel));
        if (isPrepared)
            AddAffine(state, [.. Enumerable.Range(0, image.Places).SelectMany(place => channels.Select(channel => channel[place]))], image);
        else parts =
            parts.ConvertAll(part => part with
            {
                Channels =
            [.. part.Channels.Select(channel => image.ChannelOf(channels[channel][0].Units[0]))]
            });
        var layer = ConvolutionMerge.Of(isPrepared ? channels.Count : image.Channels, !isPrepared && image.ChannelsFirst, parts)
            ?? throw new BranchException();
        AddLayer(layer);
        return [.. Enumerable.Range(0, layer.Geometry.PlaceCount).SelectMany(place => blocks
            .SelectMany(block => Enumerable.Range(block.First + (place * block.Layer.OutputChannels), block.Layer.OutputChannels))
            .Concat(passing.Select(units => units[place])))];
    }

    /// <summary>Functions between layers over images: the nodes stay an image. Null if they do not.</summary>
    private int[]? AddImageLevel(int[] state, int level)
    {
        if (_image is not { } image) return null;
        var carried = CarriedChannels(image, level);
        if (Channels(image, _byLevel[level]) is not { } own) return null;
        int[] next = [.. Enumerable.Range(0, image.Places).SelectMany(place => own.Concat(carried).Select(units => units[place]))];
        _nodes += next.Length;
        RequireNodes(next.Length);
        AddAffine(state, [.. next.Select(unit => _units[unit].Level < level ? AffineCombination.OfUnit(unit) : _units[unit].Argument!)],
            image);

        _image = new ImageState(next, image.Height, image.Width);
        if (own.Exists(units => _units[units[0]].Scalar is not null))
        {
            AddCurves(next, unit => _units[unit].Level < level);
            return next;
        }

        // What comes out of a function passes it again unchanged where it is below all of its bends: a ReLU leaves what is not negative as
        // it is.
        var functions = own.ConvertAll(units => _units[units[0]].Function!);
        bool isUniform = functions.TrueForAll(function => function.Equals(functions[0]))
            && carried.TrueForAll(units => units.TrueForAll(unit => IsFixed(functions[0], _units[unit].Function)));
        AddFunctions([.. next.Select(unit => isUniform ? functions[0] : _units[unit].Level < level
            ? PiecewiseLinearFunction.Identity
            : _units[unit].Function!)]);
        return next;
    }

    private static bool IsFixed(PiecewiseLinearFunction function, PiecewiseLinearFunction? inner) =>
        inner is not null && function.Compose(inner).Equals(inner);

    /// <summary>The channels of which a value is read behind a level.</summary>
    private List<List<int>> CarriedChannels(ImageState image, int level) =>
        [.. Enumerable.Range(0, image.Channels)
            .Select(channel => Enumerable.Range(0, image.Places).Select(place => image.Unit(place, channel)).ToList())
            .Where(units => units.Exists(unit => _lastUse[unit] > level))];

    /// <summary>The channels that pass layers over images: of the state, and sums that a later level reads.</summary>
    private List<List<int>> PassingAt(ImageState image, int level)
    {
        var sums = _byLevel[level].FindAll(unit => _units[unit].Block is null);
        if (!sums.TrueForAll(unit => PiecewiseLinearFunction.Identity.Equals(_units[unit].Function))) throw new BranchException();
        return [.. CarriedChannels(image, level), .. Channels(image, sums) ?? throw new BranchException()];
    }

    /// <summary>Units by channel, then place, as their arguments are; null if they are not an image.</summary>
    private List<List<int>>? Channels(ImageState image, List<int> units)
    {
        var byPlace = new List<int>[image.Places];
        for (int place = 0; place < byPlace.Length; place++) byPlace[place] = [];
        foreach (int unit in units)
        {
            int place = image.PlaceOf(_units[unit].Argument!);
            if (place < 0 || _units[unit] is { Function: null, Scalar: null }) return null;
            byPlace[place].Add(unit);
        }

        int count = byPlace[0].Count;
        if (System.Array.Exists(byPlace, own => own.Count != count)) return null;

        // Where each bends one node, in the order of those nodes.
        for (int place = 0; place < byPlace.Length; place++) byPlace[place] =
            [.. byPlace[place].OrderBy(unit => _units[unit].Argument!.Units.Max(image.ChannelOf)).ThenBy(static unit => unit)];
        List<List<int>> channels = [.. Enumerable.Range(0, count).Select(c => byPlace.Select(own => own[c]).ToList())];
        return channels.TrueForAll(own => own.TrueForAll(unit => HaveOneFunction(_units[unit], _units[own[0]]))) ? channels : null;
    }

    private static bool HaveOneFunction(UnitGraph.Unit unit, UnitGraph.Unit other) => unit.Scalar is null
        ? unit.Function!.Equals(other.Function)
        : unit.Scalar.Curve is { } curve && curve.Equals(other.Scalar?.Curve);

    /// <summary>The number of a channel in a list, to which it is added unless it is there.</summary>
    private static int ChannelOf(List<AffineCombination[]> channels, AffineCombination[] forms)
    {
        int known = channels.FindIndex(channel => channel.Zip(forms)
            .All(static pair => ReferenceEquals(pair.First, pair.Second)
                || (pair.First.IsUnit && pair.Second.IsUnit && pair.First.Units[0] == pair.Second.Units[0])));
        if (known >= 0) return known;
        channels.Add(forms);
        return channels.Count - 1;
    }

    private static bool IsChannel(ImageState image, AffineCombination[] forms)
    {
        if (!forms[0].IsUnit || image.PlaceOf(forms[0]) != 0) return false;
        int channel = image.ChannelOf(forms[0].Units[0]);
        return forms.Select((form, place) => form.IsUnit && form.Units[0] == image.Unit(place, channel)).All(static same => same);
    }

    /// <summary>The same map of the channels at each place: a part of the convolution before it, or one of a single tap.</summary>
    private bool AddChannelMap(IReadOnlyList<AffineCombination> forms, ImageState image)
    {
        if (image.MapOf(forms) is not var (factors, constants)) return false;
        if (constants.Length <= image.Channels && _layers.Count > 0 && _layers[^1].Exact is ConvolutionDescription { Groups: 1 } before)
        {
            _layers[^1] = new CurvedLayer(ConvolutionMerge.Then(before, factors, constants));
            return true;
        }

        var geometry = new WindowGeometry
        {
            Channels = image.Channels,
            Height = image.Height,
            Width = image.Width,
            KernelHeight = 1,
            KernelWidth = 1,
            ChannelsFirst = image.ChannelsFirst
        };
        var layer = new ConvolutionDescription(geometry, constants.Length, 1, [.. factors.Cast<Rational>()],
            System.Array.TrueForAll(constants, static constant => constant.IsZero) ? [] : [.. constants]);
        if (layer.Problem() is not null) return false;
        AddLayer(layer);
        return true;
    }

    /// <summary>
    /// What only orders a large matrix by columns instead of rows, as where an image of several channels is the result, is a kernel of one
    /// tap for each row: it rounds nothing, and holds one number for each row. What scales the values follows it.
    /// </summary>
    private bool AddTransposition(int[] state, IReadOnlyList<AffineCombination> forms)
    {
        int count = state.Length;
        if (forms.Count != count || (long)count * count <= MostDensePairs || forms.Any(static form => form.Units.Length != 1)) return false;
        var places = new Dictionary<int, int>();
        for (int i = 0; i < count; i++) places.Add(state[i], i);
        int columns = places[forms[1].Units[0]] - places[forms[0].Units[0]];
        if (columns < 2 || columns >= count || count % columns != 0) return false;
        int rows = count / columns;
        int[] next = new int[count];
        for (int i = 0; i < count; i++)
        {
            next[i] = forms[i].Units[0];
            if (places[next[i]] != (i % rows * columns) + (i / rows)) return false;
        }

        var geometry = new WindowGeometry
        {
            Channels = rows,
            Height = 1,
            Width = columns,
            KernelHeight = 1,
            KernelWidth = 1,
            ChannelsFirst = true
        };
        var layer = new ConvolutionDescription(geometry, rows, rows, [.. Enumerable.Repeat(Rational.One, rows)], []);
        if (layer.Problem() is not null) return false;
        AddLayer(layer);
        AddAffine(next, forms);
        return true;
    }

    private void AddLayer(WindowDescription layer)
    {
        _nodes += layer.OutputCount;
        _layers.Add(new CurvedLayer(layer));
    }

    /// <summary>Scales behind curves of an image become their factors.</summary>
    private bool FoldIntoCurves(IReadOnlyList<AffineCombination> forms)
    {
        if (_blocks.Count == 0 || _layers.Count == 0 || !_layers[^1].IsActivation
            || forms.Any(static form => form.IsConstant || !form.Constant.IsZero)) return false;
        var curves = _layers[^1];
        if (curves.Edges.Any(edge => edge.Exact is not null && forms[edge.Output].Factors[0] != Rational.One)) return false;
        _layers[^1] = new CurvedLayer(curves.Inputs, curves.Outputs,
            [.. curves.Edges.Select(edge => edge with { Factor = edge.Factor * forms[edge.Output].Factors[0] })], curves.Biases);
        return true;
    }

    /// <summary>Scales and shifts of whole channels behind a convolution become its own.</summary>
    private bool FoldIntoConvolution(IReadOnlyList<AffineCombination> forms)
    {
        if (_layers.Count == 0 || _layers[^1].Exact is not ConvolutionDescription convolution) return false;
        int filters = convolution.Filters;
        for (int i = 0; i < forms.Count; i++)
        {
            if (forms[i].IsConstant || forms[i].Factors[0] != forms[i % filters].Factors[0]
                || forms[i].Constant != forms[i % filters].Constant) return false;
        }

        int weights = convolution.Weights.Length / filters;
        _layers[^1] = new CurvedLayer(convolution with
        {
            Weights = [.. convolution.Weights.Select((weight, i) => weight * forms[i / weights].Factors[0])],
            Biases = [.. Enumerable.Range(0, filters)
                .Select(i => forms[i].Constant
                    + (convolution.Biases.IsEmpty ? Rational.Zero : forms[i].Factors[0] * convolution.Biases[i]))],
        });
        return true;
    }
}
