using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using CsCheck;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Tests.Simplification;

/// <summary>
/// Compressed networks are attacked: the difference along a line is a function that is composed exactly, so its largest value on the line
/// is exact, and from there other lines start. Nothing is above the certificate. The variable KAN_SIMPLIFICATION_NETWORKS takes another
/// number of networks.
/// </summary>
public sealed class CompressionTests
{
    private static readonly int s_count =
        int.TryParse(Environment.GetEnvironmentVariable("KAN_SIMPLIFICATION_NETWORKS"), NumberStyles.None, CultureInfo.InvariantCulture,
        out int count) ? count : 120;

    /// <summary>Networks with some long functions, as those of splines are.</summary>
    private static readonly Gen<KanNetwork> s_network = Gen.Frequency(
        (2, Generators.Network),
        (1, Generators.DenseReluNetwork.Select(static network => network.ToKan())),
        (2, Gen.Select(Gen.Int, Gen.Int[1, 3]).Select(static (seed, depth) => Wavy(new Random(seed), depth))));

    [Fact]
    public void Nothing_is_above_the_certificate()
    {
        int all = 0, smaller = 0;
        double tightest = 0;
        Gen.Select(s_network, Gen.Int, Gen.Int[1, 4], Gen.Enum<SimplificationGoal>()).Sample(
            (network, seed, digits, goal) =>
            {
                var random = new Random(seed);
                var box = SameOnBox.Box(network.InputCount, random);
                double tolerance = Math.Pow(10, 1 - digits) * (1 + random.NextDouble());
                var result = RangeCompressor.Compress(network, box, tolerance, new SimplificationOptions { Goal = goal },
                    TestContext.Current.CancellationToken);
                Assert.True(result.ErrorBound.ToDouble() <= tolerance);
                var found = Attack(network, result.Network, box, random);
                Assert.True(found <= result.ErrorBound,
                    $"A difference of {found.ToDouble()} is above the bound {result.ErrorBound.ToDouble()}.");
                Interlocked.Increment(ref all);
                if (result.ErrorBound.IsZero) return;
                if (result.After.Segments < result.Before.Segments) Interlocked.Increment(ref smaller);
                lock (s_lock) tightest = Math.Max(tightest, (found / result.ErrorBound).ToDouble());
            },
            iter: s_count);
        Assert.True(smaller * 4 >= all, $"{smaller} of {all} have fewer segments.");
        Assert.True(tightest > 0.9, $"The closest certificate is {tightest} used: the attack is no test of it.");
    }

    private static readonly Lock s_lock = new();

    /// <summary>The largest difference that is found on lines through the box.</summary>
    internal static Rational Attack(KanNetwork network, KanNetwork other, InputRange[] box, Random random)
    {
        var most = Rational.Zero;
        for (int start = 0; start < 2; start++)
        {
            Rational[] point = [.. box.Select(range => SameOnBox.Inside(range, random))];
            for (int step = 0; step < 5; step++)
            {
                Rational[] from = [.. point], to = [.. point];
                if (step % 2 == 0)
                {
                    // Along an axis, through the whole box.
                    int axis = random.Next(box.Length);
                    (from[axis], to[axis]) = (box[axis].Low, box[axis].High);
                }
                else
                {
                    to = [.. box.Select(range => random.Next(2) == 0 ? range.Low : range.High)];
                }

                Rational[] direction = [.. to.Zip(from, static (end, begin) => end - begin)];
                if (network.AlongLine(from, direction) is not { } one || other.AlongLine(from, direction) is not { } two) continue;
                foreach (var difference in one.Zip(two, static (a, b) => a - b))
                {
                    foreach (var at in difference.Breakpoints.Where(static at => at.Sign > 0 && at < 1).Append(0).Append(1))
                    {
                        var value = Rational.Abs(difference.Evaluate(at));
                        if (value <= most) continue;
                        most = value;
                        point = [.. from.Zip(direction, (x, d) => x + (at * d))];
                    }
                }
            }
        }

        return most;
    }

