using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Kan.Interchange.Onnx.Graph;

namespace Kan.Interchange.Onnx.Operators;

/// <summary>
/// What a resized axis is made of: for each of its places, places of the axis before and their weights, which sum to 1; none for a place
/// that lies outside. Weights are exact, and those of an axis do not depend on the others.
/// </summary>
/// <param name="Mode">nearest, linear or cubic.</param>
/// <param name="Coordinates">How places of the result are placed on the axis before.</param>
/// <param name="Rounding">How nearest rounds them.</param>
internal sealed record AxisWeights(string Mode, string Coordinates, string Rounding)
{
    private static readonly Rational s_half = Rational.Create(1, 2);

    /// <summary>The coefficient of cubic interpolation.</summary>
    public Rational Cubic { get; init; } = Rational.Create(-3, 4);

    /// <summary>Whether weights of places outside are left out, and the others made larger; instead of those at the border.</summary>
    public bool ExcludesOutside { get; init; }

    /// <summary>Whether an axis that gets shorter is averaged.</summary>
    public bool IsAntialiased { get; init; }

    /// <summary>The weights of an axis.</summary>
    /// <param name="node">For complaints.</param>
    /// <param name="size">Places before.</param>
    /// <param name="result">Places after.</param>
    /// <param name="scale">By how much it grows.</param>
    /// <param name="region">The part of the axis that is kept, as shares of it; only where coordinates say so.</param>
    public List<(int Place, Rational Weight)>[] Of(OnnxNode node, int size, int result, Rational scale,
        (Rational Start, Rational End) region)
    {
        var places = new List<(int, Rational)>[result];
        for (int place = 0; place < result; place++)
        {
            var at = Coordinate(node, place, size, result, scale, region);
            bool isOutside = Coordinates == "tf_crop_and_resize" && (at < Rational.Zero || at > size - 1);
            places[place] = isOutside ? [] : Mode == "nearest" ? [((int)BigInteger.Clamp(Round(node, at), 0, size - 1), Rational.One)]
                : Interpolate(at, size, scale);
        }

        return places;
    }

    private Rational Coordinate(OnnxNode node, int place, int size, int result, Rational scale, (Rational Start, Rational End) region)
    {
        switch (Coordinates)
        {
            case "asymmetric":
                return place / scale;
            case "align_corners":
                if ((scale * size).Denominator != 1)
                    throw node.Unsupported("aligns corners by a scale that makes no whole size, which programs read in different ways",
                        "Export the model with sizes instead of scales.");
                return result == 1 ? 0 : Rational.Create((BigInteger)place * (size - 1), result - 1);
            case "pytorch_half_pixel" when result == 1:
                return 0;
            case "half_pixel" or "pytorch_half_pixel":
                return ((place + s_half) / scale) - s_half;
            case "half_pixel_symmetric":
                return ((size - (result / scale)) * s_half) + ((place + s_half) / scale) - s_half;
            case "tf_crop_and_resize":
                var span = (region.End - region.Start) * (size - 1);
                return (region.Start * (size - 1)) + (result == 1 ? span * s_half : span * Rational.Create(place, result - 1));
            default:
                throw node.Unsupported($"has coordinate_transformation_mode = '{Coordinates}'", "'half_pixel', 'half_pixel_symmetric', "
                    + "'pytorch_half_pixel', 'align_corners', 'asymmetric' and 'tf_crop_and_resize' are supported.");
        }
    }

    private BigInteger Round(OnnxNode node, Rational x) => Rounding switch
    {
        "floor" => Floor(x),
        "ceil" => -Floor(-x),
        "round_prefer_floor" => -Floor(s_half - x),
        "round_prefer_ceil" => Floor(x + s_half),
        _ => throw node.Malformed($"has nearest_mode = '{Rounding}'"),
    };

    private List<(int Place, Rational Weight)> Interpolate(Rational at, int size, Rational scale)
    {
        var shrink = IsAntialiased && scale < Rational.One ? scale : Rational.One;
        var floor = Floor(at);
        int reach = (int)BigInteger.Min(-Floor(-((Mode == "cubic" ? 2 : 1) / shrink)), ModelLimits.Width);
        var weights = new SortedDictionary<int, Rational>();
        var sum = Rational.Zero;
        for (int i = 1 - reach; i <= reach; i++)
        {
            var place = floor + i;
            if (ExcludesOutside && (place < 0 || place >= size)) continue;
            var weight = Kernel((place - at) * shrink);
            if (weight.IsZero) continue;
            sum += weight;
            int inside = (int)BigInteger.Clamp(place, 0, size - 1);
            weights[inside] = weights.TryGetValue(inside, out var known) ? known + weight : weight;
        }

        return [.. weights.Where(static pair => !pair.Value.IsZero).Select(pair => (pair.Key, pair.Value / sum))];
    }

    private Rational Kernel(Rational x)
    {
        if (x.Sign < 0) x = -x;
        if (Mode == "linear") return x < Rational.One ? 1 - x : Rational.Zero;
        if (x <= Rational.One) return ((((Cubic + 2) * x) - (Cubic + 3)) * x * x) + 1;
        return x < 2 ? Cubic * ((((x - 5) * x + 8) * x) - 4) : Rational.Zero;
    }

    /// <summary>The largest whole number that is not above x.</summary>
    public static BigInteger Floor(Rational x) =>
        x.Numerator.Sign >= 0 ? x.Numerator / x.Denominator : -((-x.Numerator + x.Denominator - 1) / x.Denominator);
}
