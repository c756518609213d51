using System;
using System.Linq;
using System.Threading;
using CsCheck;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Tests.Simplification;

/// <summary>
/// Networks that are compressed for samples: the limit holds on them by exact evaluation, and the bound that is certified holds everywhere.
/// </summary>
public sealed class SampledCompressionTests
{
    [Fact]
    public void Limits_hold_on_the_samples_and_the_certificate_on_the_box()
    {
        int smaller = 0, all = 0;
        Gen.Select(Generators.Network, Gen.Int, Gen.Int[0, 3], Gen.Enum<SimplificationGoal>()).Sample(
            (network, seed, digits, goal) =>
            {
                var random = new Random(seed);
                var box = SameOnBox.Box(network.InputCount, random);
                double[][] samples = [.. Enumerable.Range(0, 30)
                    .Select(_ => box.Select(range => SameOnBox.Inside(range, random).ToDouble()).ToArray())];
                var limit = new SampledLimit { Difference = Math.Pow(10, 1 - digits), Answers = random.Next(2) == 0 ? 0.9 : 0 };
                var (result, difference, answers) = SampledCompressor.Compress(
                    network, box, samples, limit, new SimplificationOptions { Goal = goal }, TestContext.Current.CancellationToken);
                Assert.True(difference <= limit.Difference && answers >= limit.Answers);

                double most = samples.Max(sample => Difference(network, result.Network, [.. sample.Select(Rational.FromDouble)])
                    .ToDouble());
                Assert.True(most <= limit.Difference * (1 + 1e-9), $"{most} on a sample, where {limit.Difference} is the limit.");
                for (int i = 0; i < 20; i++)
                {
                    var found = Difference(network, result.Network, [.. box.Select(range => SameOnBox.Inside(range, random))]);
                    Assert.True(found <= result.ErrorBound, $"{found.ToDouble()} is above the bound {result.ErrorBound.ToDouble()}.");
                }

                Interlocked.Increment(ref all);
                if (!result.ErrorBound.IsZero) Interlocked.Increment(ref smaller);
            },
            iter: 100);
        Assert.True(smaller * 20 >= all, $"{smaller} of {all} were compressed.");
    }

    [Fact]
    public void What_no_sample_feels_goes()
    {
        // |x| + 4 |y - 1/2|, where no sample is off y = 3/4: the second edge is 1 on all of them.
        var network = new KanNetwork([new KanLayer(2, 1, [new KanEdge(0, 0, Bent(0, 1)), new KanEdge(1, 0, Bent(0.5, 4))], [0])]);
        InputRange[] box = [new(-1, 1), new(0, 1)];
        double[][] samples = [.. Enumerable.Range(-8, 17).Select(static i => new[] { i / 8.0, 0.75 })];
        var (result, difference, answers) =
            SampledCompressor.Compress(network, box, samples, new SampledLimit { Difference = 1e-9 },
            cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((0.0, 1.0), (difference, answers));
        Assert.Equal(0, Assert.Single(Assert.Single(result.Network.Layers).Edges).Input);
        Assert.Equal(Rational.Create(9, 8), result.Network.Evaluate([Rational.Create(-1, 8), Rational.Create(3, 4)])[0]);

        // Off the samples it is another function, and the certificate knows.
        Assert.InRange(result.ErrorBound.ToDouble(), 1, 1.001);
    }

    [Fact]
    public void Wrong_samples_and_limits_are_refused()
    {
        var network = new KanNetwork([new KanLayer(1, 1, [new KanEdge(0, 0, Bent(0, 1))], [0])]);
        InputRange[] box = [new(-1, 1)];
        foreach (double[][] samples in (double[][][])[[], [[1, 2]], [[double.NaN]]])
            Assert.Throws<ArgumentException>("samples",
                () => SampledCompressor.Compress(network, box, samples, new SampledLimit { Answers = 1 },
                cancellation: TestContext.Current.CancellationToken));
        foreach (var limit in (SampledLimit[])[new(), new() { Difference = -1 }, new() { Difference = double.NaN }, new() { Answers = 99 }])
            Assert.Throws<ArgumentException>("limit",
                () => SampledCompressor.Compress(network, box, [[0.5]], limit, cancellation: TestContext.Current.CancellationToken));
    }

    /// <summary>slope * |x - point|.</summary>
    private static PiecewiseLinearFunction Bent(double point, int slope) =>
        PiecewiseLinearFunction.FromKnots([Rational.FromDouble(point - 1), Rational.FromDouble(point), Rational.FromDouble(point + 1)],
            [slope, 0, slope]);

    private static Rational Difference(KanNetwork one, KanNetwork other, Rational[] point) =>
        one.Evaluate(point).Zip(other.Evaluate(point), static (a, b) => a > b ? a - b : b - a).Max()!;
}
