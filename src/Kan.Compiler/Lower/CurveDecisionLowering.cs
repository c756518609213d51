using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Compiler.Certify;
using Kan.Compiler.Integers;

namespace Kan.Compiler.Lower;

/// <summary>Bounds with which integers decide a network of curves.</summary>
internal static class CurveDecisionLowering
{
    /// <summary>Edges of the first layer below which codes take longer than floats.</summary>
    private const int LeastEdges = 1 << 13;

    /// <summary>The share of the first layer's edges that all later ones may have: beyond it floats decide as fast.</summary>
    private const double MostShare = 0.5;

    /// <summary>Breakpoints of a node beyond which looking for its segment takes too long.</summary>
    private const int MostBends = 64;

    /// <summary>Numbers of the later layers: 256 kB.</summary>
    private const long MostNumbers = 1 << 16;

    /// <summary>Inputs of which float adds squares with an error below that of <c>Slack</c> in the generated code.</summary>
    private const int MostInputs = 1 << 15;

    /// <summary>What a rounding moves a float at most, relative to it.</summary>
    private const double Rounding = 6.1e-8;

    /// <summary>More than what sums lose that are too small for float.</summary>
    private const double Underflow = 1e-25;

    /// <summary>What outputs are that there are not.</summary>
    private const float Nowhere = -1e30f;

    /// <summary>Sizes of numbers beyond which products would leave float.</summary>
    private const double Least = 1e-15, Most = 1e15;

    /// <summary>What integers decide with; null where floats decide: it would not pay, or a bound is not known.</summary>
    /// <param name="layers">The exact layers.</param>
    /// <param name="form">The integers.</param>
    /// <param name="cancellation">Observed in between.</param>
    public static CurveDecisionPlan? Create(CurveLayer[] layers, IntegerForm form, CancellationToken cancellation)
    {
        if (layers.Length < 2 || form.OutputCount > IntegerPlan.MostDecidedOutputs || layers[0].Edges.Length < LeastEdges
            || layers[0].Inputs > MostInputs
            || layers.Skip(1).Sum(static layer => (long)layer.Edges.Length) > MostShare * layers[0].Edges.Length
            || !form.Inputs.All(static codes => IsModerate(codes.Scale))
            || !form.Layers[0].Units.All(static unit => IsModerate(unit))) return null;
        double[][][] bends = [.. layers.Skip(1).Select(Bends)];
        if (bends.Any(static own => own.Any(static node => node.Length > MostBends || !node.All(IsAtMost)))) return null;
        long size = 0;
        for (int l = 1; l < layers.Length; l++)
        {
            if (!SpectralNorm.IsVerified(layers[l].Inputs, layers[l].Outputs) || !layers[l].Biases.All(IsAtMost)) return null;
            size += (long)layers[l].Inputs * Whole(layers[l].Outputs) * 2 * (Width(bends[l - 1]) + 1);
        }

        if (size > MostNumbers || CodedCurves.Of(layers[0], form, cancellation) is not { } first) return null;
        int m = layers[0].Outputs;
        var numbers = new List<int>();
        Add(numbers, m, q => form.Layers[0].Units[q]);
        Add(numbers, m, q => (float)-first.Known[q]);
        Add(numbers, first.Squares.Length, code => Outward(first.Squares[code]));

        // A sum becomes a float, is multiplied and moved: three roundings of what it is and of what it is moved by.
        double own = first.Own + (4 * Rounding * IntegerBound.Length(m, q => first.Known[q])) + Underflow;
        var plans = ImmutableArray.CreateBuilder<DecidedLayer>(layers.Length);
        plans.Add(new DecidedLayer(layers[0].Inputs, Whole(m), 0, 0, 0, Outward(4 * Rounding), 0));
        for (int l = 1; l < layers.Length; l++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (AddLayer(layers[l], bends[l - 1], l == layers.Length - 1, numbers, cancellation) is not { } plan) return null;
            plans.Add(plan);
        }

        float most = Outward(first.Squares.Max()), steepness = Outward(first.Steepness), off = Outward(own);
        return IsAtMost(most) && IsAtMost(steepness) && IsAtMost(off)
            ? new CurveDecisionPlan([.. numbers], plans.MoveToImmutable(), most, steepness, off, first.AreSquaresOfCodes)
            : null;
    }