    [Fact]
    public void The_bound_of_two_networks_holds() => Gen.Select(Generators.Network, Gen.Int, Gen.Int[1, 300]).Sample(
        static (network, seed, parts) =>
        {
            // The other network has every edge changed, some removed, some added.
            var random = new Random(seed);
            var box = SameOnBox.Box(network.InputCount, random);
            var other = new KanNetwork(network.Layers.Select(layer => new KanLayer(
                layer.InputCount,
                layer.OutputCount,
                layer.Edges.Where(_ => random.Next(5) > 0)
                .Select(edge => edge with
                {
                    Function = edge.Function
                    + PiecewiseLinearFunction.FromSlopes([random.Next(-3, 3)],
                        [random.Next(-1, 2), Rational.Create(random.Next(-9, 9), 30)], 0, Rational.Create(random.Next(-9, 9), 50))
                }),
                [.. layer.Biases.Select(bias => bias + Rational.Create(random.Next(-5, 5), 70))])));
            var ranges = ReachedRanges.Of(network, box, null, TestContext.Current.CancellationToken);
            double bound = new DifferenceBound(network, other, ranges).Of(parts, TestContext.Current.CancellationToken);
            var found = Attack(network, other, box, random);
            Assert.True(found <= Rational.FromDouble(bound), $"{found.ToDouble()} is above {bound}.");
        },
        iter: s_count);

    [Fact]
    public void Enclosed_functions_hold_values_and_slopes() =>
        Gen.Select(Generators.Function, Gen.Double[-30, 30], Gen.Double[0, 5], Gen.Double[0, 1]).Sample(
        static (function, low, width, share) =>
        {
            var enclosed = new EnclosedFunction(function);
            foreach (double start in (double[])[low, .. function.Breakpoints.Select(static point => point.ToDouble())])
            {
                double end = share < 0.2 ? start : start + width, x = Math.Min(start + (share * width), end);
                var interval = new Interval(start, end);
                Rational value = function.Evaluate(Rational.FromDouble(x)), left = Rational.FromDouble(start),
                    right = Rational.FromDouble(end);
                var range = enclosed.RangeOn(interval);
                Assert.True(Rational.FromDouble(range.Low) <= value && value <= Rational.FromDouble(range.High));
                var (least, greatest) = function.RangeOn(left, right);
                Assert.True(Rational.FromDouble(range.Low) <= least && greatest <= Rational.FromDouble(range.High));
                Assert.True(range.High - range.Low <= (greatest - least).ToDouble() + 1e-10);
                if (start == end) continue;
                var slopes = enclosed.SlopesOn(interval);
                Rational[] exact = [function.SlopeRightOf(left), function.SlopeLeftOf(right),
                    .. function.Breakpoints.Where(point => point > left && point < right).Select(function.SlopeRightOf)];
                Assert.All(exact,
                    slope => Assert.True(Rational.FromDouble(slopes.Low) <= slope && slope <= Rational.FromDouble(slopes.High)));
            }
        },
        iter: 2_000);

    [Theory]
    [InlineData(0.1, 5)]
    [InlineData(0.02, 9)]
    [InlineData(0.004, 19)]
    public void Paths_of_a_sine_are_as_short_as_can_be(double error, int segments)
    {
        double[] x = [.. Enumerable.Range(0, 49).Select(static i => -1 + (i / 24.0))];
        Assert.Equal(segments, TubePath.Find(x, [.. x.Select(static t => Math.Sin(3 * t))], error)!.Value.Knots.Length - 1);
    }

    [Fact]
    public void Paths_stay_in_the_tube_and_are_no_longer_than_those_through_vertices() =>
        Gen.Select(Gen.Int, Gen.Int[3, 40], Gen.Double[0.01, 1]).Sample(
        static (seed, count, error) =>
        {
            var random = new Random(seed);
            double[] x = new double[count], values = new double[count];
            for (int i = 1; i < count; i++) (x[i], values[i]) =
                (x[i - 1] + 0.05 + random.NextDouble(), values[i - 1] + ((random.NextDouble() - 0.5) * (random.Next(4) == 0 ? 4 : 0.5)));
            Assert.NotNull(TubePath.Find(x, values, error));
            var (knots, heights) = TubePath.Find(x, values, error)!.Value;
            var path = PiecewiseLinearFunction.FromKnots(Array.ConvertAll(knots, Rational.FromDouble),
                Array.ConvertAll(heights, Rational.FromDouble));
            var function = PiecewiseLinearFunction.FromKnots(Array.ConvertAll(x, Rational.FromDouble),
                Array.ConvertAll(values, Rational.FromDouble));
            var (least, greatest) = (path - function).RangeOn(Rational.FromDouble(x[0]), Rational.FromDouble(x[^1]));
            Assert.True(Rational.Max(-least, greatest).ToDouble() <= error);
            Assert.True(knots.Length - 1 <= ThroughVertices(x, values, error));
            Assert.True(knots.Length - 1 >= Apart(x, values, error));
        },
        iter: 500);

