using System;
using System.Collections.Immutable;

namespace Kan.Networks;

/// <summary>
/// One layer as it is computed: the form, the rounded numbers and the order of operations. A form defines the bits of the result;
/// generated code and the reference evaluator both follow it. Numbers of either precision are held as doubles, exactly.
/// </summary>
/// <param name="InputCount">n.</param>
/// <param name="OutputCount">m.</param>
/// <param name="Biases">m rounded numbers: where partial sum 0 starts.</param>
public abstract record LayerForm(int InputCount, int OutputCount, ImmutableArray<double> Biases)
{
    /// <summary>The name of the form.</summary>
    public abstract LayerLowering Lowering { get; }

    /// <summary>What a visitor makes of the form; a new form does not compile before every visitor knows it.</summary>
    internal abstract T Accept<T>(ILayerFormVisitor<T> visitor);
}

/// <summary>Something that differs from form to form.</summary>
internal interface ILayerFormVisitor<out T>
{
    /// <summary>All edges are linear.</summary>
    T Affine(AffineForm form);

    /// <summary>An activation, then an affine map.</summary>
    T Factored(FactoredForm form);

    /// <summary>Node for node.</summary>
    T Elementwise(ElementwiseForm form);

    /// <summary>One row of values and slopes for each input.</summary>
    T Rows(RowsForm form);

    /// <summary>Units.</summary>
    T Units(UnitsForm form);

    /// <summary>The same weights at each place of an image.</summary>
    T Convolution(ConvolutionForm form);

    /// <summary>The largest number under a window.</summary>
    T Maximum(MaximumForm form);
}

/// <summary>The order in which the terms of an output are summed: the core of the arithmetic contract.</summary>
public static class SummationOrder
{
    /// <summary>Bytes of a panel, whatever the machine's vectors: 16 floats or 8 doubles.</summary>
    public const int PanelBytes = 64;

    /// <summary>Chains of dependent additions that keep two pipelined units of latency four busy.</summary>
    private const int IndependentChains = 8;

    /// <summary>
    /// Partial sums that are enough for one panel: each of its terms loads a panel of weights and a number, and two loads in a cycle feed
    /// four chains. More would only cost additions, and registers where a panel takes two of sixteen.
    /// </summary>
    private const int MostSums = 4;

    /// <summary>Lanes of a panel.</summary>
    public static int Lanes(Precision precision) => precision == Precision.Single ? 16 : 8;

    /// <summary>Panels that hold a number of values.</summary>
    public static int Panels(int count, Precision precision)
    {
        int lanes = Lanes(precision);
        return (count + lanes - 1) / lanes;
    }

    /// <summary>
    /// The number S of partial sums, a power of two that depends on the shape alone. Input p belongs to partial sum p mod S; inputs are
    /// taken in increasing order; partial sum 0 starts at the bias, the others at 0; then, for h = S/2, S/4 ... 1, partial sum i adds
    /// partial sum i + h.
    /// </summary>
    public static int PartialSums(int inputCount, int outputCount, Precision precision)
    {
        int sums = 1;
        while (sums < MostSums && sums * 2 * Panels(outputCount, precision) <= IndependentChains && sums * 2 <= inputCount) sums *= 2;
        return sums;
    }
}

/// <summary>
/// The infinite differences that are replaced with the largest finite number, because some function is constant toward that end and
/// 0 times infinity is not a number.
/// </summary>
/// <param name="Low">Negative infinity is.</param>
/// <param name="High">Positive infinity is.</param>
public readonly record struct FiniteEnds(bool Low, bool High);

/// <summary>acc = fma(w, x, acc).</summary>
/// <param name="InputCount">n.</param>
/// <param name="OutputCount">m.</param>
/// <param name="Biases">m numbers.</param>
/// <param name="Weights">n * m numbers, ordered by input, then output.</param>
/// <param name="Ends">Bounds of x.</param>
public sealed record AffineForm(int InputCount, int OutputCount, ImmutableArray<double> Biases, ImmutableArray<double> Weights,
    FiniteEnds Ends)
    : LayerForm(InputCount, OutputCount, Biases)
{
    /// <inheritdoc/>
    public override LayerLowering Lowering => LayerLowering.Affine;

    internal override T Accept<T>(ILayerFormVisitor<T> visitor) => visitor.Affine(this);
}

/// <summary>h = s(x), then acc = fma(w, h, acc).</summary>
/// <param name="Activation">One function for each input.</param>
/// <param name="Affine">The affine map of h; its ends bound h.</param>
public sealed record FactoredForm(ActivationForm Activation, AffineForm Affine)
    : LayerForm(Affine.InputCount, Affine.OutputCount, Affine.Biases)
{
    /// <inheritdoc/>
    public override LayerLowering Lowering => LayerLowering.Factored;

    internal override T Accept<T>(ILayerFormVisitor<T> visitor) => visitor.Factored(this);
}

