namespace Kan.Generators.Symbolic.Exact;

/// <summary>What holds on one cell of the line: an open interval between two breakpoints, or a breakpoint.</summary>
internal interface ICell<T>
{
    /// <summary>What this says about one point.</summary>
    T At(Rational point);
}

/// <summary>slope * x + intercept; or plus or minus infinity, which constants may be on the way to a finite result.</summary>
/// <param name="Slope">The slope; 0 where infinite.</param>
/// <param name="Intercept">The value at 0; 0 where infinite.</param>
/// <param name="Infinity">0, or the sign of the infinity.</param>
internal readonly record struct Affine(Rational Slope, Rational Intercept, int Infinity = 0) : ICell<Affine>
{
    /// <summary>Whether the value is the same all over the cell.</summary>
    public bool IsConstant => Slope.IsZero;

    /// <summary>A constant.</summary>
    public static Affine Constant(Rational value) => new(Rational.Zero, value);

    /// <summary>An infinity.</summary>
    public static Affine Infinite(int sign) => new(Rational.Zero, Rational.Zero, sign);

    /// <inheritdoc/>
    public Affine At(Rational point) => Slope.IsZero ? this : Constant(Intercept + (Slope * point));

    /// <summary>The multiple by a finite number that is not 0.</summary>
    public Affine Scale(Rational factor) =>
        Infinity != 0 ? Infinite(Infinity * factor.Sign) : new Affine(Slope * factor, Intercept * factor);

    /// <summary>The negative.</summary>
    public Affine Negate() => new(-Slope, -Intercept, -Infinity);

    /// <summary>A function whose sign is that of left - right; equal infinities are equal.</summary>
    public static Affine Difference(Affine left, Affine right) => (left.Infinity, right.Infinity) switch
    {
        (0, 0) => new Affine(left.Slope - right.Slope, left.Intercept - right.Intercept),
        var (l, r) => Constant(l.CompareTo(r)),
    };
}

/// <summary>Whether a condition holds on a cell.</summary>
internal readonly record struct Flag(bool Value) : ICell<Flag>
{
    /// <inheritdoc/>
    public Flag At(Rational point) => this;
}

/// <summary>-1, 0 or 1 on a cell.</summary>
internal readonly record struct SignCell(int Value) : ICell<SignCell>
{
    /// <inheritdoc/>
    public SignCell At(Rational point) => this;
}
