using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using Kan.Analysis;
using Kan.Compiler;
using Kan.Experiments.Data;
using Kan.Experiments.Edges;
using Kan.Experiments.Scaling;

namespace Kan.Experiments.CriticalPath;

/// <summary>A step of the path: a network, and what is known of it.</summary>
/// <param name="Name">What was done.</param>
/// <param name="Network">What came of it.</param>
/// <param name="Known">The proof, the certificate or the estimate.</param>
/// <param name="Score">How well it does on test rows.</param>
/// <param name="Seconds">What the step took, proof included.</param>
internal sealed record PathStep(string Name, KanNetwork Network, string Known, double Score, double Seconds)
{
    /// <summary>What it holds, activations folded into edges.</summary>
    public SimplificationSize Size { get; } = SimplificationSize.Of(Network);

    /// <summary>Edges that bend where samples are.</summary>
    public required int Bent { get; init; }

    /// <summary>The strongest edges of each layer that make up nine tenths of its strength.</summary>
    public required int Strong { get; init; }

    /// <summary>Bytes of the tables when compiled.</summary>
    public long Bytes { get; set; }

    /// <summary>Nanoseconds of one sample when compiled.</summary>
    public double Nanoseconds { get; set; }
}

/// <summary>A path: a trained ReLU network, converted, simplified, compressed, compiled.</summary>
/// <param name="Task">The task.</param>
/// <param name="Steps">The steps.</param>
internal sealed record PathWalk(PathTask Task, IReadOnlyList<PathStep> Steps)
{
    private static readonly EquivalenceOptions s_unhurried = new() { TimeLimit = Timeout.InfiniteTimeSpan };

    /// <summary>The last step, which is the smallest network.</summary>
    public PathStep Last => Steps[^1];

    /// <summary>Whether the conversion and the exact simplification were proved.</summary>
    public required bool IsProved { get; init; }

    /// <summary>What was found on the samples.</summary>
    public required SampledResult Sampled { get; init; }

    /// <summary>Walks the path.</summary>
    public static PathWalk Of(PathTask task, Session session)
    {
        session.Report($"{task.Part}, trained {task.Training}");
        var steps = new List<PathStep>();
        var options = new SimplificationOptions { Goal = SimplificationGoal.Segments, Bounds = ProvedBounds.Of };
        bool isProved = true;

        long start = Stopwatch.GetTimestamp();
        var kan = task.Network.ToKan();
        Add("converted to a KAN", kan, Proved(Equivalence.Decide(task.Network, kan, options: s_unhurried), "for all inputs"));

        start = Stopwatch.GetTimestamp();
        var exact = RangeSimplifier.Simplify(kan, task.Box, options);
        Add("simplified exactly", exact.Network, Proved(Equivalence.Decide(kan, exact.Network, task.Box, s_unhurried), "on the ranges"));

        start = Stopwatch.GetTimestamp();
        var certified = RangeCompressor.Compress(kan, task.Box, task.Tolerance, options);
        Add("compressed, certified", certified.Network, FormattableString.Invariant($"within {certified.ErrorBound.ToDouble():G3} on the ranges, certified"));

        start = Stopwatch.GetTimestamp();
        var sampled = SampledCompressor.Compress(kan, task.Box, task.Samples, task.Limit, options);
        Add("compressed for samples", sampled.Result.Network, Estimate(task, sampled));
        Compile(task, steps, session);
        return new PathWalk(task, steps) { IsProved = isProved, Sampled = sampled };

        string Proved(EquivalenceResult result, string where)
        {
            isProved &= result.IsProved;
            return result.IsProved ? $"proved equal {where}" : result.Verdict.ToString().ToLowerInvariant();
        }

        void Add(string name, KanNetwork network, string known)
        {
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var folded = NetworkSimplifier.Simplify(network);
            var strengths = new EdgeStrengths(folded, task.Samples.Length > 500 ? task.Samples[..500] : task.Samples);
            steps.Add(new PathStep(name, network, known, task.Score.Of(network), seconds)
            {
                Bent = Enumerable.Range(0, folded.Layers.Length).Sum(strengths.BendingCount),
                Strong = Enumerable.Range(0, folded.Layers.Length).Sum(strengths.StrongCount),
            });
            session.Report($"{task.Part}: {name}, {steps[^1].Size}, {known}, {task.Score.Words(steps[^1].Score)}, bent {steps[^1].Bent}, strong {steps[^1].Strong}, {seconds:F1} s");
        }
    }

    private static string Estimate(PathTask task, SampledResult sampled)
    {
        string answers = task.Limit.Answers > 0 ? FormattableString.Invariant($", {100 * sampled.Answers:F1} % of the answers kept") : "";
        return FormattableString.Invariant($"within {sampled.Difference:G3} on {task.Samples.Length:N0} samples{answers}: an estimate; certified on the ranges {sampled.Result.ErrorBound.ToDouble():G3}");
    }

    private static void Compile(PathTask task, List<PathStep> steps, Session session)
    {
        CompiledNetwork[] compiled = [.. steps.Select(step => CompiledNetwork.Create(step.Network.ToDocument("step"), Lowering.Auto))];
        float[][] inputs = [.. task.Samples.Take(256).Select(static row => Array.ConvertAll(row, static x => (float)x))];
        double[] times = PairedTiming.Microseconds(compiled, inputs, task.Network.OutputCount, session.Choose(301, 5), TimeSpan.FromSeconds(session.Choose(1.0, 0.05)));
        for (int i = 0; i < steps.Count; i++) (steps[i].Bytes, steps[i].Nanoseconds) = (compiled[i].Bytes, 1000 * times[i]);
    }
}
