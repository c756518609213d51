namespace Kan.Networks;

/// <summary>All x with normal . x &lt;= bound.</summary>
internal readonly record struct LinearConstraint(Rational[] Normal, Rational Bound)
{
    /// <summary>bound - normal . x: positive inside, 0 on the border.</summary>
    public Rational SlackAt(Rational[] point) => Bound - LinearForm.Dot(Normal, point);
}

/// <summary>row . x + constant.</summary>
internal readonly record struct LinearForm(Rational[] Row, Rational Constant)
{
    public static LinearForm Coordinate(int index, int dimension)
    {
        var row = new Rational[dimension];
        row[index] = Rational.One;
        return new LinearForm(row, Rational.Zero);
    }

    public Rational At(Rational[] point) => Constant + Dot(Row, point);

    public static Rational Dot(Rational[] left, Rational[] right)
    {
        var sum = Rational.Zero;
        for (int i = 0; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }
}
