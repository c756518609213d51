using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using CsCheck;
using Xunit;

namespace Kan.Tests.Support;

/// <summary>Random documents of every kind, and their comparison part by part.</summary>
internal static class Documents
{
    private static readonly Gen<string> s_text = Gen.OneOf(
        Gen.String[Gen.Char[' ', '~'], 0, 12],
        Gen.OneOf("", "Größe \"x\"\\/", "tab\tline\nnull\0", "\u2028\u2212\uFEFF", "smile \U0001F600", "</script>"));

    private static readonly Gen<Rational> s_number = Generators.AnyRational;

    /// <summary>Arrays of one kind of number, so that each spelling occurs.</summary>
    private static Gen<ImmutableArray<Rational>> Numbers(int count) => Gen.OneOf(
        s_number.Array[count],
        Generators.FiniteSingle.Select(Rational.FromSingle).Array[count],
        Generators.FiniteDouble.Select(Rational.FromDouble).Array[count]).Select(static values => values.ToImmutableArray());

    private static Gen<ImmutableArray<T>> Optional<T>(Gen<ImmutableArray<T>> some) => Gen.OneOf(Gen.Const(ImmutableArray<T>.Empty), some);

    private static Gen<ImmutableArray<T>> Exactly<T>(Gen<T> item, int count) =>
        item.Array[count].Select(static items => items.ToImmutableArray());

    private static readonly Gen<PiecewiseLinearFunction> s_function = Gen.OneOf(
        Gen.Const(PiecewiseLinearFunction.Relu),
        Generators.Function,
        Generators.Increasing(s_number, 0, 20).SelectMany(static breakpoints => Generators.FunctionAt(breakpoints, s_number)));

    private static Gen<LayerDescription> Layer(int inputs, int outputs)
    {
        var affine = Gen.Select(Numbers(inputs * outputs), Optional(Numbers(outputs)),
            LayerDescription (weights, bias) => new AffineDescription(inputs, outputs, weights, bias));
        var knots = Generators.Increasing(s_number, 2, 20).Select(static values => values.ToImmutableArray());
        var grid = Gen.OneOf(Exactly(knots, inputs), knots.Select(shared => Enumerable.Repeat(shared, inputs).ToImmutableArray()))
            .SelectMany(own =>
            Gen.Select(Numbers(own.Sum(static input => input.Length) * outputs), Optional(Numbers(outputs)),
            LayerDescription (values, bias) => new GridDescription(outputs, own, values, bias)));
        var edges = Gen.Select(
            Gen.Select(Gen.Bool, s_function).Array[inputs * outputs],
            Optional(Numbers(outputs)),
            LayerDescription (edge, bias) => new EdgesDescription(
                inputs,
                outputs,
                [.. edge.Select((e, i) => (e.Item1, Edge: new KanEdge(i / outputs, i % outputs, e.Item2))).Where(static e => e.Item1)
                    .Select(static e => e.Edge).Reverse()],
                bias));
        if (inputs != outputs) return Gen.OneOf(affine, grid, edges);
        var activation = Gen.OneOf(Exactly(s_function, 1), Exactly(s_function, inputs))
            .Select(LayerDescription (functions) => new ActivationDescription(inputs, functions));
        return Gen.OneOf(affine, grid, edges, activation);
    }

    public static readonly Gen<KanDocument> Any = Gen.Int[1, 3].SelectMany(static depth => Gen.Int[1, 4].Array[depth + 1])
        .SelectMany(static widths => Gen.Select(
        Generators.Sequence(Enumerable.Range(0, widths.Length - 1).Select(i => Layer(widths[i], widths[i + 1]))),
        Gen.Select(s_text, s_text.Null(),
        Gen.OneOf(null, new string('0', 64), "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"), s_text.Array[0, 2]),
        Gen.Select(Optional(Exactly(s_text, widths[0])), Optional(Exactly(s_text, widths[0])), Optional(Exactly(s_text, widths[^1])),
        Optional(Exactly(s_text, widths[^1]))),
        Gen.Select(s_number, s_number, static (a, b) => new InputRange(Rational.Min(a, b), Rational.Max(a, b))).Array[widths[0]],
        Gen.Int[0, 14],
        static (layers, source, names, ranges, choice) => new KanDocument
        {
            Name = source.Item1,
            SourceFile = source.Item2,
            SourceHash = source.Item3,
            SourceNotes = [.. source.Item4],
            InputNames = names.Item1,
            InputUnits = names.Item2,
            OutputNames = names.Item3,
            Labels = names.Item4,
            InputRanges = [.. ranges.Take((choice % 3) switch { 0 => 0, 1 => 1, _ => ranges.Length })],
            Head = (NetworkHead)(choice / 3),
            Layers = layers,
        }));

    public static void AssertEqual(KanDocument expected, KanDocument actual)
    {
        Assert.Equal(expected.Name, actual.Name);
        Assert.Equal(expected.SourceFile, actual.SourceFile);
        Assert.Equal(expected.SourceHash, actual.SourceHash);
        Assert.Equal(expected.SourceNotes, actual.SourceNotes);
        Assert.Equal(expected.InputNames, actual.InputNames);
        Assert.Equal(expected.InputUnits, actual.InputUnits);
        Assert.Equal(expected.OutputNames, actual.OutputNames);
        Assert.Equal(expected.Labels, actual.Labels);
        Assert.Equal(expected.Head, actual.Head);
        Assert.Equal(expected.InputRanges, actual.InputRanges);
        Assert.Equal(expected.Layers.Length, actual.Layers.Length);
        foreach (var (layer, again) in expected.Layers.Zip(actual.Layers)) Assert.Equal(Parts(layer), Parts(again));
    }

    private static IEnumerable<object> Parts(LayerDescription layer) => layer switch
    {
        AffineDescription affine => ["affine", affine.Inputs, affine.Outputs, .. Boxed(affine.Weights), "bias", .. Boxed(affine.Biases)],
        ActivationDescription activation => ["activation", activation.Size, .. activation.Functions],
        GridDescription grid =>
            ["grid", grid.Outputs, .. grid.Knots.SelectMany(static own => Boxed(own).Prepend("knots")), "values", .. Boxed(grid.Values),
                "bias", .. Boxed(grid.Biases)],
        EdgesDescription edges => ["edges", edges.Inputs, edges.Outputs, .. edges.Edges.Cast<object>(), "bias", .. Boxed(edges.Biases)],
        _ => throw new ArgumentException("Unknown layer.", nameof(layer)),
    };

    private static IEnumerable<object> Boxed(ImmutableArray<Rational> values) => values.Select(static value => (object)value);
}
