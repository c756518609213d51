using System;
using System.Globalization;

namespace Kan.Interchange;

/// <summary>Rounds the numbers of a network to what a file holds, to nearest, ties to even, and counts what that changes.</summary>
internal sealed class NumberRounder(Precision precision)
{
    private long _numbers;
    private long _rounded;
    private double _maxRelativeChange;

    public RoundingReport Report => new(_numbers, _rounded, _maxRelativeChange);

    /// <summary>The nearest number of the type, as a double.</summary>
    /// <param name="value">The exact number.</param>
    /// <param name="layer">Its layer, for messages.</param>
    /// <exception cref="OverflowException">The number is past the largest finite one.</exception>
    public double Round(Rational value, int layer)
    {
        if (value.IsZero) return 0;
        double rounded = precision == Precision.Single ? value.ToSingle() : value.ToDouble();
        if (double.IsInfinity(rounded))
        {
            throw new OverflowException(string.Create(
                CultureInfo.InvariantCulture,
                $"Layer {layer} holds a number near {value.ToDouble():E3}, which does not fit "
                + $"{(precision == Precision.Single ? "float32; export in double precision" : "float64; scale the network")}."));
        }

        _numbers++;
        var written = Rational.FromDouble(rounded);
        if (written == value) return rounded;
        _rounded++;
        _maxRelativeChange = Math.Max(_maxRelativeChange, Rational.Abs((written - value) / value).ToDouble());
        return rounded;
    }
}
