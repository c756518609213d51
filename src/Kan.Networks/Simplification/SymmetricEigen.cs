using System;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Threading;

namespace Kan.Networks;

/// <summary>
/// The eigenvalues and eigenvectors of symmetric matrices, by Jacobi's rotations in a fixed order (1846). Each number is computed by itself
/// and nothing is summed in vectors, so that all machines find the same bits.
/// </summary>
internal static class SymmetricEigen
{
    // Sweeps end once nothing is left to rotate: about ten for a thousand rows, and no more are ever needed in practice.
    private const int MostSweeps = 60;

    /// <summary>Both, the largest eigenvalue first; the vectors are orthonormal up to rounding.</summary>
    /// <param name="matrix">The matrix, row after row; it is changed.</param>
    /// <param name="count">The number of its rows.</param>
    /// <param name="cancellation">Cancels the work; observed between rows.</param>
    public static (double[] Values, double[][] Vectors) Of(double[] matrix, int count, CancellationToken cancellation)
    {
        var vectors = new double[count][];
        for (int i = 0; i < count; i++)
        {
            vectors[i] = new double[count];
            vectors[i][i] = 1;
        }

        double size = 0;
        foreach (double value in matrix) size = Math.Max(size, Math.Abs(value));

        // What is smaller than the rounding of the largest number changes nothing that can be known.
        double least = size * 1e-17;
        for (int sweep = 0; sweep < MostSweeps; sweep++)
        {
            bool isDone = true;
            for (int p = 0; p + 1 < count; p++)
            {
                cancellation.ThrowIfCancellationRequested();
                for (int q = p + 1; q < count; q++)
                {
                    double off = matrix[(p * count) + q];
                    if (!(Math.Abs(off) > least)) continue;
                    isDone = false;
                    Rotate(matrix, vectors, count, p, q, off);
                }
            }

            if (isDone) break;
        }

        int[] order = [.. Enumerable.Range(0, count).OrderByDescending(i => matrix[(i * count) + i])];
        return ([.. order.Select(i => matrix[(i * count) + i])], [.. order.Select(i => vectors[i])]);
    }

    /// <summary>Makes one number off the diagonal 0 by the smaller of the two angles.</summary>
    private static void Rotate(double[] matrix, double[][] vectors, int count, int p, int q, double off)
    {
        double first = matrix[(p * count) + p], second = matrix[(q * count) + q];
        double ratio = (second - first) / (2 * off);
        double tangent = double.IsInfinity(ratio * ratio)
            ? 1 / (2 * ratio)
            : Math.CopySign(1, ratio) / (Math.Abs(ratio) + Math.Sqrt((ratio * ratio) + 1));
        double cosine = 1 / Math.Sqrt((tangent * tangent) + 1), sine = tangent * cosine;
        Mix(matrix.AsSpan(p * count, count), matrix.AsSpan(q * count, count), cosine, sine);
        Mix(vectors[p], vectors[q], cosine, sine);

        // The columns are the rows, but for the four numbers where they cross.
        for (int i = 0; i < count; i++)
        {
            matrix[(i * count) + p] = matrix[(p * count) + i];
            matrix[(i * count) + q] = matrix[(q * count) + i];
        }

        matrix[(p * count) + p] = first - (tangent * off);
        matrix[(q * count) + q] = second + (tangent * off);
        matrix[(p * count) + q] = 0;
        matrix[(q * count) + p] = 0;
    }

    private static void Mix(Span<double> one, Span<double> other, double cosine, double sine)
    {
        var ones = MemoryMarshal.Cast<double, Vector<double>>(one);
        var others = MemoryMarshal.Cast<double, Vector<double>>(other);
        Vector<double> cosines = new(cosine), sines = new(sine);
        for (int v = 0; v < ones.Length; v++)
            (ones[v], others[v]) = ((cosines * ones[v]) - (sines * others[v]), (sines * ones[v]) + (cosines * others[v]));
        for (int i = ones.Length * Vector<double>.Count; i < one.Length; i++)
            (one[i], other[i]) = ((cosine * one[i]) - (sine * other[i]), (sine * one[i]) + (cosine * other[i]));
    }
}
