using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;

namespace Kan.Networks;

/// <summary>Makes the form of a layer: each number computed exactly, then rounded once.</summary>
public static class FormBuilder
{
    /// <summary>The form of a layer under a lowering.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="lowering">The lowering; it must apply to the layer (see <see cref="Applies"/>).</param>
    /// <param name="precision">The number type.</param>
    /// <param name="cancellation">Cancels the operation; observed between inputs.</param>
    /// <exception cref="ArgumentException">The lowering does not apply.</exception>
    /// <exception cref="OverflowException">A number does not fit the number type.</exception>
    public static LayerForm Build(KanLayer layer, LayerLowering lowering, Precision precision, CancellationToken cancellation = default)
    {
        var rounding = new Rounding(precision);

        // Diagonal layers may be wide, as behind a convolution, and a square of pairs would not fit.
        if (lowering == LayerLowering.Elementwise && layer.IsDiagonal) return SegmentFormBuilder.BuildElementwise(layer, rounding);
        var byInput = GroupByInput(layer);
        return lowering switch
        {
            LayerLowering.Affine when layer.IsAffine => AffineFormBuilder.BuildAffine(layer, byInput, rounding, cancellation),
            LayerLowering.Factored when Factorization.TryFactor(byInput, precision) is { } shapes =>
                AffineFormBuilder.BuildFactored(layer, byInput, shapes, rounding, cancellation),
            LayerLowering.Rows => SegmentFormBuilder.BuildRows(layer, byInput, rounding, cancellation),
            _ when UnitScheme.Of(lowering) is { } scheme => UnitFormBuilder.Build(layer, scheme, byInput, rounding, cancellation),
            _ => throw new ArgumentException($"The lowering {lowering} cannot be used for this layer.", nameof(lowering)),
        };
    }

    /// <summary>Whether a lowering can compute a layer.</summary>
    public static bool Applies(KanLayer layer, LayerLowering lowering, Precision precision) => lowering switch
    {
        LayerLowering.Affine => layer.IsAffine,
        LayerLowering.Elementwise => layer.IsDiagonal,
        LayerLowering.Factored => Factorization.TryFactor(GroupByInput(layer), precision) is not null,
        _ => true,
    };

    /// <summary>For each input its functions by output, null if there is no edge.</summary>
    internal static PiecewiseLinearFunction?[][] GroupByInput(KanLayer layer)
    {
        var byInput = new PiecewiseLinearFunction?[layer.InputCount][];
        for (int p = 0; p < byInput.Length; p++) byInput[p] = new PiecewiseLinearFunction?[layer.OutputCount];
        foreach (var edge in layer.Edges) byInput[edge.Input][edge.Output] = edge.Function;
        return byInput;
    }

    /// <summary>The sorted union of the breakpoints of some functions.</summary>
    internal static List<Rational> UnionOfBreakpoints(IEnumerable<PiecewiseLinearFunction?> functions)
    {
        var union = new List<Rational>();
        foreach (var function in functions)
        {
            if (function is null || function.Breakpoints.IsEmpty || union.SequenceEqual(function.Breakpoints)) continue;
            union = PiecewiseLinearFunction.Union(union, function.Breakpoints);
        }

        return union;
    }
}
