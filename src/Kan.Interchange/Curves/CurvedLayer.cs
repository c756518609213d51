using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Kan.Interchange.Curves;

/// <summary>An edge factor * f(x), with f piecewise linear or a curve.</summary>
/// <param name="Input">p.</param>
/// <param name="Output">q.</param>
/// <param name="Factor">What the function is multiplied by, exactly; not 0.</param>
/// <param name="Exact">f, where it is piecewise linear.</param>
/// <param name="Curve">f, where it is not.</param>
/// <param name="Title">What the edge is, for messages.</param>
internal sealed record CurvedEdge(int Input, int Output, Rational Factor, PiecewiseLinearFunction? Exact, RealFunction? Curve,
    string Title);

/// <summary>A layer whose edges may be curved; or one that is exact, as a file would describe it.</summary>
internal sealed class CurvedLayer
{
    private KanLayer? _exactLayer;

    public CurvedLayer(LayerDescription exact)
    {
        Exact = exact;
        Window = exact is WindowDescription window ? new WindowBounds(window) : null;
        Inputs = exact.InputCount;
        Outputs = exact.OutputCount;
    }

    public CurvedLayer(int inputs, int outputs, IReadOnlyList<CurvedEdge> edges, ImmutableArray<Rational> biases)
    {
        Inputs = inputs;
        Outputs = outputs;
        Edges = edges;
        Biases = biases;
        if (edges.All(static edge => edge.Exact is not null))
            Exact = new EdgesDescription(inputs, outputs,
                [.. edges.Select(static edge => new KanEdge(edge.Input, edge.Output, edge.Factor * edge.Exact!))], biases);
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>The layer, where no edge is curved.</summary>
    public LayerDescription? Exact { get; }

    /// <summary>What a layer over an image, which has no edges, does to bounds; null for any other.</summary>
    public WindowBounds? Window { get; }

    /// <summary>The same as a layer of a network; not of one over an image.</summary>
    public KanLayer? ExactLayer => _exactLayer ??= Exact?.ToLayer();

    /// <summary>The edges of a layer that is not exact.</summary>
    public IReadOnlyList<CurvedEdge> Edges { get; } = [];

    /// <summary>One bias for each output, or empty.</summary>
    public ImmutableArray<Rational> Biases { get; } = [];

    /// <summary>Whether each value is bent by itself, so that equal curves may have one table.</summary>
    public bool IsActivation => Exact is null && Inputs == Outputs && Edges.All(static edge => edge.Input == edge.Output);

    /// <summary>The same function for each value.</summary>
    public static CurvedLayer Activation(int width, ActivationFunction function, string title) => function.Exact is { } exact
        ? new(new ActivationDescription(width, [exact]))
        : new(width, width, [.. Enumerable.Range(0, width)
            .Select(i => new CurvedEdge(i, i, Rational.One, null, function.Curve, $"{title} ({function.Name})"))], []);
}
