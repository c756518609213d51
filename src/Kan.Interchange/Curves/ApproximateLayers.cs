using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks;
using Kan.Interchange.Symbolic;

namespace Kan.Interchange.Curves;

/// <summary>The layers of one round, with the bound of their error.</summary>
internal sealed class ApproximateLayers
{
    // Above what the survey expects of an edge: its enclosures are wide, but a kink or a root bends more than they show.
    private const double MostSegmentsOfAnEdge = 1 << 16, MostOverExpected = 8, AlwaysTried = 4096;

    // Edges of one input share their knots where that takes this part of the knots that they have apart: tables and searches shrink with
    // them.
    private const double SharingGain = 0.75;

    private readonly List<LayerDescription> _layers = [];

    /// <summary>The layers, all piecewise linear.</summary>
    public IReadOnlyList<LayerDescription> Layers => _layers;

    /// <summary>A bound of the distance of any output from the curved network's, on the domain.</summary>
    public double Error { get; private set; }

    /// <summary>The number of segments of the edges that were curved.</summary>
    public long SegmentCount { get; private set; }

    /// <summary>The number of functions that they are in: nodes of one activation have one together.</summary>
    public long TableCount { get; private set; }

    /// <summary>Whether the edges that were curved turned out to be lines on what their inputs reach.</summary>
    public bool IsWithoutCurves { get; private set; } = true;

    /// <exception cref="ModelFileException">An edge cannot be approximated as closely.</exception>
    public static ApproximateLayers Build(ModelFile file, IReadOnlyList<CurvedLayer> layers, Interval[] domain, ErrorBudget budget)
    {
        var result = new ApproximateLayers();
        var inputs = domain;
        var errors = new Interval[inputs.Length];
        var behind = new ErrorsBehind();
        for (int l = 0; l < layers.Count; l++)
        {
            if (layers[l].Window is { } window)
            {
                result._layers.Add(layers[l].Exact!);
                (inputs, errors) = (window.Range(inputs), window.Errors(errors));
                behind.Add(window, errors);
                continue;
            }

            LayerDescription layer;
            Dictionary<(int Input, int Output), Interval> edgeErrors = [];
            if (layers[l].Exact is { } exact) layer = exact;
            else (layer, edgeErrors) = layers[l].IsActivation
                ? result.ReplaceActivation(file, layers[l], l, inputs, budget)
                : result.Replace(file, layers[l], l, inputs, budget);
            result._layers.Add(layer);
            var kan = layers[l].ExactLayer ?? layer.ToLayer();
            var bounds = FunctionBounds.Of(kan, inputs);
            behind.Add(kan, bounds, edgeErrors);
            (inputs, errors) = Propagate(kan, bounds, edgeErrors, errors);
        }

        // Both are bounds. Carried back from the outputs, errors of one node that reach an output on several ways, with different signs,
        // count once.
        var sharper = behind.Total();
        result.Error = errors.Select((error, o) => sharper is null ? error.High : Math.Min(error.High, sharper[o])).Max();
        return result;
    }

    /// <summary>The complaint about an edge that cannot be approximated.</summary>
    public static ModelFileException Refuse(ModelFile file, CurvedEdge edge, Interval interval, string reason) =>
        file.Unsupported($"The curve of {edge.Title} cannot be approximated on {interval}, which its input may reach: {reason}. Specify "
            + $"a smaller Domain or a larger Tolerance, or retrain this edge.");

