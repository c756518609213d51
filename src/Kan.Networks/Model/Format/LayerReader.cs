using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;

namespace Kan.Networks;

/// <summary>Reads one layer of a document.</summary>
internal static class LayerReader
{
    public static LayerDescription Read(string text, JsonValue value, CancellationToken cancellation = default)
    {
        JsonValue? kind = null;
        bool byEdges = false;
        foreach (var member in value.Members)
        {
            if (member.Name.Text == "kind") kind ??= member.Value;
            byEdges |= member.Name.Text == "edges";
        }

        switch (kind?.Kind == JsonKind.String ? kind.Text : null)
        {
            case "affine":
                return ReadAffine(text, new JsonFields(text, value, "an affine layer", "kind", "inputs", "outputs", "weights", "bias"),
                    cancellation);
            case "activation":
                return ReadActivation(text, new JsonFields(text, value, "an activation layer", "kind", "size", "function", "functions",
                    "nodes"));
            case WindowReader.Convolution or WindowReader.Maximum:
                return WindowReader.Read(text, value, kind!.Text, cancellation);
            case "kan":
                return byEdges
                    ? ReadEdges(text, new JsonFields(text, value, "a KAN layer by edges", "kind", "inputs", "outputs", "edges", "bias"),
                        cancellation)
                    : ReadGrid(text, new JsonFields(text, value, "a KAN layer by knots", "kind", "inputs", "outputs", "knots",
                        "sharedKnots", "values", "bias"), cancellation);
            default:
                // Without a kind no set of fields is right, so only its absence is reported.
                if (kind is null && value.Kind == JsonKind.Object)
                    throw new KanFormatException("The field \"kind\" is missing in a layer.", text, value.Start, 1);
                string expected = kind is null
                    ? "a layer, an object,"
                    : "the kind \"affine\", \"activation\", \"convolution\", \"maximum\" or \"kan\"";
                var found = kind ?? value;
                throw new KanFormatException($"Found {JsonText.Describe(found)} where {expected} was expected.", text, found.Start,
                    found.Length);
        }
    }

    private static AffineDescription ReadAffine(string text, JsonFields fields, CancellationToken cancellation)
    {
        int inputs = ReadWidth(fields, "inputs"), outputs = ReadWidth(fields, "outputs");
        var weights = ReadCounted(text, fields, "weights", (long)inputs * outputs, $"{outputs} outputs x {inputs} inputs", cancellation);
        return new AffineDescription(inputs, outputs, weights, ReadBias(text, fields, outputs));
    }

    private static ActivationDescription ReadActivation(string text, JsonFields fields)
    {
        int size = ReadWidth(fields, "size");
        var nodes = fields.Find("nodes");
        if (fields.Find("functions") is not { } several)
        {
            if (nodes is not null) throw fields.Fail("Nodes have numbers of \"functions\", which are missing.", nodes);
            return new ActivationDescription(size, [FunctionReader.Read(text, fields.Get("function"))]);
        }

        if (fields.Find("function") is { } one)
            throw fields.Fail("An activation layer must have either \"function\" or \"functions\", not both.", one);
        var items = fields.ItemsOf(several).Items;
        if (nodes is null && items.Count != size) throw fields.Fail($"Found {items.Count} functions for {size} nodes.", several);
        var functions = ImmutableArray.CreateBuilder<PiecewiseLinearFunction>(items.Count);
        foreach (var item in items) functions.Add(FunctionReader.Read(text, item));
        return new ActivationDescription(size,
            nodes is null ? functions.MoveToImmutable() : ReadNodes(fields, nodes, size, functions));
    }

    /// <summary>The function of each node, where their numbers are listed: a list that is shorter than the nodes is repeated.</summary>
    private static ImmutableArray<PiecewiseLinearFunction> ReadNodes(JsonFields fields, JsonValue nodes, int size,
        ImmutableArray<PiecewiseLinearFunction>.Builder functions)
    {
        var numbers = fields.ItemsOf(nodes).Items;
        if (numbers.Count == 0 || size % numbers.Count != 0)
            throw fields.Fail($"Found {numbers.Count} numbers of functions, which do not divide {size} nodes.", nodes);
        if (functions.Count == 0) throw fields.Fail("Found no functions.", nodes);
        var all = ImmutableArray.CreateBuilder<PiecewiseLinearFunction>(size);
        foreach (var number in numbers) all.Add(functions[fields.ToInteger(number, 0, functions.Count - 1)]);
        for (int i = numbers.Count; i < size; i++) all.Add(all[i - numbers.Count]);
        return all.MoveToImmutable();
    }

