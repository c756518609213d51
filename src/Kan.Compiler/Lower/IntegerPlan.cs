using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Compiler.Certify;
using Kan.Compiler.Integers;
using Kan.Panels;

namespace Kan.Compiler.Lower;

/// <summary>The integer form of a network, ready to be printed.</summary>
/// <param name="Form">What is computed.</param>
/// <param name="Certificate">What is certified of |integer - exact|.</param>
public sealed record IntegerPlan(IntegerForm Form, ErrorCertificate Certificate)
{
    /// <summary>
    /// Outputs beyond which the differences of each pair would be a longer table than they are worth; then floats decide.
    /// </summary>
    internal const int MostDecidedOutputs = 32;

    /// <summary>Scales of inputs beyond which squares of what their codes are off would leave <c>float</c>; then floats decide.</summary>
    private const float LeastScale = 1e-15f, MostScale = 1e15f;

    /// <summary>All numbers, 32 bits each: of the inputs, of each layer, and of the differences.</summary>
    internal ImmutableArray<int> Table { get; private init; } = [];

    /// <summary>Where the numbers of each layer begin.</summary>
    internal ImmutableArray<int> Starts { get; private init; } = [];

    /// <summary>Whether edges are functions of codes, rather than weights.</summary>
    public bool HasCurves => Form.Layers[0].HasCurves;

    /// <summary>Whether some of its layers are over images.</summary>
    public bool HasImages => Form.Layers.Any(static layer => layer.Window is not null);

    /// <summary>Whether its kernels are printed: the library has those of weights and codes of 8 bits.</summary>
    internal bool HasKernels => HasCurves || Form.IsWide || HasImages;

    /// <summary>Where the numbers begin that say how far two outputs must be apart; negative where floats decide.</summary>
    internal int DifferencesStart { get; private init; } = -1;

    /// <summary>What else tells them apart; null where nothing does.</summary>
    internal ActiveUnitsPlan? ActiveUnits { get; private init; }

    /// <summary>What integers of curves decide with; null where floats do.</summary>
    internal CurveDecisionPlan? CurveDecision { get; private init; }

    /// <summary>Where the numbers of the decision of curves begin.</summary>
    internal int CurveDecisionStart => Table.Length - (CurveDecision?.Numbers.Length ?? 0);

    /// <summary>Where the numbers of active units begin.</summary>
    internal int ActiveStart => Table.Length - (ActiveUnits?.Numbers.Length ?? 0);

    /// <summary>What <c>|float - exact|</c> is at most: the answer that integers may give is that of the floats.</summary>
    internal double FloatBound { get; private init; }

    /// <summary>1 if the inputs share their codes and their range, else their number.</summary>
    internal int InputRanges { get; private init; }

    /// <summary>
    /// Whether the integers are those of a file, so that they are the model, and decide; else they stand for numbers of floating point,
    /// which decide.
    /// </summary>
    public bool IsModel { get; private init; }

    /// <summary>Bytes of the weights, biases and multipliers of all layers.</summary>
    public long Bytes => Enumerable.Range(0, Form.Layers.Length).Sum(layer => (long)LayerBytes(layer));

    /// <summary>Bytes of the weights, biases and multipliers of a layer.</summary>
    public int LayerBytes(int layer) => sizeof(int) * (HasImages ? new ImageLayout(Form, layer, 0).Length
        : Form.Layers[layer].HasCurves
        ? Form.IsWide ? new WideCurveLayout(Form.Layers[layer], 0).Length : CurveLayout.Of(Form.Layers[layer], 0).Length
        : Form.IsWide ? new WideLayout(Form, layer, 0).Length : Place(Form.Layers[layer], 0).Length);

