using System;
using System.Linq;
using System.Threading;
using Xunit;

namespace Kan.Analysis.Tests.Proofs;

/// <summary>A search whose time is up, wherever that happens.</summary>
public sealed class TimeLimitTests
{
    /// <summary>A little below the least value of a thousand points: mostly true, and many parts have to be looked at.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_search_that_is_cut_off_anywhere_proves_nothing(int workers)
    {
        int proved = 0, cutOff = 0;
        for (int seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            var network = ProofNetworks.Relu(random, inputs: 3, outputs: 1, hidden: 2, width: 6);
            var least = Enumerable.Range(0, 1000).Min(_ => network.Evaluate(Enumerable.Range(0, 3).Select(_ => random.NextDouble() * 2 - 1)
                .ToArray())[0]);
            var statement = ProofNetworks.AtLeast(ProofNetworks.Box(3), Rational.FromDouble(least - 0.25));
            int questions = Questions(Timeout.InfiniteTimeSpan, out var whole);
            if (whole.Verdict != ProofVerdict.Proved || whole.PartCount < 20) continue;
            proved++;
            for (int limit = 0; limit < questions; limit += 1 + (questions / 40))
            {
                Questions(TimeSpan.FromTicks(limit), out var result);
                if (result.Verdict == ProofVerdict.Undecided)
                {
                    cutOff++;
                    Assert.Null(result.Proof);
                    Assert.InRange(result.ProvedShare, 0, 1 - 1e-9);
                    continue;
                }

                // The last question about time comes when nothing is left.
                Assert.Equal(whole.PartCount, result.PartCount);
                Assert.Null(result.Proof!.Check(network, statement, TestContext.Current.CancellationToken));
            }

            int Questions(TimeSpan limit, out ProofResult result)
            {
                var clock = new CountingClock();
                result = Prover.Prove(network, statement, new ProverOptions { TimeLimit = limit, Workers = workers, TimeProvider = clock },
                    TestContext.Current.CancellationToken);
                return clock.Count;
            }
        }

        Assert.InRange(proved, 4, 12);
        Assert.InRange(cutOff, 30 * proved, int.MaxValue);
    }

    /// <summary>Each question about the time is a tick.</summary>
    private sealed class CountingClock : TimeProvider
    {
        private int _count;

        public int Count => _count;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Increment(ref _count);
    }
}
