using System;
using System.Threading;

namespace Kan.Compiler.Certify;

/// <summary>
/// Upper bounds of the largest singular value of a matrix: an estimate by power iteration, verified by a Cholesky decomposition of t - A^T
/// A, which exists for a positive definite matrix only. What both are off by their rounding is added.
/// </summary>
internal static class SpectralNorm
{
    /// <summary>Multiplications beyond which the Frobenius norm, which is larger, has to do: some 0.3 seconds.</summary>
    private const long MostSteps = 300_000_000;

    private const int Iterations = 40;

    private const double Unit = 2.3e-16;

    /// <summary>Factors of the estimate that are tried, first to last.</summary>
    private static readonly double[] s_factors = [1.01, 1.04, 1.15, 1.5];

    /// <summary>Whether a matrix of some size is small enough for a bound other than its Frobenius norm.</summary>
    public static bool IsVerified(int rows, int columns) => (long)rows * columns * Math.Min(rows, columns) <= MostSteps;

    /// <summary>An upper bound.</summary>
    /// <param name="matrix">rows * columns numbers, row after row.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="cancellation">Observed between rows.</param>
    public static double Bound(double[] matrix, int rows, int columns, CancellationToken cancellation)
    {
        double squares = 0;
        foreach (double number in matrix) squares += number * number;
        double frobenius = Math.Sqrt(squares) * (1 + ((matrix.Length + 4) * Unit));
        if (frobenius == 0 || !(frobenius < double.PositiveInfinity)) return frobenius;
        int size = Math.Min(rows, columns);
        if (!IsVerified(rows, columns)) return frobenius;
        double[] gram = Gram(matrix, rows, columns, 1 / frobenius, cancellation);
        double estimate = LargestEigenvalue(gram, size);

        // The trace of t - A^T A is at most size * t, and the scaled matrix has a Frobenius norm of 1.
        foreach (double factor in s_factors)
        {
            double t = estimate * factor;
            if (!IsPositiveDefinite(gram, size, t, cancellation)) continue;
            double slack = ((Math.Max(rows, columns) + 8) * 2 * Unit) + ((size + 4.0) * (size + 4) * 2 * Unit * t);
            return Math.Min(frobenius, Math.Sqrt(t + slack) * frobenius * (1 + (8 * Unit)));
        }

        return frobenius;
    }

    /// <summary>The lower half of the product of a scaled matrix and its transpose, the smaller of both.</summary>
    private static double[] Gram(double[] matrix, int rows, int columns, double scale, CancellationToken cancellation)
    {
        int size = Math.Min(rows, columns), length = Math.Max(rows, columns);
        double[] gram = new double[size * size], line = new double[size];
        for (int i = 0; i < length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int k = 0; k < size; k++) line[k] = scale * (columns <= rows ? matrix[(i * columns) + k] : matrix[(k * columns) + i]);
            for (int k = 0; k < size; k++)
            {
                double own = line[k];
                if (own == 0) continue;
                for (int j = 0; j <= k; j++) gram[(k * size) + j] += own * line[j];
            }
        }

        return gram;
    }

    private static double LargestEigenvalue(double[] gram, int size)
    {
        double[] vector = new double[size], next = new double[size];
        for (int i = 0; i < size; i++) vector[i] = 1 + (i % 7 * 0.1);
        double eigenvalue = 0;
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            Array.Clear(next, 0, size);
            for (int k = 0; k < size; k++)
            {
                for (int j = 0; j < k; j++)
                {
                    next[k] += gram[(k * size) + j] * vector[j];
                    next[j] += gram[(k * size) + j] * vector[k];
                }

                next[k] += gram[(k * size) + k] * vector[k];
            }

            double length = 0, old = 0;
            for (int k = 0; k < size; k++)
            {
                length += next[k] * next[k];
                old += vector[k] * vector[k];
            }

            if (length == 0) return 1;
            eigenvalue = Math.Sqrt(length / old);
            double scale = 1 / Math.Sqrt(length);
            for (int k = 0; k < size; k++) vector[k] = next[k] * scale;
        }

        return eigenvalue;
    }

    private static bool IsPositiveDefinite(double[] gram, int size, double t, CancellationToken cancellation)
    {
        double[] factor = new double[size * size];
        for (int k = 0; k < size; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int j = 0; j <= k; j++)
            {
                double sum = (j == k ? t : 0) - gram[(k * size) + j];
                for (int i = 0; i < j; i++) sum -= factor[(k * size) + i] * factor[(j * size) + i];
                if (j < k) factor[(k * size) + j] = sum / factor[(j * size) + j];
                else if (sum > 0) factor[(k * size) + k] = Math.Sqrt(sum);
                else return false;
            }
        }

        return true;
    }
}
