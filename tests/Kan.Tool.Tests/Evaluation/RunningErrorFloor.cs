using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Tool.Tests.Evaluation;

/// <summary>
/// What no running-error analysis of a box can go below: the additions of one sample, each rounded by as much as a sum of its size may be,
/// and weighed with the slopes that the layers behind it have for that very sample. A search makes it larger and larger. All other
/// roundings are left out, and a sample that is worse may have been missed: both make the true floor higher.
/// </summary>
/// <param name="form">A network of affine, factored and row forms, in single precision.</param>
internal sealed class RunningErrorFloor(NetworkForm form)
{
    private const double Unit = 1.0 / (1 << 24);

    /// <summary>The largest that is found over the outputs, for inputs in [0, 1].</summary>
    /// <param name="starts">Random samples to start from, for each output.</param>
    public double Search(int starts)
    {
        var random = new Random(1);
        double[][] candidates = [.. Enumerable.Range(0, form.InputCount).Select(Candidates)];
        double best = 0;
        for (int k = 0; k < form.OutputCount; k++)
        {
            for (int start = 0; start < starts; start++)
            {
                double density = random.NextDouble();
                double[] x = [.. candidates.Select(points =>
                    random.NextDouble() < density ? points[^1] : points[random.Next(points.Length)])];
                best = Math.Max(best, Climb(x, k, candidates));
            }
        }

        return best;
    }

    /// <summary>The ends of the range and the breakpoints: between them a sum is linear, and its size largest at an end.</summary>
    private double[] Candidates(int input) => form.Layers[0] is RowsForm rows
        ? [0, .. rows.Segments[input].Knots.Where(static knot => knot is > 0 and < 1), 1]
        : [0, 1];

    private double Climb(double[] x, int output, double[][] candidates)
    {
        var (best, gains) = Measure(x, output);
        while (true)
        {
            // The inputs that promise most are moved together, as many as make it larger.
            var moves = candidates.Select((points, p) =>
            {
                double here = Gain(p, x[p], gains), to = points.MaxBy(point => Gain(p, point, gains));
                return (Input: p, To: to, More: Gain(p, to, gains) - here);
            }).Where(static move => move.More > 0).OrderByDescending(static move => move.More).ToArray();
            bool isBetter = false;
            for (int count = moves.Length; count > 0 && !isBetter; count /= 2)
            {
                double[] changed = [.. x];
                foreach (var move in moves.Take(count)) changed[move.Input] = move.To;
                var (sum, next) = Measure(changed, output);
                if (!(sum > best)) continue;
                (x, best, gains, isBetter) = (changed, sum, next, true);
            }

            if (!isBetter) return best;
        }
    }

    private double Gain(int p, double point, double[] gains)
    {
        int m = form.Layers[0].OutputCount;
        double sum = 0;
        for (int q = 0; q < m; q++) sum += gains[(p * m) + q] * Term(form.Layers[0], p, q, point).Value;
        return sum;
    }

    /// <summary>The weighed roundings of a sample, and for each edge of the first layer what its term adds to them.</summary>
    private (double Sum, double[] Gains) Measure(double[] x, int output)
    {
        var roundings = new List<double[]>();
        var slopes = new List<double[]>();
        double[] signs = [];
        foreach (var layer in form.Layers)
        {
            int n = layer.InputCount, m = layer.OutputCount, sums = SummationOrder.PartialSums(n, m, Precision.Single);
            double[] values = new double[m], rounded = new double[m], slope = new double[n * m], sign = new double[n * m];
            var parts = new double[sums];
            for (int q = 0; q < m; q++)
            {
                Array.Clear(parts);
                parts[0] = layer.Biases[q];
                for (int p = 0; p < n; p++)
                {
                    var term = Term(layer, p, q, x[p]);
                    parts[p % sums] += term.Value;
                    slope[(p * m) + q] = term.Slope;
                    sign[(p * m) + q] = Math.Sign(parts[p % sums]);
                    if (term.Value != 0) rounded[q] += Rounding(parts[p % sums]);
                }

                for (int half = sums / 2; half > 0; half /= 2)
                {
                    for (int i = 0; i < half; i++) rounded[q] += Rounding(parts[i] += parts[i + half]);
                }

                values[q] = parts[0];
            }

            if (signs.Length == 0) signs = sign;
            (roundings, slopes, x) = ([.. roundings, rounded], [.. slopes, slope], values);
        }

        double[] jacobian = new double[form.OutputCount];
        jacobian[output] = 1;
        double sum = 0;
        for (int l = form.Layers.Length - 1; l >= 0; l--)
        {
            int m = jacobian.Length;
            double[] behind = jacobian;
            for (int q = 0; q < m; q++) sum += Math.Abs(behind[q]) * roundings[l][q];
            if (l == 0) break;
            jacobian = [.. Enumerable.Range(0, form.Layers[l].InputCount)
                .Select(p => Enumerable.Range(0, m).Sum(q => slopes[l][(p * m) + q] * behind[q]))];
        }

        return (sum, Gains(jacobian, signs));
    }

    /// <summary>A term is part of all sums behind it.</summary>
    private double[] Gains(double[] jacobian, double[] signs)
    {
        int n = form.InputCount, m = jacobian.Length, sums = SummationOrder.PartialSums(n, m, Precision.Single);
        double[] gains = new double[n * m], behind = new double[sums * m];
        for (int p = n - 1; p >= 0; p--)
        {
            for (int q = 0; q < m; q++)
                gains[(p * m) + q] = behind[(p % sums * m) + q] += signs[(p * m) + q] * Math.Abs(jacobian[q]);
        }

        return gains;
    }

    private static (double Value, double Slope) Term(LayerForm layer, int p, int q, double x)
    {
        switch (layer)
        {
            case RowsForm rows:
                return Line(rows.Segments[p], rows.OutputCount, q, x);
            case FactoredForm factored:
                double weight = factored.Affine.Weights[(p * factored.OutputCount) + q];
                var (height, slope) = !factored.Activation.IsRelu ? Line(factored.Activation.Segments[p], 1, 0, x)
                    : x > 0 ? (x, 1) : (0, 0);
                return (weight * height, weight * slope);
            default:
                double factor = ((AffineForm)layer).Weights[(p * layer.OutputCount) + q];
                return (factor * x, factor);
        }
    }

    private static (double Value, double Slope) Line(SegmentTable table, int width, int q, double x)
    {
        int j = table.Knots.Count(knot => x >= knot);
        double slope = table.Slopes[(j * width) + q];
        return (table.Values[(j * width) + q] + (slope * (x - table.Points[j])), slope);
    }

    private static double Rounding(double sum) => sum == 0 ? 0 : Unit * Math.ScaleB(1, Math.ILogB(sum));
}
