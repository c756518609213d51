using System;

namespace Kan.Analysis.Proofs;

/// <summary>
/// Shares of linear functions, at least 0 and 1 together, of which the least sum on a box is as great as can be: if it is above 0, the
/// functions are nowhere all below 0. In plain double: what is found is bounded anew.
/// </summary>
/// <remarks>
/// The linear program: the greatest sum of share_i constant_i less the sum of drop_p, where drop_p, at least 0, is at least what the sum
/// of share_i slope_ip is below 0; slopes are by the distance from the lower end, as a part of the width. By the simplex method in one
/// table, the first column to improve first, so that it ends.
/// </remarks>
internal static class Multipliers
{
    private const double Least = 1e-11;

    /// <summary>The shares; null if none are found.</summary>
    /// <param name="slopes">By function and input.</param>
    /// <param name="constants">By function.</param>
    /// <param name="low">The lower ends of the box.</param>
    /// <param name="high">The upper ends.</param>
    public static double[]? Of(double[][] slopes, double[] constants, ReadOnlySpan<double> low, ReadOnlySpan<double> high)
    {
        // Columns: shares, drops, slacks, the right side. Rows: inputs, the sum of the shares, the price of each column.
        int functions = constants.Length, inputs = low.Length, columns = functions + (2 * inputs), right = columns;
        double[] starts = new double[functions];
        double[][] table = new double[inputs + 2][];
        for (int r = 0; r < table.Length; r++) table[r] = new double[columns + 1];
        double size = 0;
        int first = 0;
        for (int i = 0; i < functions; i++)
        {
            starts[i] = constants[i];
            for (int p = 0; p < inputs; p++) starts[i] += slopes[i][p] * low[p];
            size = Math.Max(size, Math.Abs(starts[i]));
        }

        for (int p = 0; p < inputs; p++)
        {
            for (int i = 0; i < functions; i++) size = Math.Max(size, Math.Abs(slopes[i][p] * (high[p] - low[p])));
        }

        if (!(size > 0) || !double.IsFinite(size)) return null;
        for (int i = 1; i < functions; i++)
        {
            if (starts[i] > starts[first]) first = i;
        }

        double[] sum = table[inputs], price = table[inputs + 1];
        int[] basis = new int[inputs + 1];
        for (int p = 0; p < inputs; p++)
        {
            double scale = (high[p] - low[p]) / size;

            // Less the row of the sum, so that the first share is the sum.
            double own = slopes[first][p] * scale;
            bool isDropped = own < 0;
            for (int i = 0; i < functions; i++) table[p][i] = ((slopes[i][p] * scale) - own) * (isDropped ? 1 : -1);
            table[p][functions + p] = isDropped ? 1 : -1;
            table[p][functions + inputs + p] = isDropped ? -1 : 1;
            table[p][right] = Math.Abs(own);
            basis[p] = isDropped ? functions + p : functions + inputs + p;
            price[functions + p] = -1;
        }

        for (int i = 0; i < functions; i++) (sum[i], price[i]) = (1, starts[i] / size);
        (sum[right], basis[inputs]) = (1, first);
        for (int r = 0; r <= inputs; r++) Subtract(price, table[r], price[basis[r]]);
        for (int step = 0; step < 50 * (functions + inputs); step++)
        {
            int column = 0;
            while (column < columns && price[column] <= Least) column++;
            if (column == columns) return Shares(table, basis, functions, right);
            int leaving = -1;
            for (int r = 0; r <= inputs; r++)
            {
                if (table[r][column] <= Least) continue;
                double order = leaving < 0 ? -1 : (table[r][right] * table[leaving][column]) - (table[leaving][right] * table[r][column]);
                if (order < 0 || (order == 0 && basis[r] < basis[leaving])) leaving = r;
            }

            if (leaving < 0) return null;
            double pivot = table[leaving][column];
            for (int c = 0; c <= columns; c++) table[leaving][c] /= pivot;
            for (int r = 0; r < table.Length; r++)
            {
                if (r != leaving) Subtract(table[r], table[leaving], table[r][column]);
            }

            basis[leaving] = column;
        }

        return null;
    }

    private static void Subtract(double[] row, double[] other, double factor)
    {
        if (factor == 0) return;
        for (int c = 0; c < row.Length; c++) row[c] -= factor * other[c];
    }

    private static double[] Shares(double[][] table, int[] basis, int functions, int right)
    {
        double[] shares = new double[functions];
        for (int r = 0; r < basis.Length; r++)
        {
            if (basis[r] < functions) shares[basis[r]] = Math.Max(0, table[r][right]);
        }

        return shares;
    }
}
