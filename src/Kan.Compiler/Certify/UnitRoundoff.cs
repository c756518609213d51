namespace Kan.Compiler.Certify;

/// <summary>What one correctly rounded operation may be off, in a number type.</summary>
/// <param name="precision">The number type.</param>
internal readonly struct UnitRoundoff(Precision precision)
{
    /// <summary>Covers the rounding of this analysis itself, which runs in double, and the products of two roundings.</summary>
    public const double Slack = 1 + 1e-6;

    /// <summary>u: half the distance from 1 to the next number.</summary>
    public double Unit { get; } = precision == Precision.Single ? 1.0 / (1 << 24) : 1.0 / (1L << 53);

    /// <summary>Half the smallest subnormal number, rounded up: what a result may be off however small it is.</summary>
    private double Tiny { get; } = precision == Precision.Single ? 7.01e-46 : 5e-324;

    /// <summary>The largest error of rounding a number of at most this magnitude.</summary>
    public double Of(double magnitude) => (Unit * magnitude) + Tiny;
}
