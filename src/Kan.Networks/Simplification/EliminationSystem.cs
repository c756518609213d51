using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Kan.Networks;

/// <summary>
/// Least squares from which terms are taken one block after the other, while the numbers of all that are left stay the best ones: w
/// minimizes w' H w - 2 c' w for each right side c. With P the inverse of H, taking a block B out costs w_B' (P_BB)^-1 w_B where the rest
/// makes up for it as well as it can (the optimal brain surgeon of Hassibi and Stork, 1992, for blocks).
/// </summary>
internal sealed class EliminationSystem
{
    private readonly int _count, _sides;
    private readonly double[] _inverse, _weights;
    private readonly bool[] _isGone;

    /// <summary>Solves for all terms.</summary>
    /// <param name="matrix">H, symmetric and positive definite, row after row; it is changed.</param>
    /// <param name="right">The right sides, term after term.</param>
    /// <param name="sides">The number of right sides.</param>
    public EliminationSystem(double[] matrix, double[] right, int sides)
    {
        (_count, _sides) = (right.Length / sides, sides);
        _isGone = new bool[_count];
        _inverse = Cholesky.Inverse(matrix, _count);
        _weights = new double[right.Length];
        for (int i = 0; i < _count; i++)
        {
            var row = _weights.AsSpan(i * sides, sides);
            for (int j = 0; j < _count; j++) Add(row, right.AsSpan(j * sides, sides), _inverse[(i * _count) + j]);
        }
    }

    /// <summary>The number of a term for a right side.</summary>
    public double Weight(int term, int side) => _weights[(term * _sides) + side];

    /// <summary>What the sum of squares grows by without some terms, each right side counted with an importance.</summary>
    public double CostOf(ReadOnlySpan<int> block, ReadOnlySpan<double> importance)
    {
        double cost = 0;
        if (block.Length == 1)
        {
            var row = _weights.AsSpan(block[0] * _sides, _sides);
            for (int q = 0; q < row.Length; q++) cost += importance[q] * row[q] * row[q];
            return cost / _inverse[(block[0] * _count) + block[0]];
        }

        double[] solved = Solved(block);
        for (int i = 0; i < block.Length; i++)
        {
            for (int q = 0; q < _sides; q++) cost += importance[q] * _weights[(block[i] * _sides) + q] * solved[(i * _sides) + q];
        }

        return cost;
    }

    /// <summary>Takes terms out.</summary>
    public void Take(ReadOnlySpan<int> block)
    {
        double[] solved = Solved(block), small = Small(block);
        var lines = new double[block.Length][];
        for (int i = 0; i < block.Length; i++) lines[i] = _inverse.AsSpan(block[i] * _count, _count).ToArray();
        double[] factors = [.. small];
        var own = new double[block.Length];
        for (int row = 0; row < _count; row++)
        {
            if (_isGone[row]) continue;
            for (int i = 0; i < own.Length; i++) own[i] = lines[i][row];
            var weights = _weights.AsSpan(row * _sides, _sides);
            for (int i = 0; i < own.Length; i++) Add(weights, solved.AsSpan(i * _sides, _sides), -own[i]);
            Cholesky.SolveSmall(factors, own);
            var target = _inverse.AsSpan(row * _count, _count);
            for (int i = 0; i < own.Length; i++) Add(target, lines[i], -own[i]);
        }

        foreach (int term in block)
        {
            _isGone[term] = true;
            _weights.AsSpan(term * _sides, _sides).Clear();
        }
    }

    /// <summary>(P_BB)^-1 w_B, term after term.</summary>
    private double[] Solved(ReadOnlySpan<int> block)
    {
        double[] factors = Small(block);
        var solved = new double[block.Length * _sides];
        var side = new double[block.Length];
        for (int q = 0; q < _sides; q++)
        {
            for (int i = 0; i < side.Length; i++) side[i] = _weights[(block[i] * _sides) + q];
            Cholesky.SolveSmall(factors, side);
            for (int i = 0; i < side.Length; i++) solved[(i * _sides) + q] = side[i];
        }

        return solved;
    }

