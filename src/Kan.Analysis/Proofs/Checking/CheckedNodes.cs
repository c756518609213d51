using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using V = System.Runtime.Intrinsics.Vector512;
using Vectors = System.Runtime.Intrinsics.Vector512<double>;

namespace Kan.Analysis.Proofs;

/// <summary>
/// What the checker knows of the nodes of the exact network in a box: level 0 holds the inputs, level l the nodes behind layer l - 1. Each
/// interval is rounded to its safe side. One thread uses it at a time.
/// </summary>
internal sealed class CheckedNodes
{
    /// <summary>Numbers of a level come in whole vectors of so many.</summary>
    public const int Lanes = 8;

    private readonly List<(double X, double Value, double Error)> _points = [];

    public CheckedNodes(KanNetwork network, CancellationToken cancellation)
    {
        Layers = new CheckedLayer[network.Layers.Length];
        for (int l = 0; l < Layers.Length; l++)
        {
            cancellation.ThrowIfCancellationRequested();
            Layers[l] = new CheckedLayer(network.Layers[l]);
        }

        int[] lengths = [(network.InputCount + Lanes - 1) / Lanes * Lanes,
            .. Layers.Select(static layer => (layer.Outputs + Lanes - 1) / Lanes * Lanes)];
        Widest = lengths.Max();
        Gamma = (Widest + 20) * 2.5e-16;
        (Low, High, Middle, Size) = (New(), New(), New(), New());

        double[][] New() => [.. lengths.Select(static length => new double[length])];
    }

    public CheckedLayer[] Layers { get; }

    /// <summary>The numbers of the longest level.</summary>
    public int Widest { get; }

    /// <summary>
    /// A sum of n products is off by at most (n + 1) 2^-53 of the sum of their sizes; each level needs three such sums.
    /// </summary>
    public double Gamma { get; }

    /// <summary>The intervals, by level and node.</summary>
    public double[][] Low { get; }

    /// <inheritdoc cref="Low"/>
    public double[][] High { get; }

    /// <summary>Roughly the values at the middle of the box.</summary>
    public double[][] Middle { get; }

    /// <summary>Bounds of the sizes of the values and of the terms behind them.</summary>
    public double[][] Size { get; }

    /// <summary>Whether a node is left no value, and so the box no point.</summary>
    public bool AreEmpty => Enumerable.Range(0, Low.Length).Any(l => Enumerable.Range(0, Low[l].Length).Any(q => Low[l][q] > High[l][q]));

    /// <summary>Takes the inputs.</summary>
    public void Start(double[] low, double[] high)
    {
        low.CopyTo(Low[0], 0);
        high.CopyTo(High[0], 0);
        for (int p = 0; p < low.Length; p++)
            (Middle[0][p], Size[0][p]) = ((low[p] / 2) + (high[p] / 2), 4 * Math.Max(Math.Abs(low[p]), Math.Abs(high[p])));
    }

    /// <summary>Takes ends that are known to hold.</summary>
    public void Narrow(int level, int node, double low, double high)
    {
        if (low > Low[level][node]) Low[level][node] = low;
        if (high < High[level][node]) High[level][node] = high;
    }

    /// <summary>Intervals of a level from those before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(int level)
    {
        var layer = Layers[level - 1];
        double[] low = Low[level - 1], high = High[level - 1], middle = Middle[level - 1], least = Low[level], most = High[level],
            center = Middle[level], size = Size[level];
        bool[] isExact = [.. layer.AreBiasesExact];
        for (int q = 0; q < layer.Outputs; q++)
        {
            (least[q], most[q], center[q], size[q]) = (layer.Biases[q], layer.Biases[q], layer.Biases[q], Math.Abs(layer.Biases[q]));
            if (layer.Dense is null) continue;
            Vectors l = default, u = default, c = default, s = default;
            for (int p = 0; p < low.Length; p += Lanes)
            {
                Vectors w = V.Create(layer.Dense[q], p), a = w * V.Create(low, p), b = w * V.Create(high, p);
                (l, u, c, s) = (l + V.Min(a, b), u + V.Max(a, b), c + (w * V.Create(middle, p)), s + V.Max(V.Abs(a), V.Abs(b)));
            }

            Add(q, V.Sum(l), V.Sum(u), V.Sum(c), V.Sum(s));
        }

        for (int q = 0; layer.IsAffine && layer.Dense is null && q < layer.Outputs; q++)
        {
            foreach (var (p, w) in layer.Row(q))
                Add(q, Math.Min(w * low[p], w * high[p]), Math.Max(w * low[p], w * high[p]), w * middle[p],
                    Math.Max(Math.Abs(w * low[p]), Math.Abs(w * high[p])));
        }

        for (int p = 0; p < layer.Pieces.Length; p++)
        {
            foreach (var piece in layer.Pieces[p])
            {
                var (l, el) = piece.At(low[p], high[p]);
                var (u, eu) = piece.At(high[p], low[p]);
                (l, u) = (Math.Min(l - el, u - eu), Math.Max(l + el, u + eu));
                _points.Clear();
                piece.AddInside(low[p], high[p], _points);
                foreach (var (x, _, _) in _points)
                {
                    var (value, error) = piece.At(x, x);
                    (l, u) = (Math.Min(l, value - error), Math.Max(u, value + error));
                }

                Add(piece.Output, l, u, piece.At(middle[p], high[p]).Value, Math.Max(Math.Abs(l), Math.Abs(u)));
            }
        }

        for (int q = 0; q < layer.Outputs; q++)
        {
            // Bounds of functions are safe as they are, and so are sums that a double holds; others are off by roundoff, and by products
            // that are too small for a double while nothing is larger than 1e100.
            double error = (size[q] * Gamma) + 1e-200;
            if (layer.IsAffine || !isExact[q])
                (least[q], most[q]) = (Math.BitDecrement(least[q] - error), Math.BitIncrement(most[q] + error));
            size[q] = (2 * size[q]) + (4 * Math.Max(Math.Abs(least[q]), Math.Abs(most[q])));
            if (!(size[q] <= 1e100)) size[q] = double.PositiveInfinity;
        }

        void Add(int q, double l, double u, double c, double s)
        {
            isExact[q] &= IsExact(least[q], l) && IsExact(most[q], u);
            (least[q], most[q], center[q], size[q]) = (least[q] + l, most[q] + u, center[q] + c, size[q] + s);
        }

        // Of two numbers and their rounded sum, what is left over is a double.
        static bool IsExact(double a, double b) => a + b is var sum && sum - a is var part && (a - (sum - part)) + (b - part) == 0;
    }
}
