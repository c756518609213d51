using System;

namespace Kan.Analysis.Proofs;

/// <summary>
/// Sums and products rounded to one side, and exact where a double holds them: limits that are reached exactly stay reached.
/// </summary>
internal static class Directed
{
    // Below it the rounding of a product is not known from its remainder.
    private const double Smallest = 1e-250;

    public static double SumDown(double a, double b) => -SumUp(-a, -b);

    public static double SumUp(double a, double b)
    {
        double sum = a + b;
        return Remainder(a, b, sum) > 0 ? Math.BitIncrement(sum) : sum;
    }

    public static double ProductDown(double a, double b) => -ProductUp(-a, b);

    public static double ProductUp(double a, double b)
    {
        if (a == 0 || b == 0) return a * b;
        double product = a * b;
        return Math.Abs(product) < Smallest || Math.FusedMultiplyAdd(a, b, -product) > 0 ? Math.BitIncrement(product) : product;
    }

    /// <summary>Whether a double holds a sum.</summary>
    public static bool IsSumExact(double a, double b) => Remainder(a, b, a + b) == 0;

    /// <summary>Whether a double holds a product.</summary>
    public static bool IsProductExact(double a, double b) =>
        a == 0 || b == 0 || (Math.Abs(a * b) >= Smallest && Math.FusedMultiplyAdd(a, b, -(a * b)) == 0);

    private static double Remainder(double a, double b, double sum)
    {
        double part = sum - a;
        return (a - (sum - part)) + (b - part);
    }
}