/// <summary>y = s(x), node for node.</summary>
/// <param name="Activation">One function for each node, biases included.</param>
public sealed record ElementwiseForm(ActivationForm Activation)
    : LayerForm(Activation.Count, Activation.Count, ImmutableArray.CreateRange(new double[Activation.Count]))
{
    /// <inheritdoc/>
    public override LayerLowering Lowering => LayerLowering.Elementwise;

    internal override T Accept<T>(ILayerFormVisitor<T> visitor) => visitor.Elementwise(this);
}

/// <summary>One function for each lane, in segment form, or ReLU.</summary>
/// <param name="Count">The number of lanes.</param>
/// <param name="IsRelu">Whether all are x &lt; 0 ? 0 : x; then there is no table.</param>
/// <param name="Segments">If not all are ReLU: one table per lane, all with the same number of segments, each with one output.</param>
/// <param name="Ends">Bounds of the difference t.</param>
public sealed record ActivationForm(int Count, bool IsRelu, ImmutableArray<SegmentTable> Segments, FiniteEnds Ends);

/// <summary>
/// acc = acc + fma(a[j], t, v[j]) with j the number of knots that x is at or above, t = x - point[j].
/// </summary>
/// <param name="InputCount">n.</param>
/// <param name="OutputCount">m.</param>
/// <param name="Biases">m numbers.</param>
/// <param name="Segments">One table for each input.</param>
/// <param name="Ends">Bounds of t.</param>
public sealed record RowsForm(int InputCount, int OutputCount, ImmutableArray<double> Biases, ImmutableArray<SegmentTable> Segments,
    FiniteEnds Ends)
    : LayerForm(InputCount, OutputCount, Biases)
{
    /// <inheritdoc/>
    public override LayerLowering Lowering => LayerLowering.Rows;

    internal override T Accept<T>(ILayerFormVisitor<T> visitor) => visitor.Rows(this);
}

/// <summary>The functions of one input in segment form: phi_q(x) = v[j, q] + a[j, q] (x - point[j]).</summary>
/// <param name="Knots">K rounded breakpoints, not decreasing; padding is NaN, which no number is at or above.</param>
/// <param name="Points">K + 1 anchor points: the first knot, then the knots (0 where there is none).</param>
/// <param name="Values">(K + 1) * m values at the anchor points, by segment, then output.</param>
/// <param name="Slopes">(K + 1) * m slopes, by segment, then output.</param>
public sealed record SegmentTable(ImmutableArray<double> Knots, ImmutableArray<double> Points, ImmutableArray<double> Values,
    ImmutableArray<double> Slopes)
{
    /// <summary>K + 1.</summary>
    public int SegmentCount => Points.Length;

    /// <summary>Whether no breakpoint was rounded, so that a number of the type is on the segment that it seems to be on.</summary>
    internal bool HasExactKnots { get; init; }

    /// <summary>Whether no slope was rounded.</summary>
    internal bool HasExactSlopes { get; init; }

    /// <summary>Whether no value was rounded.</summary>
    internal bool HasExactValues { get; init; }
}

/// <summary>
/// acc = fma(w, unit(x - b), acc) for each unit of each input: clamped differences, or the ReLU units of Lemma 1.
/// </summary>
/// <param name="Lowering">The name of the form, which says what the units are.</param>
/// <param name="InputCount">n.</param>
/// <param name="OutputCount">m.</param>
/// <param name="Biases">m numbers.</param>
/// <param name="Kinds">The units of every input, in order.</param>
/// <param name="Units">n * Kinds.Length units, by input, then position.</param>
/// <param name="Ends">Bounds of the difference of the units that are unbounded.</param>
public sealed record UnitsForm(
    LayerLowering Lowering,
    int InputCount,
    int OutputCount,
    ImmutableArray<double> Biases,
    ImmutableArray<UnitKind> Kinds,
    ImmutableArray<UnitTable> Units,
    FiniteEnds Ends)
    : LayerForm(InputCount, OutputCount, Biases)
{
    /// <inheritdoc/>
    public override LayerLowering Lowering { get; } = Lowering;

    /// <summary>How edges became units.</summary>
    internal UnitScheme Scheme =>
        UnitScheme.Of(Lowering) ?? throw new System.InvalidOperationException($"{Lowering} is not made of units.");

    internal override T Accept<T>(ILayerFormVisitor<T> visitor) => visitor.Units(this);
}

/// <summary>One unit for each output.</summary>
/// <param name="Points">m numbers b.</param>
/// <param name="Heights">m numbers h for <see cref="UnitKind.Clamp"/>, else empty.</param>
/// <param name="Weights">m numbers w.</param>
public sealed record UnitTable(ImmutableArray<double> Points, ImmutableArray<double> Heights, ImmutableArray<double> Weights);

/// <summary>A network as it is computed.</summary>
/// <param name="Precision">The number type.</param>
/// <param name="Layers">The layers, first to last.</param>
public sealed record NetworkForm(Precision Precision, ImmutableArray<LayerForm> Layers)
{
    /// <summary>The number of inputs.</summary>
    public int InputCount => Layers[0].InputCount;

    /// <summary>The number of outputs.</summary>
    public int OutputCount => Layers[Layers.Length - 1].OutputCount;
}
