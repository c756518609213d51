using System.Collections.Immutable;
using System.Linq;

namespace Kan.Compiler.Lower;

/// <summary>
/// A layer of a network over images as kernels compute it, and where its numbers are in the table of the network. A convolution has the
/// offsets of its fours; then for each group and panel of filters the weights of each four, four bytes for each filter; biases; biases for
/// codes that are kept less 128; multipliers. One by channel has the offsets of pairs of taps, and for each panel of channels and pair two
/// weights of 16 bits; then biases and multipliers. A maximum has nothing.
/// </summary>
/// <remarks>Signed codes have biases modulo 2^32.</remarks>
internal sealed class ImageLayout
{
    /// <summary>Numbers of a panel in the table.</summary>
    private const int Padding = 16;

    private readonly IntegerForm _form;
    private readonly int _index;

    public ImageLayout(IntegerForm form, int index, int start)
    {
        _form = form;
        _index = index;
        Start = start;
        Image = CodeImage.Before(form, index);
        if (IsMaximum) return;
        if (IsByChannel)
        {
            int taps = Window!.FilterWeights;
            Steps = (taps + 1) / 2;
            Lanes = Padding;
            Offsets = [.. Enumerable.Range(0, Steps * 2).Select(tap => OffsetOf(tap < taps ? tap : taps - 1))];
            Panels = (Filters + Lanes - 1) / Lanes;
        }
        else
        {
            Terms = Window is null ? CodeTerms.Of(Layer.InputCount) : CodeTerms.Of(Window);
            Steps = Terms.Places.Length;
            Lanes = GroupFilters <= Padding / 2 ? Padding / 2 : Padding;
            Offsets = [.. Terms.Places.Select(place => (place.Row * Image.Pitch) + (place.Column * Image.Channels) + place.Channel)];
            Panels = (GroupFilters + Lanes - 1) / Lanes;
            FitsPairs = Enumerable.Range(0, Filters).All(FitsPairsOf);
        }

        Weights = start + Padded(Offsets.Length);
        Biases = Weights + Padded(Groups * Panels * Steps * Lanes);
        SignedBiases = Biases + (IsByChannel ? 0 : Padded(Groups * Panels * Lanes));
        Multipliers = SignedBiases + Padded(Groups * Panels * Lanes);
        Length = Multipliers + Padded(Groups * Panels * Lanes) - start;
    }

    /// <summary>The layer.</summary>
    public IntegerLayerForm Layer => _form.Layers[_index];

    /// <summary>Its window; null for a matrix.</summary>
    public IntegerWindow? Window => Layer.Window;

    /// <summary>Whether its results are outputs.</summary>
    public bool IsLast => _index == _form.Layers.Length - 1;

    /// <summary>Whether it takes the largest codes.</summary>
    public bool IsMaximum => Window is { IsMaximum: true };

    /// <summary>Whether each channel is by itself.</summary>
    public bool IsByChannel => Window is { IsByChannel: true };

    /// <summary>The image that it reads.</summary>
    public CodeImage Image { get; }

    /// <summary>The padded image that its results make for the next layer; null if they are one after the other.</summary>
    public CodeImage? Results =>
        !IsLast && CodeImage.Before(_form, _index + 1) is { IsDirect: true, IsPadded: true } next ? next : null;

    /// <summary>Results from one row of places to the next.</summary>
    public int ResultPitch => Results?.Pitch ?? Columns * Filters;

    /// <summary>Where the first result is.</summary>
    public int FirstResult => Results?.First ?? 0;

    /// <summary>Bytes that its results take: codes, or numbers of the outputs.</summary>
    public int ResultBytes => (Results?.Length ?? Layer.OutputCount) * (IsLast && !IsMaximum ? sizeof(float) : 1);

    /// <summary>Filters, or outputs of a matrix.</summary>
    public int Filters => Window?.Filters ?? Layer.OutputCount;

    /// <summary>Places from left to right.</summary>
    public int Columns => Window?.Geometry.OutputWidth ?? 1;

    /// <summary>Places from top to bottom.</summary>
    public int Rows => Window?.Geometry.OutputHeight ?? 1;

    /// <summary>Groups of filters whose inputs stand next to each other; 1 where each channel is by itself.</summary>
    public int Groups => Window is null || IsByChannel ? 1 : Window.Groups;

    /// <summary>Filters of a group.</summary>
    public int GroupFilters => Filters / Groups;

    /// <summary>Channels of a group of inputs.</summary>
    public int GroupChannels => Window is null || IsByChannel ? 0 : Window.GroupChannels;

    /// <summary>Bytes from what a place reads to what the place right of it does.</summary>
    public int ColumnStep => (Window?.Geometry.StrideX ?? 0) * Image.Channels;

    /// <summary>Bytes from what a place reads to what the place below it does.</summary>
    public int RowStep => (Window?.Geometry.StrideY ?? 0) * Image.Pitch;

