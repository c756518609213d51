using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace Kan.Interchange.Curves;

/// <summary>The layers of one round, with the bound of their error.</summary>
internal sealed class ApproximateLayers
{
    // Above what the survey expects of any one edge.
    private const int MostSegmentsOfAnEdge = 1 << 16;

    private readonly List<LayerDescription> _layers = [];

    /// <summary>The layers, all piecewise linear.</summary>
    public IReadOnlyList<LayerDescription> Layers => _layers;

    /// <summary>A bound of the distance of any output from the curved network's, on the domain.</summary>
    public double Error { get; private set; }

    /// <summary>The number of segments of the edges that were curved.</summary>
    public long SegmentCount { get; private set; }

    /// <summary>Whether the edges that were curved turned out to be lines on what their inputs reach.</summary>
    public bool IsWithoutCurves { get; private set; } = true;

    /// <exception cref="ModelFileException">An edge cannot be approximated as closely.</exception>
    public static ApproximateLayers Build(ModelFile file, IReadOnlyList<CurvedLayer> layers, Interval[] domain, ErrorBudget budget)
    {
        var result = new ApproximateLayers();
        var inputs = domain;
        var errors = new Interval[inputs.Length];
        for (int l = 0; l < layers.Count; l++)
        {
            LayerDescription layer;
            Dictionary<(int Input, int Output), Interval> edgeErrors = [];
            if (layers[l].Exact is { } exact) layer = exact;
            else (layer, edgeErrors) = result.Replace(file, layers[l], l, inputs, budget);
            result._layers.Add(layer);
            (inputs, errors) = Propagate(layers[l].ExactLayer ?? layer.ToLayer(), edgeErrors, inputs, errors);
        }

        result.Error = errors.Max(static error => error.High);
        return result;
    }

    /// <summary>The complaint about an edge that cannot be approximated.</summary>
    public static ModelFileException Refuse(ModelFile file, CurvedEdge edge, Interval interval, string reason) =>
        file.Unsupported($"The curve of {edge.Title} cannot be approximated on {interval}, which its input may reach: {reason}. Say a smaller Domain or a larger Tolerance, or retrain this edge.");

    private (EdgesDescription Layer, Dictionary<(int Input, int Output), Interval> Errors) Replace(ModelFile file, CurvedLayer layer, int number, Interval[] inputs, ErrorBudget budget)
    {
        var edges = new KanEdge[layer.Edges.Count];
        var edgeErrors = new Interval[edges.Length];
        var failures = new ModelFileException?[edges.Length];
        Parallel.For(0, edges.Length, e =>
        {
            var edge = layer.Edges[e];
            var function = edge.Exact;
            edgeErrors[e] = 0.0;
            if (function is null)
            {
                try
                {
                    (function, double error) = Approximate(edge.Curve!, inputs[edge.Input], budget.ErrorOf(number, e));
                    edgeErrors[e] = (Interval)error * edge.Factor.Enclose().Magnitude;
                }
                catch (ApproximationException exception)
                {
                    failures[e] = Refuse(file, edge, inputs[edge.Input], exception.Message.TrimEnd('.'));
                    return;
                }
            }

            edges[e] = new KanEdge(edge.Input, edge.Output, edge.Factor * function);
        });

        if (Array.Find(failures, static failure => failure is not null) is { } first) throw first;
        var errors = new Dictionary<(int, int), Interval>();
        for (int e = 0; e < edges.Length; e++)
        {
            errors.Add((edges[e].Input, edges[e].Output), edgeErrors[e]);
            if (layer.Edges[e].Curve is null) continue;
            SegmentCount += edges[e].Function.Slopes.Length;
            IsWithoutCurves &= edges[e].Function.IsAffine;
        }

        return (new EdgesDescription(layer.Inputs, layer.Outputs, [.. edges.Where(static edge => !edge.Function.IsZero)], layer.Biases), errors);
    }

    private static (PiecewiseLinearFunction Function, double Error) Approximate(RealFunction curve, Interval interval, double error)
    {
        if (interval.Low < interval.High)
        {
            var approximation = Approximation.Of(curve, interval, error, new ApproximationOptions { MaximumSegments = MostSegmentsOfAnEdge });
            return (approximation.Function, approximation.ErrorBound);
        }

        var value = curve.At(interval.Low);
        if (!value.IsBounded) throw new ApproximationException("no value is known there");
        return (PiecewiseLinearFunction.Constant(Rational.FromDouble(value.Middle)), (value - value.Middle).Magnitude);
    }

    /// <summary>What the nodes of a layer hold, for the network and for its approximation, and how far the two are apart there.</summary>
    private static (Interval[] Outputs, Interval[] Errors) Propagate(KanLayer layer, Dictionary<(int Input, int Output), Interval> edgeErrors, Interval[] inputs, Interval[] errors)
    {
        var outputs = Array.ConvertAll(layer.Biases.ToArray(), static bias => bias.Enclose());
        var outputErrors = new Interval[layer.OutputCount];
        foreach (var (edge, error) in edgeErrors) outputErrors[edge.Output] += error;
        foreach (var edge in layer.Edges)
        {
            var bounds = EdgeBounds.Of(edge.Function, inputs[edge.Input]);
            outputs[edge.Output] += bounds.Range;
            outputErrors[edge.Output] += bounds.Steepness * errors[edge.Input];
        }

        // The approximation lies in these ranges, and what it approximates no further out than the error.
        for (int q = 0; q < outputs.Length; q++) outputs[q] += new Interval(-outputErrors[q].High, outputErrors[q].High);
        return (outputs, outputErrors);
    }
}