    /// <summary>The fewest segments that end at vertices and lie within the error of the function.</summary>
    private static int ThroughVertices(double[] x, double[] values, double error)
    {
        int[] fewest = [.. Enumerable.Repeat(int.MaxValue, x.Length)];
        fewest[0] = 0;
        for (int j = 1; j < x.Length; j++)
        {
            for (int i = 0; i < j; i++)
            {
                double slope = (values[j] - values[i]) / (x[j] - x[i]);
                bool isWithin = Enumerable.Range(i, j - i)
                    .All(k => Math.Abs(values[i] + (slope * (x[k] - x[i])) - values[k]) <= error * 0.999999);
                if (isWithin) fewest[j] = Math.Min(fewest[j], fewest[i] + 1);
            }
        }

        return fewest[^1];
    }

    /// <summary>The fewest lines where they need not meet: each goes on while some line is within the error of all its vertices.</summary>
    private static int Apart(double[] x, double[] values, double error)
    {
        // A line may take over anywhere between two vertices, so each new one starts at the vertex that stopped the last.
        int lines = 1, first = 0;
        for (int last = 1; last < x.Length; last++)
        {
            if (FitsLine(x, values, first, last, error)) continue;
            lines++;
            first = last;
        }

        return lines;
    }

    private static bool FitsLine(double[] x, double[] values, int first, int last, double error)
    {
        // The line through the highest lower end and the lowest upper end, by all pairs.
        double steepest = double.PositiveInfinity, flattest = double.NegativeInfinity;
        for (int i = first; i <= last; i++)
        {
            for (int j = i + 1; j <= last; j++)
            {
                double length = x[j] - x[i], rise = values[j] - values[i];
                steepest = Math.Min(steepest, (rise + (2 * error)) / length);
                flattest = Math.Max(flattest, (rise - (2 * error)) / length);
            }
        }

        return flattest <= steepest;
    }

    [Fact]
    public void Long_functions_become_shorter_within_a_thousandth()
    {
        var network = Wavy(new Random(5), 2, 200);
        InputRange[] box = [.. Enumerable.Repeat(new InputRange(-2, 2), network.InputCount)];
        var result = RangeCompressor.Compress(network, box, 1e-2, new SimplificationOptions { Goal = SimplificationGoal.Segments },
            TestContext.Current.CancellationToken);
        Assert.True(result.After.Segments * 4 < result.Before.Segments, $"{result.Before} to {result.After}");
        Assert.InRange(result.ErrorBound.ToDouble(), 8e-3, 1e-2);
        Assert.Contains("within 0.0", Assert.Single(result.ToDocument(new KanDocument { Name = "n", Layers = [] }).SourceNotes),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_tolerance_must_be_positive() => Assert.All((double[])[0, -1, double.NaN, double.PositiveInfinity], static tolerance =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RangeCompressor.Compress(Wavy(new Random(1), 1), [new InputRange(0, 1)], tolerance,
            cancellation: TestContext.Current.CancellationToken)));

    /// <summary>A network of sums of waves.</summary>
    private static KanNetwork Wavy(Random random, int depth, int pieces = 40)
    {
        int[] widths = [.. Enumerable.Range(0, depth + 1).Select(_ => random.Next(1, 4))];
        return new KanNetwork(Enumerable.Range(0, depth)
            .Select(l => new KanLayer(widths[l], widths[l + 1], Edges(widths[l], widths[l + 1]).ToList())));

        IEnumerable<KanEdge> Edges(int inputs, int outputs)
        {
            for (int p = 0; p < inputs; p++)
            {
                for (int q = 0; q < outputs; q++)
                {
                    double phase = random.NextDouble() * 6, speed = 0.5 + (random.NextDouble() * 2), size = random.NextDouble();
                    Rational[] knots = [.. Enumerable.Range(0, pieces + 1).Select(i => Rational.FromDouble(-3 + (6.0 * i / pieces)))];
                    yield return new KanEdge(p, q,
                        PiecewiseLinearFunction.FromKnots(knots,
                        [.. knots.Select(knot => Rational.FromDouble(size * Math.Sin(phase + (speed * knot.ToDouble()))))]));
                }
            }
        }
    }
}
