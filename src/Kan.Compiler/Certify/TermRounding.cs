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
    public static TermRounding Of(KanEdge edge, LayerForm form, Enclosure interval, NumberType type, OverflowWatch watch)
    {
        switch (form)
        {
            case AffineForm affine:
                return OfWeight(affine, edge, edge.Function.Slopes[0], new SegmentRounding(0, interval.Magnitude), type);
            case FactoredForm { Activation.IsRelu: true } factored:
                var slope = edge.Function.Slopes[0].IsZero ? edge.Function.Slopes[edge.Function.Slopes.Length - 1] : edge.Function.Slopes[0];
                return OfWeight(factored.Affine, edge, slope, new SegmentRounding(0, Math.Max(0, interval.High)), type);
            case FactoredForm factored:
                return OfWeight(factored.Affine, edge, null, SegmentRounding.Of(factored.Activation.Segments[edge.Input], 0, interval, type, watch), type);
            case ElementwiseForm { Activation.IsRelu: true }:
                return default;
            case ElementwiseForm elementwise:
                return new TermRounding(SegmentRounding.Of(elementwise.Activation.Segments[edge.Input], 0, interval, type, watch).Error, 0, 0);
            case RowsForm rows:
                var (error, magnitude) = SegmentRounding.Of(rows.Segments[edge.Input], edge.Output, interval, type, watch);
                return new TermRounding(error, magnitude, 1);
            case UnitsForm units:
                return UnitRounding.Of(edge.Function, units.Lowering, interval, type, watch);
            default:
                throw new ArgumentException($"Forms of type {form.GetType().Name} are not known.", nameof(form));
        }
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