    /// <summary>Fours of codes that an output reads, or pairs of taps.</summary>
    public int Steps { get; }

    /// <summary>Filters of a panel.</summary>
    public int Lanes { get; }

    /// <summary>Panels of a group.</summary>
    public int Panels { get; }

    /// <summary>Whether two products of neighbours fit 16 bits together.</summary>
    public bool FitsPairs { get; }

    /// <summary>Which layer it is.</summary>
    public int Index => _index;

    /// <summary>Where its numbers begin, with the offsets of what is read.</summary>
    public int Start { get; }

    /// <summary>Where the weights begin.</summary>
    public int Weights { get; }

    /// <summary>Where the biases begin.</summary>
    public int Biases { get; }

    /// <summary>Where the biases for signed codes begin.</summary>
    public int SignedBiases { get; }

    /// <summary>Where the multipliers begin, or the units of outputs.</summary>
    public int Multipliers { get; }

    /// <summary>Numbers of 32 bits.</summary>
    public int Length { get; }

    /// <summary>Whether the fours of a place follow each other.</summary>
    public bool IsOneRun => !Offsets.Where(static (offset, i) => offset != CodeTerms.Four * i).Any();

    private int[] Offsets { get; } = [];

    private CodeTerms? Terms { get; }

    /// <summary>Adds the numbers to a table.</summary>
    public void AddTo(ImmutableArray<int>.Builder table)
    {
        if (IsMaximum) return;
        IntegerPlan.AddPadded(table, Offsets.Length, i => Offsets[i]);
        foreach (var (group, panel) in AllPanels())
        {
            for (int step = 0; step < Steps; step++)
            {
                for (int lane = panel * Lanes; lane < (panel + 1) * Lanes; lane++)
                    table.Add(lane < GroupFilters ? Packed((group * GroupFilters) + lane, step) : 0);
            }
        }

        IntegerPlan.AddPadded(table, 0, static _ => 0);
        AddFilters(table, filter => unchecked((int)_form.SumBias(_index, filter)));
        if (!IsByChannel) AddFilters(table, SignedBias);
        AddFilters(table, filter => IntegerPlan.Bits(IsLast ? Layer.Unit(filter) : Layer.Multiplier(filter)));
    }

    private void AddFilters(ImmutableArray<int>.Builder table, System.Func<int, int> number)
    {
        foreach (var (group, panel) in AllPanels())
        {
            for (int lane = panel * Lanes; lane < (panel + 1) * Lanes; lane++)
                table.Add(lane < GroupFilters ? number((group * GroupFilters) + lane) : 0);
        }

        IntegerPlan.AddPadded(table, 0, static _ => 0);
    }

    private (int Group, int Panel)[] AllPanels() =>
        [.. Enumerable.Range(0, Groups).SelectMany(_ => Enumerable.Range(0, Panels), static (group, panel) => (group, panel))];

    /// <summary>Four weights of 8 bits, or two of 16.</summary>
    private int Packed(int filter, int step)
    {
        if (IsByChannel)
        {
            int tap = step * 2;
            return (Weight(filter, tap) & 0xFFFF) | (tap + 1 < Window!.FilterWeights ? Weight(filter, tap + 1) << 16 : 0);
        }

        int four = 0;
        for (int i = 0; i < CodeTerms.Four; i++)
        {
            int term = Terms!.Weights[(step * CodeTerms.Four) + i];
            if (term >= 0) four |= (byte)Weight(filter, term) << (8 * i);
        }

        return four;
    }

    private int Weight(int filter, int term) =>
        Window is null ? Layer.Weight(term, filter) : Layer.Weights[(filter * Window.FilterWeights) + term];

    /// <summary>Where a sum starts if codes less 128 are multiplied.</summary>
    private int SignedBias(int filter)
    {
        long bias = _form.SumBias(_index, filter);
        foreach (int term in Terms!.Weights)
        {
            if (term >= 0) bias += Weight(filter, term) * 128L;
        }

        return unchecked((int)bias);
    }

    private bool FitsPairsOf(int filter)
    {
        int[] weights = Terms!.Ordered(term => Weight(filter, term));
        for (int i = 0; i < weights.Length; i += 2)
        {
            int most = System.Math.Max(weights[i], 0) + System.Math.Max(weights[i + 1], 0),
                least = System.Math.Min(weights[i], 0) + System.Math.Min(weights[i + 1], 0);
            if (most * CodeRange.Highest > short.MaxValue || least * CodeRange.Highest < short.MinValue) return false;
        }

        return true;
    }

    private int OffsetOf(int tap)
    {
        var geometry = Window!.Geometry;
        return (tap / geometry.KernelWidth * geometry.DilationY * Image.Pitch)
            + (tap % geometry.KernelWidth * geometry.DilationX * Image.Channels);
    }

    private static int Padded(int count) => (count + Padding - 1) / Padding * Padding;
}
