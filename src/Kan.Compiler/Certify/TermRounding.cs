using System;

namespace Kan.Compiler.Certify;

/// <summary>What rounding does to the term of one edge, for an exact input.</summary>
/// <param name="Error">A bound of |computed - exact|, without the additions that take the term into its sum.</param>
/// <param name="Swing">A bound of what the additions of the term add up to on the way: of |term| where it is one number.</param>
/// <param name="Additions">The additions that take it into its sum; each rounds.</param>
internal readonly record struct TermRounding(double Error, double Swing, int Additions)
{
    /// <summary>
    /// Holds what the rounding of a weight adds to the term: its sign is known, and over a sum signs mix. Not a part of
    /// <see cref="Error"/>.
    /// </summary>
    public Enclosure Drift { get; init; }

    /// <param name="edge">The edge.</param>
    /// <param name="form">The form of its layer.</param>
    /// <param name="interval">The inputs.</param>
    /// <param name="type">The number type.</param>
    /// <param name="watch">Sees what is computed on the way.</param>
    public static TermRounding Of(KanEdge edge, LayerForm form, Enclosure interval, NumberType type, OverflowWatch watch) =>
        form.Accept(new Term(edge, interval, type, watch));

    private readonly struct Term(KanEdge edge, Enclosure interval, NumberType type, OverflowWatch watch) : ILayerFormVisitor<TermRounding>
    {
        public TermRounding Affine(AffineForm form) =>
            OfWeight(form, edge, edge.Function.Slopes[0], interval, new SegmentRounding(0, interval.Magnitude), type);

        public TermRounding Factored(FactoredForm form)
        {
            // The steepest slope of a shape is 1, and the weight is that of the edge, unless the shape is the edge itself.
            var exact = Factorization.Steepest(edge.Function);
            if (form.Activation.IsRelu)
            {
                var values = new Enclosure(Math.Max(0, interval.Low), Math.Max(0, interval.High));
                return OfWeight(form.Affine, edge, exact, values, new SegmentRounding(0, values.High), type);
            }

            var height = SegmentRounding.Of(form.Activation.Segments[edge.Input], 0, interval, type, watch);
            return OfWeight(form.Affine, edge, exact, new Enclosure(-height.Magnitude, height.Magnitude), height, type);
        }

        public TermRounding Elementwise(ElementwiseForm form) =>
            form.Activation.IsRelu ? default
                : new TermRounding(SegmentRounding.Of(form.Activation.Segments[edge.Input], 0, interval, type, watch).Error, 0, 0);

        public TermRounding Rows(RowsForm form)
        {
            var (error, magnitude) = SegmentRounding.Of(form.Segments[edge.Input], edge.Output, interval, type, watch);
            return new TermRounding(error, magnitude, 1);
        }

        public TermRounding Units(UnitsForm form) => UnitRounding.Of(edge.Function, form.Scheme, interval, type, watch);

        public TermRounding Convolution(ConvolutionForm form) => throw NoEdges();

        public TermRounding Maximum(MaximumForm form) => throw NoEdges();

        private static InvalidOperationException NoEdges() => new("A layer over an image is certified as a whole.");
    }

    /// <summary>w h, where h arrives rounded, and w is a rounded slope or quotient of slopes.</summary>
    /// <param name="affine">The weights.</param>
    /// <param name="edge">The edge.</param>
    /// <param name="exact">What the weight was rounded from; a weight of 1 may not have been rounded at all.</param>
    /// <param name="values">Holds the exact h.</param>
    /// <param name="height">The rounding of h.</param>
    /// <param name="type">The number type.</param>
    private static TermRounding OfWeight(AffineForm affine, KanEdge edge, Rational exact, Enclosure values, SegmentRounding height,
        NumberType type)
    {
        double weight = affine.Weights[(edge.Input * affine.OutputCount) + edge.Output], size = Math.Abs(weight);
        var enclosure = Enclosure.Of(exact);

        // Weights of trained networks are numbers of the type, and are not rounded at all.
        Enclosure off = Enclosure.Exactly(0), drift = off;
        if (enclosure != Enclosure.Exactly(weight))
        {
            off = Enclosure.Exactly(weight) - enclosure;
            if (weight == 1) off = Enclosure.Exactly(0).Widen(Math.Min(off.Magnitude, type.Rounding(1)));
            drift = off * values;
        }

        return new TermRounding(Outward.Product(size, height.Error), Outward.Product(size, Outward.Sum(height.Magnitude, height.Error)), 1)
        {
            Drift = drift,
        };
    }
}
