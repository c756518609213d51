using System;
using System.Collections.Generic;
using System.Linq;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Curves;

/// <summary>
/// How much of the error of an output each curved edge may make. With segments c eps^(-1/2) for an edge of effort c and error eps, and w
/// the steepness of what is behind it, the sum of c eps^(-1/2) is least under the sum of w eps = total for eps = total c^(2/3) w^(-2/3) /
/// (sum of c^(2/3) w^(1/3)).
/// </summary>
internal sealed class ErrorBudget
{
    private readonly Dictionary<(int Layer, int Edge), (double Error, double Effort)> _shares = [];
    private readonly List<int[]>[] _groups;
    private double _scale = 1;

    /// <exception cref="ModelFileException">A curve is not known where its input may go, or needs too many segments.</exception>
    public ErrorBudget(ModelFile file, IReadOnlyList<CurvedLayer> layers, Interval[] domain, double total)
    {
        var surveys = Survey(file, layers, domain, out var inputs);
        _groups = [.. layers.Select((layer, l) => Groups(layer, surveys[l], inputs[l]))];
        var steepness = StepsBehind(layers, surveys, inputs, _groups, total);
        var efforts = new List<(int Layer, int[] Edges, double Effort, double Weight)>();
        for (int l = 0; l < layers.Count; l++)
        {
            for (int g = 0; g < _groups[l].Count; g++)
            {
                int[] edges = _groups[l][g];
                double effort = edges.Length == 1 ? surveys[l][edges[0]].Effort
                    : CurveSurvey.Of(layers[l].Edges[edges[0]].Curve!, Hull(layers[l], edges, inputs[l])).Effort;

                // In units of the edge's own function, before its factor.
                efforts.Add((l, edges, effort, steepness[l][g]));
            }
        }

        // An edge that hardly bends, or that hardly matters, has some share too.
        double leastEffort = 1e-2 * efforts.Average(static edge => edge.Effort) + 1e-6,
            leastWeight = (1e-6 * efforts.Max(static edge => edge.Weight)) + double.Epsilon;
        double sum = efforts.Sum(edge => Math.Pow(Math.Max(edge.Effort, leastEffort), 2.0 / 3)
            * Math.Cbrt(Math.Max(edge.Weight, leastWeight)));
        double segments = 0;
        foreach (var (layer, edges, effort, weight) in efforts)
        {
            double error = total * Math.Pow(Math.Max(effort, leastEffort) / Math.Max(weight, leastWeight), 2.0 / 3) / sum;
            if (!(error > 0) || !double.IsFinite(error)) throw file.Unsupported($"No error can be allotted to "
                + $"{layers[layer].Edges[edges[0]].Title}: the network is too steep for a certificate. Specify a smaller Domain.");
            foreach (int edge in edges) _shares.Add((layer, edge), (error, effort));
            segments += effort / Math.Sqrt(error);
        }

        // Knots may be off the curve, which takes fewer by the root of 2.
        Segments = segments / Math.Sqrt(2);
        if (!(segments <= ModelLimits.Segments))
            throw file.Unsupported($"The tolerance takes about {segments:N0} segments; at most {ModelLimits.Segments:N0} are tried. "
                + $"Specify {Reachable(total, segments)}, or a smaller Domain, or prune the model.");
    }

    /// <summary>About how many segments the tolerance takes, before any is laid.</summary>
    public double Segments { get; }

    /// <summary>The total error that takes as many segments as are tried: their number falls with its root.</summary>
    private static string Reachable(double total, double segments)
    {
        const double Reserve = 1.1;
        double reachable = Reserve * total * Math.Pow(segments / ModelLimits.Segments, 2);
        return double.IsFinite(reachable) ? FormattableString.Invariant($"a Tolerance of {reachable:G2} or more") : "a larger Tolerance";
    }

    /// <summary>The curved edges of a layer; those of an activation that have one curve are together, and have one error.</summary>
    public IReadOnlyList<int[]> GroupsOf(int layer) => _groups[layer];