    /// <summary>Lowers a simplified network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="ranges">The ranges of the inputs, one for each or one for all.</param>
    /// <param name="hidden">The ranges behind each layer but the last that samples gave; empty for certified ones.</param>
    /// <param name="tolerance">
    /// What outputs should be off at most: codes have 16 bits where codes of 8 are not certified to keep it, and 16 are certified to be
    /// nearer. Null for 8.
    /// </param>
    /// <param name="floats">The certificate of the float code.</param>
    /// <param name="cancellation">Observed between layers.</param>
    /// <exception cref="NoIntegerFormException">The network has no integer form, or no ranges.</exception>
    public static IntegerPlan Create(
        KanNetwork network, ImmutableArray<InputRange> ranges, ImmutableArray<InputRange> hidden, double? tolerance,
        ErrorCertificate floats, CancellationToken cancellation)
    {
        if (ranges.IsDefaultOrEmpty)
            throw new NoIntegerFormException("no ranges of its inputs are known: declare them, or give samples to calibrate with");
        bool hasImages = ImageLayer.AreIn(network), hasCurves = !hasImages && CurveLayer.AreIn(network);
        int needed = network.Layers.Length - 1;
        if (!hidden.IsDefaultOrEmpty && hidden.Length != needed)
        {
            throw new NoIntegerFormException(FormattableString.Invariant(
                $"it was calibrated with {hidden.Length} ranges of hidden values, and {needed} are needed: convert it again"));
        }

        if (hasImages) return OfImages(ImageLayer.Of(network, cancellation), ranges, hidden, cancellation);
        if (hasCurves) return OfCurves(CurveLayer.Of(network, cancellation), ranges, hidden, tolerance, floats, cancellation);
        var layers = LinearLayer.Of(network, cancellation);
        var exact = IntegerBound.Ranges(layers, ranges);
        var form = IntegerLowering.Lower(layers, ranges, Coded(exact, hidden), isWide: false, cancellation);
        var bound = new IntegerBound(layers, form);
        var certificate = bound.Certify(exact, ranges, cancellation);
        if (tolerance is { } most && !(certificate.Bound <= most))
        {
            var wide = IntegerLowering.Lower(layers, ranges, Coded(exact, hidden), isWide: true, cancellation);
            var nearer = new IntegerBound(layers, wide).Certify(exact, ranges, cancellation);
            if (nearer.Bound < certificate.Bound) return Pack(new IntegerPlan(wide, nearer), ranges, null);
        }

        bool isDecided = form.OutputCount <= MostDecidedOutputs && floats.Bound < double.PositiveInfinity
            && layers.All(static layer => SpectralNorm.IsVerified(layer.Inputs, layer.Outputs))
            && form.Inputs.All(static codes => codes.Scale is >= LeastScale and <= MostScale);
        double[]? differences = isDecided ? bound.Differences(cancellation) : null;
        return Pack(new IntegerPlan(form, certificate)
        {
            FloatBound = floats.Bound,
            ActiveUnits = isDecided ? ActiveUnitsLowering.Create(layers, form, bound, cancellation) : null,
        }, ranges, differences);
    }

    /// <summary>The integers of a network that was quantised before it came here.</summary>
    /// <param name="codes">What they stand for.</param>
    /// <param name="layers">Its layers.</param>
    /// <param name="ranges">The ranges of the inputs, one for each or one for all; empty for the numbers of their codes.</param>
    /// <param name="cancellation">Observed between layers.</param>
    /// <exception cref="ArgumentException">The codes do not fit the layers.</exception>
    public static IntegerPlan Create(QuantizedCodes codes, ImmutableArray<LayerDescription> layers, ImmutableArray<InputRange> ranges,
        CancellationToken cancellation)
    {
        var form = codes.FormOf(layers);
        if (ranges.IsDefaultOrEmpty) ranges = [codes.InputRange];
        if (form.Layers.Any(static layer => layer.Window is not null))
        {
            var images = ImageLayer.Of(form, codes);
            var exact = ImageBound.Ranges(images, ranges, cancellation);
            return Pack(new IntegerPlan(form, new ImageBound(images, form).Certify(exact, ranges, cancellation)) { IsModel = true },
                [Together(ranges)], null);
        }

        var linear = LinearLayer.Of(form, codes);
        return Pack(new IntegerPlan(form,
            new IntegerBound(linear, form).Certify(IntegerBound.Ranges(linear, ranges), ranges, cancellation))
        { IsModel = true }, ranges, null);
    }

