using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Kan.Compiler.Certify;

/// <summary>
/// How much all errors before a layer can become together. Each entry of a Jacobian has its own worst choice of the slopes behind the
/// layer, but one point of the box has one choice for all: the sum over inputs p of e_p |sum_j m_pj g_j|, where e are errors, m the slopes
/// of the layer and g those of an output behind it, is largest for one g.
/// </summary>
/// <remarks>
/// Where the edges of input p are multiples of one function, their slopes at any point are t_p m_pj with one |t_p| of at most 1, m_pj
/// being those where the function is steepest. With g_j = c_j + r_j d_j, |d_j| at most 1, the sum is at most
/// sum_p |sum_j (e_p m_pj r_j) d_j + (e_p sum_j m_pj c_j) d|, a sum of the kind that <see cref="SignedSums"/> bounds. A mean of Jacobians
/// gives no more than the largest of them.
/// </remarks>
/// <param name="outputs">Outputs of the network.</param>
internal sealed class JointSensitivity(int outputs)
{
    /// <summary>Products in all: some 0.2 seconds.</summary>
    private const long MostSteps = 150_000_000;

    /// <summary>Products of three numbers between these are normal numbers of double.</summary>
    private const double Smallest = 1e-100, Largest = 1e100;

    private const double Unit = 2.3e-16;

    private long _steps;

    /// <summary>Replaces bounds with smaller ones.</summary>
    /// <param name="bounds">For each output what the errors before the layer become.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="slopes">What holds the slope of each edge where the function of its input is steepest.</param>
    /// <param name="errors">For each input its error.</param>
    /// <param name="jacobian">For each output of the layer and output of the network what holds the slope behind the layer.</param>
    /// <param name="cancellation">Cancels the work.</param>
    public void Narrow(double[] bounds, KanLayer layer, Enclosure[] slopes, double[] errors, Enclosure[] jacobian,
        CancellationToken cancellation)
    {
        // The same rows for all outputs, but not the same columns: a slope that is known is none.
        int[] rows = [.. layer.Edges.Where(edge => errors[edge.Input] > 0).Select(static edge => edge.Input).Distinct()];
        int[] columns = [.. layer.Edges.Select(static edge => edge.Output).Distinct()];
        _steps += (long)outputs * rows.Length * (columns.Length + 1) * SignedSums.StepsOfNumber;
        if (_steps > MostSteps || rows.Length < 2) return;
        var placeOfRow = new Dictionary<int, int>();
        foreach (int p in rows) placeOfRow.Add(p, placeOfRow.Count);
        for (int k = 0; k < outputs; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            double bound = Of(k, layer, slopes, errors, jacobian, placeOfRow, columns, cancellation);
            if (bound < bounds[k]) bounds[k] = bound;
        }
    }

    /// <summary>The bound of one output; infinite where there is none.</summary>
    private double Of(int output, KanLayer layer, Enclosure[] slopes, double[] errors, Enclosure[] jacobian,
        Dictionary<int, int> placeOfRow, int[] nodes, CancellationToken cancellation)
    {
        var place = new Dictionary<int, int>();
        var centers = new double[layer.OutputCount];
        var radii = new double[layer.OutputCount];
        foreach (int j in nodes)
        {
            var g = jacobian[(j * outputs) + output];
            centers[j] = (g.Low + g.High) / 2;
            if (g.Low != g.High) radii[j] = Outward.Up(Math.Max(Outward.Up(g.High - centers[j]), Outward.Up(centers[j] - g.Low)));
            if (!IsModerate(centers[j]) || !IsModerate(radii[j])) return double.PositiveInfinity;
            if (radii[j] > 0) place.Add(j, place.Count);
        }

        // One node gives each entry its worst at once.
        if (place.Count < 2) return double.PositiveInfinity;
        int width = place.Count + 1;
        var matrix = new double[placeOfRow.Count * width];
        double size = 0;
        for (int e = 0; e < layer.Edges.Length; e++)
        {
            var edge = layer.Edges[e];
            double error = errors[edge.Input], slope = (slopes[e].Low + slopes[e].High) / 2;
            if (!(error > 0) || slope == 0) continue;
            if (!IsModerate(error) || !IsModerate(slope)) return double.PositiveInfinity;
            int row = placeOfRow[edge.Input] * width, j = edge.Output;
            if (radii[j] > 0) matrix[row + place[j]] = error * slope * radii[j];
            matrix[row + width - 1] += error * slope * centers[j];
            size += error * Math.Abs(slope) * (Math.Abs(centers[j]) + radii[j]);
        }

        // A slope is off the middle of what holds it by two units, products by two roundings, and sums by one for each term.
        double rounded = size * ((layer.OutputCount + 16) * 4 * Unit) * (1 + (placeOfRow.Count * (double)layer.OutputCount * Unit));
        return Outward.Sum(SignedSums.Bound(matrix, placeOfRow.Count, width, cancellation), rounded);
    }

    private static bool IsModerate(double number) => number == 0 || (Math.Abs(number) >= Smallest && Math.Abs(number) <= Largest);
}