    /// <summary>What the inputs of some edges reach together.</summary>
    public static Interval Hull(CurvedLayer layer, int[] edges, Interval[] inputs) =>
        edges.Select(edge => inputs[layer.Edges[edge].Input]).Aggregate(Interval.Hull);

    private static List<int[]> Groups(CurvedLayer layer, CurveSurvey[] surveys, Interval[] inputs)
    {
        int[] curved = [.. Enumerable.Range(0, layer.Edges.Count).Where(e => layer.Edges[e].Curve is not null)];
        if (!layer.IsActivation) return [.. curved.Select(static edge => new[] { edge })];
        var groups = new List<int[]>();
        foreach (var same in curved.GroupBy(e => (layer.Edges[e].Curve!, layer.Edges[e].Factor)))
        {
            // One table for all, unless what one of them reaches makes it longer than the tables apart.
            int[] edges = [.. same];
            var survey = edges.Length == 1 ? surveys[edges[0]] : CurveSurvey.Of(same.Key.Item1, Hull(layer, edges, inputs));
            bool isShared = survey.Range.IsBounded && survey.Effort <= edges.Sum(edge => surveys[edge].Effort) * 1.01;
            if (isShared) groups.Add(edges);
            else groups.AddRange(edges.Select(static edge => new[] { edge }));
        }

        return groups;
    }

    /// <summary>The error that the function of an edge may have, before its factor.</summary>
    public double ErrorOf(int layer, int edge) => _shares[(layer, edge)].Error * _scale;

    /// <summary>About how many segments that takes, where knots may be off the curve.</summary>
    public double SegmentsOf(int layer, int edge) => _shares[(layer, edge)].Effort / Math.Sqrt(2 * ErrorOf(layer, edge));

    /// <summary>Multiplies all errors.</summary>
    public void Scale(double factor) => _scale *= factor;

    /// <summary>Ranges and slopes of all edges, with the inputs of each layer bounded by the ranges of those before it.</summary>
    private static CurveSurvey[][] Survey(ModelFile file, IReadOnlyList<CurvedLayer> layers, Interval[] domain, out Interval[][] reached)
    {
        reached = new Interval[layers.Count][];
        var surveys = new CurveSurvey[layers.Count][];
        var inputs = domain;
        for (int l = 0; l < layers.Count; l++)
        {
            var layer = layers[l];
            reached[l] = inputs;
            if (layer.Window is { } window)
            {
                surveys[l] = [];
                inputs = window.Range(inputs);
                continue;
            }

            var outputs = new Interval[layer.Outputs];
            if (layer.ExactLayer is { } exact)
            {
                surveys[l] = [];
                for (int q = 0; q < outputs.Length; q++) outputs[q] = exact.Biases[q].Enclose();
                foreach (var edge in exact.Edges) outputs[edge.Output] += EdgeBounds.Of(edge.Function, inputs[edge.Input]).Range;
                inputs = outputs;
                continue;
            }

            // Nodes of an image mostly reach the same as others.
            var known = new Dictionary<(RealFunction, Interval), CurveSurvey>();
            surveys[l] = new CurveSurvey[layer.Edges.Count];
            for (int q = 0; q < outputs.Length; q++) outputs[q] = layer.Biases.IsEmpty ? 0.0 : layer.Biases[q].Enclose();
            for (int e = 0; e < layer.Edges.Count; e++)
            {
                var edge = layer.Edges[e];
                var interval = inputs[edge.Input];
                if (edge.Exact is { } function)
                {
                    var bounds = EdgeBounds.Of(function, interval);
                    surveys[l][e] = new CurveSurvey(bounds.Range, bounds.Slopes, 0);
                }
                else if (!interval.IsBounded)
                {
                    surveys[l][e] = new CurveSurvey(Interval.All, Interval.All, double.PositiveInfinity);
                }
                else if (known.TryGetValue((edge.Curve!, interval), out var survey))
                {
                    surveys[l][e] = survey;
                }
                else
                {
                    known.Add((edge.Curve!, interval), surveys[l][e] = CurveSurvey.Of(edge.Curve!, interval));
                }

                if (!surveys[l][e].Range.IsBounded)
                    throw ApproximateLayers.Refuse(file, edge, interval, "it is unbounded or undefined somewhere in it");
                outputs[edge.Output] += edge.Factor.Enclose() * surveys[l][e].Range;
            }

            inputs = outputs;
        }

        return surveys;
    }