    /// <summary>Adds the numbers of a later layer; null if one would leave float.</summary>
    private static DecidedLayer? AddLayer(CurveLayer layer, double[][] bends, bool isLast, List<int> numbers,
        CancellationToken cancellation)
    {
        int n = layer.Inputs, m = layer.Outputs, width = Whole(m), most = Width(bends), start = numbers.Count;
        for (int i = 0; i < most; i++) Add(numbers, n, p => i < bends[p].Length ? (float)bends[p][i] : float.PositiveInfinity);
        double[] steepest = new double[n * m], sizes = new double[n];
        float[] row = new float[2 * width];
        for (int p = 0; p < n; p++)
        {
            for (int segment = 0; segment <= most; segment++)
            {
                Array.Clear(row, 0, row.Length);
                foreach (var edge in layer.EdgesOf(p))
                {
                    var (curve, q) = (edge.Curve, edge.Output);
                    int last = Math.Min(segment, bends[p].Length) - 1,
                        left = last < 0 ? 0 : curve.Breakpoints.Count(own => own <= bends[p][last]);
                    var (slope, intercept, size) = curve.Line(left);
                    if (!IsAtMost(slope) || !IsAtMost(size)) return null;
                    (row[q], row[width + q]) = ((float)slope, (float)intercept);
                    steepest[(p * m) + q] = Math.Max(steepest[(p * m) + q], Math.Abs(slope) * (1 + Rounding));
                    sizes[p] = Math.Max(sizes[p], size);
                }

                foreach (float number in row) numbers.Add(IntegerPlan.Bits(number));
            }
        }

        // Outputs that are none are far below all others; a network of one output has a second one, 0.
        int outputs = Math.Max(m, 2);
        Add(numbers, width, q => q < m ? (float)layer.Biases[q] : q >= outputs && isLast ? Nowhere : 0);
        if (isLast) AddDifferences(n, outputs, width, most + 1, start + (most * Whole(n)), numbers);
        double norm = SpectralNorm.Bound(steepest, n, m, cancellation) * (1 + (4 * Rounding));

        // Each sum may be off by this share of the sizes of its terms; numbers next to a breakpoint may be on the wrong side of it.
        double share = (n + 16) * Rounding * Math.Sqrt(m);
        double terms = IntegerBound.Length(n, p => Enumerable.Range(p * m, m).Max(i => steepest[i]));
        double own = (share * (sizes.Sum() + layer.Biases.Max(Math.Abs))) + Underflow;
        return !IsAtMost(norm) || !IsAtMost(own) ? null
            : new DecidedLayer(n, width, most, start, Outward(norm), Outward(share * terms), Outward(own));
    }

    /// <summary>Adds for each output and each other one the length of the steepest slopes of their difference.</summary>
    private static void AddDifferences(int inputs, int outputs, int width, int segments, int rows, List<int> numbers)
    {
        for (int k = 0; k < outputs; k++)
        {
            double[] squares = new double[width];
            for (int p = 0; p < inputs; p++)
            {
                double[] steepest = new double[width];
                for (int segment = 0; segment < segments; segment++)
                {
                    int row = rows + (((p * segments) + segment) * 2 * width);
                    double own = IntegerPlan.Single(numbers[row + k]);
                    for (int j = 0; j < width; j++)
                    {
                        double other = IntegerPlan.Single(numbers[row + j]), slack = (Math.Abs(own) + Math.Abs(other)) * 2 * Rounding;
                        steepest[j] = Math.Max(steepest[j], Math.Abs(own - other) + slack);
                    }
                }

                for (int j = 0; j < width; j++) squares[j] += steepest[j] * steepest[j];
            }

            Add(numbers, width, j => Outward(Math.Sqrt(squares[j])));
        }
    }

    /// <summary>The breakpoints of the edges of each node before a layer.</summary>
    private static double[][] Bends(CurveLayer layer) =>
        [.. Enumerable.Range(0, layer.Inputs).Select(p => layer.EdgesOf(p)
            .SelectMany(static edge => edge.Curve.Breakpoints).Distinct().OrderBy(static bend => bend).ToArray())];

    private static int Width(double[][] bends) => bends.Length == 0 ? 0 : bends.Max(static own => own.Length);

    private static bool IsModerate(float number) => number >= Least && number <= Most;

    private static bool IsAtMost(double number) => Math.Abs(number) <= Most;

    private static bool IsAtMost(float number) => Math.Abs(number) <= Most;

    private static float Outward(double number) => IntegerPlan.Outward(number);

    private static int Whole(int nodes) => (nodes + CurveLayout.Lanes - 1) / CurveLayout.Lanes * CurveLayout.Lanes;

    private static void Add(List<int> numbers, int count, Func<int, float> number) =>
        IntegerPlan.AddPadded(numbers, count, i => IntegerPlan.Bits(number(i)));
}
