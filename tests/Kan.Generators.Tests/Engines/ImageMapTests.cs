using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Kan.Testing;
using Xunit;

namespace Kan.Generators.Tests.Engines;

/// <summary><c>Explain</c> of networks over images, against one-sided differences of the exact network.</summary>
[Trait("Speed", "Slow")]
public sealed class ImageMapTests
{
    private static readonly Rational s_tiny = Rational.Create(1, BigInteger.One << 40);

    [Fact]
    public void Points_inside_of_a_region_have_its_map()
    {
        KanDocument[] documents = [.. ImageNetworks.All];
        var random = new Random(3);
        Rational[][] points = [.. documents.Select(document =>
            Point(random, document, static random => Rational.Create(random.Next(-1 << 20, 1 << 20), 1 << 18)))];
        OneSidedMap[] maps = [.. documents.Zip(points, static (document, point) => Differences(document.ToNetwork(), point))];
        Compare<float>(documents, Precision.Single, PointsOf, 2e-6, Map);
        Compare<double>(documents, Precision.Double, PointsOf, 1e-12, Map);

        IEnumerable<Rational[]> PointsOf(KanDocument document) => [points[Array.IndexOf(documents, document)]];

        OneSidedMap Map(KanNetwork network, Rational[] point) => maps[Array.IndexOf(points, point)];

        // Inside of a region, a small move in any direction stays there.
        static OneSidedMap Differences(KanNetwork network, Rational[] point)
        {
            int n = network.InputCount, m = network.OutputCount;
            var here = network.Evaluate(point);
            var jacobian = new Rational[m * n];
            Rational[] offset = [.. here];
            for (int p = 0; p < n; p++)
            {
                Rational[] moved = [.. point];
                moved[p] += s_tiny;
                var there = network.Evaluate(moved);
                for (int q = 0; q < m; q++) offset[q] -= point[p] * (jacobian[(q * n) + p] = (there[q] - here[q]) / s_tiny);
            }

            return new OneSidedMap(jacobian, offset, IsOnBorder: false);
        }
    }

    /// <summary>Images of few values: most windows have several largest numbers, and sums are 0 in many places.</summary>
    [Fact]
    public void Equal_numbers_under_a_window_are_told_apart_by_where_they_move()
    {
        KanDocument[] documents = [.. Enumerable.Range(0, 8).Select(Lattice)];
        var random = new Random(5);
        int borders = Compare<float>(documents, Precision.Single, document => Points(random, document), 0)
            + Compare<double>(documents, Precision.Double, document => Points(random, document), 0);
        Assert.InRange(borders, 40, int.MaxValue);

        static IEnumerable<Rational[]> Points(Random random, KanDocument document) =>
        [
            new Rational[document.Layers[0].InputCount], Point(random, document, static _ => Rational.One),
            Point(random, document, static random => random.Next(3) - 1),
                Point(random, document, static random => Rational.Create(random.Next(-4, 5), 2)),
        ];
    }

    /// <summary>Two channels with the same weights have equal rows: no move parts them, and no rounding may.</summary>
    [Fact]
    public void Numbers_that_are_equal_everywhere_have_no_border_between_them()
    {
        var small = Rational.Create(1, 1 << 30);
        var window = ImageNetworks.Image(1, 1, 6, 1, 2);
        Rational[] filter = [1, small];
        KanDocument document = new()
        {
            Name = "twice",
            Layers =
            [
                new ConvolutionDescription(window, 2, 1, [.. filter, .. filter], []),
                new MaximumDescription(ImageNetworks.Image(1, 5, 2, 1, 2)),
                new AffineDescription(5, 1, [1, 2, 3, 4, 5], []),
            ],
        };
        Assert.Equal(0, Compare<double>([document], Precision.Double, _ => [[1, 2, 3, 4, 5, 6], [0, 0, 0, 0, 0, 0]], 1e-15));
    }

