using System;
using System.Linq;
using Kan.Experiments.CriticalPath;
using Xunit;

namespace Kan.Experiments.Tests.CriticalPath;

/// <summary>What the steps of the path say of themselves holds: proofs, certificates and limits, by exact evaluation of the networks.</summary>
public sealed class PathTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.03)]
    public void Steps_keep_what_they_say(double penalty)
    {
        var session = new Session(IsQuick: true, new Silence());
        var walk = PathWalk.Of(PathTasks.Diabetes(session, penalty), session);
        Assert.True(walk.IsProved);
        KanNetwork kan = walk.Steps[0].Network, exact = walk.Steps[1].Network, certified = walk.Steps[2].Network, sampled = walk.Last.Network;
        var random = new Random(4);
        for (int i = 0; i < 40; i++)
        {
            Rational[] inside = [.. walk.Task.Box.Select(range => range.Low + (Rational.Create(random.Next(0, 65), 64) * (range.High - range.Low)))];
            var value = walk.Task.Network.Evaluate(inside)[0];
            Assert.Equal(value, kan.Evaluate(inside)[0]);
            Assert.Equal(value, exact.Evaluate(inside)[0]);
            Assert.True(Rational.Abs(certified.Evaluate(inside)[0] - value) <= Rational.FromDouble(walk.Task.Tolerance));
            Assert.True(Rational.Abs(sampled.Evaluate(inside)[0] - value) <= walk.Sampled.Result.ErrorBound);
        }

        double largest = walk.Task.Samples.Max(row => Math.Abs(kan.Evaluate(row)[0] - sampled.Evaluate(row)[0]));
        Assert.Equal(walk.Sampled.Difference, largest, 1e-9);
        Assert.True(largest <= walk.Task.Limit.Difference);
        Assert.True(walk.Last.Size.Segments <= walk.Steps[1].Size.Segments);
        Assert.All(walk.Steps, static step => Assert.True(step.Bytes > 0 && step.Nanoseconds > 0));
    }

    [Fact]
    public void The_second_class_is_the_one_of_outputs_above_zero()
    {
        var session = new Session(IsQuick: true, new Silence());
        var task = PathTasks.BreastCancer(session, 0);
        var kan = task.Network.ToKan();
        Assert.All(task.Samples, row => Assert.Equal(0, kan.Evaluate(row)[0]));
        Assert.InRange(task.Score.Of(kan), 0.85, 1);
    }

    private sealed class Silence : IProgress<string>
    {
        public void Report(string value)
        {
        }
    }
}
