using System;
using System.Collections.Immutable;
using System.Numerics;

namespace Kan.Analysis;

/// <summary>
/// An exact affine map x -> A x + c, kept as integers over one denominator in lowest terms, so that equal maps have equal parts.
/// Row r has its coefficients at [r * (Dimension + 1)] and its constant after them.
/// </summary>
internal sealed class IntegerMap : IEquatable<IntegerMap>
{
    private IntegerMap(int dimension, BigInteger[] numerators, BigInteger denominator)
    {
        Dimension = dimension;
        Numerators = numerators;
        Denominator = denominator;
    }

    /// <summary>The number of variables.</summary>
    public int Dimension { get; }

    /// <summary>The number of values.</summary>
    public int RowCount => Numerators.Length / (Dimension + 1);

    /// <summary>RowCount times Dimension + 1 integers.</summary>
    public BigInteger[] Numerators { get; }

    /// <summary>What all of them are divided by; positive.</summary>
    public BigInteger Denominator { get; }

    /// <summary>The integers of one row: coefficients, then the constant.</summary>
    public ReadOnlySpan<BigInteger> Row(int row) => Numerators.AsSpan(row * (Dimension + 1), Dimension + 1);

    /// <summary>The map of integers over a denominator; takes the array over and brings it to lowest terms.</summary>
    public static IntegerMap Reduce(int dimension, BigInteger[] numerators, BigInteger denominator)
    {
        var common = denominator;
        foreach (var numerator in numerators)
        {
            if (common.IsOne) break;
            if (!numerator.IsZero) common = CommonDivisor(numerator, common);
        }

        if (!common.IsOne)
        {
            bool shifts = common.IsPowerOfTwo;
            int shift = shifts ? (int)common.GetBitLength() - 1 : 0;
            for (int i = 0; i < numerators.Length; i++) numerators[i] = shifts ? numerators[i] >> shift : numerators[i] / common;
            denominator = shifts ? denominator >> shift : denominator / common;
        }

        return new IntegerMap(dimension, numerators, denominator);
    }

    /// <summary>The identity.</summary>
    public static IntegerMap Identity(int dimension)
    {
        var numerators = new BigInteger[dimension * (dimension + 1)];
        for (int i = 0; i < dimension; i++) numerators[(i * (dimension + 1)) + i] = BigInteger.One;
        return new IntegerMap(dimension, numerators, BigInteger.One);
    }

    /// <summary>origin + sum over j of x_j direction_j.</summary>
    public static IntegerMap Along(ImmutableArray<Rational> origin, params ReadOnlySpan<ImmutableArray<Rational>> directions)
    {
        var denominator = BigInteger.One;
        foreach (var value in origin) denominator = Integers.LeastCommonMultiple(denominator, value.Denominator);
        foreach (var direction in directions)
        {
            foreach (var value in direction) denominator = Integers.LeastCommonMultiple(denominator, value.Denominator);
        }

        int width = directions.Length + 1;
        var numerators = new BigInteger[origin.Length * width];
        for (int row = 0; row < origin.Length; row++)
        {
            for (int j = 0; j < directions.Length; j++) numerators[(row * width) + j] = directions[j][row].Over(denominator);
            numerators[(row * width) + directions.Length] = origin[row].Over(denominator);
        }

        return Reduce(directions.Length, numerators, denominator);
    }

    /// <summary>The same map as rationals.</summary>
    public AffineMap ToAffineMap()
    {
        var coefficients = ImmutableArray.CreateBuilder<Rational>(RowCount * Dimension);
        var constants = ImmutableArray.CreateBuilder<Rational>(RowCount);
        for (int row = 0; row < RowCount; row++)
        {
            var numbers = Row(row);
            for (int j = 0; j < Dimension; j++) coefficients.Add(Rational.Create(numbers[j], Denominator));
            constants.Add(Rational.Create(numbers[Dimension], Denominator));
        }

        return new AffineMap(Dimension, coefficients.MoveToImmutable(), constants.MoveToImmutable());
    }

    /// <inheritdoc/>
    public bool Equals(IntegerMap? other) => other is not null
        && Dimension == other.Dimension
        && Denominator == other.Denominator
        && Numerators.AsSpan().SequenceEqual(other.Numerators);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as IntegerMap);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Denominator);
        foreach (var numerator in Numerators) hash.Add(numerator);
        return hash.ToHashCode();
    }

    private static BigInteger CommonDivisor(BigInteger numerator, BigInteger denominator)
    {
        if (!denominator.IsPowerOfTwo) return BigInteger.GreatestCommonDivisor(numerator, denominator);
        int zeros = (int)BigInteger.TrailingZeroCount(numerator);
        return zeros >= denominator.GetBitLength() - 1 ? denominator : BigInteger.One << zeros;
    }
}