    [Fact]
    public void NaN_marks_the_outputs_that_see_it()
    {
        KanDocument[] documents = [.. ImageNetworks.All,
            new() { Name = "a convolution last", Layers = [.. ImageNetworks.All[3].Layers.Take(1)] }];
        using var compiled = new CompiledNetworks(documents, Precision.Single, [Lowering.Auto]);
        for (int i = 0; i < documents.Length; i++)
        {
            int n = documents[i].Layers[0].InputCount, m = documents[i].Layers[^1].OutputCount;
            for (int input = 0; input < n; input += 7)
            {
                float[] inputs = new float[n], outputs = new float[m], jacobian = new float[m * n], offset = new float[m];
                inputs[input] = float.NaN;
                compiled.Evaluate<float>(i, Lowering.Auto)(inputs, outputs);
                compiled.Explain<float>(i, Lowering.Auto)(inputs, jacobian, offset);
                for (int q = 0; q < m; q++)
                {
                    bool isNaN = float.IsNaN(outputs[q]);
                    string where = $"{documents[i].Name}, NaN in input {input}, output {q}";
                    Require.That(float.IsNaN(offset[q]) == isNaN, $"{where}, c");
                    Require.That(jacobian[(q * n)..((q + 1) * n)].All(value => float.IsNaN(value) == isNaN), $"{where}, J");
                }
            }
        }
    }

    [Fact]
    public void A_map_that_would_be_too_large_is_refused_with_its_size()
    {
        var window = ImageNetworks.Image(1, 80, 80, 3, 3) with { PadTop = 1, PadLeft = 1, PadBottom = 1, PadRight = 1 };
        var document = new KanDocument
        {
            Name = "large",
            Layers = [new ConvolutionDescription(window, 1, 1, [.. Enumerable.Repeat(Rational.One, 9)], [])]
        };
        using var compiled = new CompiledNetworks([document], Precision.Single, [Lowering.Auto]);
        string message =
            Assert.Throws<NotSupportedException>(() =>
            compiled.Explain<float>(0, Lowering.Auto)(new float[6400], new float[1], new float[6400])).Message;
        Assert.Equal("The local map of 6,400 outputs over 6,400 inputs has 40,960,000 numbers; Explain computes at most 16,777,216.",
            message);
    }

    /// <summary>Compares with the exact map; returns how many points were on borders.</summary>
    private static int Compare<T>(KanDocument[] documents, Precision precision, Func<KanDocument, IEnumerable<Rational[]>> points,
        double tolerance, Func<KanNetwork, Rational[], OneSidedMap>? map = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var compiled = new CompiledNetworks(documents, precision, [Lowering.Auto]);
        int borders = 0;
        for (int i = 0; i < documents.Length; i++)
        {
            var network = documents[i].ToNetwork();
            int n = network.InputCount, m = network.OutputCount;
            foreach (var point in points(documents[i]))
            {
                var expected = map?.Invoke(network, point) ?? OneSidedMap.At(network, point, s_tiny);
                T[] jacobian = new T[n * m], offset = new T[m];
                bool isOnBorder = compiled.Explain<T>(i,
                    Lowering.Auto)([.. point.Select(static value => T.CreateChecked(value.ToDouble()))], jacobian, offset);
                string where = $"{documents[i].Name}, {precision}";
                for (int k = 0; k < jacobian.Length; k++)
                    Require.That(IsNear(expected.Jacobian[k], jacobian[k]),
                        $"{where}: J[{k / n}, {k % n}] is {jacobian[k]}, not {expected.Jacobian[k].ToDouble()}");
                for (int q = 0; q < m; q++) Require.That(IsNear(expected.Offset[q], offset[q]), $"{where}: c[{q}] is {offset[q]}, not "
                    + $"{expected.Offset[q].ToDouble()}");
                Require.That(isOnBorder == (map is null && Leaves(documents[i], point)), $"{where}: border is {isOnBorder}");
                if (isOnBorder) borders++;
            }
        }

        return borders;

        bool IsNear(Rational expected, T actual) => Math.Abs(expected.ToDouble() - double.CreateChecked(actual)) <= tolerance;
    }

