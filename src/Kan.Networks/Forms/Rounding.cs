using System;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace Kan.Networks;

/// <summary>Rounds the exact numbers of a layer to the number type, once each.</summary>
internal sealed class Rounding(Precision precision)
{
    public Precision Precision { get; } = precision;

    /// <summary>Four times the largest relative error of a rounding, 2^-22 or 2^-51.</summary>
    public Rational FourUnits { get; } = Rational.Create(1, precision == Precision.Single ? 1L << 22 : 1L << 51);

    /// <summary>The nearest number of the type.</summary>
    /// <exception cref="OverflowException">The number is past the largest finite one.</exception>
    public double Round(Rational value)
    {
        double rounded = Precision == Precision.Single ? value.ToSingle() : value.ToDouble();
        if (double.IsInfinity(rounded))
            throw new OverflowException(
                $"A number near {value.ToDouble().ToString("E3", System.Globalization.CultureInfo.InvariantCulture)} does not fit "
                + $"{(Precision == Precision.Single ? "float; use Precision.Double" : "double")}.");
        return rounded;
    }

    public ImmutableArray<double> Round(IReadOnlyList<Rational> values)
    {
        var rounded = ImmutableArray.CreateBuilder<double>(values.Count);
        for (int i = 0; i < values.Count; i++) rounded.Add(Round(values[i]));
        return rounded.MoveToImmutable();
    }
}
