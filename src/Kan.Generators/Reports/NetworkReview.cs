using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading;
using Kan.Generators.Attributes;
using Kan.Generators.Declarations;
using Kan.Generators.Diagnostics;
using Kan.Generators.Parsing;
using Kan.Generators.Specs;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Reports;

/// <summary>What is surprising about the edges of a sound network, from its declaration alone.</summary>
internal sealed class NetworkReview
{
    private readonly NetworkSpec _spec;
    private readonly bool[][] _varies;
    private readonly bool[][] _isRead;

    private NetworkReview(NetworkSpec spec)
    {
        _spec = spec;
        _varies = [.. spec.Widths.Select(static width => new bool[width])];
        _isRead = [.. spec.Widths.Select(static width => new bool[width])];
        int last = spec.Widths.Count - 1;
        Fill(_varies[0]);
        Fill(_isRead[last]);
        var varying = spec.Edges.Where(static edge => !edge.Function.ToFunction().IsConstant).OrderBy(static edge => edge.Layer).ToArray();
        foreach (var edge in varying) _varies[edge.Layer + 1][edge.Output] |= _varies[edge.Layer][edge.Input];
        foreach (var edge in varying.Reverse()) _isRead[edge.Layer][edge.Input] |= _isRead[edge.Layer + 1][edge.Output];
    }

    /// <summary>The review of a network and of the numbers of its edges.</summary>
    /// <param name="type">The type.</param>
    /// <param name="spec">What it declares.</param>
    public static IEnumerable<Problem> Of(INamedTypeSymbol type, NetworkSpec spec)
    {
        var review = new NetworkReview(spec);
        var edges = spec.Edges.ToDictionary(static edge => (edge.Layer, edge.Input, edge.Output));
        foreach (var attribute in type.GetAttributes().Where(static attribute => AttributeReader.Is(attribute, AttributeNames.Edge)))
        {
            var edge =
                edges[(AttributeReader.Integer(attribute, 0), AttributeReader.Integer(attribute, 1),
                AttributeReader.Integer(attribute, 2))];
            foreach (var problem in NumberReview.OfAttribute(attribute, Name(edge), spec.Precision)) yield return problem;
            if (review.FactOf(edge) is { } fact) yield return Idle(attribute, edge, fact);
        }

        foreach (var method in type.GetMembers().OfType<IMethodSymbol>())
        {
            if (!AttributeDepth.Fits(method, CancellationToken.None)) continue;
            var attributes = method.GetAttributes().Where(static attribute => AttributeReader.Is(attribute, AttributeNames.EdgeFunction))
                .ToArray();
            if (attributes.Length == 0) continue;
            var functions = new List<PiecewiseLinearFunction>();
            foreach (var attribute in attributes)
            {
                var own = Inputs(attribute)
                    .Select(input => edges[(AttributeReader.Integer(attribute, 0), input, AttributeReader.Integer(attribute, 2))])
                    .ToArray();
                if (functions.Count == 0) functions.AddRange(own.Select(static edge => edge.Function.ToFunction()));
                foreach (var edge in own)
                {
                    if (review.FactOf(edge) is { } fact) yield return Idle(attribute, edge, fact);
                }
            }

            foreach (var problem in NumberReview.OfFunctions(new Place.Identifier(method), "'" + method.Name + "'", functions,
                spec.Precision)) yield return problem;
        }
    }

    private static ImmutableArray<int> Inputs(AttributeData attribute) =>
        attribute.ConstructorArguments[1].Kind == TypedConstantKind.Array
            ? AttributeReader.Integers(attribute, 1)
            : [AttributeReader.Integer(attribute, 1)];

    private static Problem Idle(AttributeData attribute, EdgeSpec edge, string fact) =>
        new(Descriptors.EdgeIsIdle, new Place.AttributeName(attribute), Name(edge), fact);

    /// <summary>Why nothing varies with an edge; null if something does, or the edge is a constant on purpose.</summary>
    private string? FactOf(EdgeSpec edge)
    {
        var function = edge.Function.ToFunction();
        if (function.IsConstant) return function.AnchorValue.IsZero ? "is zero everywhere" : null;
        if (!_varies[edge.Layer][edge.Input]) return "starts at " + Node(edge.Layer, edge.Input) + ", which does not vary with any input";
        return _isRead[edge.Layer + 1][edge.Output]
            ? null
            : "leads to " + Node(edge.Layer + 1, edge.Output) + ", which no output depends on";
    }

    private string Node(int layer, int node) =>
        "node " + Text(node) + " of the " + Text(_spec.Widths[layer]) + " that layer " + Text(layer - 1) + " leads to";

    private static void Fill(bool[] flags)
    {
        for (int i = 0; i < flags.Length; i++) flags[i] = true;
    }

    private static string Name(EdgeSpec edge) => "edge (" + Text(edge.Layer) + ", " + Text(edge.Input) + ", " + Text(edge.Output) + ")";

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