    /// <summary>The factor of P_BB.</summary>
    private double[] Small(ReadOnlySpan<int> block)
    {
        var small = new double[block.Length * block.Length];
        for (int i = 0; i < block.Length; i++)
        {
            for (int j = 0; j < block.Length; j++) small[(i * block.Length) + j] = _inverse[(block[i] * _count) + block[j]];
        }

        Cholesky.Factor(small, block.Length);
        return small;
    }

    /// <summary>Adds a multiple of a row to another.</summary>
    public static void Add(Span<double> target, ReadOnlySpan<double> row, double factor)
    {
        if (factor == 0) return;
        var targets = MemoryMarshal.Cast<double, Vector<double>>(target);
        var rows = MemoryMarshal.Cast<double, Vector<double>>(row);
        var factors = new Vector<double>(factor);
        for (int v = 0; v < targets.Length; v++) targets[v] += rows[v] * factors;
        for (int i = targets.Length * Vector<double>.Count; i < target.Length; i++) target[i] += row[i] * factor;
    }
}

/// <summary>Cholesky's factors of symmetric positive definite matrices, row after row.</summary>
internal static class Cholesky
{
    // What a pivot keeps of its diagonal: rounding takes the rest of those that depend on others.
    private const double LeastPivot = 1e-13;

    /// <summary>Replaces the lower triangle by L with L L' the matrix.</summary>
    public static void Factor(double[] matrix, int count)
    {
        for (int i = 0; i < count; i++)
        {
            var row = matrix.AsSpan(i * count, count);
            for (int j = 0; j < i; j++) row[j] = (row[j] - Dot(row[..j], matrix.AsSpan(j * count, j))) / matrix[(j * count) + j];
            double pivot = row[i] - Dot(row[..i], row[..i]);
            row[i] = Math.Sqrt(Math.Max(pivot, Math.Max(LeastPivot * row[i], double.Epsilon)));
        }
    }

    /// <summary>The solution for one right side, in its place.</summary>
    public static void Solve(double[] factor, int count, Span<double> side)
    {
        for (int i = 0; i < count; i++) side[i] = (side[i] - Dot(factor.AsSpan(i * count, i), side[..i])) / factor[(i * count) + i];
        for (int i = count - 1; i >= 0; i--)
        {
            side[i] /= factor[(i * count) + i];
            var row = factor.AsSpan(i * count, i);
            for (int j = 0; j < row.Length; j++) side[j] -= row[j] * side[i];
        }
    }

    public static void SolveSmall(double[] factor, Span<double> side) => Solve(factor, side.Length, side);

    /// <summary>The inverse of a matrix, which is changed.</summary>
    public static double[] Inverse(double[] matrix, int count)
    {
        Factor(matrix, count);

        // Column j of the inverse of L is row j here, so that the products are of rows.
        var columns = new double[(long)count * count];
        for (int j = 0; j < count; j++)
        {
            var column = columns.AsSpan(j * count, count);
            column[j] = 1 / matrix[(j * count) + j];
            for (int i = j + 1; i < count; i++)
                column[i] = -Dot(matrix.AsSpan((i * count) + j, i - j), column[j..i]) / matrix[(i * count) + i];
        }

        var inverse = matrix;
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double product = Dot(columns.AsSpan((i * count) + i, count - i), columns.AsSpan((j * count) + i, count - i));
                inverse[(i * count) + j] = product;
                inverse[(j * count) + i] = product;
            }
        }

        return inverse;
    }

    private static double Dot(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        var ones = MemoryMarshal.Cast<double, Vector<double>>(one);
        var others = MemoryMarshal.Cast<double, Vector<double>>(other);
        Vector<double> first = Vector<double>.Zero, second = Vector<double>.Zero;
        int v = 0;
        for (; v + 1 < ones.Length; v += 2)
        {
            first += ones[v] * others[v];
            second += ones[v + 1] * others[v + 1];
        }

        if (v < ones.Length) first += ones[v] * others[v];
        double sum = Vector.Sum(first + second);
        for (int i = ones.Length * Vector<double>.Count; i < one.Length; i++) sum += one[i] * other[i];
        return sum;
    }
}
