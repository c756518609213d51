using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Networks;

/// <summary>The moments of the terms of a block on samples.</summary>
internal sealed class BlockSystem
{
    // How much the numbers as they are count against those that samples ask for: more where samples are few for the terms, and a little
    // where a term does not vary.
    public const double PriorOfTerm = 0.1, LeastPrior = 1e-9;

    private readonly TermBlock _block;
    private readonly double[] _matrix, _right;
    private readonly int _sides;

    public BlockSystem(TermBlock block, double[][] inputs, double[][] targets, double[] targetMeans)
    {
        _block = block;
        (Count, _sides) = (block.Terms.Length, block.Outputs.Length);
        _matrix = new double[Count * Count];
        _right = new double[Count * _sides];
        Means = new double[Count];
        SampledFunction[] functions = [.. block.Terms.Select(static term => new SampledFunction(term.Function))];
        var values = new List<(int Term, double Value)>();
        for (int row = 0; row < inputs.Length; row++)
        {
            values.Clear();
            for (int term = 0; term < Count; term++)
            {
                double value = functions[term].At(inputs[row][block.Terms[term].Input]);
                if (value != 0) values.Add((term, value));
            }

            double[] target = targets[row];
            foreach (var (term, value) in values)
            {
                Means[term] += value;
                var line = _matrix.AsSpan(term * Count, term + 1);
                foreach (var (other, factor) in values)
                {
                    if (other > term) break;
                    line[other] += value * factor;
                }

                for (int q = 0; q < _sides; q++)
                    _right[(term * _sides) + q] += value * (target[block.Outputs[q]] - targetMeans[block.Outputs[q]]);
            }
        }

        Center(inputs.Length);
    }

    public int Count { get; }

    /// <summary>The mean of each term.</summary>
    public double[] Means { get; }

    /// <summary>Solves for all terms.</summary>
    public SolvedBlock Solve() => new(new EliminationSystem([.. _matrix], _right, _sides), Count, _sides);

    /// <summary>The numbers of some terms, those of the others 0.</summary>
    public double[,] WeightsOf(int[] terms)
    {
        var (matrix, right) = Part(terms);
        Cholesky.Factor(matrix, terms.Length);
        var weights = new double[Count, _sides];
        var side = new double[terms.Length];
        for (int q = 0; q < _sides; q++)
        {
            for (int i = 0; i < side.Length; i++) side[i] = right[(i * _sides) + q];
            Cholesky.Solve(matrix, side.Length, side);
            for (int i = 0; i < side.Length; i++) weights[terms[i], q] = side[i];
        }

        return weights;
    }

    private (double[] Matrix, double[] Right) Part(int[] terms)
    {
        int n = terms.Length;
        var matrix = new double[n * n];
        var right = new double[n * _sides];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++) matrix[(i * n) + j] = _matrix[(terms[i] * Count) + terms[j]];
            _right.AsSpan(terms[i] * _sides, _sides).CopyTo(right.AsSpan(i * _sides));
        }

        return (matrix, right);
    }

    /// <summary>Sums become covariances, and the numbers that edges have count a little.</summary>
    private void Center(int rows)
    {
        for (int i = 0; i < Count; i++) Means[i] /= rows;
        double largest = 0;
        for (int i = 0; i < Count; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double value = (_matrix[(i * Count) + j] / rows) - (Means[i] * Means[j]);
                _matrix[(i * Count) + j] = value;
                _matrix[(j * Count) + i] = value;
            }

            _matrix[(i * Count) + i] = Math.Max(0, _matrix[(i * Count) + i]);
            largest = Math.Max(largest, _matrix[(i * Count) + i]);
        }

        // Where nothing varies, all numbers stay.
        double floor = LeastPrior * (largest > 0 ? largest : 1);

        double share = PriorOfTerm * Count / rows;
        for (int i = 0; i < Count; i++)
        {
            double prior = (share * _matrix[(i * Count) + i]) + floor;
            _matrix[(i * Count) + i] += prior;
            for (int q = 0; q < _sides; q++)
                _right[(i * _sides) + q] = (_right[(i * _sides) + q] / rows) + (prior * _block.Weights[i, q]);
        }
    }
}

/// <summary>A block of which terms are taken.</summary>
internal sealed class SolvedBlock(EliminationSystem system, int count, int sides)
{
    public double[,] Weights
    {
        get
        {
            var weights = new double[count, sides];
            for (int term = 0; term < count; term++)
            {
                for (int q = 0; q < sides; q++) weights[term, q] = system.Weight(term, q);
            }

            return weights;
        }
    }

    public double CostOf(int[] terms, double[] importance) => system.CostOf(terms, importance);

    public void Take(int[] terms) => system.Take(terms);
}
