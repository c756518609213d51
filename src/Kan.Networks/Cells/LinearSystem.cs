using System.Collections.Generic;

namespace Kan.Networks;

/// <summary>Systems of linear equations in rationals.</summary>
internal static class LinearSystem
{
    /// <summary>Factors with which the normals of some constraints add up to a vector; null if there are none.</summary>
    public static Rational[]? Combine(IReadOnlyList<LinearConstraint> constraints, Rational[] sum)
    {
        int rows = sum.Length, columns = constraints.Count;
        var table = new Rational[rows][];
        for (int i = 0; i < rows; i++)
        {
            table[i] = new Rational[columns + 1];
            for (int j = 0; j < columns; j++) table[i][j] = constraints[j].Normal[i];
            table[i][columns] = sum[i];
        }

        var pivots = new int[columns];
        int rank = 0;
        for (int j = 0; j < columns; j++)
        {
            pivots[j] = -1;
            int found = rank;
            while (found < rows && table[found][j].IsZero) found++;
            if (found == rows) continue;
            (table[rank], table[found]) = (table[found], table[rank]);
            Eliminate(table, rank, j);
            pivots[j] = rank++;
        }

        for (int i = rank; i < rows; i++)
        {
            if (!table[i][columns].IsZero) return null;
        }

        var factors = new Rational[columns];
        for (int j = 0; j < columns; j++)
        {
            if (pivots[j] >= 0) factors[j] = table[pivots[j]][columns] / table[pivots[j]][j];
        }

        return factors;
    }

    private static void Eliminate(Rational[][] table, int pivot, int column)
    {
        var source = table[pivot];
        for (int i = 0; i < table.Length; i++)
        {
            if (i == pivot || table[i][column].IsZero) continue;
            var factor = table[i][column] / source[column];
            for (int j = column; j < source.Length; j++)
            {
                if (!source[j].IsZero) table[i][j] -= factor * source[j];
            }
        }
    }
}