    private (LayerDescription Layer, Dictionary<(int Input, int Output), Interval> Errors) Replace(ModelFile file, CurvedLayer layer,
        int number, Interval[] inputs, ErrorBudget budget)
    {
        var groups = Enumerable.Range(0, layer.Edges.Count).GroupBy(e => layer.Edges[e].Input).Select(static group => group.ToArray())
            .ToArray();
        var results = new InputResult[groups.Length];
        var work = ExactWork.Current;
        file.WorkingOn = $"Layer {number}";
        Parallel.For(0, groups.Length, g =>
        {
            // The work of all counts together; each ends where the rest of it does.
            using var own = ExactWork.Join(work);
            try
            {
                results[g] = ReplaceInput(file, layer, number, groups[g], inputs[layer.Edges[groups[g][0]].Input], budget);
            }
            catch (Exception exception) when (exception is ExactWorkException or OperationCanceledException)
            {
                results[g] = new InputResult([], []) { Failure = exception };
            }
        });
        ExactWork.Charge(0);
        var failures = results.Select(static result => result.Failure).OfType<Exception>().ToList();
        if (failures.Count > 0)
            ExceptionDispatchInfo.Throw(failures.Find(static failure => failure is not ModelFileException) ?? failures[0]);

        var errors = new Dictionary<(int, int), Interval>();
        var edges = new List<KanEdge>();
        for (int g = 0; g < groups.Length; g++)
        {
            for (int i = 0; i < groups[g].Length; i++)
            {
                var edge = layer.Edges[groups[g][i]];
                var function = edge.Factor * results[g].Functions[i];
                errors.Add((edge.Input, edge.Output), (Interval)results[g].Errors[i] * edge.Factor.Enclose().Magnitude);
                if (!function.IsZero) edges.Add(new KanEdge(edge.Input, edge.Output, function));
                if (edge.Curve is null) continue;
                SegmentCount += function.Slopes.Length;
                TableCount++;
                IsWithoutCurves &= function.IsAffine;
            }
        }

        var shared = results.Select(static result => result.Shared).ToArray();
        LayerDescription replaced = shared.All(static knots => knots is not null)
            ? Grid(layer, groups, shared!)
            : new EdgesDescription(layer.Inputs, layer.Outputs, [.. edges], layer.Biases);
        return (replaced, errors);
    }

    /// <summary>An activation: one table for all nodes with one curve.</summary>
    private (LayerDescription Layer, Dictionary<(int Input, int Output), Interval> Errors) ReplaceActivation(ModelFile file,
        CurvedLayer layer, int number, Interval[] inputs, ErrorBudget budget)
    {
        file.WorkingOn = $"Layer {number}";
        var functions = new PiecewiseLinearFunction[layer.Inputs];
        Array.Fill(functions, PiecewiseLinearFunction.Zero);
        var errors = new Dictionary<(int, int), Interval>();
        foreach (var edge in layer.Edges)
        {
            if (edge.Exact is { } exact) functions[edge.Input] = edge.Factor == Rational.One ? exact : edge.Factor * exact;
        }

        foreach (int[] edges in budget.GroupsOf(number))
        {
            var first = layer.Edges[edges[0]];
            var interval = ErrorBudget.Hull(layer, edges, inputs);
            PiecewiseLinearFunction function;
            double error;
            try
            {
                (function, error) = Approximate(first.Curve!, interval, budget.ErrorOf(number, edges[0]),
                    budget.SegmentsOf(number, edges[0]));
                (function, error) = StepKnots.Of(first.Curve!, function, error, interval, budget.ErrorOf(number, edges[0]),
                    layer.Inputs);
                (function, error) = CurveShape.Of(first.Curve!, function, error, interval, budget.ErrorOf(number, edges[0]));
            }
            catch (ApproximationException exception)
            {
                throw Refuse(file, first, interval, exception.Message.TrimEnd('.'));
            }

            SegmentCount += function.Slopes.Length;
            TableCount++;
            IsWithoutCurves &= function.IsAffine;
            var scaled = first.Factor * function;
            foreach (int e in edges)
            {
                functions[layer.Edges[e].Input] = scaled;
                errors.Add((layer.Edges[e].Input, layer.Edges[e].Output), (Interval)error * first.Factor.Enclose().Magnitude);
            }
        }

        ImmutableArray<PiecewiseLinearFunction> all = functions.All(function => ReferenceEquals(function, functions[0]))
            ? [functions[0]]
            : [.. functions];
        LayerDescription described = new ActivationDescription(layer.Inputs, all);
        if (layer.Biases.Any(static bias => !bias.IsZero))
            described = new EdgesDescription(layer.Inputs, layer.Outputs,
                [.. functions.Select(static (function, i) => new KanEdge(i, i, function))], layer.Biases);
        return (described, errors);
    }

    /// <summary>What was found for the edges of one input.</summary>
    private sealed record InputResult(PiecewiseLinearFunction[] Functions, double[] Errors)
    {
        /// <summary>The knots, where all edges share them.</summary>
        public SharedKnots? Shared { get; init; }

        /// <summary>Why there is nothing, where there is not.</summary>
        public Exception? Failure { get; init; }
    }

