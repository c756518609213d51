using System;
using System.Globalization;
using System.Linq;
using System.Threading;
using CsCheck;
using Kan.Tests.Support;
using Xunit;

namespace Kan.Tests.Simplification;

/// <summary>
/// Random networks, in forms that hide redundancy, on random boxes: what is simplified is the same function there. The variable
/// KAN_SIMPLIFICATION_NETWORKS takes another number of networks.
/// </summary>
public sealed class RandomSimplificationTests
{
    private static readonly int s_count =
        int.TryParse(Environment.GetEnvironmentVariable("KAN_SIMPLIFICATION_NETWORKS"), NumberStyles.None, CultureInfo.InvariantCulture,
        out int count) ? count : 400;

    private static readonly EquivalenceOptions s_options =
        new() { CellLimit = 150, LinearProgramLimit = 3_000, SampleCount = 8, LineCount = 2, TimeLimit = Timeout.InfiniteTimeSpan };

    private static readonly Gen<KanNetwork> s_network = Gen.Frequency(
        (3, Generators.Network),
        (2, Generators.ReluNetwork.Select(static network => network.ToKan())),
        (1, Generators.DenseReluNetwork.Select(static network => network.ToKan(ReluEmbedding.Separate))));

    [Fact]
    public void What_is_simplified_is_the_same_function_on_the_box()
    {
        int proved = 0, all = 0, smaller = 0;
        Gen.Select(s_network, Gen.Int, Gen.Int[0, 3], Gen.Enum<SimplificationGoal>()).Sample(
            (network, seed, disguises, goal) =>
            {
                var random = new Random(seed);
                var box = SameOnBox.Box(network.InputCount, random);
                var (kinds, other) = Disguises.Of(random.Next(2) == 0 ? network : Disguises.BeyondReach(network, box, random), random,
                    disguises);
                var result = RangeSimplifier.Simplify(other, box, new SimplificationOptions { Goal = goal },
                    TestContext.Current.CancellationToken);
                SameOnBox.Assert(network, result.Network, box, random, kinds);
                bool isFolded = ContentHash.Compute(NetworkSimplifier.Simplify(result.Network, TestContext.Current.CancellationToken))
                    == ContentHash.Compute(result.Network);
                if (result.IsFinished && isFolded)
                    Assert.Empty(RangeSimplifier.Simplify(result.Network, box, new SimplificationOptions { Goal = goal },
                        TestContext.Current.CancellationToken).Steps);
                if (goal == SimplificationGoal.Segments)
                    Assert.True(result.After.Segments <= result.Before.Segments, $"{kinds}: {result.Before} to {result.After}");
                var verdict = Equivalence.Decide(network, result.Network, box, s_options, TestContext.Current.CancellationToken);
                Assert.False(verdict.IsRefuted, kinds);
                Interlocked.Increment(ref all);
                if (verdict.IsProved) Interlocked.Increment(ref proved);
                if (result.After.Segments < result.Before.Segments) Interlocked.Increment(ref smaller);
            },
            iter: s_count);

        // The others have more cells than are visited.
        Assert.True(proved * 10 >= all * 8, $"{proved} of {all} are proved equal.");
        Assert.True(smaller * 2 >= all, $"{smaller} of {all} are smaller.");
    }

    [Fact]
    public void A_document_of_what_is_simplified_says_the_same() => Gen.Select(s_network, Gen.Int).Sample(
        static (network, seed) =>
        {
            var box = SameOnBox.Box(network.InputCount, new Random(seed));
            var result = RangeSimplifier.Simplify(network, box, cancellation: TestContext.Current.CancellationToken);
            var document = result.ToDocument(new KanDocument { Name = "n", Layers = [] });
            var read = KanDocumentReader.Read(KanDocumentWriter.Write(document)).ToNetwork();
            var random = new Random(seed);
            for (int i = 0; i < 8; i++)
            {
                // Everywhere: the document is the simplified network, not one that is equal in the box alone.
                Rational[] point = [.. box.Select(_ => Rational.Create(random.Next(-999, 999), random.Next(1, 9)))];
                Assert.Equal(result.Network.Evaluate(point), read.Evaluate(point));
            }

            Assert.Contains("declared ranges", Assert.Single(document.SourceNotes), StringComparison.Ordinal);
            Assert.Equal(box, document.InputRanges.Length == 1
                ? [.. Enumerable.Repeat(document.InputRanges[0], box.Length)]
                : document.InputRanges);
        },
        iter: s_count / 4);
}
