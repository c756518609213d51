using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Kan.Compiler.Certify;
using Kan.Compiler.Integers;
using Kan.Panels;

namespace Kan.Compiler.Lower;

/// <summary>
/// Bounds with which the error of the first layer's sums is followed through the ReLUs of one sample. The layers behind it are computed
/// again, in floats and from the sums themselves, with weights of 16 bits: so they add next to nothing.
/// </summary>
internal static class ActiveUnitsLowering
{
    /// <summary>The share of the first layer's weights that all later ones may have: beyond it floats decide as fast.</summary>
    private const double MostShare = 0.5;

    /// <summary>What two roundings move a float at most, relative to it.</summary>
    private const double TwoRoundings = 1.3e-7;

    /// <summary>More than what sums lose that are too small for float.</summary>
    private const double Underflow = 1e-25;

    /// <summary>Units beyond which products would leave float.</summary>
    private const float LeastUnit = 1e-15f, MostUnit = 1e15f;

    /// <summary>What is followed; null where it would not pay, or where other nodes than ReLUs are between layers.</summary>
    /// <param name="layers">The exact layers.</param>
    /// <param name="form">The integers.</param>
    /// <param name="bound">What is known of their distance.</param>
    /// <param name="cancellation">Observed in between.</param>
    public static ActiveUnitsPlan? Create(LinearLayer[] layers, IntegerForm form, IntegerBound bound, CancellationToken cancellation)
    {
        if (layers.Length < 2 || !layers.Skip(1).All(static layer => layer.IsRelu)
            || layers.Skip(1).Sum(static layer => (double)layer.Weights.Length) > MostShare * layers[0].Weights.Length
            || form.Layers.Any(static layer => layer.Units.Any(static unit => unit is < LeastUnit or > MostUnit)))
            return null;
        var numbers = new List<int>();
        var norms = bound.Norms(0, cancellation);
        int outputs = layers[0].Outputs;
        var nodes = Enumerable.Range(0, outputs).Select(q => bound.NodeNorms(0, q)).ToArray();
        Add(numbers, outputs, q => form.Layers[0].Units[q]);
        Add(numbers, outputs, q => Outward(nodes[q].Weights));
        Add(numbers, outputs, q => Outward(nodes[q].Deviations));
        var plans = ImmutableArray.CreateBuilder<ActiveLayer>(layers.Length);
        plans.Add(new ActiveLayer((layers[0].Inputs + 3) / 4, Whole(outputs), 0, Outward(norms.Weights), Outward(norms.Deviations), 0,
            Outward((bound.InputSlack() * norms.Weights) + norms.Biases)));
        for (int l = 1; l < layers.Length; l++)
        {
            cancellation.ThrowIfCancellationRequested();
            plans.Add(AddLayer(layers[l], form.Layers[l], form.Layers[l - 1].Codes.Scale, bound.Norms(l, cancellation), numbers));
        }

        return new ActiveUnitsPlan([.. numbers], plans.MoveToImmutable());
    }

    private static ActiveLayer AddLayer(LinearLayer layer, IntegerLayerForm form, float scale, LayerNorms norms, List<int> numbers)
    {
        int n = layer.Inputs, m = layer.Outputs, start = numbers.Count;
        sbyte[] second = new sbyte[layer.Weights.Length];
        float[] units = new float[m];
        double[] off = new double[second.Length];
        for (int q = 0; q < m; q++)
        {
            units[q] = (float)((double)form.Units[q] / scale / 256);
            for (int p = 0; p < n; p++)
            {
                int i = (p * m) + q, first = 256 * form.Weights[i];
                second[i] = (sbyte)Math.Max(sbyte.MinValue, Math.Min(sbyte.MaxValue, Math.Round((layer.Weights[i] / units[q]) - first)));
                off[i] = (Math.Abs(layer.Weights[i] - ((double)units[q] * (first + second[i]))) * (1 + TwoRoundings))
                    + (Math.Abs(layer.Weights[i]) * TwoRoundings);
            }
        }

        IntegerPlan.AddWeights(numbers, n, m, (p, q) => second[(p * m) + q]);
        Add(numbers, m, q => units[q]);
        Add(numbers, m, q => (float)layer.Biases[q]);
        Add(numbers, m, q => Outward(IntegerBound.Length(n, p => layer.Weights[(p * m) + q] * (1 + TwoRoundings))));

        // A sum of as many floats moves what it adds by no more than this, times the lengths of its factors; so does the way back.
        double rounding = (Math.Max(n, m) + 12) * TwoRoundings;
        double rounded = rounding * IntegerBound.Length(off.Length, i => Math.Abs(layer.Weights[i]) + off[i]);
        double deviation = IntegerBound.Length(off.Length, i => off[i]) + rounded;
        double backDeviation = (norms.Deviations / scale * (1 + TwoRoundings)) + (2 * rounded);
        double own = (rounding * IntegerBound.Length(m, q => layer.Biases[q])) + Underflow;
        return new ActiveLayer((n + 3) / 4, Whole(m), start, Outward(norms.Weights), Outward(deviation),
            Outward(backDeviation), Outward(own));
    }

    private static float Outward(double number) => IntegerPlan.Outward(number);

    private static int Whole(int nodes) => (nodes + IntegerLayer.Lanes - 1) / IntegerLayer.Lanes * IntegerLayer.Lanes;

    private static void Add(List<int> numbers, int count, Func<int, float> number) =>
        IntegerPlan.AddPadded(numbers, count, i => IntegerPlan.Bits(number(i)));
}
