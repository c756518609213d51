using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Numerics;
using Kan.Testing;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary><c>Explain</c> where nodes sit on breakpoints, against one-sided differences of the exact network; and at NaN.</summary>
[Trait("Speed", "Slow")]
public sealed class LocalMapTests
{
    /// <summary>Smaller than any move to a breakpoint in a network of small dyadic numbers.</summary>
    private static readonly Rational s_tiny = Rational.Create(1, BigInteger.One << 40);

    private static readonly PiecewiseLinearFunction s_relu = PiecewiseLinearFunction.Relu;

    /// <summary>No layer folds into this one, and every row keeps its sign behind it.</summary>
    private static readonly PiecewiseLinearFunction s_leaky = PiecewiseLinearFunction.FromSlopes([0], [Rational.Create(1, 2), 1], 0, 0);

    private static readonly KanDocument[] s_ties =
    [
        Units("opposite units, difference", [[1], [-1]], [[1, -1]]),
        Units("opposite units, sum", [[1], [-1]], [[1, 1]]),
        Units("equal units", [[1], [1]], [[1, 1]]),
        Units("equal units that cancel", [[-1], [-1]], [[1, -1]]),
        Units("all kinds at once", [[1], [-1], [2], [-2], [0]], [[1, 2, 4, 8, 16]]),
        Units("the first input moves to the left", [[-1, 1]], [[1]]),
        Units("the second input decides", [[0, 1], [0, -1]], [[1, 2]]),
        Units("inputs of several signs", [[1, -1], [-1, 1], [0, 1], [0, 0]], [[1, 2, 4, 8]]),
        Units("deeper: opposite units of opposite units", [[1], [-1]], [[1, -1], [-1, 1]], [[1, 2]]),
        Units("deeper: a dead unit in between", [[-1, 0], [0, -1]], [[1, 1], [-1, 2]], [[1, 2]]),
        Units("deeper: behind |x|", [[1], [-1]], [[1, 1], [-1, -1]], [[1, 4]]),
    ];

    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Double)]
    public void Ties_at_0_give_the_map_of_the_region_that_the_point_enters(Precision precision) =>
        Compare(s_ties, precision, document => [new Rational[document.ToNetwork().InputCount]], s_tiny, exactly: true);

    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Double)]
    public void Networks_of_lattice_numbers_tie_in_every_layer(Precision precision)
    {
        KanDocument[] documents = [.. Enumerable.Range(0, 21).Select(LatticeNetworks.Create)];
        var random = new Random(17);
        int borders = Compare(
            documents,
            precision,
            document => Enumerable.Range(0, document.ToNetwork().InputCount < 10 ? 20 : 3)
            .Select(_ => LatticeNetworks.Point(random, document.ToNetwork().InputCount)), s_tiny,
            exactly: true);
        Assert.InRange(borders, 100, int.MaxValue);
    }

    /// <summary>
    /// Segments switch at the rounded knot. A hidden node that sits on it moves to the left or to the right with the input, and the map is
    /// that of the exact network on that side, farther away than rounding reaches.
    /// </summary>
    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Double)]
    public void Knots_that_are_no_floats_tie_where_they_are_rounded_to(Precision precision)
    {
        Rational[] knots = [Rational.Create(1, 10), Rational.Create(7, 10), Rational.Create(-1, 3), Rational.Create(22, 7)];
        KanDocument[] documents =
        [
            .. knots.Select(knot => Edges($"{knot} from both sides", [1, -1, 2, -2],
                [.. new Rational[] { knot, -knot, 2 * knot, -2 * knot }.Select(at => Bend(at, 1))])),
            .. knots.Select(knot => Edges($"{knot} among others", [1, -1, -4],
                [.. new Rational[] { knot, -knot, -4 * knot }.Select(at => Bend(at, 3))])),
        ];
        double Rounded(KanDocument document)
        {
            var knot = knots[Array.IndexOf(documents, document) % knots.Length];
            return precision == Precision.Single ? knot.ToSingle() : knot.ToDouble();
        }

        Compare(documents, precision, document => [[Rational.FromDouble(Rounded(document))]], Rational.Create(1, 100_000), exactly: false);
    }

    [Fact]
    public void Knots_that_round_to_one_float_are_passed_together()
    {
        // All of these are 0.1 as floats; the segments between them have slopes that no side may take.
        Rational[] knots = [.. Enumerable.Range(0, 3).Select(static i => Rational.Create(1, 10) + Rational.Create(i, 1_000_000_000_000))];
        var right = PiecewiseLinearFunction.FromSlopes(knots, [1, 50, -70, 2], 0, 0);
        var left = PiecewiseLinearFunction.FromSlopes([.. knots.Select(static knot => -knot).Reverse()], [1, 50, -70, 2], 0, 0);
        Compare(
            [Edges("many knots", [1, -1], [right, left]), Edges("many knots, twice", [2, -2], [right, left])],
            Precision.Single,
            document => [[Rational.FromSingle(document.Name.Length > 10 ? 0.05f : 0.1f)]],
            Rational.Create(1, 100_000),
            exactly: false);
    }

    /// <summary>In double 1 + 2^-60 - 1 - 2^-60 is not 0: the row of the node then has a sign that it does not have.</summary>
    [Fact]
    public void Rows_that_cancel_are_told_from_rows_that_do_not()
    {
        var small = Rational.Create(1, 1 << 30);
        Rational[][] first = [[1, 0], [small, 0], [1, 0], [small, 0], [0, 1]];
        KanDocument[] documents =
        [
            Units("cancels, then right", s_leaky, first, [[1, small, -1, -small, 1]], [[1]]),
            Units("cancels, then left", s_leaky, first, [[1, small, -1, -small, -1]], [[1]]),
            Units("cancels", s_leaky, first, [[1, small, -1, -small, 0]], [[1]]),
            Units("does not cancel", s_leaky, first, [[1, -small, -1, 2 * small, -1]], [[1]]),
            Units("does not cancel, left", s_leaky, first, [[1, small, -1, -2 * small, 1]], [[1]]),
        ];
        var step = Rational.Create(1, BigInteger.One << 100);
        Compare(documents, Precision.Single, static _ => [new Rational[2]], step, exactly: true);
        Compare(documents, Precision.Double, static _ => [new Rational[2]], step, exactly: true);
    }

    /// <summary>Products of many small slopes underflow in double; their signs still decide.</summary>
    [Fact]
    public void Rows_below_the_smallest_double_keep_their_sign()
    {
        var tiny = Rational.Create(1, BigInteger.One << 300);
        var huge = Rational.Create(BigInteger.One << 300, 1);
        KanDocument[] documents =
        [
            Units("left", s_leaky, [[tiny]], [[tiny]], [[tiny]], [[-tiny]], [[huge]], [[huge]]),
            Units("right", s_leaky, [[tiny]], [[tiny]], [[tiny]], [[tiny]], [[huge]], [[huge]]),
        ];
        using var compiled = new CompiledNetworks(documents, Precision.Double);
        foreach (var lowering in CompiledNetworks.Lowerings)
        {
            for (int i = 0; i < documents.Length; i++)
                Assert.True(compiled.Explain<double>(i, lowering)([0], new double[1], new double[1]), $"{documents[i].Name}, {lowering}");
        }
    }

    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Double)]
    public void Outputs_that_are_NaN_have_NaN_in_their_rows(Precision precision)
    {
        KanDocument[] documents =
        [
            .. s_ties, .. Enumerable.Range(300, 9).Select(static seed => RandomNetworks.Create(seed, dyadic: false)),
            RandomNetworks.ForBatches(3), RandomNetworks.ForBatches(4), RandomNetworks.ForBatches(7),
            new KanDocument { Name = "elementwise",
                Layers = [new ActivationDescription(3, [s_relu, Bend(Rational.One, 2), PiecewiseLinearFunction.Identity])] },
            new KanDocument { Name = "elementwise twice",
                Layers = [new ActivationDescription(3, [Bend(Rational.One, 2)]), new ActivationDescription(3, [s_relu])] },
        ];
        if (precision == Precision.Single) CompareNaN<float>(documents, precision);
        else CompareNaN<double>(documents, precision);
    }

    private static void CompareNaN<T>(KanDocument[] documents, Precision precision)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var compiled = new CompiledNetworks(documents, precision);
        for (int i = 0; i < documents.Length; i++)
        {
            var network = documents[i].ToNetwork();
            int n = network.InputCount, m = network.OutputCount;
            foreach (var lowering in CompiledNetworks.Lowerings)
            {
                for (int input = 0; input < n; input += 1 + (n / 5))
                {
                    var inputs = new T[n];
                    inputs[input] = T.NaN;
                    T[] outputs = new T[m], jacobian = new T[m * n], offset = new T[m];
                    compiled.Evaluate<T>(i, lowering)(inputs, outputs);
                    compiled.Explain<T>(i, lowering)(inputs, jacobian, offset);
                    string where = $"{documents[i].Name}, {lowering}: NaN in input {input}";
                    Assert.True(outputs.Any(T.IsNaN), where);
                    for (int q = 0; q < m; q++)
                    {
                        bool isNaN = T.IsNaN(outputs[q]);
                        Require.That(T.IsNaN(offset[q]) == isNaN, $"{where}, offset {q}");
                        Require.That(jacobian[(q * n)..((q + 1) * n)].All(value => T.IsNaN(value) == isNaN), $"{where}, row {q}");
                    }
                }
            }
        }
    }

    /// <summary>Compares all lowerings with the exact map; returns how many points were on borders.</summary>
    private static int Compare(KanDocument[] documents, Precision precision, Func<KanDocument, IEnumerable<Rational[]>> points,
        Rational step, bool exactly)
    {
        using var compiled = new CompiledNetworks(documents, precision);
        int borders = 0;
        for (int i = 0; i < documents.Length; i++)
        {
            var network = NetworkSimplifier.Simplify(documents[i].ToNetwork(), TestContext.Current.CancellationToken);
            foreach (var point in points(documents[i]))
            {
                var expected = OneSidedMap.At(network, point, step);
                if (expected.IsOnBorder) borders++;
                foreach (var lowering in CompiledNetworks.Lowerings)
                {
                    var (jacobian, offset, isOnBorder) = precision == Precision.Single
                        ? Explain<float>(compiled, i, lowering, network, point)
                        : Explain<double>(compiled, i, lowering, network, point);
                    string where = $"{documents[i].Name}, {lowering}, {precision} at [{string.Join(", ", point)}]";
                    AssertEqual(expected.Jacobian, jacobian, precision, exactly, where + ", J");
                    AssertEqual(expected.Offset, offset, precision, exactly, where + ", c");
                    Assert.True(isOnBorder == (expected.IsOnBorder || !exactly), where + ", border");
                }
            }
        }

        return borders;
    }

    private static (double[] Jacobian, double[] Offset, bool IsOnBorder) Explain<T>(CompiledNetworks compiled, int document,
        Lowering lowering, KanNetwork network, Rational[] point)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] jacobian = new T[network.InputCount * network.OutputCount], offset = new T[network.OutputCount];
        bool isOnBorder = compiled.Explain<T>(document, lowering)([.. point.Select(static value => T.CreateChecked(value.ToDouble()))],
            jacobian, offset);
        return ([.. jacobian.Select(double.CreateChecked)], [.. offset.Select(double.CreateChecked)], isOnBorder);
    }

    private static void AssertEqual(Rational[] expected, double[] actual, Precision precision, bool exactly, string where)
    {
        string Text(IEnumerable<double> numbers) => string.Join(", ", numbers);
        double[] rounded = [.. expected.Select(value => precision == Precision.Single ? value.ToSingle() : value.ToDouble())];
        double tolerance = exactly ? 1e-15 : 1e-4;
        bool same = rounded.Zip(actual).All(pair => Math.Abs(pair.First - pair.Second) <= tolerance);
        Require.That(same, $"{where} is {Text(actual)}, not {Text(rounded)}.");
    }

    /// <summary>Affine layers with ReLUs between them, each given as rows of weights.</summary>
    private static KanDocument Units(string name, params Rational[][][] weights) => Units(name, s_relu, weights);

    private static KanDocument Units(string name, PiecewiseLinearFunction activation, params Rational[][][] weights)
    {
        var layers = ImmutableArray.CreateBuilder<LayerDescription>();
        foreach (var rows in weights)
        {
            if (layers.Count > 0) layers.Add(new ActivationDescription(rows[0].Length, [activation]));
            layers.Add(new AffineDescription(rows[0].Length, rows.Length, [.. rows.SelectMany(static row => row)], []));
        }

        return new KanDocument { Name = name, Layers = layers.ToImmutable() };
    }

    /// <summary>One input, scaled in several ways, and a function of each, with different weights.</summary>
    private static KanDocument Edges(string name, Rational[] scales, PiecewiseLinearFunction[] functions) => new()
    {
        Name = name,
        Layers =
        [
            new AffineDescription(1, scales.Length, [.. scales], []),
            new EdgesDescription(scales.Length, 2,
                [.. functions.SelectMany(static (function, p) => new[] { new KanEdge(p, 0, function),
                new KanEdge(p, 1, (Rational)(p - 3) * function) }).Where(static edge => !edge.Function.IsZero)], []),
        ],
    };

    /// <summary>A bend at a point, and others one unit apart on both sides of it.</summary>
    private static PiecewiseLinearFunction Bend(Rational at, int bends) =>
        PiecewiseLinearFunction.FromSlopes([.. Enumerable.Range(0, bends).Select(i => at + (i - (bends / 2)))],
            [.. Enumerable.Range(0, bends + 1).Select(static i => (Rational)((i * 3) - 1))], at, 0);
}
