using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Experiments.CriticalPath;

/// <summary>The elementary function that an edge is nearest to, up to constants.</summary>
/// <param name="Text">The function in words of mathematics.</param>
/// <param name="Fit">The share of the edge's variance on its range that the function explains (R²).</param>
internal sealed record EdgeFormula(string Text, double Fit)
{
    private const int Points = 400;

    // What a more complicated function must explain more.
    private const double Gain = 0.005;

    /// <summary>Fits lines, parabolas, sines and exponentials by least squares, and takes the simplest of the best.</summary>
    /// <param name="function">The edge.</param>
    /// <param name="range">The values that its input has.</param>
    /// <param name="input">What the input is called.</param>
    public static EdgeFormula Of(PiecewiseLinearFunction function, InputRange range, string input)
    {
        double low = range.Low.ToDouble(), high = range.High.ToDouble();
        double[] x = [.. Enumerable.Range(0, Points).Select(i => low + ((high - low) * i / (Points - 1)))];
        double[] y = Array.ConvertAll(x, function.Evaluate);
        var best = Fits(x, y, input).Aggregate(static (simple, other) => other.Fit > simple.Fit + Gain ? other : simple);
        return best;
    }

    /// <summary>From simple to complicated.</summary>
    private static IEnumerable<EdgeFormula> Fits(double[] x, double[] y, string input)
    {
        var (line, fit) = LeastSquares(y, [x]);
        yield return new EdgeFormula(Sum([(line[1], input)], line[0]), fit);

        (double[] parabola, fit) = LeastSquares(y, [x, [.. x.Select(static value => value * value)]]);
        double top = -parabola[1] / (2 * parabola[2]);
        yield return new EdgeFormula(Sum([(parabola[2], $"({Shifted(input, -top)})²")], parabola[0] - (parabola[2] * top * top)), fit);

        double width = x[^1] - x[0];
        var (turns, sine) = Scan(0.2 / width, 12 / width, rate => LeastSquares(y, [[.. x.Select(value => Math.Sin(rate * value))], [.. x.Select(value => Math.Cos(rate * value))]]));
        double size = Math.Sqrt((sine.Numbers[1] * sine.Numbers[1]) + (sine.Numbers[2] * sine.Numbers[2])), phase = Math.Atan2(sine.Numbers[2], sine.Numbers[1]);
        yield return new EdgeFormula(Sum([(size, $"sin({Shifted(Times(turns, input), phase)})")], sine.Numbers[0]), sine.Fit);

        var (growth, exponential) = new[] { 1, -1 }.Select(sign => Scan(0.2 / width, 8 / width, rate => LeastSquares(y, [[.. x.Select(value => Math.Exp(sign * rate * value))]])) is var found
            ? (sign * found.Rate, found.Solution) : default).MaxBy(static found => found.Solution.Fit);
        yield return new EdgeFormula(Sum([(exponential.Numbers[1], $"exp({Times(growth, input)})")], exponential.Numbers[0]), exponential.Fit);
    }

    /// <summary>The rate with the best fit, of 400 that are tried and then of those around the best.</summary>
    private static (double Rate, (double[] Numbers, double Fit) Solution) Scan(double low, double high, Func<double, (double[] Numbers, double Fit)> solve)
    {
        double best = low;
        for (int round = 0; round < 3; round++)
        {
            double step = (high - low) / 400, start = low;
            best = Enumerable.Range(0, 401).Select(i => start + (i * step)).MaxBy(rate => solve(rate).Fit);
            (low, high) = (best - step, best + step);
        }

        return (best, solve(best));
    }

    /// <summary>A constant and a number for each column, and the share of the variance that they explain.</summary>
    private static (double[] Numbers, double Fit) LeastSquares(double[] y, double[][] columns)
    {
        double[][] all = [[.. y.Select(static _ => 1.0)], .. columns];
        int n = all.Length;
        var matrix = new double[n, n + 1];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++) matrix[i, j] = all[i].Zip(all[j], static (a, b) => a * b).Sum();
            matrix[i, n] = all[i].Zip(y, static (a, b) => a * b).Sum();
        }

        for (int pivot = 0; pivot < n; pivot++)
        {
            for (int row = 0; row < n; row++)
            {
                if (row == pivot || matrix[pivot, pivot] == 0) continue;
                double factor = matrix[row, pivot] / matrix[pivot, pivot];
                for (int column = pivot; column <= n; column++) matrix[row, column] -= factor * matrix[pivot, column];
            }
        }

        double[] numbers = [.. Enumerable.Range(0, n).Select(i => matrix[i, i] == 0 ? 0 : matrix[i, n] / matrix[i, i])];
        double mean = y.Average(), whole = y.Sum(value => (value - mean) * (value - mean));
        double rest = Enumerable.Range(0, y.Length).Sum(i => Math.Pow(y[i] - Enumerable.Range(0, n).Sum(k => numbers[k] * all[k][i]), 2));
        return (numbers, whole == 0 ? 1 : 1 - (rest / whole));
    }

    private static string Sum((double Number, string Text)[] terms, double constant) =>
        FormattableString.Invariant($"{string.Join(" + ", terms.Select(static term => Times(term.Number, term.Text)))} {(constant < 0 ? "-" : "+")} {Math.Abs(constant):F2}");

    private static string Times(double number, string text) => FormattableString.Invariant($"{number:F2} {text}");

    private static string Shifted(string text, double shift) => FormattableString.Invariant($"{text} {(shift < 0 ? "-" : "+")} {Math.Abs(shift):F2}");
}
