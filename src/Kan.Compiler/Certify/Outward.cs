using System;

namespace Kan.Compiler.Certify;

/// <summary>
/// Arithmetic of doubles that is rounded away from the exact result, so that what is computed with it bounds what is exact. A result that
/// leaves <c>double</c> becomes infinite or NaN, which no comparison with a limit passes.
/// </summary>
internal static class Outward
{
    /// <summary>More than the distance of neighbouring numbers, 2^-52 of their size.</summary>
    private const double Relative = 2.3e-16;

    /// <summary>At least the exact result whose nearest double is <paramref name="nearest"/>.</summary>
    public static double Up(double nearest) => nearest + ((Math.Abs(nearest) * Relative) + double.Epsilon);

    /// <summary>At most the exact result whose nearest double is <paramref name="nearest"/>.</summary>
    public static double Down(double nearest) => nearest - ((Math.Abs(nearest) * Relative) + double.Epsilon);

    /// <summary>An upper bound of a sum.</summary>
    public static double Sum(double left, double right) => Up(left + right);

    /// <summary>An upper bound of a product.</summary>
    public static double Product(double left, double right) => Up(left * right);
}