    private static IntegerPlan OfCurves(
        CurveLayer[] layers, ImmutableArray<InputRange> ranges, ImmutableArray<InputRange> hidden, double? tolerance,
        ErrorCertificate floats, CancellationToken cancellation)
    {
        var exact = CurveBound.Ranges(layers, ranges);
        var form = CurveLowering.Lower(layers, ranges, Coded(exact, hidden), cancellation);
        var certificate = new CurveBound(layers, form).Certify(exact, ranges, cancellation);
        if (tolerance is { } most && !(certificate.Bound <= most)
            && WideCurveLowering.Lower(layers, ranges, Coded(exact, hidden), cancellation) is { } wide)
        {
            var nearer = new WideCurveBound(layers, wide).Certify(exact, ranges, cancellation);
            if (nearer.Bound < certificate.Bound) return Pack(new IntegerPlan(wide, nearer), ranges, null);
        }

        return Pack(new IntegerPlan(form, certificate)
        {
            FloatBound = floats.Bound,
            CurveDecision = floats.Bound <= MostScale ? CurveDecisionLowering.Create(layers, form, cancellation) : null,
        }, ranges, null);
    }

    private static IntegerPlan OfImages(
        ImageLayer[] layers, ImmutableArray<InputRange> ranges, ImmutableArray<InputRange> hidden, CancellationToken cancellation)
    {
        var exact = ImageBound.Ranges(layers, ranges, cancellation);
        var all = Together(ranges);
        var coded = ImmutableArray.CreateBuilder<CodedRange>(layers.Length);
        for (int l = 0; l < layers.Length; l++)
        {
            // Values get codes behind the maxima that follow a sum. There is no sample behind the last layer.
            int end = l, behind = layers[l].Behind;
            while (end + 1 < layers.Length && layers[end + 1].IsMaximum) end++;
            coded.Add(!hidden.IsDefaultOrEmpty && behind < hidden.Length
                ? new CodedRange(hidden[behind].Low.ToDouble(), hidden[behind].High.ToDouble())
                : new CodedRange(exact[end].Min(static node => node.Low), exact[end].Max(static node => node.High)));
        }

        var form = ImageLowering.Lower(layers, new CodedRange(all.Low.ToDouble(), all.High.ToDouble()), coded.MoveToImmutable(),
            cancellation);
        return Pack(new IntegerPlan(form, new ImageBound(layers, form).Certify(exact, ranges, cancellation)), [all], null);
    }

    /// <summary>The range that holds some: inputs of a layer over an image share their codes.</summary>
    private static InputRange Together(ImmutableArray<InputRange> ranges) => ranges.Aggregate(
        static (all, range) => new InputRange(all.Low < range.Low ? all.Low : range.Low, all.High > range.High ? all.High : range.High));

    /// <summary>The ranges that the nodes behind each layer but the last have codes for.</summary>
    private static ImmutableArray<CodedRange> Coded(CodedRange[][] exact, ImmutableArray<InputRange> hidden) => hidden.IsDefaultOrEmpty
        ? [.. exact.Take(exact.Length - 1)
            .Select(static nodes => new CodedRange(nodes.Min(static node => node.Low), nodes.Max(static node => node.High)))]
        : [.. hidden.Select(static range => new CodedRange(range.Low.ToDouble(), range.High.ToDouble()))];

    private static IntegerPlan Pack(IntegerPlan plan, ImmutableArray<InputRange> ranges, double[]? differences)
    {
        var form = plan.Form;
        var table = ImmutableArray.CreateBuilder<int>();
        int inputs = form.Inputs.Length == 1 && ranges.Distinct().Count() == 1 ? 1 : form.InputCount;
        Add(inputs, p => Bits(form.Input(p).Scale));
        Add(inputs, p => form.Input(p).Zero);
        Add(inputs, p => Bits(Inward(ranges[ranges.Length == 1 ? 0 : p].Low, up: true)));
        Add(inputs, p => Bits(Inward(ranges[ranges.Length == 1 ? 0 : p].High, up: false)));
        int[] starts = new int[form.Layers.Length];
        for (int l = 0; l < starts.Length; l++)
        {
            starts[l] = table.Count;
            AddLayer(table, form, l);
        }

        int start = table.Count;
        if (differences is not null)
        {
            int m = form.OutputCount, terms = (2 * starts.Length) + 1;
            for (int k = 0; k < m; k++)
            {
                for (int t = 0; t < terms; t++) AddPadded(table, m, j => Bits(Outward(differences[(((k * m) + j) * terms) + t])));
            }
        }

        if (plan.ActiveUnits is { } active) table.AddRange(active.Numbers);
        if (plan.CurveDecision is { } decision) table.AddRange(decision.Numbers);

        return plan with
        {
            InputRanges = inputs,
            Table = table.ToImmutable(),
            Starts = [.. starts],
            DifferencesStart = differences is null ? -1 : start
        };

        void Add(int count, Func<int, int> number) => AddPadded(table, count, number);
    }

