using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Numerics;
using CsCheck;

namespace Kan.Tests.Support;

/// <summary>Random numbers, functions and networks, rich in the special cases: ties, flat segments, shared breakpoints, zeros.</summary>
internal static class Generators
{
    /// <summary>Small rationals that coincide often.</summary>
    public static readonly Gen<Rational> SmallRational =
        Gen.Select(Gen.Int[-24, 24], Gen.OneOf(1, 2, 3, 4, 7), static (numerator, denominator) => Rational.Create(numerator, denominator));

    public static readonly Gen<double> FiniteDouble = Gen.OneOf(
        Gen.Double.Where(double.IsFinite),
        Gen.Double[-10, 10],
        Gen.OneOf(0.0, -0.0, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, 2.2250738585072014E-308, 1.0, 0.1));

    public static readonly Gen<float> FiniteSingle = Gen.OneOf(
        Gen.Float.Where(float.IsFinite),
        Gen.Float[-10, 10],
        Gen.OneOf(0f, -0f, float.Epsilon, float.MaxValue, float.MinValue, 1.17549435E-38f, 0.1f));

    /// <summary>Any number a model can hold, whether a float, a double or neither.</summary>
    public static readonly Gen<Rational> AnyRational = Gen.OneOf(
        SmallRational,
        FiniteDouble.Select(Rational.FromDouble),
        FiniteSingle.Select(Rational.FromSingle),
        Gen.Select(Gen.Long, Gen.Long[1, long.MaxValue], static (numerator, denominator) => Rational.Create(numerator, denominator)),
        Gen.Long.Select(static value => (Rational)(BigInteger.One << 1100) + (Rational)(BigInteger)value));

    /// <summary>Increasing numbers.</summary>
    public static Gen<Rational[]> Increasing(Gen<Rational> number, int least, int most) =>
        number.Array[least, most * 2].Select(values => values.Distinct().Order().Take(most).ToArray())
            .Where(values => values.Length >= least);

    public static Gen<PiecewiseLinearFunction> FunctionAt(IReadOnlyList<Rational> breakpoints, Gen<Rational> number) =>
        Gen.Select(
            Gen.Frequency((1, Gen.Const(Rational.Zero)), (3, number)).Array[breakpoints.Count + 1],
            number,
            number,
            (slopes, point, value) => PiecewiseLinearFunction.FromSlopes(breakpoints, slopes, point, value));

    public static readonly Gen<PiecewiseLinearFunction> Function =
        Increasing(SmallRational, 0, 5).SelectMany(breakpoints => FunctionAt(breakpoints, SmallRational));

    /// <summary>An edge of any kind: absent, zero, constant, linear, at the breakpoints of its input or at its own.</summary>
    private static Gen<PiecewiseLinearFunction> Edge(Rational[] shared) => Gen.Frequency(
        (1, Gen.Const(PiecewiseLinearFunction.Zero)),
        (1, SmallRational.Select(PiecewiseLinearFunction.Constant)),
        (1, Gen.Select(SmallRational, SmallRational, PiecewiseLinearFunction.Linear)),
        (4, FunctionAt(shared, SmallRational)),
        (3, Function));

    public static Gen<KanLayer> Layer(int inputs, int outputs) =>
        Increasing(SmallRational, 0, 4).Array[inputs].SelectMany(shared => Gen.Select(
            Matrix(inputs, outputs, input => Edge(shared[input])),
            SmallRational.Array[outputs],
            (edges, biases) => new KanLayer(inputs, outputs, edges, [.. biases])));

    public static readonly Gen<KanNetwork> Network =
        Gen.Int[1, 4].SelectMany(depth => Gen.Int[1, 3].Array[depth + 1]).SelectMany(widths =>
            Sequence(Enumerable.Range(0, widths.Length - 1).Select(i => Layer(widths[i], widths[i + 1])))
                .Select(static layers => new KanNetwork(layers)));

    public static readonly Gen<ReluNetwork> ReluNetwork = Gen.Bool.SelectMany(static rectifyLast =>
        ReluNetworkOf(Gen.Frequency((1, Gen.Const(Rational.Zero)), (3, SmallRational)), rectifyLast));

    /// <summary>No weight is zero, and the last layer is affine: made so, for a filter would reject nearly all.</summary>
    public static readonly Gen<ReluNetwork> DenseReluNetwork =
        ReluNetworkOf(SmallRational.Select(static number => number.IsZero ? Rational.One : number), rectifyLast: false);

    private static Gen<ReluNetwork> ReluNetworkOf(Gen<Rational> number, bool rectifyLast) =>
        Gen.Int[1, 4].SelectMany(depth => Gen.Int[1, 4].Array[depth + 1]).SelectMany(widths =>
            Sequence(Enumerable.Range(0, widths.Length - 1)
                .Select(i => ReluLayer(number, widths[i], widths[i + 1], rectifyLast || i < widths.Length - 2)))
                .Select(static layers => new ReluNetwork(layers)));

    private static Gen<ReluLayer> ReluLayer(Gen<Rational> number, int inputs, int outputs, bool rectified) =>
        Gen.Select(number.Array[inputs * outputs], number.Array[outputs], (weights, biases) => new ReluLayer(
            SparseMatrix.Create(outputs, inputs, weights.Select((weight, i) => (i / inputs, i % inputs, weight))),
            [.. biases],
            rectified));

    private static Gen<IEnumerable<KanEdge>> Matrix(int inputs, int outputs, System.Func<int, Gen<PiecewiseLinearFunction>> edge) =>
        Sequence(Enumerable.Range(0, inputs * outputs).Select(i => edge(i / outputs)))
            .Select(functions => functions.Select((function, i) => new KanEdge(i / outputs, i % outputs, function)));

    public static Gen<ImmutableArray<T>> Sequence<T>(IEnumerable<Gen<T>> generators) =>
        generators.Aggregate(Gen.Const(ImmutableArray<T>.Empty),
            static (before, next) => Gen.Select(before, next, static (items, item) => items.Add(item)));
}
