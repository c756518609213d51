using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using Kan.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Kan.Generators.Parsing;

/// <summary>Where an attribute names the input of an edge.</summary>
/// <param name="Attribute">The attribute.</param>
/// <param name="Input">The name of the constructor's parameter.</param>
/// <param name="Element">The element of it, or -1.</param>
internal readonly record struct EdgeSource(AttributeData Attribute, string Input = "input", int Element = -1);

/// <summary>The edges declared so far: each is in the network, and each is there once.</summary>
/// <param name="type">The network.</param>
/// <param name="widths">Its widths; default where they have a mistake.</param>
internal sealed class EdgeRegister(INamedTypeSymbol type, ImmutableArray<int> widths)
{
    private readonly HashSet<(int, int, int)> _seen = [];

    /// <summary>Adds an edge, and the mistakes of its indices.</summary>
    public void Add(EdgeSource place, int layer, int input, int output, List<Problem> problems)
    {
        if (!widths.IsDefault)
        {
            int layers = widths.Length - 1;
            RequireRange("layer", new Place.Argument(place.Attribute, "layer"), layer, layers,
                Text(layers) + (layers == 1 ? " layer" : " layers"));
            if (layer >= 0 && layer < layers)
            {
                RequireRange("input", new Place.Argument(place.Attribute, place.Input, place.Element), input, widths[layer],
                    Nodes(widths[layer]));
                RequireRange("output", new Place.Argument(place.Attribute, "output"), output, widths[layer + 1], Nodes(widths[layer + 1]));
            }
        }

        if (!_seen.Add((layer, input, output)))
            problems.Add(new Problem(Descriptors.EdgeIsDeclaredTwice, new Place.AttributeName(place.Attribute), Text(layer), Text(input),
                Text(output), type.Name)
            {
                Properties = DiagnosticProperties.Of(DiagnosticProperties.Edge, [layer, input, output]),
            });

        void RequireRange(string name, Place where, int value, int count, string countText)
        {
            if (value >= 0 && value < count) return;
            problems.Add(new Problem(Descriptors.EdgeIsOutOfRange, where, name,
                Text(layer), Text(input), Text(output), Text(value), type.Name, countText, Text(count - 1)));
        }
    }

    private static string Nodes(int count) => Text(count) + (count == 1 ? " node" : " nodes");

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
