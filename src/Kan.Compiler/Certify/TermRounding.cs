using System;

namespace Kan.Compiler.Certify;

/// <summary>What rounding does to the term of one edge, for an exact input.</summary>
/// <param name="Error">A bound of |computed - exact|, without the additions that take the term into its sum.</param>
/// <param name="Swing">A bound of what the additions of the term add up to on the way: of |term| where it is one number.</param>
/// <param name="Additions">The additions that take it into its sum; each rounds.</param>
internal readonly record struct TermRounding(double Error, double Swing, int Additions)
{
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
            OfWeight(form, edge, edge.Function.Slopes[0], new SegmentRounding(0, interval.Magnitude), type);

        public TermRounding Factored(FactoredForm form)
        {
            if (!form.Activation.IsRelu)
                return OfWeight(form.Affine, edge, null, SegmentRounding.Of(form.Activation.Segments[edge.Input], 0, interval, type, watch),
                    type);
            var slopes = edge.Function.Slopes;
            return OfWeight(form.Affine, edge, slopes[slopes.Length - 1], new SegmentRounding(0, Math.Max(0, interval.High)), type);
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
    private static TermRounding OfWeight(AffineForm affine, KanEdge edge, Rational? exact, SegmentRounding height, NumberType type)
    {
        double weight = affine.Weights[(edge.Input * affine.OutputCount) + edge.Output], size = Math.Abs(weight), off = type.Rounding(size);
        if (exact is { } slope)
        {
            // Weights of trained networks are numbers of the type, and are not rounded at all.
            var enclosure = Enclosure.Of(slope);
            double difference = enclosure == Enclosure.Exactly(weight) ? 0 : (enclosure - Enclosure.Exactly(weight)).Magnitude;
            off = Math.Min(off, difference);
        }

        double error = Outward.Sum(Outward.Product(off, height.Magnitude), Outward.Product(size, height.Error));
        return new TermRounding(error, Outward.Product(size, Outward.Sum(height.Magnitude, height.Error)), 1);
    }
}
