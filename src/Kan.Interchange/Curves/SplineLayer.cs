using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Interchange.Tensors;

namespace Kan.Interchange.Curves;

/// <summary>A symbolic part of an edge: mask * (c f(a x + b) + d).</summary>
internal sealed record SymbolicTerm(int Input, int Output, double Mask, SymbolicFunction Function, double A, double B, double C, double D);

/// <summary>
/// A layer of B-spline edges: the function of an edge is mask * (base factor * base(x) + spline factor * sum of c_i B_i(x)), plus symbolic
/// parts; the spline is 0 outside its knots. Sums are scaled and shifted at each output.
/// </summary>
internal sealed class SplineLayer
{
    private readonly ModelFile _file;
    private readonly string _title;
    private readonly double[][] _knots;

    /// <param name="file">For complaints.</param>
    /// <param name="title">What the layer is called, such as <c>layer 0</c>.</param>
    /// <param name="inputs">n.</param>
    /// <param name="outputs">m.</param>
    /// <param name="grid">The knots, extended at both ends, for each input: n rows.</param>
    /// <param name="coefficients">The number of coefficients of an edge.</param>
    /// <exception cref="ModelFileException">The knots do not increase, or their number does not fit.</exception>
    public SplineLayer(ModelFile file, string title, int inputs, int outputs, StoredTensor grid, int coefficients)
    {
        _file = file;
        _title = title;
        Inputs = inputs;
        Outputs = outputs;
        int knots = grid.Dimensions[1];
        Degree = knots - 1 - coefficients;
        if (Degree < 1 || coefficients <= Degree)
        {
            throw Degree == 0
                ? file.Unsupported($"The splines of {title} are of order 0: they jump at each knot. Train with order 1 or more.")
                : file.Malformed($"The tensor '{grid.Name}' has {knots} knots for {coefficients} coefficients, which do not make "
                + $"B-splines over a grid. Save the network again.");
        }

        if (Degree > ModelLimits.SplineDegree)
            throw file.Unsupported($"The splines of {title} are of order {Degree} ('{grid.Name}' has {knots} knots for {coefficients} "
                + $"coefficients); at most {ModelLimits.SplineDegree} are supported. Train with a lower order.");

        _knots = [.. Enumerable.Range(0, inputs).Select(p => grid.Values.AsSpan(p * knots, knots).ToArray())];
        for (int p = 0; p < inputs; p++)
        {
            for (int i = 1; i < knots; i++)
            {
                if (!(_knots[p][i] > _knots[p][i - 1]))
                    throw file.Unsupported($"The knots {i - 1} and {i} of input {p} in '{grid.Name}' are {_knots[p][i - 1]:R} and "
                        + $"{_knots[p][i]:R}; knots must increase. If two are equal, basis functions jump or are undefined: train with "
                        + $"another grid.");
            }
        }
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>The degree of the splines, at least 1.</summary>
    public int Degree { get; }

    /// <summary>The coefficients of the edge from an input to an output.</summary>
    public required Func<int, int, double[]> Coefficients { get; init; }

    public Func<int, int, double> Mask { get; init; } = static (_, _) => 1;

    public required Func<int, int, double> BaseFactor { get; init; }

    public required Func<int, int, double> SplineFactor { get; init; }

    public IReadOnlyList<SymbolicTerm> Symbolic { get; init; } = [];

    /// <summary>What the sum at each output is multiplied by; empty for 1.</summary>
    public ImmutableArray<Rational> Scales { get; init; } = [];

    /// <summary>What is added at each output; empty for nothing.</summary>
    public ImmutableArray<Rational> Biases { get; init; } = [];

    /// <summary>The box over which the splines have all their basis functions.</summary>
    public ImmutableArray<InputRange> Domain() =>
        [.. _knots.Select(knots => new InputRange(Rational.FromDouble(knots[Degree]), Rational.FromDouble(knots[^(Degree + 1)])))];

    /// <summary>The layers of a network with their base function.</summary>
    /// <exception cref="ModelFileException">They are too large, or take too much exact arithmetic.</exception>
    public static IReadOnlyList<CurvedLayer> ToCurved(IReadOnlyList<SplineLayer> layers, ActivationFunction activation, ModelFile file)
    {
        using var work = file.LimitWork();
        var curved = new List<CurvedLayer>(layers.Count);
        foreach (var layer in layers)
        {
            file.WorkingOn = char.ToUpperInvariant(layer._title[0]) + layer._title[1..];
            try
            {
                curved.Add(layer.ToCurved(activation, file));
            }
            catch (ExactWorkException exception)
            {
                throw file.TooCostly(exception);
            }
        }

        return curved;
    }

    private CurvedLayer ToCurved(ActivationFunction activation, ModelFile file)
    {
        if (Degree == 1 && activation.Exact is { } bent && Symbolic.Count == 0) return new CurvedLayer(Grid(bent));
        var terms = Symbolic.ToLookup(static term => (term.Input, term.Output));
        var edges = new List<CurvedEdge>();
        for (int p = 0; p < Inputs; p++)
        {
            for (int q = 0; q < Outputs; q++)
            {
                var factor = Scales.IsEmpty ? Rational.One : Scales[q];
                if (!factor.IsZero && Edge(p, q, activation, [.. terms[(p, q)]]) is { } edge) edges.Add(edge with { Factor = factor });
            }
        }

        return new CurvedLayer(Inputs, Outputs, edges, Biases);
    }

    private CurvedEdge? Edge(int p, int q, ActivationFunction activation, SymbolicTerm[] symbolic)
    {
        double mask = Mask(p, q), baseFactor = BaseFactor(p, q), splineFactor = SplineFactor(p, q);
        double[] coefficients = Coefficients(p, q);
        bool hasBase = mask != 0 && baseFactor != 0 && activation.Exact?.IsZero != true;
        bool hasSpline = mask != 0 && splineFactor != 0 && Array.Exists(coefficients, static c => c != 0);
        string title = $"the edge from input {p} to output {q} of {_title}";
        bool isExact = (!hasBase || activation.Exact is not null) && (!hasSpline || Degree == 1)
            && Array.TrueForAll(symbolic, static term => term.Function.Exact is not null);
        if (isExact)
        {
            var function = PiecewiseLinearFunction.Zero;
            if (hasBase) function += Exactly(mask) * Exactly(baseFactor) * activation.Exact!;
            if (hasSpline)
                function += Exactly(mask) * Exactly(splineFactor)
                    * PiecewiseLinearFunction.FromKnots([.. _knots[p].Select(Rational.FromDouble)],
                    [Rational.Zero, .. coefficients.Select(Rational.FromDouble), Rational.Zero], Rational.Zero, Rational.Zero);
            foreach (var term in symbolic)
            {
                var inner = PiecewiseLinearFunction.Linear(Exactly(term.A), Exactly(term.B));
                function += Exactly(term.Mask) * (Exactly(term.C) * term.Function.Exact!.Compose(inner)).Shift(Exactly(term.D));
            }

            return function.IsZero ? null : new CurvedEdge(p, q, Rational.One, function, null, title);
        }

        RealFunction? sum = null;
        if (hasBase) sum = baseFactor * (activation.Curve ?? RealFunction.PiecewiseLinear(activation.Exact!));
        if (hasSpline)
        {
            var spline = splineFactor * RealFunction.Spline(_knots[p], coefficients, Degree);
            sum = sum is null ? spline : sum + spline;
        }

        if (sum is not null) sum = mask * sum;
        foreach (var term in symbolic)
        {
            var part = term.Mask * ((term.C * term.Function.Of((term.A * RealFunction.X) + term.B)) + term.D);
            sum = sum is null ? part : sum + part;
        }

        string kinds = string.Join(" and ", new[]
        {
            hasBase && activation.Exact is null ? activation.Name : null,
            hasSpline && Degree > 1 ? $"a spline of order {Degree}" : null,
            symbolic.Length > 0 ? string.Join(", ", symbolic.Select(static term => $"the symbolic function {term.Function.Name}")) : null,
        }.OfType<string>());
        return new CurvedEdge(p, q, Rational.One, null, sum, $"{title} ({kinds})");
    }

    /// <summary>
    /// A layer of splines of degree 1 and a bent base by values at knots, exactly; beyond the knots only the base is left, which the
    /// outermost segments hold.
    /// </summary>
    private GridDescription Grid(PiecewiseLinearFunction activation)
    {
        var knots = ImmutableArray.CreateBuilder<ImmutableArray<Rational>>(Inputs);
        var values = new List<Rational>();
        for (int p = 0; p < Inputs; p++)
        {
            Rational[] own = [.. _knots[p].Select(Rational.FromDouble)];
            var all = own.Union(activation.Breakpoints).ToHashSet();
            all.Add((Rational)(System.Numerics.BigInteger)Math.Floor(
                Math.Min(_knots[p][0], activation.IsAffine ? double.MaxValue : activation.Breakpoints[0].ToDouble())) - 1);
            all.Add((Rational)(System.Numerics.BigInteger)Math.Ceiling(
                Math.Max(_knots[p][^1], activation.IsAffine ? double.MinValue : activation.Breakpoints[^1].ToDouble())) + 1);
            Rational[] sorted = [.. all.Order()];
            if ((long)(values.Count + ((long)sorted.Length * Outputs)) > ModelLimits.Parameters)
                throw _file.Unsupported($"The layers have more than {ModelLimits.Parameters} values at knots. Compiled networks are "
                    + $"small: reduce or prune the model.");
            knots.Add([.. sorted]);
            var bases = Array.ConvertAll(sorted, activation.Evaluate);
            var edges = Enumerable.Range(0, Outputs).Select(q => EdgeValues(p, q, own, sorted, bases)).ToArray();
            for (int i = 0; i < sorted.Length; i++) values.AddRange(edges.Select(edge => edge[i]));
        }

        return new GridDescription(Outputs, knots.MoveToImmutable(), [.. values], Biases);
    }

    private Rational[] EdgeValues(int p, int q, Rational[] own, Rational[] knots, Rational[] bases)
    {
        double[] coefficients = Coefficients(p, q);
        var scale = (Scales.IsEmpty ? Rational.One : Scales[q]) * Exactly(Mask(p, q));
        Rational baseFactor = scale * Exactly(BaseFactor(p, q)), splineFactor = scale * Exactly(SplineFactor(p, q));
        var values = new Rational[knots.Length];
        int next = 0;
        for (int i = 0; i < knots.Length; i++)
        {
            while (next < own.Length && own[next] < knots[i]) next++;
            values[i] = baseFactor * bases[i];
            if (splineFactor.IsZero || next == own.Length || (next == 0 && own[0] != knots[i])) continue;
            var spline = At(next);
            if (own[next] != knots[i])
                spline = At(next - 1) + ((spline - At(next - 1)) * (knots[i] - own[next - 1]) / (own[next] - own[next - 1]));
            values[i] += splineFactor * spline;
        }

        return values;

        Rational At(int knot) => knot == 0 || knot > coefficients.Length ? Rational.Zero : Exactly(coefficients[knot - 1]);
    }

    private static Rational Exactly(double value) => Rational.FromDouble(value);
}