    private static GridDescription ReadGrid(string text, JsonFields fields, CancellationToken cancellation)
    {
        int inputs = ReadWidth(fields, "inputs"), outputs = ReadWidth(fields, "outputs");
        var knots = ReadKnots(text, fields, inputs);
        long knotCount = 0;
        foreach (var own in knots) knotCount += own.Length;
        var values = ReadCounted(text, fields, "values", knotCount * outputs, $"{knotCount} knots of all inputs x {outputs} outputs",
            cancellation);
        return new GridDescription(outputs, knots, values, ReadBias(text, fields, outputs));
    }

    private static ImmutableArray<ImmutableArray<Rational>> ReadKnots(string text, JsonFields fields, int inputs)
    {
        var builder = ImmutableArray.CreateBuilder<ImmutableArray<Rational>>(inputs);
        if (fields.Find("sharedKnots") is { } shared)
        {
            if (fields.Find("knots") is { } own)
                throw fields.Fail("A KAN layer must have either \"knots\" or \"sharedKnots\", not both.", own);
            var knots = ReadInputKnots(text, fields, shared);
            for (int i = 0; i < inputs; i++) builder.Add(knots);
            return builder.MoveToImmutable();
        }

        var items = fields.ItemsOf(fields.Get("knots"));
        if (items.Items.Count != inputs) throw fields.Fail($"Found {items.Items.Count} arrays of knots for {inputs} inputs.", items);
        foreach (var item in items.Items) builder.Add(ReadInputKnots(text, fields, item));
        return builder.MoveToImmutable();
    }

    private static ImmutableArray<Rational> ReadInputKnots(string text, JsonFields fields, JsonValue value)
    {
        var knots = NumberArray.Read(text, value);
        if (knots.Length < 2) throw fields.Fail($"Found {knots.Length} knots where at least 2 were expected.", value);
        FunctionReader.RequireIncreasing(text, value, knots, "knot");
        return knots;
    }

    private static EdgesDescription ReadEdges(string text, JsonFields fields, CancellationToken cancellation)
    {
        int inputs = ReadWidth(fields, "inputs"), outputs = ReadWidth(fields, "outputs");
        var items = fields.ItemsOf(fields.Get("edges")).Items;
        var edges = ImmutableArray.CreateBuilder<KanEdge>(items.Count);
        var seen = new HashSet<long>();
        foreach (var item in items)
        {
            cancellation.ThrowIfCancellationRequested();
            var edge = new JsonFields(text, item, "an edge", "input", "output", "breakpoints", "slopes", "anchor");
            int input = edge.GetInteger("input", 0, inputs - 1), output = edge.GetInteger("output", 0, outputs - 1);
            if (!seen.Add(((long)input << 32) | (uint)output))
                throw new KanFormatException($"The edge from input {input} to output {output} appears twice.", text, item.Start,
                    item.Length);
            edges.Add(new KanEdge(input, output, FunctionReader.Read(text, edge)));
        }

        return new EdgesDescription(inputs, outputs, edges.MoveToImmutable(), ReadBias(text, fields, outputs));
    }

    internal static int ReadWidth(JsonFields fields, string name) => fields.GetInteger(name, 1, LayerDescription.MaximumWidth);

    private static ImmutableArray<Rational> ReadBias(string text, JsonFields fields, int outputs) =>
        fields.Find("bias") is null ? [] : ReadCounted(text, fields, "bias", outputs, $"{outputs} outputs");

    internal static ImmutableArray<Rational> ReadCounted(string text, JsonFields fields, string name, long count, string shape,
        CancellationToken cancellation = default)
    {
        var numbers = NumberArray.Read(text, fields.Get(name), cancellation);
        if (numbers.Length != count)
            throw fields.Fail($"Found {numbers.Length} numbers in \"{name}\" where {count} ({shape}) were expected.", fields.Get(name));
        return numbers;
    }
}
