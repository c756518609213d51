using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Kan.Compiler.Lower;
using Xunit;

namespace Kan.Compiler.Tests.Support;

/// <summary>Layers whose plans tests look at, lowered as they are: nothing is simplified.</summary>
internal static class Plans
{
    /// <summary>The plans of some layers.</summary>
    public static ImmutableArray<LayerPlan> Of(Precision precision, Lowering lowering, params KanLayer[] layers) =>
        NetworkPlan.Lower(new KanNetwork(layers), precision, lowering, TestContext.Current.CancellationToken);

    /// <summary>The plan of one layer.</summary>
    public static LayerPlan One(KanLayer layer, Precision precision = Precision.Single, Lowering lowering = Lowering.Auto) =>
        Assert.Single(Of(precision, lowering, layer));

    /// <summary>The plan of a document, simplified as the compiler does.</summary>
    public static NetworkPlan Document(Precision precision, Lowering lowering, IEnumerable<LayerDescription> layers,
        params InputRange[] ranges) =>
        NetworkCompiler.Plan(new KanDocument { Name = "network", Layers = [.. layers], InputRanges = [.. ranges] }, precision, lowering,
            TestContext.Current.CancellationToken);

    /// <summary>The plan of an affine layer.</summary>
    public static LayerPlan Dense(int inputs, int outputs, Precision precision = Precision.Single) =>
        One(Affine(inputs, outputs, Weight), precision);

    /// <summary>An affine layer of whole numbers: exact in every number type.</summary>
    /// <param name="inputs">n.</param>
    /// <param name="outputs">m.</param>
    /// <param name="weight">The weight of an input and an output.</param>
    public static KanLayer Affine(int inputs, int outputs, Func<int, int, int> weight) =>
        KanLayer.Affine(inputs, outputs, (q, p) => weight(p, q), [.. Enumerable.Range(0, outputs).Select(static q => (Rational)(q + 1))]);

    /// <summary>A weight that is not 0 and differs from its neighbours.</summary>
    public static int Weight(int input, int output) => 1 + (((input * 31) + (output * 7)) % 251);

    /// <summary>A layer of edges of some breakpoints at whole numbers, no two of one shape.</summary>
    /// <param name="inputs">n.</param>
    /// <param name="outputs">m.</param>
    /// <param name="bends">Breakpoints of each edge.</param>
    public static KanLayer Edges(int inputs, int outputs, int bends) => new(inputs, outputs,
        from p in Enumerable.Range(0, inputs)
        from q in Enumerable.Range(0, outputs)
        select new KanEdge(p, q, Edge(bends, p, q)), [.. Enumerable.Range(0, outputs).Select(static q => (Rational)(q + 1))]);

    /// <summary>An edge with breakpoints at 1, 2, 3 ...: its slopes change by 1 or more at each.</summary>
    public static PiecewiseLinearFunction Edge(int bends, int input, int output) => PiecewiseLinearFunction.FromSlopes(
        [.. Enumerable.Range(1, bends).Select(static k => (Rational)k)],
        [.. Enumerable.Range(0, bends + 1).Select(k => (Rational)(1 + (k % 2 * (2 + ((input + (3 * output)) % 5))) + (k / 2)))], 1,
        (input * 10) + output);

    /// <summary>ReLU at each node.</summary>
    public static KanLayer Relu(int size) => KanLayer.Activation(size, PiecewiseLinearFunction.Relu);

    /// <summary>A bend that is no ReLU, with a number of breakpoints at the multiples of a quarter.</summary>
    public static PiecewiseLinearFunction Curve(int bends) => PiecewiseLinearFunction.FromSlopes(
        [.. Enumerable.Range(0, bends).Select(static k => Rational.Create(k, 4))],
        [.. Enumerable.Range(0, bends + 1).Select(static k => (Rational)(1 << (k % 3)))], 0, 3);
}