    /// <summary>Whether a node leaves a breakpoint by the move, or one of several largest numbers under a window the others.</summary>
    private static bool Leaves(KanDocument document, Rational[] point)
    {
        var power = Rational.One;
        Rational[] moved = [.. point.Select(value => value + (power *= s_tiny))];
        foreach (var description in document.Layers)
        {
            if (description is MaximumDescription maximum)
            {
                if (Windows(maximum.Geometry).Any(window => Part(window, point, moved))) return true;
            }
            else if (description.ToLayer()
                .Edges.Any(edge => point[edge.Input] != moved[edge.Input] && edge.Function.Breakpoints.Contains(point[edge.Input])))
            {
                return true;
            }

            foreach (var layer in description.ExpandAll(TestContext.Current.CancellationToken))
            {
                point = layer.Evaluate(point);
                moved = layer.Evaluate(moved);
            }
        }

        return false;

        static bool Part(int[] window, Rational[] point, Rational[] moved)
        {
            var largest = window.Max(p => point[p]);
            return window.Where(p => point[p] == largest).Select(p => moved[p]).Distinct().Count() > 1;
        }
    }

    /// <summary>The inputs under each window, from the definition.</summary>
    private static IEnumerable<int[]> Windows(WindowGeometry geometry)
    {
        for (int place = 0; place < geometry.PlaceCount; place++)
        {
            int top = (place / geometry.OutputWidth * geometry.StrideY) - geometry.PadTop,
                left = (place % geometry.OutputWidth * geometry.StrideX) - geometry.PadLeft;
            var places = from y in Enumerable.Range(0, geometry.KernelHeight).Select(k => top + (k * geometry.DilationY))
                         from x in Enumerable.Range(0, geometry.KernelWidth).Select(k => left + (k * geometry.DilationX))
                         where y >= 0 && y < geometry.Height && x >= 0 && x < geometry.Width
                         select (y, x);
            for (int channel = 0; channel < geometry.Channels; channel++)
            {
                yield return [.. places.Select(at => geometry.ChannelsFirst
                    ? (((channel * geometry.Height) + at.y) * geometry.Width) + at.x
                    : (((at.y * geometry.Width) + at.x) * geometry.Channels) + channel)];
            }
        }
    }

    private static Rational[] Point(Random random, KanDocument document, Func<Random, Rational> number) =>
        [.. Enumerable.Range(0, document.Layers[0].InputCount).Select(_ => number(random))];

    /// <summary>
    /// A convolution, ReLU, a maximum, another convolution and maximum and a matrix, of small dyadic numbers: nothing is rounded, and ties
    /// are everywhere.
    /// </summary>
    private static KanDocument Lattice(int seed)
    {
        var random = new Random(seed);
        int groups = 1 + (seed % 2), channels = groups * (1 + (seed % 3)), filters = 2 * groups;
        var first = ImageNetworks.Image(channels, 5, 6, 2, 3) with
        {
            PadLeft = seed % 2,
            StrideX = 1 + (seed % 2),
            ChannelsFirst = seed % 3 == 0
        };
        var pool = ImageNetworks.Image(filters, first.OutputHeight, first.OutputWidth, 2, 2) with { PadBottom = 1, PadRight = 1 };
        var second = ImageNetworks.Image(filters, pool.OutputHeight, pool.OutputWidth, 2, 1) with { PadTop = 1, DilationY = 2 };
        var last = ImageNetworks.Image(3, second.OutputHeight, second.OutputWidth, second.OutputHeight, 2) with
        {
            StrideX = 2,
            PadRight = 1
        };
        int nodes = first.OutputHeight * first.OutputWidth * filters;
        return new KanDocument
        {
            Name = $"lattice {seed}",
            Layers =
            [
                new ConvolutionDescription(first, filters, groups, [.. Numbers(filters * channels / groups * 6)],
                    seed % 4 == 0 ? [] : [.. Numbers(filters)]),
                new ActivationDescription(nodes, [PiecewiseLinearFunction.Relu]),
                new MaximumDescription(pool),
                new ConvolutionDescription(second, 3, 1, [.. Numbers(3 * filters * 2)], []),
                new MaximumDescription(last),
                new AffineDescription(last.OutputWidth * 3, 2, [.. Numbers(last.OutputWidth * 6)], []),
            ],
        };

        IEnumerable<Rational> Numbers(int count) => Enumerable.Range(0, count).Select(_ => Rational.Create(random.Next(-2, 3), 2));
    }
}
