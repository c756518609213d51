using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Kan.Testing;
using Xunit;

namespace Kan.Tests.Equivalences;

/// <summary>Decisions that run out of time: undecided at whatever point that happens, and never wrong.</summary>
public sealed class TimeLimitTests
{

    /// <summary>The clock rings when the box is read for the k-th time, for every k until the decision is done before.</summary>
    [Fact]
    public void Whenever_the_time_is_up_the_answer_is_the_same_or_undecided()
    {
        var (left, right) = SumsOfMaxima(inputs: 3, terms: 1);
        HashSet<EquivalenceMethod> stages = [];
        bool isDone = false;
        for (int reads = 0; !isDone; reads += 1 + (reads / 64))
        {
            var clock = new HandClock();
            var box = new CountingBox([.. Enumerable.Repeat(new InputRange(-1, 2), 3)], reads, clock.Ring);
            var result = Equivalence.Decide(left, right, box, new EquivalenceOptions { TimeProvider = clock },
                TestContext.Current.CancellationToken);
            isDone = !box.HasEnded;
            if (isDone) Assert.Equal(EquivalenceMethod.Cells, result.Method);
            if (result.IsOutOfTime)
            {
                Assert.Equal(EquivalenceVerdict.Undecided, result.Verdict);
                Assert.StartsWith("The time limit of 5 s was reached ", result.Explanation, StringComparison.Ordinal);
                stages.Add(result.Method);
            }
            else
            {
                Assert.Equal(EquivalenceVerdict.Proved, result.Verdict);
            }
        }

        Assert.Superset(new HashSet<EquivalenceMethod> { EquivalenceMethod.NormalForm, EquivalenceMethod.Search, EquivalenceMethod.Cells },
            stages);
    }

    [Fact]
    public void No_time_at_all_is_no_answer()
    {
        var (left, right) = SumsOfMaxima(inputs: 3, terms: 1);
        foreach (var options in new EquivalenceOptions[] { new() { TimeLimit = TimeSpan.Zero },
            new() { TimeProvider = new HandClock { RingsAtOnce = true } } })
        {
            var result = Equivalence.Decide(left, right, options: options, cancellation: TestContext.Current.CancellationToken);
            Assert.True(result.IsOutOfTime);
            Assert.Equal(EquivalenceVerdict.Undecided, result.Verdict);
            Assert.Contains("normal forms", result.Explanation, StringComparison.Ordinal);
        }
    }

    /// <summary>Without a limit these take minutes, at no place that looks at a token by itself.</summary>
    [Theory]
    [InlineData(6, 40)]
    [InlineData(8, 40)]
    [InlineData(12, 60)]
    public void Networks_of_many_cells_end_with_the_time(int inputs, int terms)
    {
        var (left, right) = SumsOfMaxima(inputs, terms);
        var options = new EquivalenceOptions
        {
            TimeLimit = TimeSpan.FromMilliseconds(200),
            CellLimit = int.MaxValue,
            LinearProgramLimit = int.MaxValue
        };
        var result = Equivalence.Decide(left, right, options: options, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(EquivalenceVerdict.Undecided, result.Verdict);
        Assert.True(result.IsOutOfTime);
        Assert.StartsWith("The time limit of 0.2 s was reached ", result.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancellation_is_an_exception_and_not_an_answer()
    {
        var (left, right) = SumsOfMaxima(inputs: 12, terms: 60);
        var unlimited = new EquivalenceOptions
        {
            TimeLimit = Timeout.InfiniteTimeSpan,
            CellLimit = int.MaxValue,
            LinearProgramLimit = int.MaxValue
        };
        using var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var decision = Task.Run(() => Equivalence.Decide(left, right, options: unlimited, cancellation: source.Token),
            TestContext.Current.CancellationToken);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        await source.CancelAsync();
        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => decision);
        Assert.Equal(source.Token, thrown.CancellationToken);
    }

    [Fact]
    public void A_limit_is_not_negative_and_may_be_longer_than_timers_count()
    {
        var (left, _) = SumsOfMaxima(inputs: 2, terms: 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => Decide(TimeSpan.FromSeconds(-2)));
        foreach (var limit in new[] { Timeout.InfiniteTimeSpan, TimeSpan.MaxValue, TimeSpan.FromDays(100) })
            Assert.True(Decide(limit).IsProved);

        EquivalenceResult Decide(TimeSpan limit) =>
            Equivalence.Decide(left, left, options: new EquivalenceOptions { TimeLimit = limit },
                cancellation: TestContext.Current.CancellationToken);
    }

    private static (KanNetwork Left, KanNetwork Right) SumsOfMaxima(int inputs, int terms) =>
        ReorderedMaxima.Sum(inputs, inputs, terms);

    /// <summary>A clock whose alarm rings when a test says so.</summary>
    private sealed class HandClock : TimeProvider
    {
        private Action? _alarm;

        public bool RingsAtOnce { get; init; }

        public void Ring() => _alarm?.Invoke();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _alarm = () => callback(state);
            if (RingsAtOnce) Ring();
            return new Alarm();
        }

        private sealed class Alarm : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }

    /// <summary>A box that does something when it is read for the n-th time.</summary>
    private sealed class CountingBox(InputRange[] ranges, int reads, Action atLast) : IReadOnlyList<InputRange>
    {
        private int _left = reads;

        public bool HasEnded => _left < 0;

        public int Count => ranges.Length;

        public InputRange this[int index]
        {
            get
            {
                if (_left-- == 0) atLast();
                return ranges[index];
            }
        }

        public IEnumerator<InputRange> GetEnumerator() => Enumerable.Range(0, ranges.Length).Select(i => this[i]).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
