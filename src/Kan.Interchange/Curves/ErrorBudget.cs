using System;
using System.Collections.Generic;
using System.Linq;

namespace Kan.Interchange.Curves;

/// <summary>
/// How much of the error of an output each curved edge may make. With segments c eps^(-1/2) for an edge of effort c and error eps, and w the
/// steepness of what is behind it, the sum of c eps^(-1/2) is least under the sum of w eps = total for
/// eps = total c^(2/3) w^(-2/3) / (sum of c^(2/3) w^(1/3)).
/// </summary>
internal sealed class ErrorBudget
{
    private readonly Dictionary<(int Layer, int Edge), (double Error, double Effort)> _shares = [];
    private double _scale = 1;

    /// <exception cref="ModelFileException">A curve is not known where its input may go, or needs too many segments.</exception>
    public ErrorBudget(ModelFile file, IReadOnlyList<CurvedLayer> layers, Interval[] domain, double total)
    {
        var surveys = Survey(file, layers, domain);
        var steepness = StepsBehind(layers, surveys);
        var efforts = new List<(int Layer, int Edge, double Effort, double Weight)>();
        for (int l = 0; l < layers.Count; l++)
        {
            for (int e = 0; e < surveys[l].Length; e++)
            {
                var edge = layers[l].Edges[e];
                if (edge.Curve is null) continue;

                // In units of the edge's own function, before its factor.
                double weight = steepness[l][edge.Output] * Math.Abs(edge.Factor.ToDouble());
                efforts.Add((l, e, surveys[l][e].Effort, weight));
            }
        }

        // An edge that hardly bends, or that hardly matters, has some share too.
        double leastEffort = 1e-2 * efforts.Average(static edge => edge.Effort) + 1e-6, leastWeight = (1e-6 * efforts.Max(static edge => edge.Weight)) + double.Epsilon;
        double sum = efforts.Sum(edge => Math.Pow(Math.Max(edge.Effort, leastEffort), 2.0 / 3) * Math.Cbrt(Math.Max(edge.Weight, leastWeight)));
        double segments = 0;
        foreach (var (layer, edge, effort, weight) in efforts)
        {
            double error = total * Math.Pow(Math.Max(effort, leastEffort) / Math.Max(weight, leastWeight), 2.0 / 3) / sum;
            if (!(error > 0) || !double.IsFinite(error)) throw file.Unsupported($"No error can be allotted to {layers[layer].Edges[edge].Title}: the network is too steep for a certificate. Specify a smaller Domain.");
            _shares.Add((layer, edge), (error, effort));
            segments += effort / Math.Sqrt(error);
        }

        if (!(segments <= ModelLimits.Segments))
            throw file.Unsupported($"The tolerance takes about {segments:N0} segments; at most {ModelLimits.Segments:N0} are tried. Specify {Reachable(total, segments)}, or a smaller Domain, or prune the model.");
    }

    /// <summary>The total error that takes as many segments as are tried: their number falls with its root.</summary>
    private static string Reachable(double total, double segments)
    {
        const double Reserve = 1.1;
        double reachable = Reserve * total * Math.Pow(segments / ModelLimits.Segments, 2);
        return double.IsFinite(reachable) ? FormattableString.Invariant($"a Tolerance of {reachable:G2} or more") : "a larger Tolerance";
    }

    /// <summary>The error that the function of an edge may have, before its factor.</summary>
    public double ErrorOf(int layer, int edge) => _shares[(layer, edge)].Error * _scale;

    /// <summary>About how many segments that takes, where knots may be off the curve.</summary>
    public double SegmentsOf(int layer, int edge) => _shares[(layer, edge)].Effort / Math.Sqrt(2 * ErrorOf(layer, edge));

    /// <summary>Multiplies all errors.</summary>
    public void Scale(double factor) => _scale *= factor;

    /// <summary>Ranges and slopes of all edges, with the inputs of each layer bounded by the ranges of those before it.</summary>
    private static CurveSurvey[][] Survey(ModelFile file, IReadOnlyList<CurvedLayer> layers, Interval[] domain)
    {
        var surveys = new CurveSurvey[layers.Count][];
        var inputs = domain;
        for (int l = 0; l < layers.Count; l++)
        {
            var layer = layers[l];
            var outputs = new Interval[layer.Outputs];
            if (layer.ExactLayer is { } exact)
            {
                surveys[l] = [];
                for (int q = 0; q < outputs.Length; q++) outputs[q] = exact.Biases[q].Enclose();
                foreach (var edge in exact.Edges) outputs[edge.Output] += EdgeBounds.Of(edge.Function, inputs[edge.Input]).Range;
                inputs = outputs;
                continue;
            }

            surveys[l] = new CurveSurvey[layer.Edges.Count];
            for (int q = 0; q < outputs.Length; q++) outputs[q] = layer.Biases.IsEmpty ? 0.0 : layer.Biases[q].Enclose();
            for (int e = 0; e < layer.Edges.Count; e++)
            {
                var edge = layer.Edges[e];
                var interval = inputs[edge.Input];
                if (edge.Exact is { } function)
                {
                    var bounds = EdgeBounds.Of(function, interval);
                    surveys[l][e] = new CurveSurvey(bounds.Range, bounds.Steepness, 0);
                }
                else
                {
                    surveys[l][e] = interval.IsBounded ? CurveSurvey.Of(edge.Curve!, interval) : new(Interval.All, double.PositiveInfinity, double.PositiveInfinity);
                }

                if (!surveys[l][e].Range.IsBounded) throw ApproximateLayers.Refuse(file, edge, interval, "it is unbounded or undefined somewhere in it");
                outputs[edge.Output] += edge.Factor.Enclose() * surveys[l][e].Range;
            }

            inputs = outputs;
        }

        return surveys;
    }

    /// <summary>For each layer and each of its outputs, a bound of how much an error there moves any output of the network.</summary>
    private static double[][] StepsBehind(IReadOnlyList<CurvedLayer> layers, CurveSurvey[][] surveys)
    {
        var weights = new double[layers.Count][];
        int outputs = layers[^1].Outputs;

        // One row for each output of the network, where they are few; else all outputs in one, which is more.
        int rows = outputs <= 64 ? outputs : 1;
        var behind = new double[rows][];
        for (int o = 0; o < rows; o++)
        {
            behind[o] = new double[outputs];
            for (int q = 0; q < outputs; q++) behind[o][q] = rows == 1 || q == o ? 1 : 0;
        }

        for (int l = layers.Count - 1; l >= 0; l--)
        {
            var layer = layers[l];
            weights[l] = [.. Enumerable.Range(0, layer.Outputs).Select(q => behind.Max(row => row[q]))];
            var before = behind.Select(_ => new double[layer.Inputs]).ToArray();
            if (layer.ExactLayer is { } exact)
            {
                foreach (var edge in exact.Edges) Add(edge.Input, edge.Output, edge.Function.Slopes.Max(static slope => Math.Abs(slope.ToDouble())));
            }
            else
            {
                for (int e = 0; e < layer.Edges.Count; e++)
                    Add(layer.Edges[e].Input, layer.Edges[e].Output, Math.Abs(layer.Edges[e].Factor.ToDouble()) * Math.Min(surveys[l][e].Steepness, double.MaxValue));
            }

            behind = before;

            void Add(int input, int output, double slope)
            {
                for (int o = 0; o < rows; o++) before[o][input] += behind[o][output] * slope;
            }
        }

        return weights;
    }
}