    private static void AddLayer(ImmutableArray<int>.Builder table, IntegerForm form, int l)
    {
        var layer = form.Layers[l];
        if (form.Layers.Any(static any => any.Window is not null))
        {
            new ImageLayout(form, l, table.Count).AddTo(table);
            return;
        }

        if (layer.HasCurves)
        {
            bool isEnd = l == form.Layers.Length - 1;
            if (form.IsWide) new WideCurveLayout(layer, table.Count).AddTo(table, isEnd);
            else CurveLayout.Of(layer, table.Count).AddTo(table, isEnd);
            return;
        }

        if (form.IsWide)
        {
            new WideLayout(form, l, table.Count).AddTo(table);
            return;
        }

        AddWeights(table, layer.InputCount, layer.OutputCount, layer.Weight);
        bool isLast = l == form.Layers.Length - 1;
        AddPadded(table, layer.OutputCount, q => checked((int)form.SumBias(l, q)));
        AddPadded(table, layer.OutputCount, q => Bits(isLast ? layer.Units[q] : layer.Multiplier(q)));
    }

    /// <summary>Adds weights of 8 bits by block of four panels, then group of four inputs, then panel.</summary>
    internal static void AddWeights(IList<int> table, int inputs, int outputs, Func<int, int, sbyte> weight)
    {
        int panels = (outputs + IntegerLayer.Lanes - 1) / IntegerLayer.Lanes;
        for (int block = 0; block < panels; block += IntegerLayer.BlockPanels)
        {
            for (int group = 0; group * 4 < inputs; group++)
            {
                int end = Math.Min(panels, block + IntegerLayer.BlockPanels) * IntegerLayer.Lanes;
                for (int q = block * IntegerLayer.Lanes; q < end; q++)
                {
                    uint four = 0;
                    for (int i = 0; i < 4; i++)
                    {
                        int p = (group * 4) + i;
                        if (p < inputs && q < outputs) four |= (uint)(byte)weight(p, q) << (8 * i);
                    }

                    table.Add(unchecked((int)four));
                }
            }
        }
    }

    /// <summary>Where the parts of a layer are, as the code that reads them computes it.</summary>
    private static IntegerLayer Place(IntegerLayerForm layer, int start) =>
        new(layer.InputCount, layer.OutputCount, start, layer.Codes.Zero, layer.FitsPairs);

    /// <summary>Adds numbers, and zeros up to a whole panel.</summary>
    internal static void AddPadded(IList<int> table, int count, Func<int, int> number)
    {
        for (int i = 0; i < count; i++) table.Add(number(i));
        while (table.Count % IntegerLayer.Lanes != 0) table.Add(0);
    }

    /// <summary>The float next to an end of a range that lies within it.</summary>
    private static float Inward(Rational end, bool up)
    {
        float nearest = end.ToSingle();
        var rounded = float.IsInfinity(nearest) ? end : Rational.FromSingle(nearest);
        if (float.IsInfinity(nearest)) return nearest > 0 ? (up ? nearest : float.MaxValue) : (up ? float.MinValue : nearest);
        if (up ? rounded >= end : rounded <= end) return nearest;
        int bits = Bits(nearest);
        if (nearest == 0) return up ? float.Epsilon : -float.Epsilon;
        return Single((nearest > 0) == up ? bits + 1 : bits - 1);
    }

    /// <summary>A float that is no less than a number of at least 0.</summary>
    internal static float Outward(double number) => number == 0 ? 0 : (float)(number * (1 + 1.3e-7)) + 1e-37f;

    internal static int Bits(float number) => BitConverter.ToInt32(BitConverter.GetBytes(number), 0);

    internal static float Single(int bits) => BitConverter.ToSingle(BitConverter.GetBytes(bits), 0);
}