    private static InputResult ReplaceInput(ModelFile file, CurvedLayer layer, int number, int[] edges, Interval interval,
        ErrorBudget budget)
    {
        var functions = Array.ConvertAll(edges, e => layer.Edges[e].Exact!);
        var errors = new double[edges.Length];
        int[] curved = [.. Enumerable.Range(0, edges.Length).Where(i => functions[i] is null)];
        double[] allowed = Array.ConvertAll(curved, i => budget.ErrorOf(number, edges[i]));
        if (curved.Length > 1 && interval.Low < interval.High)
        {
            double apart = curved.Sum(i => budget.SegmentsOf(number, edges[i]));
            if (SharedKnots.TryBuild(Array.ConvertAll(curved, i => layer.Edges[edges[i]].Curve!), allowed, interval, SharingGain * apart)
                is { } shared)
            {
                for (int i = 0; i < curved.Length; i++)
                {
                    functions[curved[i]] = shared.Function(i);
                    errors[curved[i]] = shared.Errors[i];
                }

                return new InputResult(functions, errors) { Shared = curved.Length == edges.Length ? shared : null };
            }
        }

        for (int i = 0; i < curved.Length; i++)
        {
            try
            {
                (functions[curved[i]], errors[curved[i]]) =
                    Approximate(layer.Edges[edges[curved[i]]].Curve!, interval, allowed[i], budget.SegmentsOf(number, edges[curved[i]]));
            }
            catch (ApproximationException exception)
            {
                return new InputResult(functions,
                    errors)
                { Failure = Refuse(file, layer.Edges[edges[curved[i]]], interval, exception.Message.TrimEnd('.')) };
            }
        }

        return new InputResult(functions, errors);
    }

    /// <summary>A layer in which all edges of each input share knots, by values at them.</summary>
    private static GridDescription Grid(CurvedLayer layer, int[][] groups, SharedKnots[] shared)
    {
        var knots = new ImmutableArray<Rational>[layer.Inputs];
        var columns = new Rational[layer.Inputs][][];
        for (int g = 0; g < groups.Length; g++)
        {
            int input = layer.Edges[groups[g][0]].Input;
            knots[input] = [.. shared[g].Knots.Select(Rational.FromDouble)];
            columns[input] = new Rational[layer.Outputs][];
            for (int i = 0; i < groups[g].Length; i++)
            {
                var edge = layer.Edges[groups[g][i]];
                columns[input][edge.Output] = [.. shared[g].Values(i).Select(value => edge.Factor * Rational.FromDouble(value))];
            }
        }

        var values = ImmutableArray.CreateBuilder<Rational>();
        for (int input = 0; input < layer.Inputs; input++)
        {
            if (knots[input].IsDefault) knots[input] = [Rational.Zero, Rational.One];
            for (int knot = 0; knot < knots[input].Length; knot++)
            {
                for (int output = 0; output < layer.Outputs; output++)
                    values.Add(columns[input]?[output] is { } column ? column[knot] : Rational.Zero);
            }
        }

        return new GridDescription(layer.Outputs, [.. knots], values.ToImmutable(), layer.Biases);
    }

    private static (PiecewiseLinearFunction Function, double Error) Approximate(RealFunction curve, Interval interval, double error,
        double expected)
    {
        if (interval.Low < interval.High)
        {
            int most = (int)Math.Min(MostSegmentsOfAnEdge, AlwaysTried + (MostOverExpected * expected));
            var approximation = Approximation.Of(curve, interval, error, new ApproximationOptions { MaximumSegments = most });
            return (approximation.Function, approximation.ErrorBound);
        }

        var value = curve.At(interval.Low);
        if (!value.IsBounded) throw new ApproximationException("its value there is not known");
        return (PiecewiseLinearFunction.Constant(Rational.FromDouble(value.Middle)), (value - value.Middle).Magnitude);
    }

    /// <summary>What the nodes of a layer hold, for the network and for its approximation, and how far the two are apart there.</summary>
    private static (Interval[] Outputs, Interval[] Errors) Propagate(KanLayer layer, EdgeBounds[] bounds,
        Dictionary<(int Input, int Output), Interval> edgeErrors, Interval[] errors)
    {
        var outputs = Array.ConvertAll(layer.Biases.ToArray(), static bias => bias.Enclose());
        var outputErrors = new Interval[layer.OutputCount];
        foreach (var (edge, error) in edgeErrors) outputErrors[edge.Output] += error;
        for (int e = 0; e < bounds.Length; e++)
        {
            var edge = layer.Edges[e];
            outputs[edge.Output] += bounds[e].Range;
            outputErrors[edge.Output] += bounds[e].Steepness * errors[edge.Input];
        }

        // The approximation is in these ranges, and what it approximates no further out than the error.
        for (int q = 0; q < outputs.Length; q++) outputs[q] += new Interval(-outputErrors[q].High, outputErrors[q].High);
        return (outputs, outputErrors);
    }
}
