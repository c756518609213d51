using System;
using System.Threading;

namespace Kan.Compiler.Certify;

/// <summary>
/// Upper bounds of the largest sum of magnitudes that the rows of a matrix M reach for the same numbers d, none of them beyond 1:
/// max of sum_p |sum_j M_pj d_j|. For any factors a and b above 0 that is at most the largest singular value of (a_p M_pj b_j) times the
/// roots of the sums of 1 / a^2 and of 1 / b^2, by the inequality of Cauchy and Schwarz with the signs of the rows. Factors that are
/// nearly the best come from the relaxation in which the numbers and signs are vectors of length 1, each turned in turn towards the sum
/// of what it meets; whatever they are, the bound holds.
/// </summary>
internal static class SignedSums
{
    /// <summary>Products of one number of the matrix: what <see cref="Bound"/> takes is this many times rows times columns.</summary>
    public const int StepsOfNumber = 2 * Rank * Turns;

    private const int Rank = 8;

    private const int Turns = 30;

    /// <summary>What is added to each factor's inverse square, as a share of their mean: a row of zeros has one too.</summary>
    private const double Least = 1e-3;

    /// <summary>More than what three roundings take from a number, as a share of it.</summary>
    private const double Rounded = 1e-15;

    private const double Unit = 2.3e-16;

    /// <summary>An upper bound; it may be infinite or NaN where numbers are far apart.</summary>
    /// <param name="matrix">rows * columns numbers, row after row.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="cancellation">Observed between turns and rows.</param>
    public static double Bound(double[] matrix, int rows, int columns, CancellationToken cancellation)
    {
        double largest = 0;
        foreach (double number in matrix) largest = Math.Max(largest, Math.Abs(number));
        if (largest == 0) return 0;
        double[] scaled = new double[matrix.Length];
        for (int i = 0; i < scaled.Length; i++) scaled[i] = matrix[i] / largest;
        var (ofRows, ofColumns) = Factors(scaled, rows, columns, cancellation);
        double squares = 0;
        for (int p = 0; p < rows; p++)
        {
            for (int j = 0; j < columns; j++)
            {
                ref double number = ref scaled[(p * columns) + j];
                number = number * ofRows[p] * ofColumns[j];
                squares += number * number;
            }
        }

        // Each number is off by its three roundings, or, divided by a far larger one, by next to nothing.
        double norm = SpectralNorm.Bound(scaled, rows, columns, cancellation) + (Math.Sqrt(squares) * Rounded);
        double bound = norm * Math.Sqrt(InverseSquares(ofRows) * InverseSquares(ofColumns)) * (1 + ((rows + columns + 32) * 2 * Unit));
        return (bound + ((double)rows * columns * 1e-290)) * (1 + (4 * Unit)) * largest;
    }

    private static double InverseSquares(double[] factors)
    {
        double sum = 0;
        foreach (double factor in factors) sum += 1 / (factor * factor);
        return sum;
    }

    /// <summary>Factors of rows and columns.</summary>
    private static (double[] OfRows, double[] OfColumns) Factors(double[] matrix, int rows, int columns, CancellationToken cancellation)
    {
        double[] left = new double[rows * Rank], right = new double[columns * Rank];
        double[] ofRows = new double[rows], ofColumns = new double[columns];

        // Any vectors that differ do as a start; these are the same on every machine.
        uint state = 1;
        for (int i = 0; i < right.Length; i++)
        {
            state = (state * 1664525) + 1013904223;
            right[i] = (state / (double)uint.MaxValue) - 0.5;
        }

        Shorten(right, ofColumns);
        for (int turn = 0; turn < Turns; turn++)
        {
            cancellation.ThrowIfCancellationRequested();
            Array.Clear(left, 0, left.Length);
            for (int p = 0; p < rows; p++)
            {
                for (int j = 0; j < columns; j++) Add(matrix[(p * columns) + j], right, j * Rank, left, p * Rank);
            }

            Shorten(left, ofRows);
            Array.Clear(right, 0, right.Length);
            for (int p = 0; p < rows; p++)
            {
                for (int j = 0; j < columns; j++) Add(matrix[(p * columns) + j], left, p * Rank, right, j * Rank);
            }

            Shorten(right, ofColumns);
        }

        Invert(ofRows);
        Invert(ofColumns);
        return (ofRows, ofColumns);
    }

    private static void Add(double factor, double[] from, int at, double[] to, int target)
    {
        for (int i = 0; i < Rank; i++) to[target + i] += factor * from[at + i];
    }

    /// <summary>Makes the length of each vector 1, and keeps what it was.</summary>
    private static void Shorten(double[] vectors, double[] lengths)
    {
        for (int p = 0; p < lengths.Length; p++)
        {
            double squares = 0;
            for (int i = 0; i < Rank; i++) squares += vectors[(p * Rank) + i] * vectors[(p * Rank) + i];
            lengths[p] = Math.Sqrt(squares);
            for (int i = 0; i < Rank && lengths[p] > 0; i++) vectors[(p * Rank) + i] /= lengths[p];
        }
    }

    /// <summary>1 / sqrt(length).</summary>
    private static void Invert(double[] lengths)
    {
        double sum = 0;
        foreach (double length in lengths) sum += length;
        double least = sum / lengths.Length * Least;
        for (int p = 0; p < lengths.Length; p++) lengths[p] = 1 / Math.Sqrt(lengths[p] + least);
    }
}