    /// <summary>
    /// For each layer and each group of its edges, a bound of how much an error of all of them moves any output of the network.
    /// </summary>
    private static double[][] StepsBehind(IReadOnlyList<CurvedLayer> layers, CurveSurvey[][] surveys, Interval[][] inputs,
        List<int[]>[] groups, double total)
    {
        var weights = new double[layers.Count][];
        int outputs = layers[^1].Outputs;

        // One row for each output of the network, where they are few; else all outputs in one, which is more. Signs are kept: what adds up
        // in one output and cancels in part counts as what is left of it.
        int rows = outputs <= 64 ? outputs : 1;
        var behind = new (double Low, double High)[rows][];
        for (int o = 0; o < rows; o++)
        {
            behind[o] = new (double, double)[outputs];
            for (int q = 0; q < outputs; q++) behind[o][q] = rows == 1 ? (-1, 1) : q == o ? (1, 1) : (0, 0);
        }

        for (int l = layers.Count - 1; l >= 0; l--)
        {
            var layer = layers[l];
            weights[l] =
                [.. groups[l].Select(edges =>
                behind.Max(row => edges.Sum(e => Math.Max(-row[layer.Edges[e].Output].Low, row[layer.Edges[e].Output].High)
                    * Math.Abs(layer.Edges[e].Factor.ToDouble()))))];
            var before = behind.Select(_ => new (double Low, double High)[layer.Inputs]).ToArray();
            if (layer.Window is { } window)
            {
                window.Slopes((input, output, slope) => Add(input, output, slope, slope));
            }
            else if (layer.ExactLayer is { } exact)
            {
                foreach (var edge in exact.Edges)
                    Add(edge.Input, edge.Output, edge.Function.Slopes.Min(static slope => slope.ToDouble()),
                        edge.Function.Slopes.Max(static slope => slope.ToDouble()));
            }
            else
            {
                for (int e = 0; e < layer.Edges.Count; e++)
                {
                    double factor = layer.Edges[e].Factor.ToDouble(),
                        steepest = Steepest(surveys[l][e].Range, inputs[l][layer.Edges[e].Input], total);
                    double low = Math.Max(surveys[l][e].Slopes.Low, -steepest), high = Math.Min(surveys[l][e].Slopes.High, steepest);
                    Add(layer.Edges[e].Input, layer.Edges[e].Output, Math.Min(factor * low, factor * high),
                        Math.Max(factor * low, factor * high));
                }
            }

            behind = before;

            void Add(int input, int output, double low, double high)
            {
                for (int o = 0; o < rows; o++)
                {
                    var (a, b) = behind[o][output];
                    if (a == 0 && b == 0) continue;
                    double least = Math.Min(Math.Min(a * low, a * high), Math.Min(b * low, b * high)),
                        most = Math.Max(Math.Max(a * low, a * high), Math.Max(b * low, b * high));
                    before[o][input] = (before[o][input].Low + least, before[o][input].High + most);
                }
            }
        }

        return weights;
    }

    /// <summary>
    /// The slope to expect where none is known to bound a curve, as at a root: c sqrt(x) within an error e has a first segment of slope c^2
    /// / (4 e).
    /// </summary>
    private static double Steepest(Interval range, Interval interval, double total)
    {
        const double Share = 0.1;
        double width = range.High - range.Low, length = Math.Max(interval.High - interval.Low, double.Epsilon);
        return Math.Min(width * width / (4 * Share * total * length), 1e100);
    }
}
